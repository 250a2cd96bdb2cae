// A wire in memory, and bytes from hexadecimal, for the tests of the market's protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/itch/mold_packet.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::test_itch {

using Bytes = std::vector<std::byte>;

// "41 00 01 ..": blanks are passed over.
inline Bytes from_hex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    Bytes out;
    int high = -1;
    for (const char c : text) {
        if (c == ' ' || c == '\n') continue;
        if (high < 0) {
            high = digit(c);
        } else {
            out.push_back(static_cast<std::byte>(high * 16 + digit(c)));
            high = -1;
        }
    }
    return out;
}
inline std::string to_hex(std::span<const std::byte> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const std::byte b : bytes) {
        out += kDigits[static_cast<std::size_t>(b) >> 4U];
        out += kDigits[static_cast<std::size_t>(b) & 15U];
    }
    return out;
}
inline Bytes from_text(std::string_view text) {
    Bytes out;
    for (const char c : text) out.push_back(static_cast<std::byte>(c));
    return out;
}

// What is sent waits to be received; a test may take packets out, or put others in.
class MemoryWire final : public pipeline::DatagramReceiver, public pipeline::DatagramSender {
  public:
    std::deque<Bytes> waiting;

    [[nodiscard]] std::span<const std::byte> receive() noexcept override {
        if (waiting.empty()) return {};
        current_ = std::move(waiting.front());
        waiting.pop_front();
        return current_;
    }
    bool send(std::span<const std::byte> datagram) noexcept override {
        waiting.emplace_back(datagram.begin(), datagram.end());
        return true;
    }

  private:
    Bytes current_;
};

// A packet of the session "TEST".
inline Bytes mold_packet(std::uint64_t sequence, const std::vector<Bytes>& messages,
                         std::string_view session = "TEST") {
    namespace itch = adapters::itch;
    Bytes out(itch::kMoldHeader);
    itch::write_mold_header(
        std::span<std::byte, itch::kMoldHeader>(out.data(), itch::kMoldHeader),
        {itch::mold_session(session), sequence, static_cast<std::uint16_t>(messages.size())});
    for (const Bytes& message : messages) {
        out.push_back(static_cast<std::byte>(message.size() >> 8U));
        out.push_back(static_cast<std::byte>(message.size()));
        out.insert(out.end(), message.begin(), message.end());
    }
    return out;
}
// A heartbeat, or with 0xFFFF the end of the session.
inline Bytes mold_empty(std::uint64_t next, std::uint16_t count = 0,
                        std::string_view session = "TEST") {
    Bytes out = mold_packet(next, {}, session);
    out[18] = static_cast<std::byte>(count >> 8U);
    out[19] = static_cast<std::byte>(count & 0xFFU);
    return out;
}

}  // namespace sluice::test_itch
