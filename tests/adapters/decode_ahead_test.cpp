// Chunks made ahead on another core: the same events, whoever made the chunk.
#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/core/thread.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::Compression;
using adapters::tick_store::ReferenceStore;
using adapters::tick_store::SourceOptions;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kNoSuchCore = 100'000;

class DecodeAhead : public testing::Test {
  protected:
    // Two days of four chunks of trades and three of quotes, packed, for two symbols.
    void put_ticks() {
        for (const char* symbol : {"A", "B"}) {
            StoreWriter writer(folder_.path(), {.compression = Compression::kPacked});
            for (const int day : {1, 0}) {
                std::vector<std::int64_t> times;
                for (std::int64_t i = 0; i < 60'000; ++i)
                    times.push_back(-day * 86'400 * kSecond + i * (1'000 + *symbol));
                const auto trades = trades_at(times, 1'000'000);
                times.resize(45'000);
                const auto quotes = quotes_at(times, 1'000'000);
                const pipeline::Date date{std::chrono::sys_days{kDay} - std::chrono::days{day}};
                writer.put(instrument_named(symbol),
                           {date, {{trades}, {quotes}}, {}, {}, {"file", "aa", 1}});
            }
            split_in_two(symbol);
        }
    }
    // Bars of a second, packed: a chunk of them is four of ticks.
    void put_bars() {
        for (const char* symbol : {"A", "B"}) {
            pipeline::BarColumns bars;
            for (std::int64_t i = 0; i < 20'000; ++i)
                bars.append({kDayNs + i * kSecond, 100 + i, 120 + i, 90 + i, 110 + i, 10 + i});
            StoreWriter writer(folder_.path(), {.compression = Compression::kPacked});
            writer.put(instrument_named(symbol), {kDay, {{bars, 1}}, {}, {}, {"file", "aa", 1}});
        }
    }
    void split_in_two(const std::string& symbol) {
        using pipeline::kFactorScale;
        ReferenceStore(folder_.path())
            .put_actions(symbol, {{{kDay, kFactorScale, kFactorScale / 2, 0}}, {}},
                         {"actions", "bb", 2});
    }
    [[nodiscard]] StoreSource open(std::optional<std::size_t> core,
                                   pipeline::AdjustmentMode adjust) const {
        SourceOptions options;
        options.adjust = adjust;
        options.decode_core = core;
        return StoreSource(TickStore::open(folder_.path()), {"A", "B"}, options);
    }
    [[nodiscard]] std::vector<EventKey> replay(
        std::optional<std::size_t> core,
        pipeline::AdjustmentMode adjust = pipeline::AdjustmentMode::kNone) const {
        StoreSource source = open(core, adjust);
        std::vector<EventKey> out;
        for (auto block = source.next_block(); !block.empty(); block = source.next_block())
            for (const pipeline::Event& event : block) out.push_back(key_of(event));
        return out;
    }
    [[nodiscard]] static std::optional<std::size_t> other_core() {
        const auto cores = core::available_cores();
        if (cores.size() < 2) return std::nullopt;
        return cores.back();
    }
    TempFolder folder_;
};

TEST_F(DecodeAhead, gives_the_events_that_are_given_without_it) {
    const auto core = other_core();
    if (!core) GTEST_SKIP() << "needs two cores";
    put_ticks();
    const auto expected = replay(std::nullopt);
    EXPECT_EQ(expected.size(), 420'000U);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(replay(core) == expected);
}

TEST_F(DecodeAhead, gives_the_adjusted_prices_that_are_given_without_it) {
    const auto core = other_core();
    if (!core) GTEST_SKIP() << "needs two cores";
    put_ticks();
    const auto expected = replay(std::nullopt, pipeline::AdjustmentMode::kSplits);
    EXPECT_FALSE(expected == replay(std::nullopt)) << "the split changes nothing";
    ASSERT_TRUE(replay(core, pipeline::AdjustmentMode::kSplits) == expected);
}

TEST_F(DecodeAhead, gives_the_ticks_of_bars_that_are_given_without_it) {
    const auto core = other_core();
    if (!core) GTEST_SKIP() << "needs two cores";
    put_bars();
    const auto expected = replay(std::nullopt);
    EXPECT_EQ(expected.size(), 160'000U);
    ASSERT_TRUE(replay(core) == expected);
}

TEST_F(DecodeAhead, may_be_left_in_the_middle) {
    const auto core = other_core();
    if (!core) GTEST_SKIP() << "needs two cores";
    put_ticks();
    for (int blocks = 0; blocks < 60; blocks += 3) {
        StoreSource source = open(core, pipeline::AdjustmentMode::kSplits);
        for (int i = 0; i < blocks; ++i) ASSERT_FALSE(source.next_block().empty());
    }
}

TEST_F(DecodeAhead, does_without_where_the_core_cannot_be_had) {
    put_ticks();
    ASSERT_TRUE(replay(kNoSuchCore) == replay(std::nullopt));
}

}  // namespace
}  // namespace sluice::tests
