// Activity bars of random trades: against a reference that knows each bar's trades, and by the run
// against tick by tick. Whole runs leave the same record either way, and in every placement.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

#include "bars_support.hpp"
#include "pipeline/engine_support.hpp"
#include "pipeline/tick_run_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ActivityBar;
using pipeline::ActivityKind;
using pipeline::Bar;
using pipeline::BarStage;

const std::vector<std::string> kAll{"7 ticks",      "1 ticks",      "40 units",    "0.5 units",
                                    "600 notional", "imbalance 10", "imbalance 60"};

struct Step {
    EventKind kind = EventKind::kTrade;
    std::int64_t time = 0;
    std::size_t instrument = 0;
    std::int64_t cents = 1;
    std::int64_t tenths = 1;  // of a unit
};

Event event_of(const Step& s, std::size_t index) {
    Event event = s.kind == EventKind::kTrade
                      ? trade_at(at_ns(s.time), s.instrument, Price::from_raw(s.cents * 10'000'000),
                                 Quantity::from_raw(s.tenths * 10'000'000))
                      : timer_at(at_ns(s.time), s.kind);
    event.place(static_cast<Sequence>(index + 1), 0);
    return event;
}

std::vector<Step> random_steps() {
    std::vector<Step> steps(*rc::gen::inRange<std::size_t>(0, 600));
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto below = [&random](std::uint64_t n) {
        return static_cast<std::int64_t>(random() % n);
    };
    const std::int64_t drift = below(3) - 1;
    const std::uint64_t closes = *rc::gen::element<std::uint64_t>(20, 150, 1'000'000);
    std::int64_t now = 1'000;  // the day's bar stays open
    std::int64_t cents = 1'000;
    for (Step& step : steps) {
        now += below(20);
        cents = std::max<std::int64_t>(500, cents + drift + below(7) - 3);
        step.kind = random() % closes == 0 ? EventKind::kSessionClose : EventKind::kTrade;
        step.time = now - (step.kind == EventKind::kTrade && below(9) == 0 ? below(50) : 0);
        step.instrument = static_cast<std::size_t>(below(2));
        step.cents = cents;
        step.tenths = below(30) == 0 ? below(2'000) : below(40);
    }
    return steps;
}

// The bars of one instrument and definition, each made at once of all its trades.
class Reference {
  public:
    struct Made {
        Bar bar;
        std::int64_t time = 0;
        std::size_t cause = 0;  // step
    };

    Reference(const std::vector<Step>& steps, std::size_t instrument, const ActivityBar& what)
        : what_(what), expected_ticks_(static_cast<double>(what.ticks)) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Step& s = steps[i];
            if (s.kind != EventKind::kTrade) {
                if (!trades_.empty()) end(i, std::max(latest_, s.time), false);
            } else if (s.instrument == instrument) {
                take(s);
                if (ends()) end(i, latest_, true);
            }
        }
    }
    std::vector<Made> bars;

  private:
    void take(const Step& s) {
        trades_.push_back(s);
        latest_ = std::max(latest_, s.time);
        if (!all_.empty() && s.cents != all_.back().cents)
            sign_ = s.cents > all_.back().cents ? 1 : -1;
        all_.push_back(s);
        signs_.push_back(sign_);
        const double weight = 2.0 / (20.0 * static_cast<double>(what_.ticks) + 1.0);
        mean_sign_ += weight * (sign_ - mean_sign_);
    }
    [[nodiscard]] bool ends() const {
        std::int64_t tenths = 0, worth = 0, signs = 0;
        for (const Step& s : trades_) {
            tenths += s.tenths;
            worth += s.tenths * s.cents;
        }
        for (std::size_t i = signs_.size() - trades_.size(); i < signs_.size(); ++i)
            signs += signs_[i];
        const auto ticks = static_cast<std::int64_t>(trades_.size());
        switch (what_.kind) {
            case ActivityKind::kTicks: return ticks == what_.ticks;
            case ActivityKind::kUnits: return tenths * 10'000'000 >= what_.units.raw();
            case ActivityKind::kNotional:
                return Money::from_raw(core::Int128{worth} * (Money::kScale / 1000)) >=
                       what_.notional;
            case ActivityKind::kImbalance:
                return static_cast<double>(std::abs(signs)) >=
                           std::max(expected_ticks_ * std::abs(bar_mean_sign_),
                                    std::sqrt(expected_ticks_)) ||
                       ticks == 4 * what_.ticks;
        }
        return false;
    }
    void end(std::size_t cause, std::int64_t time, bool whole) {
        Made made;
        made.time = latest_ = time;
        made.cause = cause;
        std::int64_t high = 0, low = INT64_MAX, tenths = 0;
        for (const Step& s : trades_) {
            high = std::max(high, s.cents);
            low = std::min(low, s.cents);
            tenths += s.tenths;
        }
        const auto raw = [](std::int64_t cents) { return Price::from_raw(cents * 10'000'000); };
        made.bar = {raw(trades_.front().cents), raw(high), raw(low), raw(trades_.back().cents),
                    Quantity::from_raw(tenths * 10'000'000)};
        bars.push_back(made);
        if (whole) {
            expected_ticks_ += 2.0 / 21.0 * (static_cast<double>(trades_.size()) - expected_ticks_);
            const auto n = static_cast<double>(what_.ticks);
            expected_ticks_ = std::min(std::max(expected_ticks_, n / 4), n * 4);
        }
        bar_mean_sign_ = mean_sign_;
        trades_.clear();
    }

    ActivityBar what_;
    std::vector<Step> trades_;  // of the open bar
    std::vector<Step> all_;
    std::vector<int> signs_;
    int sign_ = 0;
    std::int64_t latest_ = INT64_MIN;
    double expected_ticks_;
    double mean_sign_ = 0;
    double bar_mean_sign_ = 0;
};

RC_GTEST_PROP(ActivityBarsProperty, are_those_of_one_who_looks_at_each_bar_as_a_whole, ()) {
    const auto steps = random_steps();
    BarFeed feed{bar_settings(kAll)};
    for (std::size_t i = 0; i < steps.size(); ++i) feed.send(event_of(steps[i], i));
    std::size_t all = 0;
    const auto emitted = feed.out.emitted_of(EventKind::kBar);
    for (std::size_t instrument = 0; instrument < 2; ++instrument) {
        for (std::size_t d = 0; d < kAll.size(); ++d) {
            const Reference expected{steps, instrument, pipeline::parse_activity_bar(kAll[d]).bar};
            std::size_t next = 0;
            for (const Event& e : emitted) {
                if (e.timeframe() != 1 + d || e.symbol() != symbol(instrument)) continue;
                RC_ASSERT(next < expected.bars.size());
                const Reference::Made& want = expected.bars[next++];
                RC_ASSERT(core::ns_since_epoch(e.time()) == want.time);
                RC_ASSERT(e.sequence() == static_cast<Sequence>(want.cause + 1));
                RC_ASSERT(e.bar().open == want.bar.open && e.bar().high == want.bar.high);
                RC_ASSERT(e.bar().low == want.bar.low && e.bar().close == want.bar.close);
                RC_ASSERT(e.bar().volume == want.bar.volume);
            }
            RC_ASSERT(next == expected.bars.size());
            all += next;
        }
    }
    RC_ASSERT(emitted.size() == all);
}

// As the sequencer does: a run where the stage bears one, else the next tick by itself.
RC_GTEST_PROP(ActivityBarsProperty, are_the_same_by_the_run, ()) {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    using Words = std::vector<std::string>;
    const std::vector<Words> choices{kAll,
                                     {"300 ticks"},
                                     {"9000 units"},
                                     {"40000 notional"},
                                     {"imbalance 500"},
                                     {"200 ticks", "3000 units", "imbalance 900"}};
    const Words& definitions = choices[*rc::gen::inRange<std::size_t>(0, choices.size())];
    OwnedColumns rows;
    std::int64_t now = 1'000;
    std::int64_t cents = 1'000;
    for (int i = 0; i < 4'000; ++i) {
        now += static_cast<std::int64_t>(random() % 50);
        cents = std::max<std::int64_t>(500, cents + static_cast<std::int64_t>(random() % 5) - 2);
        const auto size =
            static_cast<std::int64_t>(1 + random() % (random() % 50 == 0 ? 5'000 : 80));
        rows.add(now, cents * 10'000'000, size * 10'000'000);
    }
    BarFeed singly{bar_settings(definitions)};
    BarFeed runs{bar_settings(definitions)};
    const TickColumns all = rows.view();
    for (std::size_t i = 0; i < all.size; ++i) singly.send(all.event(i));
    TickColumns left = all;
    std::size_t taken = 0;
    while (left.size != 0) {
        RunLimits limits;
        runs.stage.limit_run(left.symbol, limits);
        const TickRun run = pipeline::scan_run(left, limits);
        std::size_t count = 1;
        if (run.size != 0 && runs.stage.bears(run)) {
            runs.stage.on_run(run);
            runs.sequence += run.size;
            taken += run.size;
            count = run.size;
        } else {
            runs.send(left.event(0));
        }
        left.drop_front(count);
    }
    singly.timer(1, EventKind::kEnd);
    runs.timer(1, EventKind::kEnd);
    const auto want = singly.out.emitted_of(EventKind::kBar);
    const auto got = runs.out.emitted_of(EventKind::kBar);
    RC_ASSERT(want.size() == got.size());
    for (std::size_t i = 0; i < want.size(); ++i) {
        RC_ASSERT(row_of(want[i]) == row_of(got[i]));
        RC_ASSERT(want[i].time() == got[i].time());
        RC_ASSERT(want[i].sequence() == got[i].sequence());
        RC_ASSERT(want[i].timeframe() == got[i].timeframe());
    }
    if (definitions.size() < kAll.size()) RC_ASSERT(taken > all.size / 4);
}

namespace whole {

using namespace trade_path;  // NOLINT: as its own tests

Settings settings_on(const std::string& bars) {
    Settings s = busy_settings();
    s.bars.by_activity = {bars, "5000 units"};
    s.signals.strategies[0].bars = bars;
    s.signals.strategies[1].bars = "5000 units";
    s.execution.order_type = OrderType::kMarket;
    return s;
}

TEST(ActivityBarsEngine, leave_one_digest_by_the_run_and_in_every_placement) {
    std::mt19937_64 random{7};
    std::vector<Event> market;
    std::int64_t now = 1'700'000'000 * kSecond;
    std::int64_t price_cents = 100'00;
    for (int i = 0; i < 6'000; ++i) {
        now += static_cast<std::int64_t>(random() % 20'000'000);
        price_cents += static_cast<std::int64_t>(random() % 9) - 4;
        market.push_back(Event::trade(
            at(now), symbol(0),
            {cents(price_cents), qty(1 + static_cast<std::int64_t>(random() % 200)), 0, 0, 'Q'}));
    }
    for (const char* bars : {"40 ticks", "400000 notional", "imbalance 30"}) {
        const Settings s = settings_on(bars);
        const RunRecord fused = run(s, market, 1);
        EXPECT_GT(fused.orders, 10U) << bars;
        ASSERT_EQ(fused.bars_by_timeframe.size(), 4U);
        EXPECT_EQ(fused.activity_bars, (std::vector<std::string>{bars, "5000 units"}));
        EXPECT_GT(fused.bars_by_timeframe[2], 20U) << bars;
        ColumnSource columns{market, 900, 64};
        RunControl control;
        const RunRecord runs = run(s, tests::instruments(1), columns, control);
        EXPECT_GT(columns.as_columns, 0U);
        EXPECT_EQ(runs.digest, fused.digest) << bars;
        EXPECT_EQ(runs.bars_by_timeframe, fused.bars_by_timeframe) << bars;
        for (const unsigned cuts : {1U, 2U, 4U, 8U, 15U}) {
            const RunRecord split = run(s, market, 1, static_cast<CutMask>(cuts));
            EXPECT_EQ(split.digest, fused.digest) << bars << ", cuts " << cuts;
            EXPECT_EQ(split.bars_by_timeframe, fused.bars_by_timeframe) << bars;
        }
    }
}

}  // namespace whole
}  // namespace
}  // namespace sluice::tests
