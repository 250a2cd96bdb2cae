// A TCP connection that never waits: a client's, which can be connected again and again, or one
// that a listener accepted.
//
// Threads   One. A stream may be handed to another thread between two calls.
// Cost      One system call a read or write, two a connect poll. No allocation, also not to
//           reconnect. Small writes leave at once (TCP_NODELAY).
#pragma once

#include <sluice/adapters/net/socket.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::net {

class TcpStream final : public pipeline::ByteStream {
  public:
    // A client of `to`; nothing is tried before connect(). It connects from `from`: an address of
    // this host, 0 and port 0 being the system's choice. AddressError for port 0 of `to`.
    explicit TcpStream(const Address& to, const Address& from = {});
    // A connection that exists: a listener's.
    explicit TcpStream(Socket accepted);
    ~TcpStream() override;

    void connect() noexcept override;
    // A system call while connecting, and on an open stream that was neither read nor written
    // since the last call; else what reading and writing have learned.
    [[nodiscard]] pipeline::StreamState state() noexcept override;
    [[gnu::hot, nodiscard]] std::size_t read(std::span<std::byte> into) noexcept override;
    // After the peer has gone it takes nothing; what the peer sent before is still read.
    [[gnu::hot, nodiscard]] std::size_t write(std::span<const std::byte> bytes) noexcept override;
    void close() noexcept override;

    // The errno with which the last connect or connection failed, 0 when it ended in good order.
    [[nodiscard]] int last_error() const noexcept { return last_error_; }
    [[nodiscard]] int fd() const noexcept { return socket_.fd(); }

  private:
    [[gnu::cold, gnu::noinline]] void finish_connect_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void lose_slow(int error) noexcept;
    void look_for_end() noexcept;

    Socket socket_;
    Address to_;
    Address from_;
    pipeline::StreamState state_ = pipeline::StreamState::kClosed;
    bool is_client_;
    bool is_touched_ = false;  // read or written since the last state()
    int last_error_ = 0;
};

}  // namespace sluice::adapters::net
