#include <sluice/adapters/net/address.hpp>

#include <charconv>

#include <arpa/inet.h>

#include <sluice/adapters/net/net_error.hpp>

namespace sluice::adapters::net {

std::uint32_t parse_host(std::string_view text) {
    if (text == "localhost") return INADDR_LOOPBACK;
    in_addr parsed{};
    if (inet_pton(AF_INET, std::string(text).c_str(), &parsed) != 1) {
        throw AddressError("'" + std::string(text) +
                           "' is no IPv4 address; write one such as 127.0.0.1, or localhost");
    }
    return ntohl(parsed.s_addr);
}

Address parse_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        throw AddressError("'" + std::string(text) +
                           "' has no port; write it such as 127.0.0.1:26400");
    }
    const std::string_view digits = text.substr(colon + 1);
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port > 65535) {
        throw AddressError("'" + std::string(digits) + "' in '" + std::string(text) +
                           "' is no port; write a number from 0 to 65535");
    }
    return {.host = parse_host(text.substr(0, colon)), .port = static_cast<std::uint16_t>(port)};
}

std::string host_text(std::uint32_t host) {
    std::string out;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        if (!out.empty()) out += '.';
        out += std::to_string(host >> (shift - 8) & 0xFFU);
    }
    return out;
}

std::string to_text(const Address& address) {
    return host_text(address.host) + ":" + std::to_string(address.port);
}

}  // namespace sluice::adapters::net
