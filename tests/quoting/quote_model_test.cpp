// The risk stage's quotes against a venue that answers late, refuses and fills as it likes: whatever the
// order of things, no order meets another one of ours, no limit is passed, and once it is quiet both
// sides are quoted again.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>
#include <optional>
#include <random>

#include "quoting_support.hpp"
#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

// Commands in the order in which they came; it takes one when told to.
class WilfulVenue {
  public:
    explicit WilfulVenue(std::mt19937_64& random) : random_(random) {}

    void take(const Event& command) { commands_.push_back(command); }
    [[nodiscard]] bool busy() const { return !commands_.empty(); }

    // The answer to the next command; nothing without one.
    std::optional<Event> answer(StreamTime now, bool obliging) {
        if (commands_.empty()) return std::nullopt;
        const Event command = commands_.front();
        commands_.pop_front();
        const bool refuses = !obliging && below(8) == 0;
        if (command.kind() == EventKind::kCancel) {
            const OrderId id = command.cancel().order;
            const bool there = live_.erase(id) != 0;
            return report(now, id, there ? ExecKind::kCancelled : ExecKind::kCancelRejected, {},
                          {});
        }
        const ApprovedOrder& order = command.approved();
        if (!order.is_replacement()) {
            if (refuses) return report(now, order.id(), ExecKind::kRejected, {}, {});
            live_[order.id()] = {order.side(), order.quantity(), order.quantity(), order.limit()};
            return report(now, order.id(), ExecKind::kAccepted, {}, {});
        }
        const auto at = live_.find(order.id());
        if (refuses || at == live_.end())
            return report(now, order.id(), ExecKind::kReplaceRejected, {}, {});
        at->second.limit = order.limit();
        at->second.leaves += order.quantity() - at->second.total;
        at->second.total = order.quantity();
        return report(now, order.id(), ExecKind::kReplaced, order.limit(), order.quantity());
    }
    // A part of a live order, or all of it.
    std::optional<Event> fill(StreamTime now) {
        if (live_.empty()) return std::nullopt;
        auto at = std::next(live_.begin(), static_cast<std::ptrdiff_t>(below(live_.size())));
        const OrderId id = at->first;
        const Price limit = at->second.limit;
        Quantity amount = at->second.leaves;
        if (below(2) == 0) amount = qty(1 + static_cast<std::int64_t>(below(40)));
        amount = std::min(amount, at->second.leaves);
        at->second.leaves -= amount;
        if (at->second.leaves.is_zero()) live_.erase(at);
        return report(now, id, ExecKind::kFill, limit, amount);
    }

  private:
    struct Live {
        Side side = Side::kBuy;
        Quantity total;
        Quantity leaves;
        Price limit;
    };
    [[nodiscard]] std::uint64_t below(std::uint64_t n) { return random_() % n; }
    static Event report(StreamTime now, OrderId id, ExecKind kind, Price price, Quantity quantity) {
        return Event::report(now, kSymbol, kind, RejectReason::kNone, {id, price, quantity, {}});
    }

    std::mt19937_64& random_;
    std::deque<Event> commands_;
    std::map<OrderId, Live> live_;
};

class QuoteModel : public RiskStageBench {
  protected:
    void set_up(std::uint64_t seed) {
        random_.seed(seed);
        settings_.signals.strategies = {maker_of({}, Nanos{kSecond})};
        settings_.risk.max_position = qty(250);
        start();
        trade(1, 10'000);
    }
    [[nodiscard]] std::int64_t below(std::uint64_t n) {
        return static_cast<std::int64_t>(random_() % n);
    }
    // What the stage said goes to the watch and to the venue, in its order.
    void pass_on() {
        for (const Event& event : out_.emitted) {
            watch_.take(event);
            if (event.kind() == EventKind::kApproved || event.kind() == EventKind::kCancel)
                venue_.take(event);
        }
        out_.clear();
    }
    void give(const std::optional<Event>& report) {
        if (!report) return;
        watch_.take(send(*report));
        pass_on();
    }
    void decide() {
        mid_ = std::max<std::int64_t>(9'000, mid_ + below(31) - 15);
        const std::int64_t half = 1 + below(3);
        quote(++now_, mid_ - half, mid_ + half);
        const Event bar = bar_at(at(now_), 0, 0, cents(mid_));
        send(Event::quote_intent(
            bar,
            {cents(mid_), PriceDelta::from_raw(cents(1 + below(12)).raw()), qty(100), qty(kMost),
             static_cast<std::uint32_t>(below(3'000)), static_cast<std::uint32_t>(1 + below(4))}));
        pass_on();
    }
    void hold(EventKind kind, HaltReason reason, SymbolId symbol) {
        send(Event::halt(at(++now_), kind, reason, symbol));
        pass_on();
    }
    void step() {
        switch (below(8)) {
            case 0:
            case 1: decide(); break;
            case 2:
            case 3:
            case 4: give(venue_.answer(at(++now_), false)); break;
            case 5:
            case 6: give(venue_.fill(at(++now_))); break;
            default:
                if (below(6) != 0) break;
                held_ = !held_;
                hold(held_ ? EventKind::kHalt : EventKind::kResume, HaltReason::kOperator,
                     below(2) == 0 ? kSymbol : core::kNoSymbol);
        }
    }
    void settle() {
        while (venue_.busy()) give(venue_.answer(at(++now_), true));
    }

    static constexpr std::int64_t kMost = 170;
    std::mt19937_64 random_;
    WilfulVenue venue_{random_};
    QuoteWatch watch_{qty(kMost)};
    std::int64_t now_ = 1;
    std::int64_t mid_ = 10'000;
    bool held_ = false;
};

RC_GTEST_FIXTURE_PROP(QuoteModel, is_kept_whatever_the_venue_does, (std::uint64_t seed)) {
    set_up(seed);
    for (int i = 0; i < 600; ++i) {
        step();
        RC_ASSERT(watch_.clean());
        RC_ASSERT(watch_.position() == stage().portfolio().position(kSymbol).quantity);
        RC_ASSERT(watch_.open() == stage().open_orders());
    }
    RC_CLASSIFY(watch_.fills > 20U, "many fills");
    RC_CLASSIFY(watch_.replaces > 20U, "many replacements");
    hold(EventKind::kResume, HaltReason::kOperator, kSymbol);
    hold(EventKind::kResume, HaltReason::kOperator, core::kNoSymbol);
    // Quiet now: at the latest the second decision finds nothing in flight.
    settle();
    for (int i = 0; i < 2; ++i) {
        decide();
        settle();
    }
    RC_ASSERT(watch_.clean());
    RC_ASSERT(watch_.open(Side::kBuy) == (watch_.position() < qty(kMost) ? 1U : 0U));
    RC_ASSERT(watch_.open(Side::kSell) == (watch_.position() > -qty(kMost) ? 1U : 0U));
    hold(EventKind::kHalt, HaltReason::kKill, core::kNoSymbol);
    settle();
    RC_ASSERT(watch_.open() == 0U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
