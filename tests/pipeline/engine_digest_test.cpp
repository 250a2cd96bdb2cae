// One digest for one input: fused, split at every cut, again and again; another for another input.
#include <gtest/gtest.h>

#include <cstdio>

#include "common_task.hpp"
#include "engine_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::size_t kDigestSymbols = 3;
constexpr std::size_t kDigestTicks = 60'000;

const std::vector<Event>& market() {
    static const std::vector<Event> kMarket = random_market(kDigestTicks, kDigestSymbols);
    return kMarket;
}
const RunRecord& reference() {
    static const RunRecord kReference = run(busy_settings(), market(), kDigestSymbols);
    return kReference;
}

TEST(EngineDigest, the_market_of_these_tests_makes_the_engine_work) {
    const RunRecord& r = reference();
    EXPECT_GT(r.orders, 100U);
    EXPECT_GT(r.fills, 100U);
    EXPECT_GT(r.cancels, 10U);
    EXPECT_GT(r.replaces, 10U);
    EXPECT_GT(r.refusals[static_cast<std::size_t>(RefusalReason::kOrderRate)], 0U);
    EXPECT_GT(r.ticks.late + r.ticks.out_of_order, 0U);
    EXPECT_GT(r.ticks.refused_suspicious, 0U);
    EXPECT_GT(r.ticks.refused_invalid, 0U);
    EXPECT_EQ(r.ticks.total(), kDigestTicks);
    EXPECT_EQ(r.ticks.used + r.ticks.late + r.ticks.refused(), kDigestTicks);
    EXPECT_EQ(r.digest.size(), 32U);
}

TEST(EngineDigest, two_runs_in_a_row_agree) {
    EXPECT_EQ(run(busy_settings(), market(), kDigestSymbols).digest, reference().digest);
}

class EngineDigestPlacement : public testing::TestWithParam<int> {};

TEST_P(EngineDigestPlacement, agrees_with_fused) {
    const auto cuts = static_cast<CutMask>(GetParam());
    const RunRecord split = run(busy_settings(), market(), kDigestSymbols, cuts);
    EXPECT_EQ(split.digest, reference().digest) << describe_cuts(cuts);
    EXPECT_EQ(split.events, reference().events);
    EXPECT_EQ(split.fills, reference().fills);
    EXPECT_EQ(split.ticks.late, reference().ticks.late);
    EXPECT_EQ(split.equity, reference().equity);
    EXPECT_EQ(split.threads, 1U + static_cast<unsigned>(__builtin_popcount(cuts)));
}
INSTANTIATE_TEST_SUITE_P(EveryCut, EngineDigestPlacement,
                         testing::Range(1, static_cast<int>(kPlacementCount)),
                         [](const auto& test) { return "cuts_" + std::to_string(test.param); });

TEST(EngineDigest, agrees_where_commands_and_reports_take_no_time) {
    Settings s = busy_settings();
    s.venue.order_latency = Nanos{0};
    s.venue.response_latency = Nanos{0};
    const std::vector<Event> few{market().begin(), market().begin() + 8'000};
    const std::string fused = run(s, few, kDigestSymbols).digest;
    EXPECT_EQ(run(s, few, kDigestSymbols, 0b1111).digest, fused);
    EXPECT_EQ(run(s, few, kDigestSymbols, 0b0100).digest, fused);
}

TEST(EngineDigest, agrees_when_the_rings_are_as_small_as_they_may_be) {
    Settings s = busy_settings();
    s.engine.ring_capacity = 64;
    EXPECT_EQ(run(s, market(), kDigestSymbols, 0b1111).digest, reference().digest);
}

TEST(EngineDigest, does_not_depend_on_what_is_measured) {
    Settings s = busy_settings();
    s.engine.latency_sample = 1;
    EXPECT_EQ(run(s, market(), kDigestSymbols).digest, reference().digest);
}

// A valid tick of that kind from the middle of the market.
std::size_t middle(EventKind kind) {
    std::size_t i = kDigestTicks / 2;
    while (market()[i].kind() != kind || market()[i].flags() != 0 ||
           (kind == EventKind::kTrade && market()[i].trade().price.is_zero()))
        ++i;
    return i;
}
std::string digest_with(std::size_t i, const Event& instead) {
    std::vector<Event> changed = market();
    changed[i] = instead;
    return run(busy_settings(), changed, kDigestSymbols).digest;
}
template <class Change>
std::string with_trade(Change change) {
    const std::size_t i = middle(EventKind::kTrade);
    Trade trade = market()[i].trade();
    change(trade);
    return digest_with(i, Event::trade(market()[i].time(), market()[i].symbol(), trade));
}
template <class Change>
std::string with_quote(Change change) {
    const std::size_t i = middle(EventKind::kQuote);
    Quote quote = market()[i].quote();
    change(quote);
    return digest_with(i, Event::quote(market()[i].time(), market()[i].symbol(), quote));
}
void by_one(Price& price) { price = Price::from_raw(price.raw() + 1); }
void by_one(Quantity& quantity) { quantity += Quantity::from_raw(1); }

TEST(EngineDigest, one_unit_of_one_trade_changes_it) {
    EXPECT_NE(with_trade([](Trade& t) { by_one(t.price); }), reference().digest);
    EXPECT_NE(with_trade([](Trade& t) { by_one(t.quantity); }), reference().digest);
}

TEST(EngineDigest, one_unit_of_one_quote_changes_it) {
    EXPECT_NE(with_quote([](Quote& q) { by_one(q.bid); }), reference().digest);
    EXPECT_NE(with_quote([](Quote& q) { by_one(q.ask); }), reference().digest);
    EXPECT_NE(with_quote([](Quote& q) { by_one(q.bid_size); }), reference().digest);
    EXPECT_NE(with_quote([](Quote& q) { by_one(q.ask_size); }), reference().digest);
}

TEST(EngineDigest, one_nanosecond_of_one_tick_changes_it) {
    std::vector<Event> changed = market();
    const std::size_t i = middle(EventKind::kTrade);
    changed[i] =
        Event::trade(changed[i].time() + Nanos{1}, changed[i].symbol(), changed[i].trade());
    EXPECT_NE(run(busy_settings(), changed, kDigestSymbols).digest, reference().digest);
}

TEST(EngineDigest, two_ticks_exchanged_or_one_left_out_change_it) {
    std::vector<Event> changed = market();
    const std::size_t i = middle(EventKind::kTrade);
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_NE(run(busy_settings(), changed, kDigestSymbols).digest, reference().digest);
    changed = market();
    std::swap(changed[i], changed[i + 1]);
    EXPECT_NE(run(busy_settings(), changed, kDigestSymbols).digest, reference().digest);
}

TEST(EngineDigest, another_configuration_changes_it) {
    Settings s = busy_settings();
    s.venue.order_latency += Nanos{1};
    EXPECT_NE(run(s, market(), kDigestSymbols).digest, reference().digest);
}

TEST(CommonTask, three_million_ticks_give_the_known_fills_and_profit_in_the_engine) {
    const auto ticks = bench::make_common_ticks(3'000'000);
    const Settings settings = bench::common_task_settings();
    bench::CommonTaskSource source{ticks};
    RunControl control;
    const RunRecord r = run(settings, bench::common_task_instruments(), source, control);
    EXPECT_EQ(r.fills, 173U);
    char profit[32];
    std::snprintf(profit, sizeof profit, "%.6f", r.profit().to_double());
    EXPECT_STREQ(profit, "0.509786");
    EXPECT_EQ(r.ticks.used, 3'000'000U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
