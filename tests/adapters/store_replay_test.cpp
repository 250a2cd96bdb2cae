// What a replay makes of the store besides plain ticks: packed columns, bars, adjusted prices.
#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::Compression;
using adapters::tick_store::kTicksOnly;
using adapters::tick_store::ReferenceStore;
using adapters::tick_store::SourceOptions;
using adapters::tick_store::StoreError;
using adapters::tick_store::StoreFault;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;
using pipeline::AdjustmentMode;
using pipeline::Event;
using pipeline::EventKind;

constexpr std::int64_t kReplayedSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kReplayedSecond;

class StoreReplay : public testing::Test {
  protected:
    template <class Columns>
    void put(const Columns& columns, std::int32_t period_s = 0, pipeline::Date date = kDay,
             Compression compression = Compression::kNone) {
        StoreWriter writer(folder_.path(), {.compression = compression});
        writer.put(instrument_named("X"), {date, {{columns, period_s}}, {}, {}, {"file", "aa", 1}});
    }
    // The events, copied while their block lives.
    [[nodiscard]] std::vector<Event> replay(const SourceOptions& options = {}) const {
        StoreSource source(TickStore::open(folder_.path()), {"X"}, options);
        std::vector<Event> out;
        for (auto block = source.next_block(); !block.empty(); block = source.next_block())
            out.insert(out.end(), block.begin(), block.end());
        EXPECT_EQ(out.size(), source.size_hint());
        return out;
    }
    // The same, asked for columns first.
    [[nodiscard]] std::vector<Event> replay_by_column() const {
        StoreSource source(TickStore::open(folder_.path()), {"X"}, {});
        std::vector<Event> out;
        for (;;) {
            const pipeline::TickColumns columns = source.next_columns();
            for (std::size_t row = 0; row < columns.size; ++row) out.push_back(columns.event(row));
            if (columns.size != 0) continue;
            const auto block = source.next_block();
            if (block.empty()) return out;
            out.insert(out.end(), block.begin(), block.end());
        }
    }
    // A two-for-one split after kDay, and a dividend of a tenth after the day before.
    void put_actions() {
        using pipeline::kFactorScale;
        ReferenceStore(folder_.path())
            .put_actions("X",
                         {{{before(1), kFactorScale / 10 * 9, kFactorScale / 2, 0},
                           {kDay, kFactorScale, kFactorScale / 2, 0}},
                          {}},
                         {"actions", "bb", 2});
    }
    static pipeline::Date before(int days) {
        return pipeline::Date{std::chrono::sys_days{kDay} - std::chrono::days{days}};
    }
    TempFolder folder_;
};

TEST_F(StoreReplay, of_packed_columns_is_that_of_plain_ones) {
    std::vector<std::int64_t> times;
    for (std::int64_t i = 0; i < 40'000; ++i) times.push_back(i * 1'000);
    put(trades_at(times));
    const auto plain = replay();
    fs::remove_all(folder_ / "X");
    put(trades_at(times), 0, kDay, Compression::kPacked);
    const auto packed = replay();
    ASSERT_EQ(packed.size(), plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
        ASSERT_EQ(packed[i].time(), plain[i].time());
        ASSERT_EQ(packed[i].trade().price, plain[i].trade().price);
        ASSERT_EQ(packed[i].trade().conditions, plain[i].trade().conditions);
    }
    const auto at = [](std::int64_t ns) {
        return core::time_from_ns<core::StreamTime>(kDayNs + ns);
    };
    const auto some = replay({.range = {at(16'000'000), at(33'000'500)}});
    ASSERT_EQ(some.size(), 17'001U) << "a range that begins and ends within chunks";
    EXPECT_EQ(some.front().time(), at(16'000'000));
    EXPECT_EQ(some.back().time(), at(33'000'000));
}

TEST_F(StoreReplay, gives_levels_where_they_are_asked_for_after_the_ticks_of_their_time) {
    const std::vector<std::int64_t> times{1'000, 2'000, 3'000};
    pipeline::LevelColumns levels;
    for (std::int64_t i = 0; i < 40'000; ++i)
        levels.append(
            {kDayNs + 1'000 * i, 2'000 + i, 10 * i, i, i - 1, 0,
             static_cast<std::uint8_t>(i % 2 == 0 ? 'B' : 'A'),
             static_cast<std::uint8_t>(i == 0 ? pipeline::kRowSnapshot : pipeline::kRowEventEnd)});
    for (const Compression compression : {Compression::kNone, Compression::kPacked}) {
        fs::remove_all(folder_ / "X");
        put(quotes_at(times), 0, kDay, compression);
        put(trades_at(times), 0, kDay, compression);
        EXPECT_THROW((void)replay({.levels = true}), StoreError);
        put(levels, 0, kDay, compression);
        EXPECT_EQ(replay().size(), 6U);
        const auto events = replay({.levels = true});
        ASSERT_EQ(events.size(), 40'006U);
        EXPECT_EQ(events[0].kind(), EventKind::kLevel);
        EXPECT_EQ(events[0].flags(), pipeline::kFlagBidLevel | pipeline::kRowSnapshot);
        EXPECT_EQ(events[1].kind(), EventKind::kQuote);
        EXPECT_EQ(events[2].kind(), EventKind::kTrade);
        EXPECT_EQ(events[3].kind(), EventKind::kLevel);
        EXPECT_EQ(events[3].flags(), pipeline::kFlagAskLevel | pipeline::kRowEventEnd);
        const pipeline::LevelUpdate& last = events.back().level();
        EXPECT_EQ(last.price.raw(), 2'000 + 39'999);
        EXPECT_EQ(last.quantity.raw(), 399'990);
        EXPECT_EQ(last.sequence, 39'999);
        EXPECT_EQ(last.previous, 39'998);
        put_actions();
        const auto split = replay({.adjust = AdjustmentMode::kSplits, .levels = true});
        EXPECT_EQ(split.back().level().quantity.raw(), 2 * 399'990);
        EXPECT_EQ(split.back().level().sequence, 39'999);
    }
}

TEST_F(StoreReplay, by_column_gives_the_ticks_of_the_blocks_over_days_and_chunks) {
    for (const Compression compression : {Compression::kNone, Compression::kPacked}) {
        for (const int days : {1, 0, -1}) {
            std::vector<std::int64_t> times;
            for (std::int64_t i = 0; i < 40'000; ++i)
                times.push_back(-days * 86'400 * kReplayedSecond + i * 1'000);
            put(trades_at(times, 1'000 + days), 0, before(days), compression);
        }
        const auto blocks = replay();
        const auto columns = replay_by_column();
        ASSERT_EQ(blocks.size(), 120'000U);
        ASSERT_EQ(columns.size(), blocks.size());
        for (std::size_t i = 0; i < blocks.size(); ++i)
            ASSERT_EQ(key_of(columns[i]), key_of(blocks[i])) << i;
        fs::remove_all(folder_ / "X");
    }
}

TEST_F(StoreReplay, makes_four_trades_of_a_bar_and_loses_no_volume) {
    pipeline::BarColumns bars;
    bars.append({kDayNs, 100, 120, 90, 110, 10});          // rose: low first
    bars.append({kDayNs + kMinute, 110, 115, 80, 85, 3});  // fell: high first
    put(bars, 60);
    const auto events = replay();
    ASSERT_EQ(events.size(), 8U);
    const std::int64_t prices[] = {100, 90, 120, 110, 110, 115, 80, 85};
    const std::int64_t offsets[] = {0, kMinute / 3, kMinute / 3 * 2, kMinute - 1};
    std::int64_t volume = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(events[i].kind(), EventKind::kTrade);
        EXPECT_EQ(events[i].trade().price.raw(), prices[i]);
        EXPECT_EQ(core::ns_since_epoch(events[i].time()),
                  kDayNs + static_cast<std::int64_t>(i / 4) * kMinute + offsets[i % 4]);
        volume += events[i].trade().quantity.raw();
        if (i == 3) {
            EXPECT_EQ(volume, 10);
        }
    }
    EXPECT_EQ(volume, 13);
}

TEST_F(StoreReplay, gives_whole_lots_to_the_trades_of_a_bar) {
    pipeline::BarColumns bars;
    const std::int64_t lot = core::Quantity::kScale;
    bars.append({kDayNs, 100, 120, 90, 110, 19 * lot});
    bars.append({kDayNs + kMinute, 100, 120, 90, 110, 3 * lot});
    put(bars, 60);
    const auto events = replay();
    ASSERT_EQ(events.size(), 8U);
    const std::int64_t lots[] = {4, 4, 4, 7, 0, 0, 0, 3};
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(events[i].trade().quantity.raw(), lots[i] * lot);
}

TEST_F(StoreReplay, makes_quotes_of_quote_bars_that_do_not_cross_on_the_way) {
    pipeline::QuoteBarColumns bars;
    bars.append({kDayNs, 100, 120, 90, 110, 5, 101, 121, 91, 111, 6});
    put(bars, 60);
    const auto events = replay();
    ASSERT_EQ(events.size(), 4U);
    for (const Event& event : events) {
        EXPECT_EQ(event.kind(), EventKind::kQuote);
        EXPECT_EQ(event.quote().ask.raw() - event.quote().bid.raw(), 1);
        EXPECT_EQ(event.quote().ask_size.raw(), 6);
    }
}

TEST_F(StoreReplay, takes_ticks_before_bars_and_the_bars_that_are_asked_for) {
    put(trades_at({1, 2}));
    pipeline::BarColumns bars;
    bars.append({kDayNs, 100, 120, 90, 110, 8});
    put(bars, 60);
    bars.append({kDayNs + kReplayedSecond, 100, 120, 90, 110, 8});
    put(bars, 1);
    EXPECT_EQ(replay().size(), 2U);
    EXPECT_EQ(replay({.input = kTicksOnly}).size(), 2U);
    EXPECT_EQ(replay({.input = 60}).size(), 4U);
    EXPECT_EQ(replay({.input = 1}).size(), 8U);
    EXPECT_EQ(error_of<StoreError>([&] { static_cast<void>(replay({.input = 300})); }).fault(),
              StoreFault::kEmptyRange);
}

TEST_F(StoreReplay, adjusts_each_day_by_its_own_factors) {
    put_actions();
    for (const int days : {1, 0, -1}) {
        pipeline::TradeColumns trades;
        trades.append({kDayNs - days * 86'400 * kReplayedSecond, 1'000, 200, 0, 0, 0});
        put(trades, 0, before(days));
    }
    const auto prices = [&](AdjustmentMode mode) {
        std::vector<std::pair<std::int64_t, std::int64_t>> out;
        for (const Event& event : replay({.adjust = mode}))
            out.emplace_back(event.trade().price.raw(), event.trade().quantity.raw());
        return out;
    };
    using Prices = std::vector<std::pair<std::int64_t, std::int64_t>>;
    EXPECT_EQ(prices(AdjustmentMode::kNone), (Prices{{1'000, 200}, {1'000, 200}, {1'000, 200}}));
    EXPECT_EQ(prices(AdjustmentMode::kSplits), (Prices{{500, 400}, {500, 400}, {1'000, 200}}));
    EXPECT_EQ(prices(AdjustmentMode::kAll), (Prices{{450, 400}, {500, 400}, {1'000, 200}}));
}

TEST_F(StoreReplay, adjusts_within_a_file_of_a_year) {
    put_actions();
    pipeline::BarColumns bars;
    // Noon in New York of the day itself and of the day after.
    for (const std::int64_t day : {0, 1})
        bars.append({kDayNs + (day * 86'400 + 17 * 3'600) * kReplayedSecond, 1'000, 1'000, 1'000,
                     1'000, 40 * core::Quantity::kScale});
    put(bars, 3'600, std::chrono::year{2024} / 1 / 1);
    const auto events = replay({.adjust = AdjustmentMode::kSplits});
    ASSERT_EQ(events.size(), 8U);
    EXPECT_EQ(events[0].trade().price.raw(), 500);
    EXPECT_EQ(events[0].trade().quantity.raw(), 20 * core::Quantity::kScale);
    EXPECT_EQ(events[4].trade().price.raw(), 1'000);
    EXPECT_EQ(events[4].trade().quantity.raw(), 10 * core::Quantity::kScale);
}

}  // namespace
}  // namespace sluice::tests
