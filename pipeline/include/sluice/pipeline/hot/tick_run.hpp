// Runs of ticks: trades of one instrument that move running values and nothing else, taken at once.
//
//   TickColumns   what a source offers: the next trades as its columns hold them
//   RunLimits     how far a run may go, narrowed by everyone who takes part
//   TickRun       the ticks at the front of the columns that stay within, and what they come to
//
// Sequencer's thread only; nothing is copied or allocated. A scanned tick costs about a cycle with
// AVX2. See docs/decisions/0010-runs-of-ticks.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

// All columns have `size` rows. They belong to the source and stay valid until it is asked again.
struct TickColumns {
    SymbolId symbol = core::kNoSymbol;
    std::size_t size = 0;
    const std::int64_t* time = nullptr;      // ns since the epoch, UTC
    const std::int64_t* price = nullptr;     // Price::raw()
    const std::int64_t* quantity = nullptr;  // Quantity::raw()
    const std::uint32_t* conditions = nullptr;
    const std::uint8_t* exchange = nullptr;
    const std::uint8_t* flags = nullptr;

    [[nodiscard]] StreamTime time_of(std::size_t row) const noexcept {
        return core::time_from_ns<StreamTime>(time[row]);
    }
    [[nodiscard]] Event event(std::size_t row) const noexcept {
        return Event::trade(time_of(row), symbol,
                            Trade{Price::from_raw(price[row]), Quantity::from_raw(quantity[row]), 0,
                                  conditions[row], exchange[row]},
                            flags[row]);
    }
    void drop_front(std::size_t rows) noexcept {
        size -= rows;
        time += rows;
        price += rows;
        quantity += rows;
        conditions += rows;
        exchange += rows;
        flags += rows;
    }
};

struct RunLimits {
    StreamTime from = StreamTime::min();   // no tick before it
    StreamTime until = StreamTime::max();  // every tick before it
    std::size_t most = SIZE_MAX;           // ticks

    void narrow(StreamTime not_before, StreamTime before) noexcept {
        from = std::max(from, not_before);
        until = std::min(until, before);
    }
};

// A run's rows fit the first cache, and its volume always fits: below 2^10 * 2^52.
inline constexpr std::size_t kRunMost = 1024;
inline constexpr std::int64_t kRunQuantityMost = std::int64_t{1} << 52;

struct TickRun {
    SymbolId symbol = core::kNoSymbol;
    std::size_t size = 0;
    const std::int64_t* time = nullptr;
    const std::int64_t* price = nullptr;
    const std::int64_t* quantity = nullptr;
    Price low;
    Price high;
    Quantity volume;
    Sequence last_sequence{};  // set by the sequencer; those of a run are consecutive

    [[nodiscard]] StreamTime last_time() const noexcept {
        return core::time_from_ns<StreamTime>(time[size - 1]);
    }
    [[nodiscard]] Price last() const noexcept { return Price::from_raw(price[size - 1]); }
};

// The ticks at the front of the columns up to the first one that is not ordinary or not within the
// limits. Ordinary: no flag, a price above zero, a quantity above zero and at most
// kRunQuantityMost, a time not before that of the tick before. Low, high and volume are theirs.
[[nodiscard]] TickRun scan_run(const TickColumns& ticks, const RunLimits& limits) noexcept;

// How prices moved around a record, in a direction: heights are prices, or negated prices where a
// fall is a gain.
struct PricePath {
    std::int64_t low_before = INT64_MAX;  // before the first height above the record
    std::int64_t high = 0;                // the highest, a new record
    std::int64_t low = 0;                 // the lowest since
    std::int64_t depth = 0;               // the largest fall from a new record so far
};
// At least one height is above the record.
[[nodiscard]] PricePath follow_path(const TickRun& run, bool falling_gains,
                                    std::int64_t record) noexcept;

}  // namespace sluice::pipeline
