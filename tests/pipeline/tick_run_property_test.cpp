// Whole runs over random markets: taken by the run and tick by tick they leave the same record.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine_support.hpp"
#include "tick_run_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using Random = std::mt19937_64;

std::int64_t between(Random& random, std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most - least + 1));
}
bool one_in(Random& random, std::uint64_t n) { return n != 0 && random() % n == 0; }

// What a market is like; one event in so many is odd, none where it is 0.
struct Market {
    std::uint64_t seed = 1;
    std::size_t symbols = 1;
    std::size_t count = 3000;
    std::int64_t drift = 0;
    std::uint64_t odd = 0;
    std::uint64_t huge = 0;
    std::uint64_t quotes = 0;
};

// A trade that no run takes: late, flagged, of nothing, without a price, or more than one of these.
Event odd_trade(Random& random, std::int64_t now, SymbolId symbol, Trade trade) {
    constexpr std::uint8_t kFlags[] = {kFlagSuspicious, kFlagConflated, kFlagFromBar};
    std::uint8_t flags = 0;
    if (one_in(random, 2)) now -= between(random, 1, 30'000'000);
    if (one_in(random, 2)) flags = kFlags[random() % 3];
    if (one_in(random, 3)) trade.quantity = Quantity{};
    if (one_in(random, 6)) trade.price = Price::from_raw(between(random, -1, 0));
    return Event::trade(at(now), symbol, trade, flags);
}

// Stretches of trades of one instrument, a few milliseconds apart.
std::vector<Event> make(const Market& m) {
    Random random{m.seed};
    std::vector<std::int64_t> price(m.symbols, 100'00);
    std::int64_t now = 1'700'000'000 * kSecond;
    std::vector<Event> out;
    while (out.size() < m.count) {
        const auto i = static_cast<std::size_t>(random() % m.symbols);
        const auto symbol = static_cast<SymbolId>(i);
        for (std::int64_t left = between(random, 1, 200); left > 0; --left) {
            now += between(random, 0, 8'000'000);
            price[i] = std::max<std::int64_t>(10'00, price[i] + m.drift + between(random, -4, 4));
            Trade trade{cents(price[i]), qty(between(random, 1, 200)), 0,
                        static_cast<std::uint32_t>(random()), 'Q'};
            if (one_in(random, m.huge))
                trade.quantity = Quantity::from_raw(INT64_MAX / between(random, 1, 3));
            if (one_in(random, m.quotes)) {
                out.push_back(
                    Event::quote(at(now), symbol,
                                 {cents(price[i] - 1), cents(price[i] + 1), qty(50), qty(50), 0}));
            } else if (one_in(random, m.odd)) {
                out.push_back(odd_trade(random, now, symbol, trade));
            } else {
                out.push_back(Event::trade(at(now), symbol, trade));
            }
        }
    }
    return out;
}

Market any_market() {
    Market m;
    m.seed = *rc::gen::arbitrary<std::uint64_t>();
    m.symbols = *rc::gen::inRange<std::size_t>(1, 4);
    m.drift = *rc::gen::inRange<std::int64_t>(-1, 2);
    m.odd = *rc::gen::element<std::uint64_t>(0, 0, 300, 40, 3);
    m.huge = *rc::gen::element<std::uint64_t>(0, 0, 500);
    m.quotes = *rc::gen::element<std::uint64_t>(0, 0, 0, 400, 20);
    return m;
}

Settings any_settings() {
    Settings s = busy_settings();
    s.execution.order_type = *rc::gen::element(OrderType::kMarket, OrderType::kLimit);
    s.execution.limit_offset_ticks = *rc::gen::element(-2, 0, 2);
    s.bars.timeframes[0] = Nanos{kSecond / *rc::gen::element(1, 2, 5)};
    s.bars.timeframes[1] = Nanos{kSecond};
    if (s.bars.timeframes[0] == s.bars.timeframes[1]) s.bars.timeframes[0] = Nanos{kSecond / 4};
    s.signals.strategies[0].timeframe = s.bars.timeframes[0];
    s.bars.price =
        *rc::gen::weightedElement<BarPrice>({{7, BarPrice::kTrade}, {1, BarPrice::kMid}});
    s.bars.use_suspicious = *rc::gen::arbitrary<bool>();
    s.signals.allow_short = *rc::gen::arbitrary<bool>();
    s.clock.beat = Nanos{kSecond / *rc::gen::element(1, 4, 7)};
    s.venue.order_latency = Nanos{*rc::gen::element<std::int64_t>(0, 1, 20'000'000)};
    s.venue.response_latency = Nanos{*rc::gen::element<std::int64_t>(0, 5'000'000)};
    s.engine.latency_sample = *rc::gen::element<std::int64_t>(1, 7, 64, 1'000'000);
    // From a limit that an ordinary loss reaches to one that none does.
    s.risk.daily_loss = Money::from_units(*rc::gen::element<std::int64_t>(100, 400, 1'000'000));
    s.risk.on_daily_loss = *rc::gen::element(OnDailyLoss::kHalt, OnDailyLoss::kFlatten);
    return s;
}

// Days begin and sessions open and close within the market, whose length is about a dozen seconds.
TimerPlan any_timers(const Settings& s) {
    TimerPlan plan;
    plan.beat = s.clock.beat;
    plan.session_enabled = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});
    std::int64_t now = 1'700'000'000 * kSecond - kSecond;
    bool open = false;
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
        now += *rc::gen::inRange<std::int64_t>(0, 4 * kSecond);
        if (!plan.session_enabled || *rc::gen::inRange(0, 3) == 0) {
            plan.boundaries.push_back({at(now), EventKind::kDayStart});
        } else {
            open = !open;
            plan.boundaries.push_back(
                {at(now), open ? EventKind::kSessionOpen : EventKind::kSessionClose});
        }
    }
    return plan;
}

struct Case {
    Settings settings;
    TimerPlan timers;
    std::size_t symbols;

    [[nodiscard]] RunRecord run(MarketSource& source) const {
        const InstrumentTable table = tests::instruments(symbols);
        SimVenue venue{settings, table};
        RunControl control;
        Placement placement;
        placement.idle = core::IdleStrategy::kYield;
        return run_engine(EngineSetup{settings, table, placement, timers, {}, {}}, venue, source,
                          control);
    }
};

#define EXPECT_ALIKE(field) RC_ASSERT(runs.field == singly.field)

void expect_alike(const RunRecord& runs, const RunRecord& singly) {
    EXPECT_ALIKE(digest);
    EXPECT_ALIKE(events);
    EXPECT_ALIKE(beats);
    EXPECT_ALIKE(from);
    EXPECT_ALIKE(to);
    EXPECT_ALIKE(bars_by_timeframe);
    EXPECT_ALIKE(orders);
    EXPECT_ALIKE(fills);
    EXPECT_ALIKE(cash);
    EXPECT_ALIKE(equity);
    EXPECT_ALIKE(realised);
    EXPECT_ALIKE(peak_equity);
    EXPECT_ALIKE(max_drawdown);
    EXPECT_ALIKE(ticks.trades);
    EXPECT_ALIKE(ticks.quotes);
    EXPECT_ALIKE(ticks.used);
    EXPECT_ALIKE(ticks.late);
    EXPECT_ALIKE(ticks.refused_invalid);
    EXPECT_ALIKE(ticks.refused_suspicious);
    EXPECT_ALIKE(ticks.refused_off_session);
    EXPECT_ALIKE(ticks.out_of_order);
    RC_ASSERT(runs.by_instrument.size() == singly.by_instrument.size());
    for (std::size_t i = 0; i < runs.by_instrument.size(); ++i) {
        EXPECT_ALIKE(by_instrument[i].mark);
        EXPECT_ALIKE(by_instrument[i].position);
        EXPECT_ALIKE(by_instrument[i].trades);
        EXPECT_ALIKE(by_instrument[i].unrealised);
    }
}

RC_GTEST_PROP(TickRunEngine, leaves_the_record_that_single_ticks_leave, ()) {
    const Market market = any_market();
    const Settings settings = any_settings();
    const Case the_case{settings, any_timers(settings), market.symbols};
    const std::vector<Event> events = make(market);
    ColumnSource columns{events, *rc::gen::inRange<std::size_t>(1, 400),
                         *rc::gen::inRange<std::size_t>(1, 64)};
    VectorSource blocks{events};
    const RunRecord runs = the_case.run(columns);
    RC_ASSERT(columns.as_columns > 0U);
    expect_alike(runs, the_case.run(blocks));
}

// The property is worth what its markets make happen.
TEST(TickRunEngine, meets_fills_new_peaks_losses_and_overflows) {
    std::uint64_t fills = 0, breaches = 0, overflows = 0, peaks = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Case the_case{busy_settings(), {}, 2};
        the_case.settings.execution.order_type = OrderType::kMarket;
        the_case.settings.risk.daily_loss = Money::from_units(seed % 2 == 0 ? 50 : 1'000'000);
        the_case.timers.beat = the_case.settings.clock.beat;
        const std::vector<Event> events = make({seed, 2, 3000, seed % 4 == 1 ? 1 : 0, 300, 500, 0});
        ColumnSource columns{events, 400, 16};
        const RunRecord record = the_case.run(columns);
        fills += record.fills;
        peaks += record.peak_equity > record.capital ? 1U : 0U;
        const auto incidents = [&](IncidentKind kind) {
            return record.incidents[static_cast<std::size_t>(kind)];
        };
        breaches += incidents(IncidentKind::kDailyLossBreached);
        overflows += incidents(IncidentKind::kBarVolumeOverflow);
    }
    EXPECT_GT(fills, 100U);
    EXPECT_GT(peaks, 3U);
    EXPECT_GT(breaches, 3U);
    EXPECT_GT(overflows, 3U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
