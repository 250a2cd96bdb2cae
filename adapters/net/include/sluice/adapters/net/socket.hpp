// A socket of the system, closed at the end, and what the constructors of this door do with it.
// Everything but the members is set-up code and throws NetError.
#pragma once

#include <cstddef>
#include <utility>

#include <sluice/adapters/net/address.hpp>

namespace sluice::adapters::net {

class Socket {
  public:
    Socket() noexcept = default;
    explicit Socket(int fd) noexcept : fd_{fd} {}
    Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, kNone)} {}
    Socket& operator=(Socket&& other) noexcept {
        if (this != &other) {
            close();
            fd_ = std::exchange(other.fd_, kNone);
        }
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(); }

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] bool is_open() const noexcept { return fd_ != kNone; }
    void close() noexcept;

  private:
    static constexpr int kNone = -1;
    int fd_ = kNone;
};

// Non-blocking, closed on exec.
[[nodiscard]] Socket open_udp_socket();
[[nodiscard]] Socket open_tcp_socket();
void bind_socket(const Socket& socket, const Address& address, const char* kind);
// Where the socket is bound; its port is the one that the system chose for port 0.
[[nodiscard]] Address local_address(const Socket& socket);

struct ReceiveOptions {
    // Asked of the system, which gives at most net.core.rmem_max to a process without
    // CAP_NET_ADMIN. 8 MiB hold some 10 ms of a line of 100 MB/s and its overhead.
    std::size_t buffer_bytes = std::size_t{8} << 20U;
    // Microseconds for which an empty receive polls the driver itself; 0 leaves that off. Without
    // effect on loopback. More than net.core.busy_read needs CAP_NET_ADMIN.
    int busy_poll_us = 0;
};

// Binds for datagrams to `address`; a multicast group is joined on `interface` (0: the system's
// choice) and may be shared with other programs of this machine.
void bind_for_datagrams(const Socket& socket, const Address& address, std::uint32_t interface,
                        const ReceiveOptions& options);
// What the system gave; it counts its own bookkeeping too.
[[nodiscard]] std::size_t receive_buffer_bytes(const Socket& socket);
// Datagrams that found the receive buffer full and were dropped, since the socket was opened.
[[nodiscard]] std::uint64_t kernel_drops(const Socket& socket) noexcept;

}  // namespace sluice::adapters::net
