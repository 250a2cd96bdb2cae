// An IPv4 address with its port. Set-up code.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::adapters::net {

struct Address {
    std::uint32_t host = 0;  // in this machine's byte order; 0 stands for every interface
    std::uint16_t port = 0;  // 0: the system chooses, where something is bound

    friend bool operator==(const Address&, const Address&) = default;
    // 224.0.0.0 to 239.255.255.255
    [[nodiscard]] bool is_multicast() const noexcept { return host >> 28U == 0xEU; }
};

// "127.0.0.1", "localhost" or "0.0.0.0". Names are not looked up: a session must not hang on, or
// change with, a name server. AddressError says what is wrong with the text.
[[nodiscard]] std::uint32_t parse_host(std::string_view text);
// "host:port", the port from 0 to 65535.
[[nodiscard]] Address parse_address(std::string_view text);

[[nodiscard]] std::string host_text(std::uint32_t host);
[[nodiscard]] std::string to_text(const Address& address);

}  // namespace sluice::adapters::net
