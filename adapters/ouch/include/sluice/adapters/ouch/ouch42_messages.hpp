// OUCH 4.2: the layout of every message, both ways. See wire.hpp for how they are read and written.
//
// Prices in 1e-4, times in nanoseconds since midnight of the exchange's day, text left-justified.
// A letter can mean one message from the client and another from the exchange, hence two
// namespaces. Messages of the exchange are as long as their table says, to the byte.
#pragma once

#include <sluice/adapters/ouch/wire.hpp>

namespace sluice::adapters::ouch::v42 {

using Token = std::array<char, 14>;
using Stock = std::array<char, 8>;
using Firm = std::array<char, 4>;

inline constexpr std::uint32_t kPriceMax = 1'999'999'900;  // 199,999.9900
inline constexpr std::uint32_t kMarket = 0x7FFF'FFFF;
inline constexpr std::uint32_t kMarketFrom = 2'000'000'000;  // this and beyond mean the market
inline constexpr std::uint32_t kSharesEnd = 1'000'000;       // fewer than that
// Seconds to live, with three values of their own.
inline constexpr std::uint32_t kTifImmediate = 0;
inline constexpr std::uint32_t kTifMarketHours = 99'998;
inline constexpr std::uint32_t kTifSystemHours = 99'999;

namespace client {

struct Enter {
    static constexpr char kType = 'O';
    Token token = padded<14>("");
    char side = 'B';  // B buy, S sell, T short, E short exempt
    std::uint32_t shares = 0;
    Stock stock = padded<8>("");
    std::uint32_t price = 0;
    std::uint32_t tif = kTifSystemHours;
    Firm firm = padded<4>("");
    char display = 'Y';
    char capacity = 'P';
    char sweep = 'N';  // intermarket sweep eligible
    std::uint32_t min_quantity = 0;
    char cross = 'N';
    char customer = 'N';  // not retail
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.token, m.side, m.shares, m.stock, m.price, m.tif, m.firm, m.display, m.capacity,
               m.sweep, m.min_quantity, m.cross, m.customer);
    }
};
struct Replace {
    static constexpr char kType = 'U';
    Token existing = padded<14>("");
    Token token = padded<14>("");
    std::uint32_t shares = 0;  // in all, with those executed so far in this chain
    std::uint32_t price = 0;
    std::uint32_t tif = kTifSystemHours;
    char display = 'Y';
    char sweep = 'N';
    std::uint32_t min_quantity = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.existing, m.token, m.shares, m.price, m.tif, m.display, m.sweep, m.min_quantity);
    }
};
struct Cancel {
    static constexpr char kType = 'X';
    Token token = padded<14>("");
    std::uint32_t shares = 0;  // that the order shall have in all, 0: nothing stays open
    static constexpr void each(auto& m, auto&& fields) { fields(m.token, m.shares); }
};
struct Modify {
    static constexpr char kType = 'M';
    Token token = padded<14>("");
    char side = 'S';
    std::uint32_t shares = 0;
    static constexpr void each(auto& m, auto&& fields) { fields(m.token, m.side, m.shares); }
};

static_assert(kWireSize<Enter> == 49 && kWireSize<Replace> == 47 && kWireSize<Cancel> == 19 &&
              kWireSize<Modify> == 20);

}  // namespace client

namespace venue {

struct SystemEvent {
    static constexpr char kType = 'S';
    std::uint64_t time = 0;
    char code = 'S';  // S start of day, E end of day
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.code); }
};
struct Accepted {
    static constexpr char kType = 'A';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    char side = 'B';
    std::uint32_t shares = 0;
    Stock stock = padded<8>("");
    std::uint32_t price = 0;
    std::uint32_t tif = 0;
    Firm firm = padded<4>("");
    char display = 'Y';
    std::uint64_t order = 0;  // the exchange's number, as in ITCH
    char capacity = 'P';
    char sweep = 'N';
    std::uint32_t min_quantity = 0;
    char cross = 'N';
    char state = 'L';  // L live; D dead: accepted and cancelled in one
    char bbo_weight = ' ';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.side, m.shares, m.stock, m.price, m.tif, m.firm, m.display,
               m.order, m.capacity, m.sweep, m.min_quantity, m.cross, m.state, m.bbo_weight);
    }
};
struct Replaced {
    static constexpr char kType = 'U';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    char side = 'B';
    std::uint32_t shares = 0;  // that stand open now
    Stock stock = padded<8>("");
    std::uint32_t price = 0;
    std::uint32_t tif = 0;
    Firm firm = padded<4>("");
    char display = 'Y';
    std::uint64_t order = 0;
    char capacity = 'P';
    char sweep = 'N';
    std::uint32_t min_quantity = 0;
    char cross = 'N';
    char state = 'L';
    Token previous = padded<14>("");
    char bbo_weight = ' ';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.side, m.shares, m.stock, m.price, m.tif, m.firm, m.display,
               m.order, m.capacity, m.sweep, m.min_quantity, m.cross, m.state, m.previous,
               m.bbo_weight);
    }
};
struct Canceled {
    static constexpr char kType = 'C';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint32_t shares = 0;  // taken off by this
    char reason = 'U';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.shares, m.reason);
    }
};
struct AiqCanceled {  // self-match prevention
    static constexpr char kType = 'D';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint32_t shares = 0;
    char reason = 'Q';
    std::uint32_t prevented = 0;  // shares that would have traded
    std::uint32_t price = 0;
    char liquidity = 'R';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.shares, m.reason, m.prevented, m.price, m.liquidity);
    }
};
struct Executed {
    static constexpr char kType = 'E';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint32_t shares = 0;
    std::uint32_t price = 0;
    char liquidity = 'A';
    std::uint64_t match = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.shares, m.price, m.liquidity, m.match);
    }
};
struct ExecutedAtReference {
    static constexpr char kType = 'G';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint32_t shares = 0;
    std::uint32_t price = 0;
    char liquidity = 'A';
    std::uint64_t match = 0;
    std::uint32_t reference_price = 0;
    char reference_type = 'I';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.shares, m.price, m.liquidity, m.match, m.reference_price,
               m.reference_type);
    }
};
struct Broken {
    static constexpr char kType = 'B';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint64_t match = 0;
    char reason = 'S';
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.match, m.reason);
    }
};
struct Rejected {
    static constexpr char kType = 'J';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    char reason = 'O';
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.token, m.reason); }
};
struct CancelPending {
    static constexpr char kType = 'P';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.token); }
};
struct CancelRejected {
    static constexpr char kType = 'I';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    static constexpr void each(auto& m, auto&& fields) { fields(m.time, m.token); }
};
struct PriorityUpdate {
    static constexpr char kType = 'T';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    std::uint32_t price = 0;
    char display = 'Y';
    std::uint64_t order = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.price, m.display, m.order);
    }
};
struct Modified {
    static constexpr char kType = 'M';
    std::uint64_t time = 0;
    Token token = padded<14>("");
    char side = 'S';
    std::uint32_t shares = 0;
    static constexpr void each(auto& m, auto&& fields) {
        fields(m.time, m.token, m.side, m.shares);
    }
};

static_assert(kWireSize<SystemEvent> == 10 && kWireSize<Accepted> == 66 &&
              kWireSize<Replaced> == 80 && kWireSize<Canceled> == 28 &&
              kWireSize<AiqCanceled> == 37 && kWireSize<Executed> == 40);
static_assert(kWireSize<ExecutedAtReference> == 45 && kWireSize<Broken> == 32 &&
              kWireSize<Rejected> == 24 && kWireSize<CancelPending> == 23 &&
              kWireSize<CancelRejected> == 23 && kWireSize<PriorityUpdate> == 36 &&
              kWireSize<Modified> == 28);

}  // namespace venue

}  // namespace sluice::adapters::ouch::v42
