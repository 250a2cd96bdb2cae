#include <unistd.h>

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;
using pipeline::PutOutcome;

constexpr std::int64_t kDayLength = 86'400'000'000'000;

template <class Int>
rc::Gen<Int> any_from(Int least) {
    return rc::gen::inRange<Int>(least, std::numeric_limits<Int>::max());
}

pipeline::TradeColumns any_trades(std::int64_t midnight) {
    pipeline::TradeColumns out;
    const auto rows = *rc::gen::inRange(0, 40);
    for (int i = 0; i < rows; ++i)
        out.append({midnight + *rc::gen::inRange<std::int64_t>(0, kDayLength),
                    *any_from<std::int64_t>(1), *any_from<std::int64_t>(1),
                    *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint8_t>(),
                    *rc::gen::element<std::uint8_t>(0, pipeline::kFlagSuspicious)});
    return out;
}

pipeline::QuoteColumns any_quotes(std::int64_t midnight) {
    pipeline::QuoteColumns out;
    const auto rows = *rc::gen::inRange(0, 40);
    for (int i = 0; i < rows; ++i)
        out.append({midnight + *rc::gen::inRange<std::int64_t>(0, kDayLength),
                    *any_from<std::int64_t>(0), *any_from<std::int64_t>(0),
                    *any_from<std::int64_t>(0), *any_from<std::int64_t>(0),
                    *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint8_t>(),
                    *rc::gen::element<std::uint8_t>(0, pipeline::kFlagSuspicious)});
    return out;
}

RC_GTEST_PROP(TickStore, gives_back_every_value_of_random_days, ()) {
    const TempFolder folder;
    const bool sorted = *rc::gen::arbitrary<bool>();
    const std::int64_t from = kDayNs + *rc::gen::inRange<std::int64_t>(0, 2 * kDayLength);
    const std::int64_t to = from + *rc::gen::inRange<std::int64_t>(0, 2 * kDayLength);
    std::vector<EventKey> expected;
    {
        StoreWriter writer(folder.path());
        for (int day = 0; day < 2; ++day) {
            const pipeline::Date date{std::chrono::sys_days{kDay} + std::chrono::days{day}};
            const std::int64_t midnight = kDayNs + day * kDayLength;
            auto trades = any_trades(midnight);
            auto quotes = any_quotes(midnight);
            if (sorted) {
                std::sort(trades.time_ns.begin(), trades.time_ns.end());
                std::sort(quotes.time_ns.begin(), quotes.time_ns.end());
            }
            pipeline::DayTables tables{date, {trades, quotes}, {}, {}, {"random", "abc", 80}};
            RC_ASSERT(writer.put(instrument_named("ANY"), tables) == PutOutcome::kWritten);
            const TickStore store = TickStore::open(folder.path());
            RC_ASSERT(store.read<pipeline::TradeColumns>("ANY", date) == trades);
            RC_ASSERT(store.read<pipeline::QuoteColumns>("ANY", date) == quotes);
            for (std::size_t i = 0; i < trades.size(); ++i)
                if (trades.time_ns[i] >= from && trades.time_ns[i] < to)
                    expected.push_back(key_of(trades, i, 0));
            for (std::size_t i = 0; i < quotes.size(); ++i)
                if (quotes.time_ns[i] >= from && quotes.time_ns[i] < to)
                    expected.push_back(key_of(quotes, i, 0));
        }
    }
    if (expected.empty()) return;
    StoreSource source(TickStore::open(folder.path()), {"ANY"},
                       {.range = {core::time_from_ns<core::StreamTime>(from),
                                  core::time_from_ns<core::StreamTime>(to)}});
    RC_ASSERT(source.size_hint() == expected.size());
    std::vector<EventKey> got;
    for (const pipeline::Event& event : drain(source)) got.push_back(key_of(event));
    if (sorted) {
        RC_ASSERT(std::is_sorted(got.begin(), got.end(), [](const auto& a, const auto& b) {
            return std::get<0>(a) < std::get<0>(b);
        }));
    }
    // Which rows, and how often; their order is the merge's business and tested there.
    std::sort(got.begin(), got.end());
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(got == expected);
}

class TickStoreFolder : public testing::Test {
  protected:
    PutOutcome put(const std::string& symbol, pipeline::Date date,
                   const pipeline::TradeColumns* trades, const pipeline::QuoteColumns* quotes,
                   const std::string& sha = "aa") {
        StoreWriter writer(folder_.path());
        pipeline::DayTables day{date, {}, {}, {}, {"file", sha, 1}};
        if (trades != nullptr) day.tables.emplace_back(*trades);
        if (quotes != nullptr) day.tables.emplace_back(*quotes);
        return writer.put(instrument_named(symbol), day);
    }
    TempFolder folder_;
};

TEST_F(TickStoreFolder, keeps_the_other_kind_when_one_is_added) {
    const auto trades = trades_at({1, 2, 3});
    const auto quotes = quotes_at({1, 5});
    EXPECT_EQ(put("X", kDay, &trades, nullptr), PutOutcome::kWritten);
    EXPECT_EQ(put("X", kDay, nullptr, &quotes), PutOutcome::kWritten);
    const TickStore store = TickStore::open(folder_.path());
    EXPECT_EQ(store.read<pipeline::TradeColumns>("X", kDay), trades);
    EXPECT_EQ(store.read<pipeline::QuoteColumns>("X", kDay), quotes);
}

TEST_F(TickStoreFolder, reports_the_same_source_again_as_unchanged) {
    const auto trades = trades_at({1, 2, 3});
    EXPECT_EQ(put("X", kDay, &trades, nullptr), PutOutcome::kWritten);
    const auto before = fs::last_write_time(folder_ / "X/2024-01-02.h5");
    EXPECT_EQ(put("X", kDay, &trades, nullptr), PutOutcome::kUnchanged);
    EXPECT_EQ(fs::last_write_time(folder_ / "X/2024-01-02.h5"), before);
    StoreWriter writer(folder_.path());
    EXPECT_TRUE(writer.holds(instrument_named("X"), kDay, pipeline::TableKind::kTrades, "aa"));
    EXPECT_FALSE(writer.holds(instrument_named("X"), kDay, pipeline::TableKind::kTrades, "bb"));
    EXPECT_FALSE(writer.holds(instrument_named("X"), kDay, pipeline::TableKind::kQuotes, "aa"));
}

TEST_F(TickStoreFolder, writes_the_same_bytes_for_the_same_day) {
    const auto trades = trades_at({1, 2, 3});
    const auto quotes = quotes_at({1, 5});
    put("X", kDay, &trades, &quotes);
    const std::string first = read_file(folder_ / "X/2024-01-02.h5");
    fs::remove(folder_ / "X/2024-01-02.h5");
    ::usleep(1'100'000);  // a clock that is stored counts seconds
    put("X", kDay, &trades, &quotes);
    EXPECT_EQ(read_file(folder_ / "X/2024-01-02.h5"), first);
}

TEST_F(TickStoreFolder, lists_symbols_days_rows_and_times) {
    const auto trades = trades_at({10, 4, 30});
    const auto quotes = quotes_at({2, 5});
    const pipeline::TradeColumns none;
    put("B/C", kDay, &trades, &quotes);
    put("A.B", std::chrono::year{2024} / std::chrono::January / 3, &none, nullptr);
    put("B/C", std::chrono::year{2024} / std::chrono::January / 3, &trades, nullptr);
    write_file(folder_ / "notes/readme.txt", "not a symbol");
    const auto held = TickStore::open(folder_.path()).catalogue();
    ASSERT_EQ(held.size(), 2U);
    EXPECT_EQ(held[0].instrument.symbol, "A.B");
    EXPECT_EQ(held[0].rows_of(pipeline::TableKind::kTrades), 0U);
    EXPECT_EQ(held[1].instrument.symbol, "B/C");
    ASSERT_EQ(held[1].days.size(), 2U);
    EXPECT_EQ(held[1].days[0].date, kDay);
    EXPECT_EQ(held[1].rows_of(pipeline::TableKind::kTrades), 6U);
    EXPECT_EQ(held[1].rows_of(pipeline::TableKind::kQuotes), 2U);
    EXPECT_EQ(held[1].days[0].table(pipeline::TableKind::kTrades)->out_of_order, 1U);
    EXPECT_EQ(core::ns_since_epoch(held[1].first), kDayNs + 2);
    EXPECT_EQ(core::ns_since_epoch(held[1].last), kDayNs + 30);
}

TEST_F(TickStoreFolder, replays_several_symbols_in_the_order_asked_for) {
    const auto a = trades_at({1, 5}, 100);
    const auto b = trades_at({1, 3}, 200);
    put("AAA", kDay, &a, nullptr);
    put("BBB", kDay, &b, nullptr);
    StoreSource source(TickStore::open(folder_.path()), {"BBB", "AAA"});
    ASSERT_EQ(source.instruments().size(), 2U);
    EXPECT_EQ(source.instruments()[0].symbol, "BBB");
    EXPECT_EQ(core::ns_since_epoch(source.first()), kDayNs + 1);
    EXPECT_EQ(core::ns_since_epoch(source.last()), kDayNs + 5);
    std::vector<std::int64_t> prices;
    for (const auto& event : drain(source)) prices.push_back(event.trade().price.raw());
    EXPECT_EQ(prices, (std::vector<std::int64_t>{200, 100, 201, 101}));
}

TEST_F(TickStoreFolder, replays_more_than_a_block_over_more_days_than_are_read_ahead) {
    std::vector<std::int64_t> times(1'500);
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<std::int64_t>(i);
    for (int day = 0; day < 6; ++day) {
        auto trades = trades_at(times);
        for (auto& time : trades.time_ns) time += day * kDayLength;
        put("X", pipeline::Date{std::chrono::sys_days{kDay} + std::chrono::days{day}}, &trades,
            nullptr);
    }
    StoreSource source(TickStore::open(folder_.path()), {"X"});
    const auto events = drain(source);
    ASSERT_EQ(events.size(), 9'000U);
    for (std::size_t i = 0; i < events.size(); ++i)
        ASSERT_EQ(events[i].trade().price.raw(), 1'000 + static_cast<std::int64_t>(i % 1'500));
}

TEST_F(TickStoreFolder, takes_a_range_from_its_start_up_to_but_not_at_its_end) {
    const auto in_order = trades_at({1, 2, 3, 4, 5});
    const auto out_of_order = trades_at({4, 2, 1, 3, 5});
    put("A", kDay, &in_order, nullptr);
    put("B", kDay, &out_of_order, nullptr);
    const auto at = [](std::int64_t ns) {
        return core::time_from_ns<core::StreamTime>(kDayNs + ns);
    };
    for (const char* symbol : {"A", "B"}) {
        StoreSource source(TickStore::open(folder_.path()), {symbol}, {.range = {at(2), at(4)}});
        std::vector<std::int64_t> times;
        for (const auto& event : drain(source))
            times.push_back(core::ns_since_epoch(event.time()) - kDayNs);
        EXPECT_EQ(times, (std::vector<std::int64_t>{2, 3})) << symbol;
        EXPECT_EQ(source.first(), at(2));
        EXPECT_EQ(source.last(), at(3));
    }
}

TEST_F(TickStoreFolder, keeps_a_day_mapped_until_both_its_kinds_are_replayed) {
    const auto trades = trades_at({1, 2});
    std::vector<std::int64_t> times(5'000);
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = 10 + static_cast<std::int64_t>(i);
    const auto quotes = quotes_at(times);
    put("X", kDay, &trades, &quotes);
    StoreSource source(TickStore::open(folder_.path()), {"X"});
    const auto events = drain(source);
    ASSERT_EQ(events.size(), 5'002U);
    EXPECT_EQ(events.back().quote().bid.raw(), quotes.bid_raw.back());
}

TEST_F(TickStoreFolder, carries_the_vendors_suspicious_mark_into_the_event) {
    auto trades = trades_at({1, 2});
    trades.flags[1] = pipeline::kFlagSuspicious;
    put("X", kDay, &trades, nullptr);
    StoreSource source(TickStore::open(folder_.path()), {"X"});
    const auto events = drain(source);
    EXPECT_EQ(events[0].flags(), 0);
    EXPECT_EQ(events[1].flags(), pipeline::kFlagSuspicious);
}

TEST_F(TickStoreFolder, keeps_the_truth_and_the_recipe_of_generated_days) {
    const auto trades = trades_at({1, 2});
    const auto at = [](std::int64_t ns) {
        return core::time_from_ns<core::StreamTime>(kDayNs + ns);
    };
    const std::vector<pipeline::TruthStretch> truth{
        {at(0), at(5), pipeline::TrueRegime::kTrendDown},
        {at(5), at(9), pipeline::TrueRegime::kVolatile}};
    auto instrument = instrument_named("SIM");
    instrument.generated = true;
    {
        StoreWriter writer(folder_.path());
        writer.put(instrument, {kDay, {trades}, truth, "seed=7", {"made", "cc", 2}});
    }
    const TickStore store = TickStore::open(folder_.path());
    EXPECT_EQ(store.read_truth("SIM", kDay), truth);
    const auto info = store.describe("SIM");
    EXPECT_TRUE(info.instrument.generated);
    EXPECT_EQ(info.days[0].generator, "seed=7");
}

TEST(StoreWriter, knows_the_sha256_of_a_published_example) {
    const TempFolder folder;
    EXPECT_EQ(StoreWriter(folder.path()).fingerprint("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace sluice::tests
