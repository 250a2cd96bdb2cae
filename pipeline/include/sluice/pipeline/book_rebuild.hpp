// Runs stored order-book rows through a book and says what came of it: the check that a table of
// orders or levels is whole, and the figures for `data verify`. One thread, off the hot path;
// costs what the books cost, memory for the book alone.
//
//     OrderBook book;
//     OrderRebuilder rebuilder(book);
//     rebuilder.add(columns);  // as many chunks as there are, in the order of the table
//     const OrderRebuild report = rebuilder.report();
//
// Nothing here throws on what the rows hold: every fault is a figure of the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/level_book.hpp>
#include <sluice/pipeline/hot/order_book.hpp>

namespace sluice::pipeline {

// What either kind of book shows at the end; a side without levels has an empty `BookLevel`.
struct BookTop {
    BookLevel bid;
    BookLevel ask;
    std::size_t bid_levels = 0;
    std::size_t ask_levels = 0;
    friend bool operator==(const BookTop&, const BookTop&) = default;
};

struct OrderRebuild {
    std::uint64_t rows = 0;
    std::uint64_t adds = 0;  // the rows of each action, lawful or not
    std::uint64_t cancels = 0;
    std::uint64_t modifies = 0;
    std::uint64_t clears = 0;
    std::uint64_t trades = 0;
    std::uint64_t fills = 0;
    std::uint64_t duplicate_adds = 0;
    std::uint64_t orphan_cancels = 0;
    std::uint64_t orphan_modifies = 0;
    std::uint64_t over_cancels = 0;
    std::uint64_t refused = 0;      // cannot be: side, quantity, action
    std::uint64_t full = 0;         // did not fit: enlarge the book
    std::uint64_t gaps_marked = 0;  // rows with kRowGapBefore
    std::uint64_t resting = 0;      // orders at the end
    std::int64_t traded_raw = 0;    // quantity of the 'T' rows, each execution once; saturates
    BookCrossings crossings;
    BookTop top;
};

struct LevelRebuild {
    std::uint64_t rows = 0;
    std::uint64_t snapshot_rows = 0;
    std::uint64_t update_rows = 0;
    std::uint64_t zero_rows = 0;    // updates of quantity 0, whether or not they were applied
    std::uint64_t gaps_marked = 0;  // rows with kRowGapBefore
    LevelBookCounts counts;         // events applied, old, gaps, resynchronisations ...
    BookCrossings crossings;
    BookState state = BookState::kEmpty;
    std::int64_t sequence = 0;  // the last change in the book
    BookTop top;
};

class OrderRebuilder {
  public:
    // The book must outlive this. What it holds already is built upon.
    explicit OrderRebuilder(OrderBook& book) noexcept : book_(book) {}

    void add(const OrderRow& row) noexcept;
    void add(const OrderColumns& columns) noexcept;
    [[nodiscard]] OrderRebuild report() const noexcept;

  private:
    OrderBook& book_;
    OrderRebuild report_;
};

class LevelRebuilder {
  public:
    explicit LevelRebuilder(LevelBook& book) noexcept : book_(book) {}

    void add(const LevelRow& row) noexcept;
    void add(const LevelColumns& columns) noexcept;
    [[nodiscard]] LevelRebuild report() const noexcept;

  private:
    LevelBook& book_;
    LevelRebuild report_;
};

// Row i of the columns; i < columns.size().
[[nodiscard]] OrderRow row_of(const OrderColumns& columns, std::size_t i) noexcept;
[[nodiscard]] LevelRow row_of(const LevelColumns& columns, std::size_t i) noexcept;

// The figures as text, one "name value" a line; what is 0 and would be a fault is left out.
[[nodiscard]] std::string to_string(const OrderRebuild& report);
[[nodiscard]] std::string to_string(const LevelRebuild& report);

}  // namespace sluice::pipeline
