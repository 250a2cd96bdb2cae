// Real DBN files against the figures that were measured on them by other means. Skipped where the
// data are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include <sluice/adapters/csv/csv_records.hpp>

#include "dbn_test_support.hpp"

namespace sluice::tests {
namespace {

// Rows by path, of the files whose path begins so.
std::map<std::string, std::uint64_t> manifest_rows(const std::string& prefix) {
    std::map<std::string, std::uint64_t> out;
    const std::string text = read_file(data_folder() / "MANIFEST.csv");
    adapters::csv::CsvRecords records(text);
    EXPECT_TRUE(records.next());
    const auto& names = records.fields();
    const auto column = [&](const char* name) {
        return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) -
                                        names.begin());
    };
    const std::size_t path = column("path");
    const std::size_t rows = column("rows");
    while (records.next())
        if (records.fields()[path].starts_with(prefix))
            out[std::string(records.fields()[path])] =
                std::stoull(std::string(records.fields()[rows]));
    return out;
}

class DbnMarketData : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(data_folder() / "MANIFEST.csv"))
            GTEST_SKIP() << "no market data at " << data_folder()
                         << "; name their folder in SLUICE_DATA";
    }
    MemorySink sink_;
    MemoryReference reference_;
    pipeline::ImportReport import(const std::string& path) {
        return dbn::import_dbn(data_folder() / path, sink_, &reference_);
    }
    const pipeline::OrderColumns& orders(const char* date) {
        return sink_.orders.at({"ESH4.GLBX", *pipeline::parse_iso_date(date)});
    }
};

TEST_F(DbnMarketData, imports_every_file_with_the_rows_of_the_manifest) {
    auto files = manifest_rows("databento");
    ASSERT_EQ(files.size(), 42U);
    for (const auto& [path, rows] : files) {
        SCOPED_TRACE(path);
        MemorySink sink;
        MemoryReference reference;
        const auto report = dbn::import_dbn(data_folder() / path, sink, &reference);
        EXPECT_EQ(report.rows_skipped, 0U);
        std::uint64_t in_source = reference.source.rows;
        for (const auto& [key, source] : sink.sources) in_source = source.rows;
        EXPECT_EQ(in_source, rows);
        std::uint64_t stored = 0;
        for (const auto& [key, columns] : sink.orders) stored += columns.size();
        for (const auto& [key, columns] : sink.quotes) stored += columns.size();
        for (const auto& [key, columns] : sink.bars) stored += columns.size();
        if (sink.quotes.empty())
            for (const auto& [key, columns] : sink.trades) stored += columns.size();
        EXPECT_EQ(reference.instruments.empty() ? stored : report.rows_stored, rows);
    }
}

TEST_F(DbnMarketData, finds_the_measured_actions_and_volume_of_a_holiday_session) {
    const auto report = import("databento/esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    EXPECT_EQ(report.rows_stored, 68'792U);
    const pipeline::OrderColumns& rows = orders("2023-12-25");
    std::map<char, std::uint64_t> actions;  // the snapshot's included
    std::uint64_t snapshot = 0;
    std::uint64_t no_side = 0;
    std::uint64_t equal_received = 0;
    std::int64_t traded = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        no_side += rows.side[i] == 'N' ? 1U : 0U;
        equal_received += i > 0 && rows.received_ns[i] == rows.received_ns[i - 1] ? 1U : 0U;
        ++actions[static_cast<char>(rows.action[i])];
        if ((rows.flags[i] & pipeline::kRowSnapshot) != 0) {
            ++snapshot;
            EXPECT_EQ(rows.action[i], 'A');
            EXPECT_NE(rows.flags[i] & pipeline::kRowBadTime, 0);
            continue;
        }
        if (rows.action[i] == 'T') {
            traded += rows.quantity_raw[i];
            EXPECT_GE(rows.price_raw[i], 4'800'250'000'000);
            EXPECT_LE(rows.price_raw[i], 4'811'750'000'000);
        }
    }
    EXPECT_EQ(snapshot, 8'725U);
    EXPECT_EQ(actions,
              (std::map<char, std::uint64_t>{
                  {'A', 29'216}, {'C', 17'999}, {'M', 12'233}, {'T', 2'973}, {'F', 6'371}}));
    EXPECT_EQ(no_side, 36U);
    EXPECT_EQ(equal_received, 21'848U);
    EXPECT_EQ(traded, 9'892 * std::int64_t{100'000'000});
}

TEST_F(DbnMarketData, finds_the_measured_snapshot_of_the_day_before) {
    (void)import("databento/esh4-glbx-mdp3-20231224.mbo.dbn.zst");
    const pipeline::OrderColumns& rows = orders("2023-12-24");
    EXPECT_EQ(std::count(rows.side.begin(), rows.side.end(), 'B'), 5'192);
    EXPECT_EQ(std::count(rows.side.begin(), rows.side.end(), 'A'), 3'533);
    EXPECT_EQ(*std::min_element(rows.price_raw.begin(), rows.price_raw.end()), 85'000'000'000);
    EXPECT_EQ(*std::max_element(rows.price_raw.begin(), rows.price_raw.end()), 5'792'500'000'000);
    std::uint64_t backwards = 0;
    for (std::size_t i = 1; i < rows.size(); ++i)
        backwards += rows.sequence[i] < rows.sequence[i - 1] ? 1U : 0U;
    EXPECT_EQ(backwards, 1'684U);
}

TEST_F(DbnMarketData, divides_trades_at_midnight_and_describes_the_contract_by_its_definition) {
    const auto report = import("databento");
    EXPECT_EQ(report.rows_skipped, 0U);
    EXPECT_EQ(report.rows_stored, 2U + 8'725U + 68'792U + 1U + 30U + 120U);
    const auto& first = sink_.trades.at({"ESU4.GLBX", *pipeline::parse_iso_date("2024-07-01")});
    const auto& second = sink_.trades.at({"ESU4.GLBX", *pipeline::parse_iso_date("2024-07-02")});
    EXPECT_EQ(first.size() + second.size(), 120U);
    EXPECT_EQ(first.time_ns.front(), 1'719'878'281'218'218'853);
    const pipeline::Instrument& es = reference_.instruments.at("ESU4.GLBX");
    EXPECT_EQ(es.tick_size.raw(), 250'000'000);
    EXPECT_EQ(es.multiplier, core::Quantity::from_units(50));
    EXPECT_EQ(es.currency, "USD");
    EXPECT_EQ(es.asset_class, pipeline::AssetClass::kFuture);
    EXPECT_EQ(sink_.instruments.at({"ESU4.GLBX", *pipeline::parse_iso_date("2024-07-01")}), es);
    EXPECT_EQ(sink_.bars.size(), 2U);
}

TEST_F(DbnMarketData, reads_the_same_from_the_samples_of_every_version) {
    for (const std::string kind :
         {"mbo", "mbp-1", "mbp-10", "tbbo", "trades", "ohlcv-1s", "ohlcv-1m"}) {
        SCOPED_TRACE(kind);
        const std::string stem = "databento_dbn_samples/test_data." + kind;
        MemorySink sinks[3];
        for (int version = 1; version <= 3; ++version)
            (void)dbn::import_dbn(
                data_folder() / (stem + ".v" + std::to_string(version) + ".dbn.zst"),
                sinks[version - 1], nullptr);
        for (int i = 1; i < 3; ++i) {
            EXPECT_EQ(sinks[i].orders, sinks[0].orders);
            EXPECT_EQ(sinks[i].quotes, sinks[0].quotes);
            EXPECT_EQ(sinks[i].trades, sinks[0].trades);
            EXPECT_EQ(sinks[i].levels, sinks[0].levels);
            EXPECT_EQ(sinks[i].bars, sinks[0].bars);
        }
    }
}

TEST_F(DbnMarketData, reads_the_definition_of_a_share_from_every_version) {
    for (const char* version : {"v1", "v2", "v3"}) {
        SCOPED_TRACE(version);
        reference_.instruments.clear();
        (void)import("databento_dbn_samples/test_data.definition." + std::string(version) +
                     ".dbn.zst");
        ASSERT_EQ(reference_.instruments.size(), 1U);
        const pipeline::Instrument& msft = reference_.instruments.at("MSFT.XNAS");
        EXPECT_EQ(msft.asset_class, pipeline::AssetClass::kEquity);
        EXPECT_EQ(msft.multiplier, core::Quantity::from_units(1));
    }
}

}  // namespace
}  // namespace sluice::tests
