// The simulated venue against an independent ledger of what random markets showed: no fill at a
// price never quoted or traded, none beyond the liquidity shown, and every order comes to an end.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using Step = std::array<int, 5>;

constexpr std::int64_t kLowest = 100'00;  // four prices a side, in cents
constexpr std::int64_t kLevels = 4;
constexpr std::int64_t kStride = 10;  // market at multiples of ten, arrivals between them

// What the market showed, and when. Prices in cents, sizes in units; zero is no update.
struct Shown {
    std::int64_t time;
    bool is_print;
    std::int64_t bid, bid_size, ask, ask_size;  // a print: price and size in bid, bid_size
};
struct SentOrder {
    ApprovedOrder order;
    std::int64_t time;
    std::int64_t limit;
    std::int64_t total;
    std::int64_t filled = 0;
    std::int64_t arrival = 0;                    // of its present terms
    std::array<std::int64_t, 2> best_then = {};  // bid and ask at that moment
    bool accepted = false;
    bool ended = false;
    std::set<std::int64_t> causes;
};

class Ledger {
  public:
    // Takes the reports in order, moving the market along to each one's cause.
    void check(const std::vector<Shown>& market, std::map<OrderId, SentOrder>& orders,
               const std::vector<Event>& reports) {
        std::int64_t last = INT64_MIN;
        for (const Event& event : reports) {
            const std::int64_t time = core::ns_since_epoch(event.time());
            RC_ASSERT(time >= last);
            last = time;
            const std::int64_t cause = time - kResponseLatency;
            while (next_ < market.size() && market[next_].time <= cause) show(market[next_++]);
            auto& sent = orders.at(event.report().order);
            RC_ASSERT(cause >= sent.time + kOrderLatency);
            apply(sent, event, cause);
        }
    }

  private:
    void show(const Shown& shown) {
        latest_ = shown;
        if (shown.is_print) {
            print_left_ = shown.bid_size;
            seen_.emplace_back(shown.time, shown.bid);
            return;
        }
        for (const Side side : {Side::kBuy, Side::kSell}) {
            const bool bid = side == Side::kBuy;
            const std::int64_t price = bid ? shown.bid : shown.ask;
            if (price == 0) continue;
            best_[index(side)] = price;
            auto& most = shown_[index(side)][price];
            most = std::max(most, bid ? shown.bid_size : shown.ask_size);
            seen_.emplace_back(shown.time, price);
        }
    }

    void apply(SentOrder& sent, const Event& event, std::int64_t cause) {
        // A refusal to cancel or replace what has just gone is an ordinary race.
        RC_ASSERT(!sent.ended || event.exec_kind() == ExecKind::kCancelRejected ||
                  event.exec_kind() == ExecKind::kReplaceRejected);
        switch (event.exec_kind()) {
            case ExecKind::kAccepted:
                RC_ASSERT(!sent.accepted);
                sent.accepted = true;
                sent.arrival = cause;
                sent.best_then = best_;
                break;
            case ExecKind::kFill:
                RC_ASSERT(sent.accepted);
                fill(sent, event.report(), cause);
                break;
            case ExecKind::kReplaced:
                RC_ASSERT(sent.accepted);
                sent.limit = event.report().price.raw() / 10'000'000;
                sent.total = event.report().quantity.raw() / Quantity::kScale;
                sent.arrival = cause;
                sent.best_then = best_;
                break;
            case ExecKind::kRejected: RC_ASSERT(!sent.accepted); [[fallthrough]];
            case ExecKind::kCancelled:
            case ExecKind::kExpired: sent.ended = true; break;
            case ExecKind::kCancelRejected:
            case ExecKind::kReplaceRejected: break;
        }
    }

    void fill(SentOrder& sent, const Report& report, std::int64_t cause) {
        const std::int64_t price = report.price.raw() / 10'000'000;
        const std::int64_t quantity = report.quantity.raw() / Quantity::kScale;
        RC_ASSERT(quantity > 0);
        sent.filled += quantity;
        RC_ASSERT(sent.filled <= sent.total);
        sent.ended = sent.filled == sent.total;
        sent.causes.insert(cause);
        const Side side = sent.order.side();
        const bool by_print = latest_.time == cause && latest_.is_print;
        const std::int64_t counterparty = by_print ? latest_.bid : best_[index(opposite(side))];
        RC_ASSERT(counterparty > 0);
        if (sent.limit != 0) RC_ASSERT(within(side, sent.limit, counterparty));
        // At the counterparty's price, or at its own once that has been seen since it came.
        if (price != counterparty) {
            RC_ASSERT(price == sent.limit);
            RC_ASSERT(seen_since(sent, price));
        }
        if (by_print) {
            print_left_ -= quantity;
            RC_ASSERT(print_left_ >= 0);
        } else {
            auto& taken = taken_[index(opposite(side))][counterparty];
            taken += quantity;
            RC_ASSERT(taken <= shown_[index(opposite(side))][counterparty]);
        }
    }

    // Whether that price has been quoted or traded since the order came with its present terms.
    [[nodiscard]] bool seen_since(const SentOrder& sent, std::int64_t price) const {
        if (price == sent.best_then[0] || price == sent.best_then[1]) return true;
        return std::any_of(seen_.begin(), seen_.end(), [&](const auto& entry) {
            return entry.first >= sent.arrival && entry.second == price;
        });
    }
    static bool within(Side side, std::int64_t limit, std::int64_t price) {
        return side == Side::kBuy ? price <= limit : price >= limit;
    }
    static std::size_t index(Side side) { return static_cast<std::size_t>(side); }

    std::size_t next_ = 0;
    Shown latest_{-1, false, 0, 0, 0, 0};
    std::int64_t print_left_ = 0;
    std::array<std::int64_t, 2> best_{};
    std::array<std::map<std::int64_t, std::int64_t>, 2> shown_;  // the most ever, by price
    std::array<std::map<std::int64_t, std::int64_t>, 2> taken_;
    std::vector<std::pair<std::int64_t, std::int64_t>> seen_;  // time, price
};

// Turns small numbers into a market and orders, and runs them through a venue.
class RandomMarket {
  public:
    RandomMarket(const Settings& settings, bool quoted) : exchange_(settings), quoted_(quoted) {}

    void run(const std::vector<Step>& steps) {
        for (const Step& step : steps) {
            now_ += kStride;
            const int kind = step[0];
            if (kind < 3 && quoted_) {
                quote(step);
            } else if (kind < 5) {
                trade(step);
            } else if (kind < 8) {
                submit(step);
            } else {
                change(step);
            }
        }
        for (const auto& [id, sent] : orders_) exchange_.cancel(now_ + kStride + 5, sent.order);
        exchange_.finish();
        Ledger{}.check(market_, orders_, exchange_.reports);
        for (const auto& [id, sent] : orders_) {
            RC_ASSERT(sent.ended);
            if (sent.order.time_in_force() == TimeInForce::kFok)
                RC_ASSERT(sent.filled == 0 || sent.filled == sent.total);
            if (sent.order.time_in_force() == TimeInForce::kIoc ||
                sent.order.time_in_force() == TimeInForce::kFok)
                RC_ASSERT(sent.causes.size() <= 1);
        }
    }

  private:
    static std::int64_t level(int choice) { return kLowest + choice % kLevels; }

    void quote(const Step& s) {
        Shown shown{now_, false, level(s[1]) - 1, s[3] % 40, 0, s[4] % 40};
        shown.ask = std::max(level(s[2]), shown.bid + 1);
        if (s[0] == 2) (s[1] % 2 == 0 ? shown.bid : shown.ask) = 0;
        exchange_.quote(now_, cents(shown.bid), shown.bid_size, cents(shown.ask), shown.ask_size);
        market_.push_back(shown);
    }
    void trade(const Step& s) {
        const Shown shown{now_, true, level(s[1]) - s[2] % 2, 1 + s[3] % 40, 0, 0};
        exchange_.trade(now_, cents(shown.bid), shown.bid_size);
        market_.push_back(shown);
    }
    void submit(const Step& s) {
        const Side side = s[1] % 2 == 0 ? Side::kBuy : Side::kSell;
        const Quantity quantity = qty(1 + s[2] % 60);
        const auto tif = static_cast<TimeInForce>(s[3] % 4);
        const bool market = s[4] % 3 == 0;
        const ApprovedOrder order =
            market ? desk_.market(side, quantity, tif)
                   : desk_.limit(side, quantity, cents(level(s[4] / 3) - s[1] / 2 % 2), tif);
        exchange_.submit(now_ + 5, order);
        orders_.emplace(order.id(), SentOrder{order,
                                              now_ + 5,
                                              order.limit().raw() / 10'000'000,
                                              quantity.raw() / Quantity::kScale,
                                              0,
                                              0,
                                              {},
                                              false,
                                              false,
                                              {}});
    }
    void change(const Step& s) {
        if (orders_.empty()) return;
        const auto chosen = std::next(orders_.begin(), s[1] % std::ssize(orders_));
        const ApprovedOrder& order = chosen->second.order;
        if (s[0] == 8) return exchange_.cancel(now_ + 5, order);
        if (order.type() != OrderType::kLimit) return;
        const Quantity total = qty(1 + s[2] % 60);
        exchange_.submit(now_ + 5, desk_.replacement(order, total, cents(level(s[3]))));
    }

    Exchange exchange_;
    Desk desk_;
    bool quoted_;
    std::int64_t now_ = 0;
    std::vector<Shown> market_;
    std::map<OrderId, SentOrder> orders_;
};

Settings venue_settings(QueueModel queue) {
    Settings s;
    s.venue.order_latency = Nanos{kOrderLatency};
    s.venue.response_latency = Nanos{kResponseLatency};
    s.venue.queue = queue;
    s.execution.max_open_orders = 128;
    return s;
}

std::vector<Step> random_steps() {
    const auto number = rc::gen::inRange(0, 1'000);
    return *rc::gen::container<std::vector<Step>>(rc::gen::container<Step>(number)).as("steps");
}

std::vector<Step> with_kinds(std::vector<Step> steps) {
    for (Step& step : steps) step[0] %= 10;
    return steps;
}

RC_GTEST_PROP(SimVenueProperty, every_fill_uses_liquidity_that_quotes_and_trades_have_shown, ()) {
    RandomMarket{venue_settings(QueueModel::kBack), true}.run(with_kinds(random_steps()));
}

RC_GTEST_PROP(SimVenueProperty, the_front_of_the_queue_uses_no_more_than_was_shown, ()) {
    RandomMarket{venue_settings(QueueModel::kFront), true}.run(with_kinds(random_steps()));
}

RC_GTEST_PROP(SimVenueProperty, without_quotes_every_fill_uses_a_print_and_each_print_once, ()) {
    RandomMarket{venue_settings(QueueModel::kBack), false}.run(with_kinds(random_steps()));
}

}  // namespace
}  // namespace sluice::tests::trade_path
