// Market making over random markets on the simulated venue: whatever comes, one order a side at most,
// never two that could meet, exposure within the limit, positions that are the sum of the fills, nothing
// open after the stop, one digest in every placement.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "engine_support.hpp"
#include "quoting_support.hpp"

namespace sluice::tests::trade_path {
namespace {

Settings quoting_settings() {
    Settings s = busy_settings();
    s.risk = wide_limits();
    s.risk.max_position = qty(*rc::gen::element<std::int64_t>(100, 250, 1'000));
    s.bars.price = *rc::gen::element(BarPrice::kMid, BarPrice::kTrade);
    StrategySettings maker = maker_of({"S0"}, s.bars.timeframes[0]);
    maker.set("max_inventory", *rc::gen::element(60.0, 200.0, 5'000.0));
    maker.set("spread", *rc::gen::element(0.0, 0.5, 2.0));
    maker.set("skew", *rc::gen::element(0.0, 0.5, 3.0));
    maker.set("requote_ticks", *rc::gen::element(1.0, 3.0));
    s.signals.strategies.push_back(maker);
    s.venue.order_latency = Nanos{*rc::gen::element<std::int64_t>(0, 1'000'000, 40'000'000)};
    s.venue.response_latency = Nanos{*rc::gen::element<std::int64_t>(0, 30'000'000)};
    s.venue.queue = *rc::gen::element(QueueModel::kBack, QueueModel::kFront);
    return s;
}

std::vector<Event> random_market(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const auto below = [&random](std::uint64_t n) {
        return static_cast<std::int64_t>(random() % n);
    };
    std::vector<Event> out;
    std::int64_t now = 1'700'000'000 * kSecond;
    std::int64_t mid = 100'00;
    for (int i = 0; i < 1'500; ++i) {
        now += below(20'000'000);
        mid = std::max<std::int64_t>(50'00, mid + below(7) - 3);
        const auto symbol = static_cast<SymbolId>(below(4) == 0 ? 1 : 0);
        if (below(3) == 0) {
            out.push_back(Event::trade(
                at(now), symbol, {cents(mid + below(9) - 4), qty(1 + below(300)), 0, 0, 'Q'}));
        } else {
            const std::int64_t half = 1 + below(3);
            out.push_back(Event::quote(at(now), symbol,
                                       {cents(mid - half), cents(mid + half), qty(1 + below(200)),
                                        qty(1 + below(200)), 0}));
        }
    }
    return out;
}

RunRecord quote(const Settings& s, const std::vector<Event>& market, CutMask cuts,
                std::vector<RecordObserver*> observers) {
    const InstrumentTable table = tests::instruments(2);
    VectorSource source{market};
    SimVenue venue{s, table};
    RunControl control;
    Placement placement;
    placement.cuts = cuts;
    placement.idle = core::IdleStrategy::kYield;
    TimerPlan timers;
    timers.beat = s.clock.beat;
    return run_engine(EngineSetup{s, table, placement, timers, {}, std::move(observers)}, venue,
                      source, control);
}

RC_GTEST_PROP(QuoteEngine, keeps_one_order_a_side_within_its_limit_and_none_after_the_stop, ()) {
    const Settings s = quoting_settings();
    const auto market = random_market(*rc::gen::arbitrary<std::uint64_t>());
    QuoteWatch watch{
        std::min(s.risk.max_position, Quantity::from_units(static_cast<std::int64_t>(
                                          s.signals.strategies.back().get("max_inventory"))))};
    const RunRecord fused = quote(s, market, kFused, {&watch});
    RC_ASSERT(watch.doubled == 0U);
    RC_ASSERT(watch.meeting == 0U);
    RC_ASSERT(watch.beyond == 0U);
    RC_ASSERT(watch.overfilled == 0U);
    RC_ASSERT(watch.changed == 0U);
    RC_ASSERT(watch.open() == 0U);
    RC_ASSERT(watch.position() == fused.by_instrument.at(0).position);
    RC_ASSERT(fused.orders > 0U);
    RC_CLASSIFY(watch.fills > 0U, "fills");
    RC_CLASSIFY(watch.replaces > 0U, "replaces");
    for (const std::uint64_t count : fused.incidents) RC_ASSERT(count == 0U);
}

TEST(QuoteEngine, fills_replaces_and_gives_one_digest_in_every_placement) {
    Settings s = busy_settings();
    s.risk = wide_limits();
    s.risk.max_position = qty(300);
    s.bars.price = BarPrice::kMid;
    s.signals.strategies.push_back(maker_of({"S0"}, s.bars.timeframes[0]));
    s.signals.strategies.back().set("spread", 0.3);
    const auto market = random_market(3);
    const RunRecord fused = quote(s, market, kFused, {});
    EXPECT_GT(fused.fills, 20U);
    EXPECT_GT(fused.replaces, 20U);
    for (unsigned cuts = 1; cuts < kPlacementCount; ++cuts)
        EXPECT_EQ(quote(s, market, static_cast<CutMask>(cuts), {}).digest, fused.digest) << cuts;
}

}  // namespace
}  // namespace sluice::tests::trade_path
