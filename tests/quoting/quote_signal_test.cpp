// What market making wants, bar by bar: worked out by hand, said for the instruments that it quotes and
// for no other.
#include <gtest/gtest.h>

#include <stdexcept>

#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include "quoting_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::int64_t kMinute = 60 * kSecond;

class QuoteSignal : public testing::Test {
  protected:
    void make(Settings settings) {
        stage_ = std::make_unique<SignalStage>(settings, instruments(2));
    }
    static Settings quoting(std::vector<std::string> symbols) {
        Settings s;
        s.signals.strategies = {maker_of(std::move(symbols), Nanos{kMinute})};
        return s;
    }
    void close(std::int64_t close_cents, std::size_t symbol = 0) {
        ++minute_;
        stage_->on<EventKind::kNone>(bar_at(at(minute_ * kMinute), symbol, 0, cents(close_cents)),
                                     CapturingOutput{out_});
    }
    void change(std::size_t parameter, double value) {
        ParameterChange change;
        change.parameter = static_cast<std::uint16_t>(parameter);
        change.value = value;
        change.version = 1;
        stage_->on<EventKind::kNone>(Event::parameter(at(minute_ * kMinute), change),
                                     CapturingOutput{out_});
    }
    // What was said since the last call, which is one quote and nothing else.
    QuoteIntent said() {
        EXPECT_EQ(out_.emitted.size(), 1U);
        if (out_.emitted.empty() || out_.emitted[0].kind() != EventKind::kQuoteIntent)
            throw std::logic_error("no quote was said");
        const QuoteIntent quote = out_.emitted[0].quote_intent();
        out_.clear();
        return quote;
    }

    std::unique_ptr<SignalStage> stage_;
    Captured out_;

  private:
    std::int64_t minute_ = 0;
};

TEST_F(QuoteSignal, is_half_a_spread_of_the_last_changes_up_to_whole_ticks) {
    make(quoting({}));
    for (const std::int64_t each : {10'000, 10'003, 9'999}) close(each);
    EXPECT_TRUE(out_.emitted.empty()) << "two of three changes";
    close(10'004);  // 3, -4, 5 cents: the root of 50 / 3 is 4.08
    QuoteIntent quote = said();
    EXPECT_EQ(quote.mid, cents(10'004));
    EXPECT_EQ(quote.half_spread.raw(), cents(5).raw());
    EXPECT_EQ(quote.size, qty(100));
    EXPECT_EQ(quote.most, qty(500));
    EXPECT_EQ(quote.skew_permille, 1'000U);
    EXPECT_EQ(quote.requote_ticks, 1U);
    close(10'004);  // -4, 5, 0: the root of 41 / 3 is 3.70
    EXPECT_EQ(said().half_spread.raw(), cents(4).raw());
    close(10'004);
    close(10'004);
    out_.clear();
    close(10'004);
    EXPECT_EQ(said().half_spread.raw(), cents(1).raw()) << "no less than min_half_ticks";
}

TEST_F(QuoteSignal, follows_its_parameters_from_their_change_on) {
    make(quoting({}));
    for (const std::int64_t each : {10'000, 10'003, 9'999, 10'004}) close(each);
    out_.clear();
    change(MarketMaker::kVolatility, 4);
    change(MarketMaker::kSize, 25.5);
    change(MarketMaker::kSpread, 2);
    change(MarketMaker::kSkew, 0.5);
    EXPECT_TRUE(out_.emitted.empty());
    close(10'004);  // 3, -4, 5, 0: twice the root of 50 / 4 is 7.07
    const QuoteIntent quote = said();
    EXPECT_EQ(quote.half_spread.raw(), cents(8).raw());
    EXPECT_EQ(quote.size, Quantity::from_raw(25 * Quantity::kScale + Quantity::kScale / 2));
    EXPECT_EQ(quote.skew_permille, 500U);
    change(MarketMaker::kVolatility, 40);
    close(10'004);
    EXPECT_TRUE(out_.emitted.empty()) << "not ready before forty changes";
}

TEST_F(QuoteSignal, is_said_of_the_symbols_it_names_and_others_are_traded_on) {
    Settings s = quoting({"S1"});
    StrategySettings trend;
    trend.set("fast", 1);
    trend.set("slow", 2);
    s.signals.strategies.push_back(trend);
    make(s);
    for (const std::int64_t each : {10'010, 10'000, 10'020, 10'000, 10'020}) {
        close(each, 0);
        close(each, 1);
    }
    std::size_t intents = 0;
    std::size_t quotes = 0;
    for (const Event& event : out_.emitted) {
        if (event.kind() == EventKind::kIntent) {
            ++intents;
            EXPECT_EQ(event.symbol(), SymbolId{0});
            EXPECT_EQ(std::abs(event.intent().score), 1.0) << "market making has no say in it";
            EXPECT_EQ(event.intent().confidence, 1.0F);
        } else {
            ++quotes;
            EXPECT_EQ(event.kind(), EventKind::kQuoteIntent);
            EXPECT_EQ(event.symbol(), SymbolId{1});
        }
    }
    EXPECT_GT(intents, 1U);
    EXPECT_EQ(quotes, 2U) << "four bars and on";
}

TEST_F(QuoteSignal, is_of_no_size_while_its_weight_is_zero) {
    make(quoting({}));
    for (int i = 0; i < 3; ++i) close(10'000);
    change(kWeightParameter, 0);
    close(10'000);
    EXPECT_TRUE(said().size.is_zero());
    change(kWeightParameter, 0.5);
    close(10'000);
    EXPECT_EQ(said().size, qty(100));
}

TEST_F(QuoteSignal, is_refused_of_symbols_that_are_not_there_or_quoted_twice) {
    EXPECT_THROW(make(quoting({"S0", "S7"})), std::invalid_argument);
    Settings twice = quoting({"S0"});
    twice.signals.strategies.push_back(maker_of({}, Nanos{kMinute}));
    EXPECT_THROW(make(twice), std::invalid_argument);
}

TEST_F(QuoteSignal, is_configured_by_one_table) {
    const auto schema = make_settings_schema();
    const std::string head = "[[strategy]]\nkind = \"market_making\"\nname = \"a\"\n";
    const auto s = schema.load_text(head + "symbols = [\"ACME\"]\nsize = 0.5\n", "t").settings;
    EXPECT_EQ(s.signals.strategies.at(0).symbols, std::vector<std::string>{"ACME"});
    EXPECT_EQ(s.signals.strategies.at(0).get("size"), 0.5);
    const std::string other = "[[strategy]]\nkind = \"market_making\"\nname = \"b\"\n";
    for (const std::string& bad :
         {head + other, head + "symbols = [\"ACME\"]\n" + other + "symbols = [\"B\", \"ACME\"]\n",
          head + "symbols = [\"ACME\", \"ACME\"]\n", head + "size = 5000\n",
          std::string("[[strategy]]\nkind = \"momentum\"\nname = \"a\"\nsymbols = [\"B\"]\n")})
        EXPECT_FALSE(schema.check_text(bad, "t").empty()) << bad;
    EXPECT_TRUE(
        schema.check_text(head + "symbols = [\"ACME\"]\n" + other + "symbols = [\"B\"]\n", "t")
            .empty());
}

}  // namespace
}  // namespace sluice::tests::trade_path
