// Makes pieces of a table that cannot be merged as they lie: unpacked, turned from bars into ticks,
// adjusted.
//
// One thread a maker: it has scratch memory. make() does not allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/hot/tick_piece.hpp>
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

// Rows [first, last) of a table, all within one stretch of rows_per_piece().
struct PieceRows {
    const MappedDay* day;
    const TablePlace* table;
    std::size_t first;
    std::size_t last;
    pipeline::DayFactors factors;
};

// Where the columns of a piece are made.
struct PieceBuffers {
    explicit PieceBuffers(TableKind kind);  // of levels, see TickPiece
    std::vector<std::int64_t> time;
    std::vector<std::int64_t> price_or_bid;
    std::vector<std::int64_t> quantity_or_bid_size;
    std::vector<std::int64_t> ask;
    std::vector<std::int64_t> ask_size;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;
};

class PieceMaker {
  public:
    // Takes the memory for pieces of such tables.
    void prepare(TableKind kind);
    // Sets the pointers of `piece`, into `buffers` or the mapping, which has to be there.
    void make(const PieceRows& rows, PieceBuffers& buffers, TickPiece& piece) noexcept;

  private:
    // Column `index` of the piece's rows into `out`, or in place where it lies so.
    template <class Value>
    [[nodiscard]] const Value* values(const PieceRows& rows, std::size_t index,
                                      std::vector<Value>& out) noexcept;
    void adjust(const pipeline::DayFactors& factors, std::span<std::int64_t> prices,
                std::span<std::int64_t> sizes) noexcept;
    // Of its prices and sizes the first columns.
    void adjust_first(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept;
    void make_ticks(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept;
    void make_levels(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept;
    void make_bars(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept;
    void make_quote_bars(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept;

    std::vector<std::vector<std::int64_t>> bar_columns_;  // where packed bars are unpacked
    ScaleMemory prices_;
    ScaleMemory sizes_;
};

}  // namespace sluice::adapters::tick_store
