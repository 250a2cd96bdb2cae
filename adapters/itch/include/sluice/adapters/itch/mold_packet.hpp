// MoldUDP64 1.00: the packet that carries messages, and the request for one.
// Any thread; nothing here allocates.
//
//   downstream   0  session   10   text, the same for all packets of a stream
//               10  sequence   8   of the first message, from 1; of a packet without messages, of
//                                  the next message to come
//               18  count      2   messages that follow; 0 heartbeat, 65535 end of session
//               20  count x { size 2, message }
//   request      the same twenty bytes; count is how many messages are asked for
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <sluice/core/big_endian.hpp>

namespace sluice::adapters::itch {

using MoldSession = std::array<char, 10>;

inline constexpr std::size_t kMoldHeader = 20;
inline constexpr std::size_t kMoldBlockHeader = 2;
inline constexpr std::uint16_t kMoldHeartbeat = 0;
inline constexpr std::uint16_t kMoldEnd = 0xFFFF;

struct MoldHeader {
    MoldSession session{};
    std::uint64_t sequence = 0;
    std::uint16_t count = 0;

    [[nodiscard]] bool has_messages() const noexcept {
        return count != kMoldHeartbeat && count != kMoldEnd;
    }
};

// False when the datagram is too short for one.
[[nodiscard]] inline bool read_mold_header(std::span<const std::byte> datagram,
                                           MoldHeader& into) noexcept {
    if (datagram.size() < kMoldHeader) return false;
    std::memcpy(into.session.data(), datagram.data(), into.session.size());
    into.sequence = core::load_big<std::uint64_t>(datagram.data() + 10);
    into.count = core::load_big<std::uint16_t>(datagram.data() + 18);
    return true;
}
inline void write_mold_header(std::span<std::byte, kMoldHeader> into,
                              const MoldHeader& header) noexcept {
    std::memcpy(into.data(), header.session.data(), header.session.size());
    core::store_big(into.data() + 10, header.sequence);
    core::store_big(into.data() + 18, header.count);
}

// Whether the blocks fill the datagram exactly: what must be asked before they are walked.
[[nodiscard]] inline bool mold_blocks_fit(std::span<const std::byte> datagram,
                                          const MoldHeader& header) noexcept {
    std::size_t at = kMoldHeader;
    if (header.has_messages()) {
        for (std::uint32_t i = 0; i < header.count; ++i) {
            if (datagram.size() - at < kMoldBlockHeader) return false;
            const std::size_t size = core::load_big<std::uint16_t>(datagram.data() + at);
            at += kMoldBlockHeader;
            if (datagram.size() - at < size) return false;
            at += size;
        }
    }
    return at == datagram.size();
}

// "SESSION" padded to ten characters with blanks; what is longer is cut.
[[nodiscard]] inline MoldSession mold_session(std::string_view name) noexcept {
    MoldSession out;
    out.fill(' ');
    std::memcpy(out.data(), name.data(), name.size() < out.size() ? name.size() : out.size());
    return out;
}

}  // namespace sluice::adapters::itch
