// A market for the tests: lawful updates at random, and the books that follow from them, kept the
// plain way.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include <sluice/pipeline/exchange.hpp>

namespace sluice::test_itch {

struct PlainTop {
    std::uint32_t bid = 0;
    std::uint32_t ask = 0;
    std::uint64_t bid_shares = 0;
    std::uint64_t ask_shares = 0;
    friend bool operator==(const PlainTop&, const PlainTop&) = default;
};

class PlainBook {
  public:
    struct Order {
        pipeline::Side side;
        std::uint32_t price;
        std::uint32_t shares;
    };
    std::map<std::uint64_t, Order> orders;

    void apply(const pipeline::MarketUpdate& update) {
        using pipeline::MarketAction;
        switch (update.action) {
            case MarketAction::kAdd:
                orders[update.order] = {update.side, update.price, update.shares};
                break;
            case MarketAction::kExecuted:
            case MarketAction::kExecutedAtPrice:
            case MarketAction::kReduced:
                if ((orders.at(update.order).shares -= update.shares) == 0)
                    orders.erase(update.order);
                break;
            case MarketAction::kDeleted: orders.erase(update.order); break;
            case MarketAction::kReplaced: {
                const pipeline::Side side = orders.at(update.order).side;
                orders.erase(update.order);
                orders[update.new_order] = {side, update.price, update.shares};
                break;
            }
            default: break;
        }
    }
    // Price and shares of each level, best first.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint64_t>> levels(
        pipeline::Side side) const {
        std::map<std::uint32_t, std::uint64_t> sums;
        for (const auto& [id, order] : orders)
            if (order.side == side) sums[order.price] += order.shares;
        std::vector<std::pair<std::uint32_t, std::uint64_t>> out(sums.begin(), sums.end());
        if (side == pipeline::Side::kBuy) return {out.rbegin(), out.rend()};
        return out;
    }
    [[nodiscard]] PlainTop top() const {
        PlainTop out;
        const auto bids = levels(pipeline::Side::kBuy);
        const auto asks = levels(pipeline::Side::kSell);
        if (!bids.empty()) std::tie(out.bid, out.bid_shares) = bids.front();
        if (!asks.empty()) std::tie(out.ask, out.ask_shares) = asks.front();
        return out;
    }
};

class RandomMarket {
  public:
    RandomMarket(std::uint64_t seed, std::uint16_t symbols) : random_(seed), books_(symbols) {}

    [[nodiscard]] const PlainBook& book(std::uint16_t symbol) const { return books_[symbol - 1U]; }

    // At which the order stood that the last change was about.
    [[nodiscard]] std::uint32_t last_price() const { return last_price_; }

    // The next thing that happens; the books have it already.
    pipeline::MarketUpdate next() {
        using pipeline::MarketAction;
        pipeline::MarketUpdate out;
        out.symbol = static_cast<std::uint16_t>(1 + random_() % books_.size());
        out.time_ns = time_ += 1 + static_cast<std::int64_t>(random_() % 1'000);
        PlainBook& book = books_[out.symbol - 1U];
        const auto what = random_() % 100;
        if (what < 5) {
            out.action = MarketAction::kTrade;
            out.price = price(pipeline::Side::kBuy);
            out.shares = shares();
            out.match = ++match_;
        } else if (book.orders.size() < 5 || what < 40) {
            out.action = MarketAction::kAdd;
            out.order = ++order_;
            out.side = random_() % 2 == 0 ? pipeline::Side::kBuy : pipeline::Side::kSell;
            out.price = price(out.side);
            out.shares = shares();
        } else {
            change(book, what, out);
        }
        book.apply(out);
        return out;
    }

  private:
    std::uint32_t shares() { return static_cast<std::uint32_t>(1 + random_() % 500); }
    std::uint32_t price(pipeline::Side side) {
        const auto away = static_cast<std::uint32_t>(random_() % 30);
        return side == pipeline::Side::kBuy ? 1'000'000 - 100 * away : 1'000'100 + 100 * away;
    }
    void change(const PlainBook& book, std::uint64_t what, pipeline::MarketUpdate& out) {
        using pipeline::MarketAction;
        const auto found = std::next(book.orders.begin(),
                                     static_cast<std::ptrdiff_t>(random_() % book.orders.size()));
        const auto& [id, order] = *found;
        out.order = id;
        last_price_ = order.price;
        if (what < 65) {
            out.action = MarketAction::kDeleted;
        } else if (what < 75) {
            out.action = MarketAction::kReplaced;
            out.new_order = ++order_;
            out.price = price(order.side);
            out.shares = shares();
        } else {
            out.shares = 1 + static_cast<std::uint32_t>(random_() % order.shares);
            out.action = what < 80   ? MarketAction::kReduced
                         : what < 95 ? MarketAction::kExecuted
                                     : MarketAction::kExecutedAtPrice;
            out.price = order.price + 100;
            out.code = random_() % 2 == 0 ? 'Y' : 'N';
            out.match = ++match_;
        }
    }

    std::mt19937_64 random_;
    std::vector<PlainBook> books_;
    std::uint32_t last_price_ = 0;
    std::uint64_t order_ = 0;
    std::uint64_t match_ = 0;
    std::int64_t time_ = 34'200'000'000'000;
};

}  // namespace sluice::test_itch
