// The system calls on datagrams, and what their errors mean here. On the path: no exception, no
// allocation.
#pragma once

#include <cerrno>
#include <cstddef>
#include <span>

#include <sys/socket.h>

namespace sluice::adapters::net {

// Empty when nothing is there. Errors are those of datagrams sent earlier (nobody listens there)
// and are nothing to a receiver.
inline std::span<const std::byte> take_datagram(int fd, std::span<std::byte> into) noexcept {
    const ssize_t size = ::recv(fd, into.data(), into.size(), MSG_DONTWAIT);
    if (size <= 0) return {};
    return into.first(static_cast<std::size_t>(size));
}

// A refusal of an earlier datagram is reported by the next call, which then sends nothing: that
// one is repeated, so that only what was refused is lost.
inline bool give_datagram(int fd, std::span<const std::byte> datagram) noexcept {
    for (int attempt = 0; attempt < 2; ++attempt) {
        const ssize_t sent = ::send(fd, datagram.data(), datagram.size(), MSG_DONTWAIT);
        if (sent >= 0) return static_cast<std::size_t>(sent) == datagram.size();
        if (errno != ECONNREFUSED) return false;
    }
    return false;
}

}  // namespace sluice::adapters::net
