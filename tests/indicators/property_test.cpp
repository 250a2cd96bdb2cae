// What holds of every indicator in the catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include "allocation_hook.hpp"
#include "indicator_support.hpp"

namespace sluice::tests {
namespace {

std::string name_of(const Made& made) { return made.spec->name + " " + made.arguments; }

TEST(EveryIndicator, is_ready_at_the_update_that_it_names_and_stays_so) {
    for (const Made& made : every_indicator()) {
        const auto indicator = made.make();
        MadeMarket market{1};
        ASSERT_GE(indicator->warm_up(), 1U);
        for (std::size_t i = 1; i < indicator->warm_up() + 300; ++i) {
            ASSERT_EQ(indicator->ready(), i > indicator->warm_up()) << name_of(made) << " " << i;
            indicator->update(market.next());
            ASSERT_EQ(indicator->ready(), i >= indicator->warm_up()) << name_of(made) << " " << i;
        }
    }
}

TEST(EveryIndicator, gives_the_same_bits_for_the_same_inputs) {
    for (const Made& made : every_indicator()) {
        const auto first = made.make();
        const auto second = made.make();
        MadeMarket one{2};
        MadeMarket other{2};
        for (int i = 0; i < 2'000; ++i) {
            first->update(one.next());
            second->update(other.next());
            if (!first->ready()) continue;
            for (std::size_t k = 0; k < made.spec->outputs.size(); ++k)
                ASSERT_EQ(std::bit_cast<std::uint64_t>(first->output(k)),
                          std::bit_cast<std::uint64_t>(second->output(k)))
                    << name_of(made);
        }
    }
}

TEST(EveryIndicator, gives_the_same_bits_one_by_one_and_all_at_once) {
    for (const Made& made : every_indicator()) {
        const auto single = made.make();
        const auto many = made.make();
        MadeMarket market{10};
        std::vector<Observation> series(500 + single->warm_up());
        for (Observation& now : series) {
            now = market.next();
            single->update(now);
        }
        many->update_all(series);
        for (std::size_t k = 0; k < made.spec->outputs.size(); ++k)
            ASSERT_EQ(std::bit_cast<std::uint64_t>(single->output(k)),
                      std::bit_cast<std::uint64_t>(many->output(k)))
                << name_of(made);
    }
}

TEST(EveryIndicator, makes_no_heap_call_after_construction) {
    if (!can_count_heap_calls()) GTEST_SKIP() << "this build's malloc cannot be replaced";
    for (const Made& made : every_indicator()) {
        const auto indicator = made.make();
        MadeMarket market{3};
        double sum = 0;
        arm_heap_count();
        for (int i = 0; i < 2'000; ++i) {
            indicator->update(market.next());
            if (!indicator->ready()) continue;
            for (std::size_t k = 0; k < made.spec->outputs.size(); ++k) sum += indicator->output(k);
        }
        const HeapCalls calls = disarm_heap_count();
        EXPECT_EQ(calls.allocations, 0U) << name_of(made);
        EXPECT_EQ(calls.frees, 0U) << name_of(made);
        EXPECT_TRUE(std::isfinite(sum)) << name_of(made);
    }
}

TEST(EveryIndicator, stays_finite_where_nothing_moves_or_is_traded) {
    for (const Made& made : every_indicator()) {
        const auto indicator = made.make();
        Observation flat;
        flat.candle = {7.1, 7.1, 7.1, 7.1, 0};
        flat.value = flat.reference = 7.1;
        flat.top = {7.1, 0, 7.1, 0};
        for (std::size_t i = 0; i < indicator->warm_up() + 100; ++i) indicator->update(flat);
        for (std::size_t k = 0; k < made.spec->outputs.size(); ++k)
            EXPECT_TRUE(std::isfinite(indicator->output(k)))
                << name_of(made) << " " << made.spec->outputs[k];
    }
}

TEST(EveryIndicator, keeps_nothing_but_what_it_declares_of_the_past) {
    // With a window, what lies two windows back does not matter; exponential ones fade, totals stay.
    for (const char* name : {"sma",         "wma",
                             "hma",         "trima",
                             "alma",        "vwap",
                             "momentum",    "cci",
                             "aroon",       "williams_r",
                             "stochastic",  "mfi",
                             "bollinger",   "z_score",
                             "donchian",    "ultosc",
                             "sharpe",      "sortino",
                             "correlation", "spearman",
                             "ofi",         "realised_volatility",
                             "max"}) {
        const pipeline::IndicatorSpec& spec = pipeline::find_indicator(name);
        const auto young = pipeline::make_indicator(name);
        const auto old = pipeline::make_indicator(name);
        MadeMarket past{4};
        for (int i = 0; i < 1'000; ++i) old->update(past.next());
        MadeMarket market{5};
        const std::size_t enough = 3 * young->warm_up() + 3;
        for (std::size_t i = 0; i < enough; ++i) {
            const Observation now = market.next();
            young->update(now);
            old->update(now);
        }
        for (std::size_t k = 0; k < spec.outputs.size(); ++k)
            EXPECT_NEAR(young->output(k), old->output(k), 1e-9 * (1 + std::abs(old->output(k))))
                << name << " " << spec.outputs[k];
    }
}

double* place_of(Observation& now, const std::string& column, pipeline::IndicatorInput input) {
    using pipeline::IndicatorInput;
    if (input == IndicatorInput::kValue || input == IndicatorInput::kPair) {
        if (column == "close") return &now.value;
        return column == "reference" && input == IndicatorInput::kPair ? &now.reference : nullptr;
    }
    const std::pair<const char*, double*> bar[] = {{"open", &now.candle.open},
                                                   {"high", &now.candle.high},
                                                   {"low", &now.candle.low},
                                                   {"close", &now.candle.close},
                                                   {"volume", &now.candle.volume}};
    const std::pair<const char*, double*> top[] = {{"bid", &now.top.bid},
                                                   {"bid_size", &now.top.bid_size},
                                                   {"ask", &now.top.ask},
                                                   {"ask_size", &now.top.ask_size}};
    if (input == IndicatorInput::kCandle)
        for (const auto& [name, place] : bar)
            if (column == name) return place;
    if (input == IndicatorInput::kBookTop)
        for (const auto& [name, place] : top)
            if (column == name) return place;
    return nullptr;
}

TEST(EveryIndicator, looks_at_the_columns_that_it_declares_and_at_no_other) {
    for (const pipeline::IndicatorSpec& spec : pipeline::indicator_catalogue()) {
        for (const char* column : {"open", "high", "low", "close", "volume", "reference", "bid",
                                   "bid_size", "ask", "ask_size"}) {
            const bool declared =
                std::find(spec.columns.begin(), spec.columns.end(), column) != spec.columns.end();
            const auto usual = pipeline::make_indicator(spec.name);
            const auto changed = pipeline::make_indicator(spec.name);
            MadeMarket market{7};
            bool differs = false;
            for (std::size_t i = 0; i < usual->warm_up() + 200; ++i) {
                Observation now = market.next();
                usual->update(now);
                double* place = place_of(now, column, spec.input);
                if (place != nullptr) *place *= 1 + 0.01 * static_cast<double>(i % 7);
                changed->update(now);
                if (!usual->ready()) continue;
                for (std::size_t k = 0; k < spec.outputs.size(); ++k)
                    differs |= usual->output(k) != changed->output(k);
            }
            EXPECT_EQ(differs, declared) << spec.name << " " << column;
        }
    }
}

// Lowest and highest that the definition allows.
TEST(BoundedIndicators, stay_within_their_bounds) {
    struct Bounds {
        const char* name;
        std::size_t output;
        double low;
        double high;
    };
    for (const Bounds& b :
         {Bounds{"rsi", 0, 0, 100}, Bounds{"stoch_rsi", 0, 0, 100}, Bounds{"cmo", 0, -100, 100},
          Bounds{"stochastic", 0, 0, 100}, Bounds{"stochastic", 2, 0, 100},
          Bounds{"williams_r", 0, -100, 0}, Bounds{"ultosc", 0, 0, 100},
          Bounds{"aroon", 0, -100, 100}, Bounds{"aroon", 1, 0, 100}, Bounds{"mfi", 0, 0, 100},
          Bounds{"adx", 0, 0, 100}, Bounds{"dmi", 1, 0, 100}, Bounds{"correlation", 0, -1, 1},
          Bounds{"spearman", 0, -1, 1}, Bounds{"microprice", 2, -1, 1},
          Bounds{"variance", 0, 0, 1e9}}) {
        const auto indicator = pipeline::make_indicator(b.name);
        MadeMarket market{6};
        for (int i = 0; i < 5'000; ++i) {
            indicator->update(market.next());
            if (!indicator->ready()) continue;
            // Averages of bounded values round.
            ASSERT_GE(indicator->output(b.output), b.low - 1e-9) << b.name;
            ASSERT_LE(indicator->output(b.output), b.high + 1e-9) << b.name;
        }
    }
}

#ifndef NDEBUG
TEST(IndicatorDeathTest, ends_the_program_when_read_before_it_is_ready) {
    const auto indicator = pipeline::make_indicator("sma", "period=3");
    indicator->update({});
    EXPECT_DEATH((void)indicator->output(0), "ready_");
}
#endif

}  // namespace
}  // namespace sluice::tests
