// Random rows through the books and through models too simple to be wrong: the same book after
// every row, whatever the rows.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <optional>

#include "book_test_support.hpp"

namespace sluice::pipeline::book_tests {
namespace {

using Levels = std::vector<std::pair<std::int64_t, std::int64_t>>;

// Orders in queues by price, in maps and lists; every question is answered by looking at them all.
class OrderModel {
  public:
    void apply(const OrderRow& row) {
        if (row.action == 'R') queues_.clear();
        if (row.action == 'A' && row.quantity_raw > 0 && !locate(row.order))
            queues_[{row.side, row.price_raw}].push_back({row.order, row.quantity_raw});
        const auto at = locate(row.order);
        if (!at) return;
        if (row.action == 'C' && row.quantity_raw > 0) {
            at->order->second -= row.quantity_raw;
            if (at->order->second <= 0) remove(*at);
        }
        if (row.action == 'M' && row.side == at->queue->first.first) modify(*at, row);
    }
    [[nodiscard]] Levels levels(char side) const {
        Levels out;
        for (const auto& [key, queue] : queues_) {
            if (key.first != side) continue;
            std::int64_t sum = 0;
            for (const auto& [order, quantity] : queue) sum += quantity;
            out.emplace_back(key.second, sum);
        }
        if (side == 'B') std::reverse(out.begin(), out.end());
        return out;
    }
    [[nodiscard]] Orders queue(char side, std::int64_t price) const {
        const auto& queue = queues_.at({side, price});
        return {queue.begin(), queue.end()};
    }

  private:
    using Queue = std::list<std::pair<std::int64_t, std::int64_t>>;
    using Queues = std::map<std::pair<char, std::int64_t>, Queue>;
    struct At {
        Queues::iterator queue;
        Queue::iterator order;
    };
    std::optional<At> locate(std::int64_t id) {
        for (auto queue = queues_.begin(); queue != queues_.end(); ++queue)
            for (auto order = queue->second.begin(); order != queue->second.end(); ++order)
                if (order->first == id) return At{queue, order};
        return std::nullopt;
    }
    void remove(At at) {
        at.queue->second.erase(at.order);
        if (at.queue->second.empty()) queues_.erase(at.queue);
    }
    void modify(At at, const OrderRow& row) {
        if (row.quantity_raw < 0) return;
        if (row.quantity_raw == 0) return remove(at);
        if (row.price_raw == at.queue->first.second && row.quantity_raw <= at.order->second) {
            at.order->second = row.quantity_raw;
            return;
        }
        remove(at);
        queues_[{row.side, row.price_raw}].push_back({row.order, row.quantity_raw});
    }

    Queues queues_;
};

// Few ids and prices, so that rows meet; a price far away now and then.
OrderRow any_order_row() {
    const char action = *rc::gen::weightedElement<char>(
        {{10, 'A'}, {6, 'C'}, {6, 'M'}, {1, 'T'}, {1, 'F'}, {1, 'N'}});
    const bool clears = action == 'N' && *rc::gen::inRange(0, 8) == 0;
    const bool far = *rc::gen::inRange(0, 16) == 0;
    const auto price = far ? *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000)
                           : *rc::gen::inRange<std::int64_t>(95, 106);
    return order_row(clears ? 'R' : action, *rc::gen::inRange<std::int64_t>(-12, 12),
                     *rc::gen::element('B', 'A'), price, *rc::gen::inRange<std::int64_t>(-1, 9),
                     *rc::gen::element(0, int{kRowEventEnd}));
}

void expect_same(const OrderBook& book, const OrderModel& model) {
    for (const auto& [side, letter] : {std::pair{Side::kBuy, 'B'}, std::pair{Side::kSell, 'A'}}) {
        const Levels expected = model.levels(letter);
        RC_ASSERT(levels(book, side) == expected);
        for (std::size_t n = 0; n < expected.size(); ++n) {
            const Orders orders = model.queue(letter, expected[n].first);
            RC_ASSERT(queue(book, side, n) == orders);
            RC_ASSERT(book.level(side, n).orders == orders.size());
        }
    }
}

RC_GTEST_PROP(OrderBookProperty, is_the_book_of_the_model_after_every_row, ()) {
    OrderBook book({.orders = 32, .levels = 32});
    OrderModel model;
    const auto rows = *rc::gen::inRange<std::size_t>(0, 300);
    for (std::size_t i = 0; i < rows; ++i) {
        const OrderRow row = any_order_row();
        model.apply(row);
        (void)book.apply(row);
        expect_same(book, model);
    }
    std::uint64_t outcomes = 0;
    for (std::size_t i = 0; i < kOrderOutcomeCount; ++i)
        outcomes += book.count(static_cast<OrderOutcome>(i));
    RC_ASSERT(outcomes == rows);
}

// Long streams, where chains of the index grow and close again many times; compared by id.
RC_GTEST_PROP(OrderBookProperty, finds_every_order_after_many_came_and_went, ()) {
    OrderBook book({.orders = 256, .levels = 16});
    std::map<std::int64_t, std::int64_t> model;
    const auto stride = *rc::gen::element<std::int64_t>(1, 512, std::int64_t{1} << 32U, -7);
    for (int i = 0; i < 3000; ++i) {
        const std::int64_t order = *rc::gen::inRange<std::int64_t>(0, 400) * stride;
        if (model.size() < 256 && *rc::gen::inRange(0, 3) != 0) {
            if (book.apply(add(order, 'A', order & 7, 1 + (order & 3))) == OrderOutcome::kAdded)
                model[order] = 1 + (order & 3);
        } else if (book.apply(cancel(order, 9)) != OrderOutcome::kOrphanCancel) {
            RC_ASSERT(model.erase(order) == 1U);
        }
    }
    RC_ASSERT(book.resting() == model.size());
    for (std::int64_t order = 0; order < 400; ++order) {
        const auto found = model.find(order * stride);
        RC_ASSERT(book.find(order * stride).quantity.raw() ==
                  (found == model.end() ? 0 : found->second));
    }
}

// What is told of a level stream and what is left out of it: the truth is a list of changes.
struct Change {
    char side;
    std::int64_t price;
    std::int64_t quantity;
};
Levels side_after(const std::vector<Change>& changes, std::int64_t upto, char side) {
    std::map<std::int64_t, std::int64_t> levels;
    for (std::int64_t i = 0; i < upto; ++i) {
        const Change& change = changes[static_cast<std::size_t>(i)];
        if (change.side != side) continue;
        if (change.quantity == 0)
            levels.erase(change.price);
        else
            levels[change.price] = change.quantity;
    }
    Levels out(levels.begin(), levels.end());
    if (side == 'B') std::reverse(out.begin(), out.end());
    return out;
}

class LevelStream {
  public:
    LevelStream() {
        const auto count = *rc::gen::inRange<std::size_t>(1, 150);
        for (std::size_t i = 0; i < count; ++i) {
            const bool far = *rc::gen::inRange(0, 10) == 0;
            const char side = *rc::gen::element('B', 'A');
            const auto base = side == 'B' ? std::int64_t{90} : std::int64_t{101};
            changes_.push_back({side,
                                far ? *rc::gen::inRange<std::int64_t>(-100'000, 100'000)
                                    : base + *rc::gen::inRange<std::int64_t>(0, 10),
                                *rc::gen::inRange<std::int64_t>(0, 4)});
        }
    }
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(changes_.size()); }
    [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

    // The changes (from, to] as one event.
    void event(LevelBook& book, std::int64_t from, std::int64_t to) const {
        for (std::int64_t i = from; i < to; ++i) {
            const Change& change = changes_[static_cast<std::size_t>(i)];
            (void)book.apply(level_row(from, to, change.side, change.price, change.quantity,
                                       i + 1 == to ? kRowEventEnd : 0));
        }
    }
    // False when there is nothing to show: a snapshot without levels has no rows.
    bool snapshot_of(LevelBook& book, std::int64_t at) const {
        std::vector<LevelRow> rows;
        for (const char side : {'B', 'A'})
            for (const auto& [price, quantity] : side_after(changes_, at, side))
                rows.push_back(snapshot(at, side, price, quantity));
        if (rows.empty()) return false;
        rows.back().flags |= kRowEventEnd;
        for (const LevelRow& row : rows) (void)book.apply(row);
        return true;
    }
    void expect_live(const LevelBook& book) const {
        RC_ASSERT(book.state() == BookState::kLive);
        RC_ASSERT(levels(book, Side::kBuy) == side_after(changes_, book.sequence(), 'B'));
        RC_ASSERT(levels(book, Side::kSell) == side_after(changes_, book.sequence(), 'A'));
    }

  private:
    std::vector<Change> changes_;
};

RC_GTEST_PROP(LevelBookProperty, is_the_venues_book_whenever_it_says_so, ()) {
    const LevelStream stream;
    LevelBook book({.levels = 256, .pending = 64});
    std::int64_t told = 0;
    while (told < stream.size()) {
        const auto next = std::min(stream.size(), told + *rc::gen::inRange<std::int64_t>(1, 6));
        const int what = *rc::gen::inRange(0, 12);
        if (what != 0) stream.event(book, told, next);  // else it never arrives
        if (what == 1) stream.event(book, told, next);  // arrives twice
        told = next;
        // A snapshot of now, or of a while ago.
        if (*rc::gen::inRange(0, 6) == 0)
            (void)stream.snapshot_of(
                book, std::max<std::int64_t>(0, told - *rc::gen::inRange<std::int64_t>(0, 20)));
        if (book.state() != BookState::kLive) continue;
        stream.expect_live(book);
        // No gap goes unnoticed: a live book is one event behind at most when that one was lost.
        RC_ASSERT(book.sequence() == told || what == 0);
    }
    if (stream.snapshot_of(book, stream.size())) stream.expect_live(book);
}

// The ladder by itself, with room for a few: its ends are reached and it is centred again.
RC_GTEST_PROP(BookLadderProperty, holds_what_a_map_holds, (bool bids)) {
    BookLadder<std::int64_t> ladder(bids ? Side::kBuy : Side::kSell, 8);
    std::map<std::int64_t, std::int64_t> model;
    const auto drift = *rc::gen::inRange<std::int64_t>(-1, 2);  // a market that only goes one way
    for (std::int64_t i = 0; i < 200; ++i) {
        const std::int64_t price = i * drift + *rc::gen::inRange<std::int64_t>(0, 12);
        const auto place = ladder.find(price);
        RC_ASSERT(place.found == (model.count(price) == 1));
        if (place.found) {
            ladder.erase(place);
            model.erase(price);
        } else if (ladder.insert(place, price, i)) {
            model[price] = i;
        } else {
            RC_ASSERT(model.size() == 8U);
            const std::int64_t worst = bids ? model.begin()->first : model.rbegin()->first;
            ladder.erase(ladder.find(worst));
            model.erase(worst);
        }
        Levels held;
        for (std::size_t n = 0; n < ladder.size(); ++n)
            held.emplace_back(ladder.price_raw(n), ladder.payload(n));
        if (bids) std::reverse(held.begin(), held.end());
        RC_ASSERT(held == Levels(model.begin(), model.end()));
    }
}

}  // namespace
}  // namespace sluice::pipeline::book_tests
