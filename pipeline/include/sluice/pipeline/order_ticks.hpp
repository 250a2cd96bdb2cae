// Trades and quotes out of an order-by-order record: what a feed of prints and best prices would have
// shown of the same market. One thread, off the hot path; costs what the book costs.
//
//     OrderTicks ticks;
//     ticks.add(row, trades, quotes);  // each row of the table, in its order
//
// A 'T' row with a size is a trade. A quote follows each complete venue event that has changed the best
// bid, the best ask or their sizes; a side without orders has price 0. After a snapshot or a cleared book
// there is none before the first trade: until the auction that opens a market, orders gather that nobody
// can hit, and the record does not say when that is over. Times are those of the rows, but never before
// the row above, and a quote is a nanosecond after the trades of its event: at equal times a store's
// stream has quotes first.
#pragma once

#include <cstdint>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/order_book.hpp>
#include <sluice/pipeline/tick_tables.hpp>

namespace sluice::pipeline {

class OrderTicks {
  public:
    explicit OrderTicks(OrderBookCapacity capacity = {}) : book_(capacity) {}

    // Appends what the row shows.
    void add(const OrderRow& row, TradeColumns& trades, QuoteColumns& quotes);
    [[nodiscard]] const OrderBook& book() const noexcept { return book_; }

  private:
    OrderBook book_;
    bool trading_ = false;
    std::int64_t time_ns_ = INT64_MIN;
    std::int64_t quote_ns_ = INT64_MIN;  // no quote before it
    QuoteRow last_{};
};

}  // namespace sluice::pipeline
