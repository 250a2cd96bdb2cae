// From one DBN record to a row of a table, or to the reason why there is none.
//
// Pure functions on values, any thread, a few nanoseconds each. `time` is ts_event, `received` is
// ts_recv; the sampled records (bbo, cbbo) carry the time of the last trade in ts_event, so their
// `time` is ts_recv. A side without a price has price 0 and size 0. `conditions` holds the eight
// flags as the vendor wrote them and, from bit 16 on, the publisher.
#pragma once

#include <cstdint>

#include <sluice/adapters/dbn/dbn_layout.hpp>
#include <sluice/pipeline/tables.hpp>

namespace sluice::adapters::dbn {

enum class RowFault : std::uint8_t {
    kOk,
    kTime,
    kPrice,
    kNegativePrice,
    kSize,
    kVolume,
    kAction,
    kSide,
    kBar,
};
[[nodiscard]] const char* describe(RowFault fault) noexcept;

inline constexpr std::int64_t kSizeScale = 100'000'000;  // quantities count in 1e-8
// Later times are refused, as the store does: differences of two times must not overflow.
inline constexpr std::uint64_t kTimeLimit = std::uint64_t{1} << 62;

[[nodiscard]] constexpr std::uint8_t row_flags(std::uint8_t flags) noexcept {
    using namespace pipeline;
    static_assert(kFlagSnapshot >> 1 == kRowSnapshot && kFlagLast >> 2 == kRowEventEnd &&
                  kFlagBadTsRecv << 3 == kRowBadTime && kFlagMaybeBadBook << 5 == kRowGapBefore);
    return static_cast<std::uint8_t>((flags & kFlagSnapshot) >> 1 | (flags & kFlagLast) >> 2 |
                                     (flags & kFlagBadTsRecv) << 3 |
                                     (flags & kFlagMaybeBadBook) << 5);
}
// When the record was captured, or 0. kNoTime is told apart from a time that cannot be.
[[nodiscard]] constexpr std::int64_t received_of(std::uint64_t ts_recv) noexcept {
    return ts_recv > kTimeLimit ? 0 : static_cast<std::int64_t>(ts_recv);
}
// The time by whose UTC date a record is filed. It is ts_recv where there is one, which is how the
// vendor cuts files into days: a snapshot's records carry the ts_event of earlier days.
[[nodiscard]] constexpr std::int64_t filed_at(std::int64_t time_ns,
                                              std::int64_t received_ns) noexcept {
    return received_ns != 0 ? received_ns : time_ns;
}

[[nodiscard]] constexpr bool is_action(std::uint8_t action) noexcept {
    return action == 'A' || action == 'C' || action == 'M' || action == 'T' || action == 'F' ||
           action == 'R' || action == 'N';
}
[[nodiscard]] constexpr bool is_side(std::uint8_t side) noexcept {
    return side == 'B' || side == 'A' || side == 'N';
}

// A record without a price or a size (the clearing of a book has neither) has 0 there.
[[nodiscard]] inline RowFault read_order(const MboRecord& in, pipeline::OrderRow& row) noexcept {
    if (in.header.ts_event > kTimeLimit) return RowFault::kTime;
    if (in.ts_recv > kTimeLimit && in.ts_recv != kNoTime) return RowFault::kTime;
    if (in.price == std::numeric_limits<std::int64_t>::min()) return RowFault::kPrice;
    if (!is_action(in.action)) return RowFault::kAction;
    if (!is_side(in.side)) return RowFault::kSide;
    row.time_ns = static_cast<std::int64_t>(in.header.ts_event);
    row.order = static_cast<std::int64_t>(in.order_id);
    row.price_raw = in.price == kNoPrice ? 0 : in.price;
    row.quantity_raw = in.size == kNoSize ? 0 : std::int64_t{in.size} * kSizeScale;
    row.sequence = in.sequence;
    row.received_ns = received_of(in.ts_recv);
    row.action = in.action;
    row.side = in.side;
    row.flags = row_flags(in.flags);
    return RowFault::kOk;
}

[[nodiscard]] constexpr std::uint32_t conditions_of(const TradeRecord& in) noexcept {
    return in.flags | static_cast<std::uint32_t>(in.header.publisher_id) << 16U;
}

// Any market-by-price record whose action is 'T'.
[[nodiscard]] inline RowFault read_trade(const TradeRecord& in, pipeline::TradeRow& row) noexcept {
    if (in.header.ts_event > kTimeLimit) return RowFault::kTime;
    if (in.ts_recv > kTimeLimit && in.ts_recv != kNoTime) return RowFault::kTime;
    if (in.action != 'T') return RowFault::kAction;
    if (!is_side(in.side)) return RowFault::kSide;
    if (in.price == kNoPrice) return RowFault::kPrice;
    if (in.price < 0) return RowFault::kNegativePrice;
    if (in.size == kNoSize) return RowFault::kSize;
    row.time_ns = static_cast<std::int64_t>(in.header.ts_event);
    row.price_raw = in.price;
    row.quantity_raw = std::int64_t{in.size} * kSizeScale;
    row.conditions = conditions_of(in);
    row.exchange = 0;
    row.flags =
        static_cast<std::uint8_t>(row_flags(in.flags) | (in.side == 'B' ? pipeline::kRowBuyer : 0) |
                                  (in.side == 'A' ? pipeline::kRowSeller : 0));
    row.received_ns = received_of(in.ts_recv);
    row.sequence = in.sequence;
    return RowFault::kOk;
}

[[nodiscard]] inline RowFault check_level(const BookLevel& level) noexcept {
    if (level.bid_price < 0 || level.ask_price < 0) return RowFault::kNegativePrice;
    if ((level.bid_price != kNoPrice && level.bid_size == kNoSize) ||
        (level.ask_price != kNoPrice && level.ask_size == kNoSize))
        return RowFault::kSize;
    return RowFault::kOk;
}

// The best level of any market-by-price record; `sampled` for bbo and cbbo.
[[nodiscard]] inline RowFault read_quote(const TradeRecord& in, const BookLevel& best, bool sampled,
                                         pipeline::QuoteRow& row) noexcept {
    if (in.ts_recv > kTimeLimit && (sampled || in.ts_recv != kNoTime)) return RowFault::kTime;
    if (in.header.ts_event > kTimeLimit && !sampled) return RowFault::kTime;
    if (const RowFault fault = check_level(best); fault != RowFault::kOk) return fault;
    const bool has_bid = best.bid_price != kNoPrice;
    const bool has_ask = best.ask_price != kNoPrice;
    row.time_ns = static_cast<std::int64_t>(sampled ? in.ts_recv : in.header.ts_event);
    row.bid_raw = has_bid ? best.bid_price : 0;
    row.ask_raw = has_ask ? best.ask_price : 0;
    row.bid_size_raw = has_bid ? std::int64_t{best.bid_size} * kSizeScale : 0;
    row.ask_size_raw = has_ask ? std::int64_t{best.ask_size} * kSizeScale : 0;
    row.conditions = conditions_of(in);
    row.exchange = 0;
    row.flags = row_flags(in.flags);
    row.received_ns = received_of(in.ts_recv);
    row.sequence = in.sequence;
    return RowFault::kOk;
}

[[nodiscard]] inline RowFault read_bar(const OhlcvRecord& in, pipeline::BarRow& row) noexcept {
    constexpr std::uint64_t kMostVolume =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() / kSizeScale);
    if (in.header.ts_event > kTimeLimit) return RowFault::kTime;
    for (const std::int64_t price : {in.open, in.high, in.low, in.close}) {
        if (price == kNoPrice) return RowFault::kPrice;
        if (price < 0) return RowFault::kNegativePrice;
    }
    if (in.high < in.low || in.open < in.low || in.open > in.high || in.close < in.low ||
        in.close > in.high)
        return RowFault::kBar;
    if (in.volume > kMostVolume) return RowFault::kVolume;
    row = {static_cast<std::int64_t>(in.header.ts_event),    in.open, in.high, in.low, in.close,
           static_cast<std::int64_t>(in.volume) * kSizeScale};
    return RowFault::kOk;
}

}  // namespace sluice::adapters::dbn
