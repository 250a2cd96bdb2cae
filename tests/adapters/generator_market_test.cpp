#include <sluice/adapters/generator/generate.hpp>

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/store_writer.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::generator::generate_market;
using adapters::generator::GeneratorOptions;
using pipeline::ImportError;
using pipeline::TrueRegime;

GeneratorOptions small_market() {
    GeneratorOptions options;
    options.symbols = {"SIM1", "SIM2"};
    options.days = 3;
    options.trades_per_day = 4'000;
    return options;
}

TEST(Generator, gives_the_same_market_for_a_seed_and_another_for_another) {
    MemorySink a;
    MemorySink b;
    MemorySink c;
    auto options = small_market();
    generate_market(a, options);
    generate_market(b, options);
    options.seed = 2;
    generate_market(c, options);
    EXPECT_EQ(a.trades, b.trades);
    EXPECT_EQ(a.quotes, b.quotes);
    EXPECT_EQ(a.truth, b.truth);
    EXPECT_NE(a.trades, c.trades);
}

TEST(Generator, makes_these_very_ticks_whatever_the_compiler) {
    MemorySink sink;
    generate_market(sink, small_market());
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    const auto add = [&hash](const auto& column) {
        for (const auto value : column)
            hash = (hash ^ static_cast<std::uint64_t>(value)) * 1'099'511'628'211U;
    };
    for (const auto& [key, t] : sink.trades) {
        add(t.time_ns);
        add(t.price_raw);
        add(t.quantity_raw);
    }
    for (const auto& [key, q] : sink.quotes) {
        add(q.time_ns);
        add(q.bid_raw);
        add(q.ask_raw);
        add(q.bid_size_raw);
        add(q.ask_size_raw);
    }
    // A change of the market model changes this number, and must raise the model's version.
    EXPECT_EQ(hash, 16'937'379'760'300'161'681U);
}

TEST(Generator, leaves_earlier_days_and_instruments_as_they_were_when_more_are_asked_for) {
    MemorySink few;
    MemorySink many;
    auto options = small_market();
    generate_market(few, options);
    options.days = 4;
    options.symbols.emplace_back("SIM3");
    generate_market(many, options);
    for (const auto& [key, trades] : few.trades) {
        EXPECT_EQ(many.trades[key], trades);
        EXPECT_EQ(many.sources[key], few.sources[key]);
    }
}

TEST(Generator, never_crosses_its_quotes_and_keeps_to_the_session) {
    MemorySink sink;
    generate_market(sink, small_market());
    const auto open = [](pipeline::Date date) {  // 09:30 in New York in winter
        return std::chrono::nanoseconds{std::chrono::sys_days{date}.time_since_epoch()}.count() +
               52'200'000'000'000;
    };
    constexpr std::int64_t kLength = 23'400'000'000'000;
    for (const auto& [key, quotes] : sink.quotes) {
        const std::int64_t start = open(std::get<1>(key));
        for (std::size_t i = 0; i < quotes.size(); ++i) {
            ASSERT_GT(quotes.bid_raw[i], 0);
            ASSERT_LT(quotes.bid_raw[i], quotes.ask_raw[i]);
            ASSERT_GT(quotes.bid_size_raw[i], 0);
            ASSERT_GT(quotes.ask_size_raw[i], 0);
            ASSERT_EQ(quotes.bid_raw[i] % 10'000'000, 0);
            ASSERT_EQ(quotes.ask_raw[i] % 10'000'000, 0);
            ASSERT_GT(quotes.time_ns[i], start);
            ASSERT_LT(quotes.time_ns[i], start + kLength);
            if (i != 0) {
                ASSERT_GT(quotes.time_ns[i], quotes.time_ns[i - 1]);
            }
        }
    }
}

TEST(Generator, prints_trades_at_the_bid_or_ask_within_what_is_left_of_the_size_shown) {
    MemorySink sink;
    generate_market(sink, small_market());
    for (const auto& [key, t] : sink.trades) {
        const auto& q = sink.quotes[key];
        std::size_t shown = 0;  // quotes at or before the trade
        std::int64_t bid_left = 0;
        std::int64_t ask_left = 0;
        for (std::size_t i = 0; i < t.size(); ++i) {
            while (shown < q.size() && q.time_ns[shown] <= t.time_ns[i]) {
                bid_left = q.bid_size_raw[shown];
                ask_left = q.ask_size_raw[shown];
                ++shown;
            }
            ASSERT_GT(shown, 0U);
            const bool at_bid = t.price_raw[i] == q.bid_raw[shown - 1];
            ASSERT_TRUE(at_bid || t.price_raw[i] == q.ask_raw[shown - 1]);
            std::int64_t& left = at_bid ? bid_left : ask_left;
            ASSERT_LE(t.quantity_raw[i], left);
            left -= t.quantity_raw[i];
        }
    }
}

TEST(Generator, makes_about_as_many_trades_as_asked_for) {
    MemorySink sink;
    auto options = small_market();
    options.trades_per_day = 20'000;
    generate_market(sink, options);
    double trades = 0;
    double quotes = 0;
    for (const auto& [key, t] : sink.trades) trades += static_cast<double>(t.size());
    for (const auto& [key, q] : sink.quotes) quotes += static_cast<double>(q.size());
    const auto days = static_cast<double>(sink.trades.size());
    EXPECT_NEAR(trades / days, 20'000, 3'000);
    EXPECT_NEAR(quotes / trades, 2.3, 0.4);
}

TEST(Generator, tells_the_truth_about_its_regimes) {
    MemorySink sink;
    auto options = small_market();
    options.days = 20;
    generate_market(sink, options);
    // By regime: mean relative move from start to end, and mean size of moves between quotes.
    double moves[pipeline::kTrueRegimeCount] = {};
    double steps[pipeline::kTrueRegimeCount] = {};
    double spreads[pipeline::kTrueRegimeCount] = {};
    double quotes[pipeline::kTrueRegimeCount] = {};
    double stretches[pipeline::kTrueRegimeCount] = {};
    for (const auto& [key, truth] : sink.truth) {
        const auto& q = sink.quotes[key];
        std::size_t i = 0;
        for (std::size_t s = 0; s < truth.size(); ++s) {
            if (s != 0) {
                ASSERT_EQ(truth[s].start, truth[s - 1].end);
                ASSERT_NE(truth[s].regime, truth[s - 1].regime);
            }
            const auto r = static_cast<std::size_t>(truth[s].regime);
            const std::size_t first = i;
            for (; i < q.size() && q.time_ns[i] < core::ns_since_epoch(truth[s].end); ++i) {
                const auto bid = static_cast<double>(q.bid_raw[i]);
                if (i > first)
                    steps[r] += std::abs(bid / static_cast<double>(q.bid_raw[i - 1]) - 1);
                spreads[r] += static_cast<double>(q.ask_raw[i]) - bid;
                quotes[r] += 1;
            }
            if (i == first || truth[s].end - truth[s].start < std::chrono::minutes{10}) continue;
            moves[r] +=
                static_cast<double>(q.bid_raw[i - 1]) / static_cast<double>(q.bid_raw[first]) - 1;
            stretches[r] += 1;
        }
    }
    const auto at = [](TrueRegime regime) { return static_cast<std::size_t>(regime); };
    for (std::size_t r = 0; r < pipeline::kTrueRegimeCount; ++r) {
        ASSERT_GT(stretches[r], 20) << r;
        moves[r] /= stretches[r];
        steps[r] /= quotes[r];
        spreads[r] /= quotes[r];
    }
    EXPECT_GT(moves[at(TrueRegime::kTrendUp)], 0.002);
    EXPECT_LT(moves[at(TrueRegime::kTrendDown)], -0.002);
    EXPECT_LT(std::abs(moves[at(TrueRegime::kRanging)]), 0.001);
    EXPECT_GT(steps[at(TrueRegime::kVolatile)], 2 * steps[at(TrueRegime::kRanging)]);
    EXPECT_GT(spreads[at(TrueRegime::kVolatile)], 1.5 * spreads[at(TrueRegime::kRanging)]);
}

TEST(Generator, skips_weekends) {
    MemorySink sink;
    auto options = small_market();
    options.symbols = {"S"};
    options.start = std::chrono::year{2024} / std::chrono::January / 5;  // a Friday
    options.days = 2;
    generate_market(sink, options);
    std::set<pipeline::Date> dates;
    for (const auto& [key, trades] : sink.trades) dates.insert(std::get<1>(key));
    EXPECT_EQ(dates,
              (std::set<pipeline::Date>{std::chrono::year{2024} / std::chrono::January / 5,
                                        std::chrono::year{2024} / std::chrono::January / 8}));
}

TEST(Generator, labels_what_it_makes) {
    const TempFolder folder;
    {
        adapters::tick_store::StoreWriter writer(folder.path());
        auto options = small_market();
        options.days = 1;
        EXPECT_EQ(generate_market(writer, options).tables_written, 4U);
        EXPECT_EQ(generate_market(writer, options).tables_unchanged, 4U);
    }
    const auto store = adapters::tick_store::TickStore::open(folder.path());
    for (const auto& symbol : store.catalogue()) {
        EXPECT_TRUE(symbol.instrument.generated);
        EXPECT_NE(symbol.days[0].generator.find("seed=1;"), std::string::npos);
        EXPECT_FALSE(store.read_truth(symbol.instrument.symbol, symbol.days[0].date).empty());
    }
}

TEST(Generator, refuses_options_out_of_range_and_names_them) {
    MemorySink sink;
    const auto refused = [&sink](auto change) {
        auto options = small_market();
        change(options);
        const auto error = error_of<ImportError>([&] { generate_market(sink, options); });
        EXPECT_EQ(error.fault(), pipeline::ImportFault::kBadOption);
        EXPECT_TRUE(sink.trades.empty());
        return std::string(error.what());
    };
    EXPECT_NE(refused([](auto& o) { o.days = 0; }).find("days"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.trades_per_day = 0; }).find("trades"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.symbols = {"A", "A"}; }).find("'A'"), std::string::npos);
    EXPECT_NE(refused([](auto& o) { o.symbols.clear(); }).find("instruments"), std::string::npos);
    EXPECT_NE(refused([](auto& o) {
                  o.start = std::chrono::year{2024} / std::chrono::February / 30;
              }).find("start"),
              std::string::npos);
}

}  // namespace
}  // namespace sluice::tests
