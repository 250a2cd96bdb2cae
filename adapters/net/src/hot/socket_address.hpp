// Between Address and what the socket calls take. Used by the hot sources too: no allocation.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <sluice/adapters/net/address.hpp>

namespace sluice::adapters::net {

[[nodiscard]] inline sockaddr_in to_sockaddr(const Address& address) noexcept {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(address.host);
    out.sin_port = htons(address.port);
    return out;
}

[[nodiscard]] inline Address from_sockaddr(const sockaddr_in& address) noexcept {
    return {.host = ntohl(address.sin_addr.s_addr), .port = ntohs(address.sin_port)};
}

// The socket calls take the general type; this is the cast that they are specified with.
[[nodiscard]] inline const sockaddr* general(const sockaddr_in& address) noexcept {
    return reinterpret_cast<const sockaddr*>(&address);
}
[[nodiscard]] inline sockaddr* general(sockaddr_in& address) noexcept {
    return reinterpret_cast<sockaddr*>(&address);
}

}  // namespace sluice::adapters::net
