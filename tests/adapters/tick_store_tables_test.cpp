// Every kind of table goes into the store and comes out again, packed or not.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include <sluice/adapters/tick_store/store_writer.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::Compression;
using adapters::tick_store::StoreError;
using adapters::tick_store::StoreFault;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;
using pipeline::PutOutcome;
using pipeline::TableKey;
using pipeline::TableKind;

// Random columns that a sink may store: sizes from 0, times within a day, the rest anything.
template <class Columns>
Columns any_rows(std::size_t rows) {
    Columns out;
    const bool optional_too = *rc::gen::arbitrary<bool>();
    Columns::each(out, [&](const char* name, auto& column, bool optional) {
        using Value = typename std::remove_cvref_t<decltype(column)>::value_type;
        if (optional && !optional_too) return;
        for (std::size_t i = 0; i < rows; ++i) {
            if constexpr (std::is_same_v<Value, std::int64_t>) {
                if (std::string_view(name) == "time")
                    column.push_back(kDayNs +
                                     *rc::gen::inRange<std::int64_t>(0, 86'400'000'000'000));
                else
                    column.push_back(*rc::gen::inRange<std::int64_t>(
                        0, std::numeric_limits<std::int64_t>::max()));
            } else {
                column.push_back(*rc::gen::arbitrary<Value>());
            }
        }
    });
    return out;
}

template <class Columns>
void expect_round_trip(std::int32_t period_s, Compression compression) {
    const TempFolder folder;
    const auto columns = any_rows<Columns>(*rc::gen::inRange<std::size_t>(0, 60));
    const pipeline::Date date = pipeline::filing_date({Columns::kKind, period_s}, kDay);
    {
        StoreWriter writer(folder.path(), {.compression = compression});
        RC_ASSERT(writer.put(instrument_named("ANY"),
                             {date, {{columns, period_s}}, {}, {}, {"random", "abc", 1}}) ==
                  PutOutcome::kWritten);
    }
    const TickStore store = TickStore::open(folder.path());
    RC_ASSERT(store.read<Columns>("ANY", date, period_s) == columns);
    const auto held = store.describe("ANY");
    RC_ASSERT(held.days.size() == 1U);
    RC_ASSERT(held.days[0].table({Columns::kKind, period_s})->rows == columns.size());
}

RC_GTEST_PROP(AnyTable, gives_back_every_value, ()) {
    const auto compression = *rc::gen::element(Compression::kNone, Compression::kPacked);
    expect_round_trip<pipeline::TradeColumns>(0, compression);
    expect_round_trip<pipeline::QuoteColumns>(0, compression);
    expect_round_trip<pipeline::LevelColumns>(0, compression);
    expect_round_trip<pipeline::OrderColumns>(0, compression);
    expect_round_trip<pipeline::BarColumns>(60, compression);
    expect_round_trip<pipeline::QuoteBarColumns>(86'400, compression);
    expect_round_trip<pipeline::OpenInterestColumns>(0, compression);
}

class TickStoreTables : public testing::Test {
  protected:
    template <class Columns>
    PutOutcome put(const Columns& columns, std::int32_t period_s = 0, pipeline::Date date = kDay,
                   Compression compression = Compression::kNone) {
        StoreWriter writer(folder_.path(), {.compression = compression});
        return writer.put(instrument_named("X"),
                          {date, {{columns, period_s}}, {}, {}, {"file", "aa", columns.size()}});
    }
    static pipeline::BarColumns bars_at(std::initializer_list<std::int64_t> seconds) {
        pipeline::BarColumns out;
        for (const std::int64_t s : seconds)
            out.append({kDayNs + s * 1'000'000'000, 10, 13, 9, 12, 4});
        return out;
    }
    TempFolder folder_;
};

TEST_F(TickStoreTables, packs_columns_of_many_chunks_and_verifies_them) {
    pipeline::TradeColumns trades;
    for (std::int64_t i = 0; i < 50'000; ++i)
        trades.append({kDayNs + i * 1'000'000, 1'000'000'000 + (i % 7) * 10'000'000,
                       (1 + i % 9) * 100'000'000, 0x20000020U, 'Q', 0});
    put(trades, 0, kDay, Compression::kPacked);
    const TickStore store = TickStore::open(folder_.path());
    EXPECT_EQ(store.read<pipeline::TradeColumns>("X", kDay), trades);
    const auto file = store.files("X").front();
    EXPECT_EQ(TickStore::verify(file), 50'000U * 30U);
    EXPECT_LT(fs::file_size(file), 50'000U * 30U / 4U) << "a quarter of the raw size";
}

TEST_F(TickStoreTables, keeps_bars_of_several_periods_side_by_side) {
    put(bars_at({0, 60}), 60);
    put(bars_at({0, 1, 2}), 1);
    const TickStore store = TickStore::open(folder_.path());
    EXPECT_EQ(store.read<pipeline::BarColumns>("X", kDay, 60).size(), 2U);
    EXPECT_EQ(store.read<pipeline::BarColumns>("X", kDay, 1).size(), 3U);
    EXPECT_EQ(store.describe("X").days.size(), 1U) << "one file";
}

TEST_F(TickStoreTables, keeps_long_bars_in_a_file_of_the_year) {
    const pipeline::Date january = std::chrono::year{2024} / std::chrono::January / 1;
    put(bars_at({0, 86'400}), 86'400, january);
    EXPECT_TRUE(fs::exists(folder_ / "X/2024.h5"));
    const TickStore store = TickStore::open(folder_.path());
    EXPECT_EQ(store.read<pipeline::BarColumns>("X", kDay, 86'400).size(), 2U)
        << "found by any date of that year";
    EXPECT_EQ(error_of<StoreError>([&] { put(bars_at({0}), 86'400, kDay); }).fault(),
              StoreFault::kBadTable)
        << "kept under the first of January only";
}

TEST_F(TickStoreTables, refuses_a_column_that_comes_and_goes) {
    StoreWriter writer(folder_.path());
    auto day = writer.open_day(instrument_named("X"), kDay);
    pipeline::TradeColumns with;
    with.append_received({kDayNs, 1, 1, 0, 0, 0, kDayNs, 7});
    day->append(with);
    EXPECT_EQ(error_of<StoreError>([&] { day->append(trades_at({1})); }).fault(),
              StoreFault::kBadTable);
}

TEST_F(TickStoreTables, stores_a_day_bit_by_bit_as_if_it_came_at_once) {
    const auto whole = trades_at({1, 2, 3, 4, 5});
    {
        StoreWriter writer(folder_.path());
        auto day = writer.open_day(instrument_named("X"), kDay);
        for (std::int64_t i = 0; i < 5; ++i) day->append(trades_at({i + 1}, 1'000 + i));
        EXPECT_EQ(day->commit({"file", "aa", 5}), PutOutcome::kWritten);
    }
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("X", kDay), whole);
    EXPECT_EQ(put(whole), PutOutcome::kUnchanged);
}

TEST_F(TickStoreTables, leaves_nothing_of_a_day_that_was_not_committed) {
    StoreWriter writer(folder_.path());
    { writer.open_day(instrument_named("X"), kDay)->append(trades_at({1})); }
    EXPECT_TRUE(TickStore::open(folder_.path()).symbols().empty());
}

TEST(TableKeys, are_read_back_from_their_names) {
    for (const TableKey key :
         {TableKey{TableKind::kTrades}, TableKey{TableKind::kQuotes}, TableKey{TableKind::kLevels},
          TableKey{TableKind::kOrders}, TableKey{TableKind::kBars, 1},
          TableKey{TableKind::kBars, 86'400}, TableKey{TableKind::kQuoteBars, 60},
          TableKey{TableKind::kOpenInterest}, TableKey{TableKind::kTruth}})
        EXPECT_EQ(pipeline::parse_table_name(table_name(key)), key) << table_name(key);
    for (const char* name : {"", "trade", "bars", "bars_", "bars_s", "bars_0s", "bars_060s",
                             "bars_60", "bars_-1s", "quote_bars60s", "bars_99999999999s"})
        EXPECT_FALSE(pipeline::parse_table_name(name)) << name;
}

}  // namespace
}  // namespace sluice::tests
