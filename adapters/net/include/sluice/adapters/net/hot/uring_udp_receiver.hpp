// Datagrams from a UDP port, taken through io_uring: UdpReceiver's other form, behind the same
// port. perf/net.md says when to prefer which.
//
// Threads   The first receive() decides the thread.
// Bounds    Datagrams shorter than UringOptions::buffer_bytes; longer ones are dropped and counted.
// Cost      As UringInbox.
#pragma once

#include <sluice/adapters/net/hot/uring_inbox.hpp>
#include <sluice/adapters/net/socket.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::net {

class UringUdpReceiver final : public pipeline::DatagramReceiver {
  public:
    // NetError as UdpReceiver's, and where the kernel refuses io_uring.
    explicit UringUdpReceiver(const Address& address, std::uint32_t interface = 0,
                              const ReceiveOptions& options = {}, const UringOptions& uring = {});
    ~UringUdpReceiver() override;

    [[gnu::hot, nodiscard]] std::span<const std::byte> receive() noexcept override;

    // With the port that was chosen for port 0.
    [[nodiscard]] const Address& address() const noexcept { return address_; }
    // Datagrams that did not fit a buffer.
    [[nodiscard]] std::uint64_t oversized() const noexcept { return oversized_; }
    [[nodiscard]] std::uint64_t drops() const noexcept { return kernel_drops(socket_); }
    [[nodiscard]] const UringInbox& inbox() const noexcept { return inbox_; }

  private:
    Socket socket_;
    Address address_;
    std::uint32_t buffer_bytes_;
    std::uint64_t oversized_ = 0;
    UringInbox inbox_;
};

}  // namespace sluice::adapters::net
