// The proof against lookahead: it lets every strategy of the product pass, and catches those that
// look ahead, each in a way of its own, at every moment.
#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>
#include <sluice/proofs/warmup.hpp>

#include "proofs_support.hpp"

namespace sluice::tests {
namespace {

using proofs::Alteration;
using proofs::LookaheadOptions;
using proofs::LookaheadReport;
using proofs::prove_lookahead;

const proofs::AlterationResult& result(const LookaheadReport& report, Alteration alteration) {
    return report.by_alteration[static_cast<std::size_t>(alteration)];
}

std::string what(const LookaheadReport& report) {
    const proofs::Difference* first = report.first();
    if (first == nullptr) return "no difference";
    std::string text =
        std::string(to_string(first->alteration)) + " after " + proofs::iso_time(first->moment);
    for (const auto& event : {first->decided, first->otherwise})
        text += "\n  " + (event ? proofs::iso_time(event->time()) + " " +
                                      proofs::describe_decision(*event, {})
                                : "nothing");
    return text;
}

// A source that has read on: the price of a trade is moved towards that of the 2,000th after it.
class LeakingSource final : public MarketSource {
  public:
    explicit LeakingSource(proofs::TapeSource& source) : source_(source), all_(source.whole()) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        const std::span<Event> block = source_.next_block();
        for (Event& event : block) {
            const Event& later = all_[std::min(next_++ + 2'000, all_.size() - 1)];
            if (event.kind() != EventKind::kTrade) continue;
            Trade trade = event.trade();
            const Price price =
                later.kind() == EventKind::kTrade ? later.trade().price : later.quote().bid;
            trade.price = Price::from_raw(trade.price.raw() + (price > trade.price ? 1 : -1));
            event = Event::trade(event.time(), event.symbol(), trade, event.flags());
        }
        return block;
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return all_.size(); }

  private:
    proofs::TapeSource& source_;
    std::vector<Event> all_;
    std::size_t next_ = 0;
};

// Long for ever, or short for ever, by whether the first bar closed on an even cent.
class RemembersTheFirst {
  public:
    template <EventKind kKnown, class Out>
    void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        if (event.kind() != EventKind::kBar) return;
        int& direction = held_[core::index_of(event.symbol())];
        if (direction != 0) return;
        direction = event.bar().close.raw() / 10'000'000 % 2 == 0 ? 1 : -1;
        out.emit(Event::intent(event, event.symbol(),
                               Intent{Quantity::from_units(direction), 1.0 * direction}));
    }

  private:
    std::map<std::size_t, int> held_;
};

std::vector<std::string> built_in_kinds() {
    std::vector<std::string> out;
    for (const StrategyDeclaration* declaration : strategy_declarations())
        out.emplace_back(declaration->name);
    return out;
}

TEST(Lookahead, is_tried_on_every_kind_of_strategy) { EXPECT_GE(built_in_kinds().size(), 5U); }

class BuiltInStrategy : public testing::TestWithParam<std::string> {};

TEST_P(BuiltInStrategy, does_not_look_ahead) {
    const GeneratedMarket& market = GeneratedMarket::get();
    Settings settings = brisk_settings();
    settings.signals.strategies =
        make_settings_schema()
            .load_text("[[strategy]]\nkind = \"" + GetParam() + "\"\nname = \"it\"\n", "it", {})
            .settings.signals.strategies;
    LookaheadOptions options;
    options.reopen = market.reopen();
    const LookaheadReport report =
        prove_lookahead(market.tape, engine(settings, market.instruments), options);
    EXPECT_TRUE(report.clean()) << what(report);
    EXPECT_EQ(100U, report.moments);
    EXPECT_GT(report.compared, 10'000U);
    for (const proofs::AlterationResult& r : report.by_alteration) EXPECT_EQ(100U, r.tried);
}

INSTANTIATE_TEST_SUITE_P(EveryKind, BuiltInStrategy, testing::ValuesIn(built_in_kinds()),
                         [](const auto& each) { return each.param; });

TEST(Lookahead, is_in_no_order_that_rests_is_repriced_or_retried) {
    const GeneratedMarket& market = GeneratedMarket::get();
    Settings settings = brisk_settings();
    settings.bars.timeframes = {Nanos{10'000'000'000}, Nanos{60'000'000'000}};
    settings.signals.strategies.front().timeframe = settings.bars.timeframes.front();
    settings.execution.order_type = OrderType::kLimit;
    settings.execution.limit_offset_ticks = -2;
    settings.execution.reprice_after = Nanos{5'000'000'000};
    settings.execution.time_in_force = TimeInForce::kDay;
    settings.venue.order_latency = Nanos{0};
    settings.venue.response_latency = Nanos{0};
    settings.clock.beat = Nanos{7'000'000'000};
    LookaheadOptions options;
    options.reopen = market.reopen();
    const LookaheadReport report =
        prove_lookahead(market.tape, engine(settings, market.instruments), options);
    EXPECT_TRUE(report.clean()) << what(report);
}

TEST(Lookahead, of_a_peeking_strategy_is_caught_at_every_moment) {
    const GeneratedMarket& market = GeneratedMarket::get();
    const Settings settings = brisk_settings();
    const auto peeking = engine_with(settings, market.instruments, [&](const auto& ticks) {
        return PeekingSignals{future_closes(ticks, settings.bars.timeframes.front())};
    });
    const LookaheadReport report = prove_lookahead(market.tape, peeking, {});
    EXPECT_EQ(100U, report.moments);
    EXPECT_EQ(100U, report.moments_caught);
    // A price poisoned upwards changes nothing for who is long: it takes both ways.
    const proofs::Difference* first = report.first();
    ASSERT_NE(nullptr, first);
    ASSERT_TRUE(first->decided || first->otherwise);
    EXPECT_LE((first->decided ? first->decided : first->otherwise)->time(), first->moment);
}

TEST(Lookahead, of_a_leaking_source_is_caught_at_every_moment) {
    const GeneratedMarket& market = GeneratedMarket::get();
    const auto honest = engine(brisk_settings(), market.instruments);
    const auto leaking = [&](MarketSource& source, RecordObserver& observer) {
        LeakingSource leak{dynamic_cast<proofs::TapeSource&>(source)};
        honest(leak, observer);
    };
    const LookaheadReport report = prove_lookahead(market.tape, leaking, {});
    EXPECT_EQ(100U, report.moments_caught);
}

TEST(Lookahead, is_told_from_a_strategy_that_keeps_to_the_past) {
    // The engine of the peeking strategy, with the product's signals in it: so it is the peeking
    // that is caught, not the engine.
    const GeneratedMarket& market = GeneratedMarket::get();
    const Settings settings = brisk_settings();
    const auto run = engine_with(settings, market.instruments, [&](const auto&) {
        return SignalStage{settings, market.instruments};
    });
    const LookaheadReport report = prove_lookahead(market.tape, run, {});
    EXPECT_TRUE(report.clean()) << what(report);
}

TEST(Lookahead, of_prices_adjusted_by_a_later_split_is_seen_by_reopening_alone) {
    const GeneratedMarket market;
    using pipeline::kFactorScale;
    const pipeline::Date first_day = std::chrono::year{2024} / std::chrono::January / 2;
    adapters::tick_store::ReferenceStore(market.folder.path())
        .put_actions("SIM1", {{{first_day, kFactorScale, kFactorScale / 2, 0}}, {}},
                     {"actions", "aa", 1});
    StoreSource source{
        TickStore::open(market.folder.path()), market.symbols, {.adjust = AdjustmentMode::kSplits}};
    const auto tape = proofs::read_tape(source);
    LookaheadOptions options;
    options.reopen = market.reopen(AdjustmentMode::kSplits);
    const LookaheadReport report =
        prove_lookahead(tape, engine(brisk_settings(), market.instruments), options);
    const auto& reopened = result(report, Alteration::kReopened);
    // Moments of the first day alone: on the second the split is known.
    EXPECT_GT(reopened.caught, 0U);
    EXPECT_LT(reopened.caught, reopened.tried);
    EXPECT_EQ(report.moments_caught, reopened.caught);
    ASSERT_TRUE(reopened.first.has_value());
    EXPECT_EQ(EventKind::kBar, reopened.first->decided->kind());
    EXPECT_EQ(0U, result(report, Alteration::kPoisonLow).caught);
}

TEST(KnownOn, a_day_before_a_split_prices_are_in_the_shares_of_that_day) {
    const auto day = [](int d) { return std::chrono::year{2014} / std::chrono::June / d; };
    // A dividend that takes a hundredth off after the 2nd, seven for one after the 6th.
    const std::int64_t seventh = kFactorScale / 7;
    const std::vector<AdjustmentRow> rows{{day(2), kFactorScale / 100 * 99, seventh, 0},
                                          {day(6), kFactorScale, seventh, 0}};
    EXPECT_EQ(rows, known_on(rows, day(9)));
    // On the 6th the split was still to come, the dividend was paid.
    EXPECT_EQ((std::vector<AdjustmentRow>{{day(2), kFactorScale / 100 * 99, kFactorScale, 0}}),
              known_on(rows, day(6)));
    EXPECT_TRUE(known_on(rows, day(2)).empty());
}

TEST(Lookahead, needs_ticks_that_lead_to_decisions) {
    const GeneratedMarket& market = GeneratedMarket::get();
    const auto run = engine(brisk_settings(), market.instruments);
    EXPECT_THROW((void)prove_lookahead({}, run, {}), std::invalid_argument);
    EXPECT_THROW((void)prove_lookahead(std::span(market.tape).first(3), run, {}),
                 std::invalid_argument);
    StoreSource source{TickStore::open(market.folder.path()), market.symbols};
    EXPECT_THROW((void)proofs::read_tape(source, 100), std::length_error);
}

TEST(Warmup, of_mean_reversion_is_its_window_and_how_long_it_holds) {
    const GeneratedMarket& market = GeneratedMarket::get();
    Settings settings = brisk_settings();
    StrategySettings& reversion = settings.signals.strategies.front();
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.values = StrategySettings::kDefaults;
    reversion.set("period", 10);
    reversion.set("entry_deviations", 1.0);
    const auto report =
        proofs::measure_warmup(market.tape, engine(settings, market.instruments), {});
    EXPECT_EQ(8U, report.starts);
    EXPECT_EQ(8U, report.settled);
    EXPECT_GT(report.bars_most, 0U);
    // Some start meets it holding a position, which only ends with the next return to the mean.
    EXPECT_LT(report.bars_most, report.bars / 2);
}

TEST(Warmup, is_never_over_for_a_strategy_that_remembers_its_first_price) {
    const GeneratedMarket& market = GeneratedMarket::get();
    const Settings settings = brisk_settings();
    const auto run =
        engine_with(settings, market.instruments, [](const auto&) { return RemembersTheFirst{}; });
    const auto report = proofs::measure_warmup(market.tape, run, {.starts = 16});
    EXPECT_LT(report.settled, report.starts);
}

}  // namespace
}  // namespace sluice::tests
