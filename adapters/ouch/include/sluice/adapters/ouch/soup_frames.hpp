// SoupBinTCP 3.00/4.00: the packets both ways, and packets cut out of a stream of bytes.
// Any thread, one per object; FrameReader takes its memory at construction.
//
// A packet: length u16 (of all that follows it), type, payload. Numbers and text in a payload are
// ASCII; numbers are right-justified, filled with blanks on the left.
//
//    client  L log-in  O log-out  U unsequenced (requests)  R heartbeat  + debug
//    server  A accepted  J rejected  S sequenced (reports)  H heartbeat  Z end of session
//            U unsequenced  + debug
#pragma once

#include <cstring>
#include <vector>

#include <sluice/adapters/ouch/wire.hpp>

namespace sluice::adapters::ouch {

inline constexpr char kSoupLogin = 'L';
inline constexpr char kSoupLogout = 'O';
inline constexpr char kSoupUnsequenced = 'U';
inline constexpr char kSoupClientHeartbeat = 'R';
inline constexpr char kSoupDebug = '+';
inline constexpr char kSoupAccepted = 'A';
inline constexpr char kSoupRejected = 'J';
inline constexpr char kSoupSequenced = 'S';
inline constexpr char kSoupServerHeartbeat = 'H';
inline constexpr char kSoupEndOfSession = 'Z';

// Why a log-in was refused.
inline constexpr char kSoupNotAuthorized = 'A';
inline constexpr char kSoupNoSuchSession = 'S';

inline constexpr std::size_t kSoupHeaderSize = 3;
inline constexpr std::size_t kSoupPacketMax = 2 + 0xFFFF;

using SoupUser = std::array<char, 6>;
using SoupPassword = std::array<char, 10>;
using SoupSession = std::array<char, 10>;
using SoupNumber = std::array<char, 20>;

struct SoupLogin {
    static constexpr char kType = kSoupLogin;
    SoupUser user = padded<6>("");
    SoupPassword password = padded<10>("");
    SoupSession session = padded<10>("");  // blank: the one that is active
    SoupNumber sequence = padded<20>("");  // the next one wanted; 0: only what is new
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.user, m.password, m.session, m.sequence);
    }
};
struct SoupAccepted {
    static constexpr char kType = kSoupAccepted;
    SoupSession session = padded<10>("");
    SoupNumber sequence = padded<20>("");  // of the next sequenced packet
    static constexpr void each(auto& m, auto&& fields) { fields(m.session, m.sequence); }
};
struct SoupRejected {
    static constexpr char kType = kSoupRejected;
    char reason = ' ';
    static constexpr void each(auto& m, auto&& fields) { fields(m.reason); }
};
static_assert(kWireSize<SoupLogin> == 47 && kWireSize<SoupAccepted> == 31 &&
              kWireSize<SoupRejected> == 2);

// A packet's type is the letter of its message: encode() writes it. Returns the packet's size.
template <class Message>
inline std::size_t encode_packet(const Message& message, std::byte* to) noexcept {
    core::store_big(to, static_cast<std::uint16_t>(kWireSize<Message>));
    return 2 + encode(message, to + 2);
}
// Header of a packet whose payload of `payload` bytes, at most 65,534, follows it.
inline void put_soup_header(std::byte* to, char type, std::size_t payload) noexcept {
    core::store_big(to, static_cast<std::uint16_t>(payload + 1));
    to[2] = static_cast<std::byte>(type);
}

[[nodiscard]] SoupNumber soup_number(std::uint64_t number) noexcept;
// False when there is no number in it, or none that fits. All blanks read as 0.
[[nodiscard]] bool parse_soup_number(const SoupNumber& text, std::uint64_t& number) noexcept;
// Right-justified, as a session's name is sent by a server; cut off when it is too long.
[[nodiscard]] SoupSession soup_session(std::string_view name) noexcept;

struct SoupPacket {
    char type = 0;
    std::span<const std::byte> bytes;  // with the type in front, as decode() takes it
    [[nodiscard]] std::span<const std::byte> payload() const noexcept { return bytes.subspan(1); }
};

enum class FrameStatus : std::uint8_t {
    kNone,    // the next packet is not there as a whole
    kPacket,  // taken
    kBroken,  // a packet without a type: what follows cannot be read either
};

class FrameReader {
  public:
    // Holds at least one packet of any length beside one that is being read.
    FrameReader();

    // Where the next bytes go; never empty after next() has returned kNone. Packets taken before
    // are invalid from now on.
    [[nodiscard]] std::span<std::byte> room() noexcept;
    void filled(std::size_t size) noexcept { tail_ += size; }
    // The packet stays valid until room() or clear().
    [[nodiscard]] FrameStatus next(SoupPacket& packet) noexcept;
    [[nodiscard]] bool has_next() const noexcept;
    void clear() noexcept { head_ = tail_ = 0; }

  private:
    std::vector<std::byte> bytes_;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

}  // namespace sluice::adapters::ouch
