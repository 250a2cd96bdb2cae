// Levels out of an order-by-order record: what a feed of full books by price would have shown of the same
// market. One thread, off the hot path; costs what the book costs.
//
//     OrderLevels levels;
//     levels.add(row, out);  // each row of the table, in its order
//
// A snapshot of all levels follows the first complete event of a market that trades; from then on each
// complete event gives the levels that it changed. After a snapshot or a cleared book there is none before the
// first trade: see order_ticks.hpp, also for the times. What was displayed then stands no more, so a snapshot
// of nothing says so.
#pragma once

#include <cstdint>
#include <set>
#include <utility>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/order_book.hpp>

namespace sluice::pipeline {

class OrderLevels {
  public:
    explicit OrderLevels(OrderBookCapacity capacity = {}) : book_(capacity) {}

    // Appends what the row shows.
    void add(const OrderRow& row, LevelColumns& out);

  private:
    void note(const OrderRow& row);
    void stop_trading(const OrderRow& row, LevelColumns& out);
    void show_all(LevelRow row, LevelColumns& out) const;
    void show_changes(LevelRow row, LevelColumns& out) const;
    [[nodiscard]] std::int64_t size_at(Side side, std::int64_t price_raw) const;
    [[nodiscard]] LevelRow next_row(const OrderRow& row);

    OrderBook book_;
    std::set<std::pair<Side, std::int64_t>> changed_;  // levels of the event in hand
    bool trading_ = false;
    bool shown_ = false;  // a snapshot has been given
    std::int64_t time_ns_ = INT64_MIN;
    std::int64_t book_ns_ = INT64_MIN;  // no level before it
    std::int64_t sequence_ = 0;
};

}  // namespace sluice::pipeline
