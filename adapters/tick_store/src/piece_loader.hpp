// Pieces of a table that have to be made before they can be merged: unpacked, turned from bars into
// ticks, adjusted.
//
// One thread: that of the source. All memory is taken by defer(); load() does not allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/hot/tick_merge.hpp>
#include <sluice/pipeline/adjustment.hpp>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {

inline constexpr std::size_t kTicksPerBar = 4;
// Rows of a table that one piece is made of: a chunk, or the bars that give a chunk of ticks.
[[nodiscard]] constexpr std::size_t rows_per_piece(TableKind kind) noexcept {
    const bool bars = kind == TableKind::kBars || kind == TableKind::kQuoteBars;
    return bars ? kChunkRows / kTicksPerBar : kChunkRows;
}

// Scales values by a ratio, remembering those that it met lately: prices and sizes repeat, and an
// exact division of 128 bits is worth a look-up.
class ScaleMemory {
  public:
    void scale(std::span<std::int64_t> values, const pipeline::Ratio& ratio) noexcept;

  private:
    struct Entry {
        std::int64_t raw = 0;
        std::int64_t scaled = 0;
    };
    static constexpr std::size_t kEntries = 1024;

    pipeline::Ratio ratio_;
    std::vector<Entry> entries_ = std::vector<Entry>(kEntries);  // 0 scales to 0
};

class PieceLoader final : public DeferredPieces {
  public:
    // A place for the pieces of one feed, of which one is in use at a time.
    [[nodiscard]] std::uint32_t add_feed();
    // Rows [first, last) of the table, all within one stretch of rows_per_piece(). `day` must stay
    // mapped while the piece may be loaded.
    [[nodiscard]] TickPiece defer(std::uint32_t feed, const MappedDay& day, const TablePlace& table,
                                  std::size_t first, std::size_t last,
                                  const pipeline::DayFactors& factors);
    void load(TickPiece& piece) noexcept override;

  private:
    struct Buffers {
        std::vector<std::int64_t> time;
        std::vector<std::int64_t> price_or_bid;
        std::vector<std::int64_t> quantity_or_bid_size;
        std::vector<std::int64_t> ask;
        std::vector<std::int64_t> ask_size;
        std::vector<std::uint32_t> conditions;
        std::vector<std::uint8_t> exchange;
        std::vector<std::uint8_t> flags;
    };
    struct Deferred {
        const MappedDay* day;
        const TablePlace* table;
        std::size_t first;
        std::size_t last;
        std::uint32_t feed;
        pipeline::DayFactors factors;
    };

    void make_buffers(std::uint32_t feed, TableKind kind);
    // Column `index` of the piece's rows into `out`, or in place where it lies so.
    template <class Value>
    [[nodiscard]] const Value* values(const Deferred& piece, std::size_t index,
                                      std::vector<Value>& out) noexcept;
    void adjust(const pipeline::DayFactors& factors, std::span<std::int64_t> prices,
                std::span<std::int64_t> sizes) noexcept;
    void load_ticks(const Deferred& d, Buffers& b, TickPiece& piece) noexcept;
    void load_bars(const Deferred& d, Buffers& b, TickPiece& piece) noexcept;
    void load_quote_bars(const Deferred& d, Buffers& b, TickPiece& piece) noexcept;

    std::vector<Deferred> deferred_;
    std::vector<std::unique_ptr<Buffers>> feeds_;
    std::vector<std::vector<std::int64_t>> bar_columns_;  // scratch for packed bars
    ScaleMemory prices_;
    ScaleMemory sizes_;
};

}  // namespace sluice::adapters::tick_store
