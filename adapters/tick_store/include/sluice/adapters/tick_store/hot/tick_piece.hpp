// Rows of trades, quotes or levels as they lie in memory, and events made of them.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/core/ids.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/table_key.hpp>

namespace sluice::adapters::tick_store {

// In the order of a tie: a print works off a queue before the update that shows it is gone.
enum class TickKind : std::uint8_t { kQuotes = 0, kTrades = 1, kLevels = 2 };
inline constexpr std::size_t kTickKinds = 3;

// A stretch of rows [row, end) of mapped columns. Pointers of the other kinds are null. Of levels, `ask`
// and `ask_size` are the sequence and the one before it, `exchange` is the side.
struct TickPiece {
    const std::int64_t* time = nullptr;
    const std::int64_t* price_or_bid = nullptr;
    const std::int64_t* quantity_or_bid_size = nullptr;
    const std::int64_t* ask = nullptr;
    const std::int64_t* ask_size = nullptr;
    const std::uint32_t* conditions = nullptr;
    const std::uint8_t* exchange = nullptr;
    const std::uint8_t* flags = nullptr;
    std::size_t row = 0;
    std::size_t end = 0;
    std::uint32_t file = 0;      // the mapping it lives in, reported by drained()
    std::uint32_t deferred = 0;  // not 0: pointers are set by DeferredPieces::load()
};

// Makes pieces that do not lie in a mapping as they are needed, one per feed at a time.
class DeferredPieces {
  public:
    DeferredPieces() = default;
    DeferredPieces(const DeferredPieces&) = delete;
    DeferredPieces& operator=(const DeferredPieces&) = delete;
    virtual ~DeferredPieces() = default;
    // Sets the pointers; the piece that the same feed had before is done with. Must not allocate.
    virtual void load(TickPiece& piece) noexcept = 0;
};

// Builds the events of `rows` rows from p.row on; row i of them is written to slots[place(i)].
// Built in place: copying a line just written costs more than writing it.
template <class Place>
void build_trades(pipeline::Event* slots, const TickPiece& p, core::SymbolId symbol,
                  std::size_t rows, Place&& place) noexcept {
    const std::int64_t* const time = p.time + p.row;
    const std::int64_t* const price = p.price_or_bid + p.row;
    const std::int64_t* const quantity = p.quantity_or_bid_size + p.row;
    const std::uint32_t* const conditions = p.conditions + p.row;
    const std::uint8_t* const exchange = p.exchange + p.row;
    const std::uint8_t* const flags = p.flags + p.row;
    for (std::size_t i = 0; i < rows; ++i)
        pipeline::emplace_event(slots[place(i)], [&] {
            return pipeline::Event::trade(core::time_from_ns<core::StreamTime>(time[i]), symbol,
                                          pipeline::Trade{core::Price::from_raw(price[i]),
                                                          core::Quantity::from_raw(quantity[i]), 0,
                                                          conditions[i], exchange[i]},
                                          flags[i]);
        });
}

template <class Place>
void build_quotes(pipeline::Event* slots, const TickPiece& p, core::SymbolId symbol,
                  std::size_t rows, Place&& place) noexcept {
    const std::int64_t* const time = p.time + p.row;
    const std::int64_t* const bid = p.price_or_bid + p.row;
    const std::int64_t* const ask = p.ask + p.row;
    const std::int64_t* const bid_size = p.quantity_or_bid_size + p.row;
    const std::int64_t* const ask_size = p.ask_size + p.row;
    const std::uint8_t* const flags = p.flags + p.row;
    for (std::size_t i = 0; i < rows; ++i)
        pipeline::emplace_event(slots[place(i)], [&] {
            return pipeline::Event::quote(
                core::time_from_ns<core::StreamTime>(time[i]), symbol,
                pipeline::Quote{core::Price::from_raw(bid[i]), core::Price::from_raw(ask[i]),
                                core::Quantity::from_raw(bid_size[i]),
                                core::Quantity::from_raw(ask_size[i]), 0},
                flags[i]);
        });
}

template <class Place>
void build_levels(pipeline::Event* slots, const TickPiece& p, core::SymbolId symbol,
                  std::size_t rows, Place&& place) noexcept {
    constexpr std::uint8_t kKept =
        pipeline::kRowSnapshot | pipeline::kRowEventEnd | pipeline::kRowGapBefore;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t row = p.row + i;
        const std::uint8_t side = p.exchange[row] == 'B'   ? pipeline::kFlagBidLevel
                                  : p.exchange[row] == 'A' ? pipeline::kFlagAskLevel
                                                           : std::uint8_t{0};
        pipeline::emplace_event(slots[place(i)], [&] {
            return pipeline::Event::level(
                core::time_from_ns<core::StreamTime>(p.time[row]), symbol,
                pipeline::LevelUpdate{core::Price::from_raw(p.price_or_bid[row]),
                                      core::Quantity::from_raw(p.quantity_or_bid_size[row]),
                                      p.ask[row], p.ask_size[row], 0},
                static_cast<std::uint8_t>((p.flags[row] & kKept) | side));
        });
    }
}

template <class Place>
void build_events(pipeline::Event* slots, TickKind kind, const TickPiece& piece,
                  core::SymbolId symbol, std::size_t rows, Place&& place) noexcept {
    if (kind == TickKind::kTrades)
        build_trades(slots, piece, symbol, rows, place);
    else if (kind == TickKind::kLevels)
        build_levels(slots, piece, symbol, rows, place);
    else
        build_quotes(slots, piece, symbol, rows, place);
}

// Asks for the lines that build_events() is about to read of these rows, and for those of as many
// times after them: fifty feeds are more columns than a processor follows by itself.
inline void prefetch_rows(const TickPiece& p, TickKind kind, std::size_t rows) noexcept {
    const auto column = [rows](const auto* values) {
        constexpr std::size_t kInLine = core::kCacheLine / sizeof *values;
        for (std::size_t i = 0; i < rows + kInLine - 1; i += kInLine)
            __builtin_prefetch(values + i);
    };
    column(p.time + p.row + rows);
    column(p.price_or_bid + p.row);
    column(p.quantity_or_bid_size + p.row);
    column(p.flags + p.row);
    if (kind == TickKind::kTrades) {
        column(p.conditions + p.row);
        column(p.exchange + p.row);
        return;
    }
    column(p.ask + p.row);
    column(p.ask_size + p.row);
    if (kind == TickKind::kLevels) column(p.exchange + p.row);
}

}  // namespace sluice::adapters::tick_store
