// Bars of random ticks and beats against a grouping that looks at the whole list at once.
#include <sluice/pipeline/hot/bar_stage.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Bar;
using pipeline::BarPrice;
using pipeline::BarSettings;
using pipeline::BarStage;
using pipeline::InstrumentTable;

constexpr std::size_t kInstruments = 2;

// One step of a random stream. A tick may lie before the stream's time, a beat never does.
struct Step {
    bool beat = false;
    std::int64_t time = 0;
    std::size_t instrument = 0;
    std::int64_t price = 1;
    std::int64_t size = 1;
};

struct ExpectedBar {
    std::int64_t end = 0;
    std::size_t cause = 0;  // step that closed it; the number of steps for the end of the stream
    std::vector<std::size_t> ticks;
};

std::int64_t period_of(std::int64_t time, std::int64_t length) {
    return time >= 0 ? time / length : -((length - 1 - time) / length);
}

class Grouping {
  public:
    Grouping(const std::vector<Step>& steps, std::size_t instrument, std::int64_t length)
        : steps_(steps), instrument_(instrument), length_(length) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (!is_tick(i)) continue;
            const std::int64_t period = period_of(steps[i].time, length);
            if (is_late(i, period)) {
                late.push_back(i);
                continue;
            }
            bars[period].ticks.push_back(i);
        }
        for (auto& [period, bar] : bars) {
            bar.end = (period + 1) * length;
            bar.cause = closing_step(period, bar.ticks.front());
        }
    }

    std::map<std::int64_t, ExpectedBar> bars;  // by period
    std::vector<std::size_t> late;             // steps

  private:
    [[nodiscard]] bool is_tick(std::size_t i) const {
        return !steps_[i].beat && steps_[i].instrument == instrument_;
    }
    // The first step after `opened` that reaches the end of the period.
    [[nodiscard]] std::size_t closing_step(std::int64_t period, std::size_t opened) const {
        std::size_t i = opened + 1;
        while (i < steps_.size() &&
               !((steps_[i].beat || is_tick(i)) && steps_[i].time >= (period + 1) * length_))
            ++i;
        return i;
    }
    // Later periods have begun, or its own bar is out.
    [[nodiscard]] bool is_late(std::size_t i, std::int64_t period) const {
        if (!bars.empty() && bars.rbegin()->first > period) return true;
        const auto own = bars.find(period);
        return own != bars.end() && closing_step(period, own->second.ticks.front()) < i;
    }

    const std::vector<Step>& steps_;
    std::size_t instrument_;
    std::int64_t length_;
};

Event event_of(const Step& step, std::size_t index) {
    Event event = step.beat ? timer_at(at_ns(step.time), EventKind::kBeat)
                            : trade_at(at_ns(step.time), step.instrument,
                                       Price::from_raw(step.price), Quantity::from_raw(step.size));
    event.place(static_cast<Sequence>(index + 1), 0);
    return event;
}

std::vector<Step> random_steps() {
    std::vector<Step> steps(*rc::gen::inRange<std::size_t>(0, 120));
    std::int64_t now = *rc::gen::inRange<std::int64_t>(-500, 500);
    for (Step& step : steps) {
        now += *rc::gen::weightedOneOf<std::int64_t>({{3, rc::gen::just<std::int64_t>(0)},
                                                      {6, rc::gen::inRange<std::int64_t>(0, 12)},
                                                      {1, rc::gen::inRange<std::int64_t>(0, 300)}});
        step.beat = *rc::gen::inRange(0, 4) == 0;
        const bool back = !step.beat && *rc::gen::inRange(0, 5) == 0;
        step.time = back ? now - *rc::gen::inRange<std::int64_t>(0, 90) : now;
        step.instrument = *rc::gen::inRange<std::size_t>(0, kInstruments);
        step.price = *rc::gen::inRange<std::int64_t>(1, 50);
        step.size = *rc::gen::inRange<std::int64_t>(1, 1000);
    }
    return steps;
}

Bar bar_of(const std::vector<Step>& steps, const ExpectedBar& expected) {
    std::vector<std::int64_t> prices;
    std::int64_t volume = 0;
    for (const std::size_t i : expected.ticks) {
        prices.push_back(steps[i].price);
        volume += steps[i].size;
    }
    const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
    return {Price::from_raw(prices.front()), Price::from_raw(*high), Price::from_raw(*low),
            Price::from_raw(prices.back()), Quantity::from_raw(volume)};
}

RC_GTEST_PROP(BarStage, groups_like_one_who_sees_the_whole_list, ()) {
    const std::vector<std::int64_t> lengths{7, 30, 100};
    const auto steps = random_steps();
    BarStage stage{BarSettings{{Nanos{7}, Nanos{30}, Nanos{100}}, BarPrice::kTrade, false},
                   InstrumentTable(kInstruments)};
    Captured out;
    for (std::size_t i = 0; i < steps.size(); ++i)
        stage.on<EventKind::kNone>(event_of(steps[i], i), CapturingOutput{out});
    Event end = timer_at(at_ns(1'000'000), EventKind::kEnd);
    end.place(static_cast<Sequence>(steps.size() + 1), 0);
    stage.on<EventKind::kNone>(end, CapturingOutput{out});

    RC_ASSERT(out.passed.size() == steps.size() + 1);
    std::size_t all = 0;
    std::vector<std::size_t> late;
    for (std::size_t instrument = 0; instrument < kInstruments; ++instrument) {
        for (std::size_t t = 0; t < lengths.size(); ++t) {
            const Grouping expected{steps, instrument, lengths[t]};
            late.insert(late.end(), expected.late.begin(), expected.late.end());
            std::vector<Event> got;
            for (const Event& e : out.emitted) {
                if (e.symbol() == symbol(instrument) && e.timeframe() == t) got.push_back(e);
            }
            RC_ASSERT(got.size() == expected.bars.size());
            all += got.size();
            std::size_t next = 0;
            for (const auto& [period, bar] : expected.bars) {
                const Event& e = got[next++];
                const Bar want = bar_of(steps, bar);
                RC_ASSERT(core::ns_since_epoch(e.time()) == bar.end);
                RC_ASSERT(e.sequence() == static_cast<Sequence>(bar.cause + 1));
                RC_ASSERT(e.bar().open == want.open && e.bar().high == want.high);
                RC_ASSERT(e.bar().low == want.low && e.bar().close == want.close);
                RC_ASSERT(e.bar().volume == want.volume);
            }
        }
    }
    RC_ASSERT(all == out.emitted.size());
    std::sort(late.begin(), late.end());
    late.erase(std::unique(late.begin(), late.end()), late.end());
    RC_ASSERT(stage.late() == late.size());
}

}  // namespace
}  // namespace sluice::tests
