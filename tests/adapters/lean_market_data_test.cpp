// Real ticks against the figures that were measured on them by other means, and against a reading
// of the store by Python. Skipped where the data are not.
#include <date/tz.h>
#include <stdlib.h>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/core/decimal.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;
using ManifestRow = std::map<std::string, std::string>;

std::vector<ManifestRow> tick_rows_of_manifest() {
    std::vector<ManifestRow> out;
    const std::string text = read_file(data_folder() / "MANIFEST.csv");
    adapters::csv::CsvRecords records(text);
    EXPECT_TRUE(records.next());
    const std::vector<std::string> names(records.fields().begin(), records.fields().end());
    while (records.next()) {
        ManifestRow row;
        for (std::size_t i = 0; i < names.size() && i < records.fields().size(); ++i)
            row[names[i]] = records.fields()[i];
        if (row["path"].starts_with("lean/equity/usa/tick/")) out.push_back(row);
    }
    return out;
}

std::int64_t utc_of(const std::string& local_text) {
    std::int64_t as_if_utc{};
    EXPECT_TRUE(
        adapters::csv::parse_time(local_text, adapters::csv::TimeFormat::kIso8601, as_if_utc))
        << local_text;
    const date::local_time<std::chrono::nanoseconds> local{std::chrono::nanoseconds{as_if_utc}};
    return date::locate_zone("America/New_York")->to_sys(local).time_since_epoch().count();
}

template <class Columns>
std::uint64_t equal_times(const Columns& columns) {
    std::uint64_t out = 0;
    for (std::size_t i = 1; i < columns.size(); ++i)
        out += columns.time_ns[i] == columns.time_ns[i - 1] ? 1U : 0U;
    return out;
}

std::uint64_t equal_rows(const pipeline::TradeColumns& t) {
    const auto row = [&t](std::size_t i) {
        return std::tuple{t.time_ns[i],    t.price_raw[i], t.quantity_raw[i],
                          t.conditions[i], t.exchange[i],  t.flags[i]};
    };
    std::uint64_t out = 0;
    for (std::size_t i = 1; i < t.size(); ++i) out += row(i) == row(i - 1) ? 1U : 0U;
    return out;
}

class MarketData : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!fs::exists(data_folder() / "MANIFEST.csv")) return;
        folder_ = std::make_unique<TempFolder>();
        StoreWriter writer(folder_->path());
        report_ = adapters::lean::import_lean(data_folder() / "lean/equity/usa/tick", writer);
    }
    static void TearDownTestSuite() { folder_.reset(); }
    void SetUp() override {
        if (!folder_)
            GTEST_SKIP() << "no market data at " << data_folder()
                         << "; name their folder in SLUICE_DATA";
    }
    static std::unique_ptr<TempFolder> folder_;
    static pipeline::ImportReport report_;
};
std::unique_ptr<TempFolder> MarketData::folder_;
pipeline::ImportReport MarketData::report_;

TEST_F(MarketData, imports_all_17_files_with_the_measured_rows_times_and_repeats) {
    const auto manifest = tick_rows_of_manifest();
    ASSERT_EQ(manifest.size(), 17U);
    EXPECT_EQ(report_.tables_written, 17U);
    EXPECT_EQ(report_.rows_skipped, 0U);
    const TickStore store = TickStore::open(folder_->path());
    std::uint64_t total = 0;
    for (ManifestRow row : manifest) {
        SCOPED_TRACE(row["path"]);
        const fs::path path = row["path"];
        std::string symbol = path.parent_path().filename().string();
        for (char& c : symbol) c = static_cast<char>(::toupper(c));
        const std::string name = path.filename().string();
        const auto date = pipeline::parse_iso_date(name.substr(0, 4) + "-" + name.substr(4, 2) +
                                                   "-" + name.substr(6, 2));
        ASSERT_TRUE(date);
        const auto check = [&](const auto& columns, std::int64_t suspicious) {
            total += columns.size();
            EXPECT_EQ(std::to_string(columns.size()), row["rows"]);
            EXPECT_EQ(columns.time_ns.front(), utc_of(row["first"]));
            EXPECT_EQ(columns.time_ns.back(), utc_of(row["last"]));
            if (!row["eqts"].empty()) {
                EXPECT_EQ(std::to_string(equal_times(columns)), row["eqts"]);
            }
            EXPECT_EQ(std::to_string(suspicious), row["susp"].empty() ? "0" : row["susp"]);
        };
        const auto marked = [](const std::vector<std::uint8_t>& flags) {
            return std::count(flags.begin(), flags.end(), pipeline::kFlagSuspicious);
        };
        if (name.ends_with("_trade.zip")) {
            const auto trades = store.read<pipeline::TradeColumns>(symbol, *date);
            check(trades, marked(trades.flags));
            if (!row["consec_dup"].empty()) {
                EXPECT_EQ(std::to_string(equal_rows(trades)), row["consec_dup"]);
            }
            const auto [low, high] =
                std::minmax_element(trades.price_raw.begin(), trades.price_raw.end());
            EXPECT_EQ(core::to_string(core::Price::from_raw(*low)), row["px_min"]);
            EXPECT_EQ(core::to_string(core::Price::from_raw(*high)), row["px_max"]);
        } else {
            const auto quotes = store.read<pipeline::QuoteColumns>(symbol, *date);
            check(quotes, marked(quotes.flags));
        }
    }
    EXPECT_EQ(total, 3'110'802U);
    EXPECT_EQ(report_.rows_stored, total);
}

TEST_F(MarketData, keeps_the_sale_conditions_of_a_day_of_spy) {
    const auto trades = TickStore::open(folder_->path())
                            .read<pipeline::TradeColumns>(
                                "SPY", std::chrono::year{2013} / std::chrono::October / 7);
    const auto count = [&trades](std::uint32_t conditions) {
        return std::count(trades.conditions.begin(), trades.conditions.end(), conditions);
    };
    EXPECT_EQ(count(0x1), 123'392);
    EXPECT_EQ(count(0x20000020), 104'805);
    EXPECT_EQ(count(0x2000), 4'174);
    EXPECT_EQ(count(0x20000040), 352);
    EXPECT_EQ(count(0x20000080), 203);
}

TEST_F(MarketData, streams_every_row_in_time_order) {
    StoreSource source(TickStore::open(folder_->path()), {"BAC", "IBM", "SPY"});
    EXPECT_EQ(source.size_hint(), 3'110'802U);
    std::uint64_t events = 0;
    std::uint64_t backwards = 0;
    core::StreamTime previous = core::StreamTime::min();
    for (auto block = source.next_block(); !block.empty(); block = source.next_block()) {
        events += block.size();
        for (const pipeline::Event& event : block) {
            backwards += event.time() < previous ? 1U : 0U;
            previous = event.time();
        }
    }
    EXPECT_EQ(events, 3'110'802U);
    EXPECT_EQ(backwards, 0U);
}

constexpr const char* kCompare = R"(
import csv, datetime, io, sys, zipfile, zoneinfo
import h5py
store, archive, kind = sys.argv[1:4]
day = h5py.File(store, "r")
assert day.attrs["format"].decode() == "sluice-ticks" and day.attrs["version"] == 2
assert day.attrs["symbol"].decode() == "IBM" and day.attrs["generated"] == 0
zone = zoneinfo.ZoneInfo("America/New_York")
midnight = datetime.datetime(2013, 10, 11, tzinfo=zone)
base = int(midnight.timestamp()) * 10**9
with zipfile.ZipFile(archive) as z:
    rows = list(csv.reader(io.TextIOWrapper(z.open(z.namelist()[0]))))
group = day[kind]
assert group.attrs["rows"] == len(rows)
scale = {"p": 10**5, "q": 10**8}
names = {"trades": [("price", "p"), ("quantity", "q")],
         "quotes": [("bid", "p"), ("bid_size", "q"), ("ask", "p"), ("ask_size", "q")]}[kind]
expected = {"time": [base + int(r[0]) * 10**6 for r in rows]}
for i, (name, unit) in enumerate(names):
    expected[name] = [int(r[1 + i]) * scale[unit] for r in rows]
expected["exchange"] = [ord(r[-3]) for r in rows]
expected["conditions"] = [int(r[-2], 16) for r in rows]
expected["flags"] = [int(r[-1]) for r in rows]
assert sorted(group.keys()) == sorted(expected.keys())
for name, values in expected.items():
    assert group[name][:].tolist() == values, name
    assert group[name].chunks is None
print("same", len(rows))
)";

TEST_F(MarketData, is_read_by_h5py_with_every_value_the_same) {
    if (::system("/usr/bin/python3 -c 'import h5py' 2>/dev/null") != 0)
        GTEST_SKIP() << "python3-h5py is not installed";
    const TempFolder scripts;
    write_file(scripts / "compare.py", kCompare);
    for (const auto& [kind, zip] :
         {std::pair{"trades", "20131011_trade.zip"}, std::pair{"quotes", "20131011_quote.zip"}}) {
        const std::string command =
            "/usr/bin/python3 '" + (scripts / "compare.py").string() + "' '" +
            (folder_->path() / "IBM/2013-10-11.h5").string() + "' '" +
            (data_folder() / "lean/equity/usa/tick/ibm" / zip).string() + "' " + kind;
        EXPECT_EQ(::system(command.c_str()), 0) << kind;
    }
}

}  // namespace
}  // namespace sluice::tests
