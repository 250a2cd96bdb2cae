// What an order-by-order record shows, as prints and best prices for the ledger of fill_audit.hpp. A book
// of its own, apart from pipeline/hot/order_book.hpp, so that neither is checked against itself. One
// thread, off the hot path.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/proofs/fill_audit.hpp>

namespace sluice::proofs {

class OrderDisplay {
  public:
    // Appends what the row shows to `out`: a print of a 'T' row, the best prices after a complete event
    // that changed them. After a snapshot or a cleared book nothing is displayed before the first print:
    // what gathers for an auction is not there to be taken. Times are as `sluice data ticks` gives them: none
    // before the row above, best prices a nanosecond after the prints of their event.
    void add(const pipeline::OrderRow& row, std::vector<ShownRow>& out);
    // The same of full books: prints to `prints`, and to `books` what a complete event has changed.
    void add(const pipeline::OrderRow& row, std::vector<ShownRow>& prints,
             std::vector<ShownLevels>& books);

  private:
    struct Order {
        std::uint8_t side;
        std::int64_t price_raw;
        std::int64_t quantity_raw;
    };
    using Levels = std::map<std::int64_t, std::int64_t>;  // price, sum of sizes

    void apply(const pipeline::OrderRow& row);
    // Takes the row. False: it shows nothing, of a snapshot or in the midst of an event.
    [[nodiscard]] bool take(const pipeline::OrderRow& row, std::vector<ShownRow>& prints);
    void put(std::int64_t id, const Order& order);
    void drop(std::int64_t id);
    void clear();
    [[nodiscard]] Levels& levels(std::uint8_t side) { return sides_[side == 'B' ? 0 : 1]; }

    std::unordered_map<std::int64_t, Order> orders_;
    std::array<Levels, 2> sides_;
    std::set<std::pair<bool, std::int64_t>>
        changed_;  // is a bid, price: levels of the event in hand
    bool books_shown_ = false;
    bool in_snapshot_ = false;
    bool trading_ = false;
    std::int64_t time_ns_ = INT64_MIN;
    std::int64_t quote_ns_ = INT64_MIN;
    ShownRow last_{};
};

}  // namespace sluice::proofs
