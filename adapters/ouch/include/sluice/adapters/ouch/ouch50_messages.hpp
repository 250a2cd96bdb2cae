// OUCH 5.0: the layout of every message, both ways. See wire.hpp for how they are read and written.
//
// Prices in 1e-4 on 64 bits, times in nanoseconds since midnight of the exchange's day, text
// left-justified. An order is named by a UserRefNum, which rises with every request that makes one.
// After the fields of the tables comes an appendage: its length u16, then tagged values, each
// length u8 (of tag and value), tag u8, value. Some messages always have one, maybe empty
// (kAppended); the others have one only when there is a tag to send, and both are read either way.
#pragma once

#include <sluice/adapters/ouch/wire.hpp>

namespace sluice::adapters::ouch::v50 {

using Symbol = std::array<char, 8>;
using ClientId = std::array<char, 14>;
using Firm = std::array<char, 4>;

inline constexpr std::uint64_t kPriceMax = 1'999'999'900;  // 199,999.9900
inline constexpr std::uint64_t kMarket = 0x7FFF'FFFF;
inline constexpr std::uint64_t kMarketFrom = 2'000'000'000;  // this and beyond mean the market
inline constexpr std::uint32_t kSharesEnd = 1'000'000;
inline constexpr char kTifDay = '0';
inline constexpr char kTifImmediate = '3';
inline constexpr char kTifExtended = '5';

inline constexpr std::uint8_t kTagFirm = 2;
inline constexpr std::uint8_t kTagMinQuantity = 3;

// Of an appendage what is used here; other tags are passed over.
struct Tags {
    Firm firm = padded<4>("");       // blank: not sent
    std::uint32_t min_quantity = 0;  // 0: not sent
};
inline constexpr std::size_t kAppendageMax = 2 + 6 + 6;  // as written here

// `bytes`: what follows a message's fields; nothing at all is an empty appendage. False when its
// length, or that of a tag, does not fit.
[[nodiscard]] bool read_appendage(std::span<const std::byte> bytes, Tags& tags) noexcept;
// Returns the number of bytes, at most kAppendageMax.
std::size_t write_appendage(const Tags& tags, std::byte* to) noexcept;

template <class Message>
inline std::size_t encode_appended(const Message& message, const Tags& tags,
                                   std::byte* to) noexcept {
    const std::size_t size = encode(message, to);
    std::byte* const rest = to + size;
    const std::size_t more = write_appendage(tags, rest);
    return Message::kAppended || more > 2 ? size + more : size;
}
template <class Message>
[[nodiscard]] inline bool decode_appended(std::span<const std::byte> bytes, Message& message,
                                          Tags& tags) noexcept {
    return decode_front(bytes, message) && read_appendage(bytes.subspan(kWireSize<Message>), tags);
}

namespace client {

struct Enter {
    static constexpr char kType = 'O';
    static constexpr bool kAppended = true;
    std::uint32_t ref = 0;
    char side = 'B';  // B buy, S sell, T short, E short exempt
    std::uint32_t shares = 0;
    Symbol symbol = padded<8>("");
    std::uint64_t price = 0;
    char tif = kTifDay;
    char display = 'Y';
    char capacity = 'P';
    char sweep = 'N';
    char cross = 'N';
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.ref, m.side, m.shares, m.symbol, m.price, m.tif, m.display, m.capacity, m.sweep,
               m.cross, m.client_id);
    }
};
struct Replace {
    static constexpr char kType = 'U';
    static constexpr bool kAppended = true;
    std::uint32_t existing = 0;
    std::uint32_t ref = 0;
    std::uint32_t shares = 0;  // in all, with those executed so far in this chain
    std::uint64_t price = 0;
    char tif = kTifDay;
    char display = 'Y';
    char sweep = 'N';
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.existing, m.ref, m.shares, m.price, m.tif, m.display, m.sweep, m.client_id);
    }
};
struct Cancel {
    static constexpr char kType = 'X';
    static constexpr bool kAppended = false;
    std::uint32_t ref = 0;
    std::uint32_t shares = 0;  // that the order shall have in all, 0: nothing stays open
    static constexpr void each(auto& m, auto&& fields) { fields(m.ref, m.shares); }
};
struct Modify {
    static constexpr char kType = 'M';
    static constexpr bool kAppended = false;
    std::uint32_t ref = 0;
    char side = 'S';
    std::uint32_t shares = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.ref, m.side, m.shares); }
};
struct MassCancel {
    static constexpr char kType = 'C';
    static constexpr bool kAppended = true;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    Symbol symbol = padded<8>("");  // blank: all
    static constexpr void each(auto& m, auto&& fields) { fields(m.ref, m.firm, m.symbol); }
};
struct DisableEntry {
    static constexpr char kType = 'D';
    static constexpr bool kAppended = true;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.ref, m.firm); }
};
struct EnableEntry {
    static constexpr char kType = 'E';
    static constexpr bool kAppended = true;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.ref, m.firm); }
};
struct AccountQuery {
    static constexpr char kType = 'Q';
    static constexpr bool kAppended = false;
    static constexpr void each(auto&, auto&& fields) { fields(); }
};

static_assert(kWireSize<Enter> + 2 == 47 && kWireSize<Replace> + 2 == 40 &&
              kWireSize<Cancel> == 9 && kWireSize<Modify> == 10 &&
              kWireSize<MassCancel> + 2 == 19 && kWireSize<DisableEntry> + 2 == 11 &&
              kWireSize<EnableEntry> + 2 == 11 && kWireSize<AccountQuery> == 1);

}  // namespace client

namespace venue {

struct SystemEvent {
    static constexpr char kType = 'S';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    char code = 'S';
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.code); }
};
struct Accepted {
    static constexpr char kType = 'A';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    char side = 'B';
    std::uint32_t shares = 0;
    Symbol symbol = padded<8>("");
    std::uint64_t price = 0;
    char tif = kTifDay;
    char display = 'Y';
    std::uint64_t order = 0;  // the exchange's number, as in ITCH
    char capacity = 'P';
    char sweep = 'N';
    char cross = 'N';
    char state = 'L';  // L live; D dead: accepted and cancelled in one
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.side, m.shares, m.symbol, m.price, m.tif, m.display, m.order,
               m.capacity, m.sweep, m.cross, m.state, m.client_id);
    }
};
struct Replaced {
    static constexpr char kType = 'U';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t previous = 0;
    std::uint32_t ref = 0;
    char side = 'B';
    std::uint32_t shares = 0;  // that stand open now
    Symbol symbol = padded<8>("");
    std::uint64_t price = 0;
    char tif = kTifDay;
    char display = 'Y';
    std::uint64_t order = 0;
    char capacity = 'P';
    char sweep = 'N';
    char cross = 'N';
    char state = 'L';
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.previous, m.ref, m.side, m.shares, m.symbol, m.price, m.tif, m.display,
               m.order, m.capacity, m.sweep, m.cross, m.state, m.client_id);
    }
};
struct Canceled {
    static constexpr char kType = 'C';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint32_t shares = 0;  // taken off by this
    char reason = 'U';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.shares, m.reason);
    }
};
struct AiqCanceled {  // self-match prevention
    static constexpr char kType = 'D';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint32_t shares = 0;
    char reason = 'Q';
    std::uint32_t prevented = 0;
    std::uint64_t price = 0;
    char liquidity = 'R';
    char strategy = ' ';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.shares, m.reason, m.prevented, m.price, m.liquidity, m.strategy);
    }
};
struct Executed {
    static constexpr char kType = 'E';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint32_t shares = 0;
    std::uint64_t price = 0;
    char liquidity = 'A';
    std::uint64_t match = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.shares, m.price, m.liquidity, m.match);
    }
};
struct Broken {
    static constexpr char kType = 'B';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint64_t match = 0;
    char reason = 'S';
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.match, m.reason, m.client_id);
    }
};
struct Rejected {
    static constexpr char kType = 'J';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint16_t reason = 0x000F;
    ClientId client_id = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.reason, m.client_id);
    }
};
struct CancelPending {
    static constexpr char kType = 'P';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref); }
};
struct CancelRejected {
    static constexpr char kType = 'I';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref); }
};
struct PriorityUpdate {
    static constexpr char kType = 'T';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    std::uint64_t price = 0;
    char display = 'Y';
    std::uint64_t order = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.ref, m.price, m.display, m.order);
    }
};
struct Modified {
    static constexpr char kType = 'M';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    char side = 'S';
    std::uint32_t shares = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref, m.side, m.shares); }
};
struct Restated {
    static constexpr char kType = 'R';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    char reason = 'R';
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref, m.reason); }
};
struct MassCancelResponse {
    static constexpr char kType = 'X';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    Symbol symbol = padded<8>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref, m.firm, m.symbol); }
};
struct DisableResponse {
    static constexpr char kType = 'G';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref, m.firm); }
};
struct EnableResponse {
    static constexpr char kType = 'K';
    static constexpr bool kAppended = true;
    std::uint64_t time = 0;
    std::uint32_t ref = 0;
    Firm firm = padded<4>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.ref, m.firm); }
};
struct AccountQueryResponse {
    static constexpr char kType = 'Q';
    static constexpr bool kAppended = false;
    std::uint64_t time = 0;
    std::uint32_t next_ref = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.next_ref); }
};

static_assert(kWireSize<SystemEvent> == 10 && kWireSize<Accepted> + 2 == 64 &&
              kWireSize<Replaced> + 2 == 68 && kWireSize<Canceled> == 18 &&
              kWireSize<AiqCanceled> == 32 && kWireSize<Executed> + 2 == 36);
static_assert(kWireSize<Broken> == 36 && kWireSize<Rejected> == 29 &&
              kWireSize<CancelPending> == 13 && kWireSize<CancelRejected> == 13 &&
              kWireSize<PriorityUpdate> == 30 && kWireSize<Modified> == 18);
static_assert(kWireSize<Restated> + 2 == 16 && kWireSize<MassCancelResponse> + 2 == 27 &&
              kWireSize<DisableResponse> + 2 == 19 && kWireSize<EnableResponse> + 2 == 19 &&
              kWireSize<AccountQueryResponse> == 13);

}  // namespace venue

}  // namespace sluice::adapters::ouch::v50
