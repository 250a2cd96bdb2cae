// A UDP port that answers: what is sent goes to whom the last datagram came from. The far end of a
// re-request line.
//
// Threads   One.
// Bounds    As UdpReceiver. Nothing can be sent before something has come.
// Cost      One system call a poll and a datagram. No allocation after construction.
#pragma once

#include <memory>

#include <sluice/adapters/net/hot/udp_receiver.hpp>

namespace sluice::adapters::net {

class UdpResponder final : public pipeline::DatagramReceiver, public pipeline::DatagramSender {
  public:
    explicit UdpResponder(const Address& address, const ReceiveOptions& options = {});
    ~UdpResponder() override;

    [[nodiscard]] std::span<const std::byte> receive() noexcept override;
    bool send(std::span<const std::byte> datagram) noexcept override;

    // With the port that was chosen for port 0.
    [[nodiscard]] const Address& address() const noexcept { return address_; }
    // Of the last datagram; port 0 before the first.
    [[nodiscard]] const Address& peer() const noexcept { return peer_; }

  private:
    Socket socket_;
    Address address_;
    Address peer_;
    std::unique_ptr<DatagramBuffer> buffer_;
};

// The near end: sends to one address and receives what that one answers.
class UdpRequester final : public pipeline::DatagramReceiver, public pipeline::DatagramSender {
  public:
    explicit UdpRequester(const Address& to, const ReceiveOptions& options = {});
    ~UdpRequester() override;

    [[gnu::hot, nodiscard]] std::span<const std::byte> receive() noexcept override;
    [[gnu::hot]] bool send(std::span<const std::byte> datagram) noexcept override;

  private:
    Socket socket_;
    std::unique_ptr<DatagramBuffer> buffer_;
};

}  // namespace sluice::adapters::net
