#include <sluice/adapters/net/socket.hpp>

#include <array>
#include <cerrno>
#include <string>

#include <linux/sock_diag.h>
#include <unistd.h>

#include <sluice/adapters/net/net_error.hpp>

#include "hot/socket_address.hpp"

namespace sluice::adapters::net {

namespace {

Socket open_socket(int type, const char* kind) {
    const int fd = ::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw_system_error("open", std::string("a ") + kind + " socket", errno);
    return Socket{fd};
}

bool set_option(const Socket& socket, int level, int name, int value) noexcept {
    return ::setsockopt(socket.fd(), level, name, &value, sizeof value) == 0;
}

void size_receive_buffer(const Socket& socket, std::size_t bytes) {
    const int wanted = static_cast<int>(bytes);
    // The first may pass the system's limit and needs a capability; the second is cut to it.
    if (set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, wanted)) return;
    if (!set_option(socket, SOL_SOCKET, SO_RCVBUF, wanted))
        throw_system_error("size the receive buffer of", "a UDP socket", errno);
}

void join_group(const Socket& socket, const Address& group, std::uint32_t interface) {
    ip_mreqn request{};
    request.imr_multiaddr.s_addr = htonl(group.host);
    request.imr_address.s_addr = htonl(interface);
    if (::setsockopt(socket.fd(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) != 0) {
        throw_system_error("join the multicast group",
                           to_text(group) + " on interface " + host_text(interface), errno);
    }
}

}  // namespace

void Socket::close() noexcept {
    if (fd_ == kNone) return;
    (void)::close(fd_);
    fd_ = kNone;
}

Socket open_udp_socket() { return open_socket(SOCK_DGRAM, "UDP"); }

Socket open_tcp_socket() { return open_socket(SOCK_STREAM, "TCP"); }

void bind_socket(const Socket& socket, const Address& address, const char* kind) {
    const sockaddr_in where = to_sockaddr(address);
    if (::bind(socket.fd(), general(where), sizeof where) != 0)
        throw_system_error(std::string("bind ") + kind, to_text(address), errno);
}

Address local_address(const Socket& socket) {
    sockaddr_in where{};
    socklen_t size = sizeof where;
    if (::getsockname(socket.fd(), general(where), &size) != 0)
        throw_system_error("learn the address of", "a socket", errno);
    return from_sockaddr(where);
}

void bind_for_datagrams(const Socket& socket, const Address& address, std::uint32_t interface,
                        const ReceiveOptions& options) {
    size_receive_buffer(socket, options.buffer_bytes);
    if (options.busy_poll_us > 0 &&
        !set_option(socket, SOL_SOCKET, SO_BUSY_POLL, options.busy_poll_us)) {
        throw_system_error("set SO_BUSY_POLL to " + std::to_string(options.busy_poll_us) + " us on",
                           to_text(address), errno);
    }
    // Every program that joined a group gets its datagrams; a unicast port has one owner.
    if (address.is_multicast() && !set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1))
        throw_system_error("share", to_text(address), errno);
    bind_socket(socket, address, "UDP");
    if (address.is_multicast()) join_group(socket, address, interface);
}

std::size_t receive_buffer_bytes(const Socket& socket) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    if (::getsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &bytes, &size) != 0)
        throw_system_error("learn the receive buffer of", "a socket", errno);
    return static_cast<std::size_t>(bytes);
}

std::uint64_t kernel_drops(const Socket& socket) noexcept {
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket.fd(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) return 0;
    return info[SK_MEMINFO_DROPS];
}

}  // namespace sluice::adapters::net
