// What an event carries, by its kind: 40 bytes at most. Plain values, any thread. Payloads that others use
// too have headers of their own.
#pragma once

#include <cstdint>

#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/hot/packed_money.hpp>
#include <sluice/pipeline/hot/regime.hpp>

namespace sluice::pipeline {

struct Trade {
    Price price;
    Quantity quantity;
    std::uint64_t ingress_ticks;  // TSC at the sequencer; 0 when this event is not sampled
    std::uint32_t conditions;     // the vendor's sale-condition bits, unchanged
    std::uint8_t exchange;        // the vendor's exchange letter, 0 when absent
};
// A side whose price is zero is not part of this update: the side before it stands.
struct Quote {
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;
    std::uint64_t ingress_ticks;
};
// A row of book_tables.hpp, LevelRow, whole: the venue keeps the book by its rule of sequence.
struct LevelUpdate {
    Price price;
    Quantity quantity;      // that stands there now; 0: the level is gone
    std::int64_t sequence;  // the venue's number of the event that the row is of
    std::int64_t previous;  // the number that it follows
    std::uint64_t ingress_ticks;
};
struct Timer {
    std::uint64_t unused[4];
    std::uint64_t ingress_ticks;
};
// flags = ExecKind. Quantity and price: of this execution (kFill) or of the new order (kReplaced).
struct Report {
    OrderId order;
    Price price;
    Quantity quantity;
    PackedMoney commission;  // charged for this execution, positive is a cost
};
// kBar: time = the bar's end (exclusive); flags = index of the timeframe. Its payload is in bar.hpp.

// The position that the strategies together want, from now on, and how sure they are of it.
struct Intent {
    Quantity target;       // signed
    double score = 0;      // the weighted mean strength behind it, in [-1, 1]
    float confidence = 0;  // |score| by the share of all weight that is warmed up, in [0, 1]
    float agreement = 0;   // share of the warm weight whose strength has the score's sign
    std::uint32_t parameter_version = 0;  // of the last kParameter before it, 0 without one
    std::uint16_t age = 0;                // bars since the score crossed the threshold
    Regime regime = Regime::kUnknown;     // of its instrument
    std::uint8_t behind = 0;              // strategies that `agreement` counts
};
// From here on a strategy's parameter has this value. Symbols: none, it holds for all.
struct ParameterChange {
    double value = 0;
    std::uint32_t version = 0;    // 1 for the first change of a run, then one more each
    std::uint16_t strategy = 0;   // index in the configuration
    std::uint16_t parameter = 0;  // index in its kind's declaration, or kWeightParameter
    std::uint64_t unused[2] = {};
    std::uint64_t ingress_ticks = 0;
};
// What one unit of a currency is worth in the account's, from here on; its place in the run's table
// (currency_table.hpp).
struct ExchangeRate {
    Price rate;
    std::uint64_t currency = 0;
    std::uint64_t unused[2] = {};
    std::uint64_t ingress_ticks = 0;
};
// flags = the timeframe that it was seen on.
struct RegimeChange {
    Regime before = Regime::kUnknown;
    Regime now = Regime::kUnknown;
};
// Around which price to quote, before the inventory moves it; no size: not at all.
struct QuoteIntent {
    Price mid;
    PriceDelta half_spread;
    Quantity size;                // of either side
    Quantity most;                // position, long or short
    std::uint32_t skew_permille;  // of the half spread: so far down for each `size` held
    std::uint32_t requote_ticks;  // an open order stays until its price is so far off
};
struct Cancel {
    OrderId order;
};
// flags = RefusalReason. What was asked, and the value that broke the limit beside the limit, both
// in the unit of the limit's own configuration key.
struct Refusal {
    Price price;
    Quantity quantity;  // signed
    double observed;
    double limit;
};
// flags = IncidentKind.
struct Incident {
    OrderId order;
    Quantity quantity;
};
struct Equity {
    PackedMoney equity;
    PackedMoney realised;
};

// flags = RiskItem, which says what of it means something.
struct RiskMark {
    PackedMoney value;
    std::int64_t day;  // UTC days since the epoch
    std::uint64_t breached;
    std::uint64_t ingress_ticks;  // kRestore
};

}  // namespace sluice::pipeline
