// Every LEAN file of the real data against the figures that were measured on it by other means.
// Skipped where the data are not.
#include <algorithm>
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/core/decimal.hpp>

#include "import_test_support.hpp"

namespace sluice::tests {
namespace {

using namespace importing;
using ManifestRow = std::map<std::string, std::string>;

std::vector<ManifestRow> lean_rows() {
    std::vector<ManifestRow> out;
    const std::string text = read(real_data() / "MANIFEST.csv");
    adapters::csv::CsvRecords records(text);
    EXPECT_TRUE(records.next());
    const std::vector<std::string> names(records.fields().begin(), records.fields().end());
    while (records.next()) {
        ManifestRow row;
        for (std::size_t i = 0; i < names.size() && i < records.fields().size(); ++i)
            row[names[i]] = records.fields()[i];
        if (row["path"].starts_with("lean/")) out.push_back(row);
    }
    return out;
}

// A time of MANIFEST.csv ("2013-10-07 04:00:00.464" or "19980102 09:00") in its zone.
std::int64_t utc_of(const ManifestRow& row, const char* name) {
    const std::string& text = row.at(name);
    std::string iso = text;
    if (text.size() == 14)
        iso = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + " " +
              text.substr(9) + ":00";
    std::int64_t local{};
    EXPECT_TRUE(adapters::csv::parse_time(iso, adapters::csv::TimeFormat::kIso8601, local)) << text;
    const std::string& zone = row.at("tz");
    pipeline::LocalClock clock(zone.starts_with("UTC-05") ? "Etc/GMT+5" : zone);
    std::int64_t out{};
    EXPECT_TRUE(clock.to_utc(local, out));
    return out;
}

// The anomalies that MANIFEST.csv counts, over the tables of one file. Values of a row that is
// compared with the one before are all of its columns.
struct Counts {
    std::uint64_t rows = 0;
    std::uint64_t out_of_order = 0;
    std::uint64_t equal_times = 0;
    std::uint64_t equal_rows = 0;
    std::uint64_t zero_price = 0;
    std::uint64_t zero_quantity = 0;
    std::uint64_t suspicious = 0;
    std::uint64_t crossed = 0;
    std::uint64_t locked = 0;
    std::uint64_t bad_bar = 0;
    std::uint64_t fractional_ms = 0;
    std::int64_t price_min = INT64_MAX;
    std::int64_t price_max = INT64_MIN;
    std::int64_t first_ns = INT64_MAX;
    std::int64_t last_ns = INT64_MIN;
    bool equity_ticks = false;

    void price(std::int64_t raw) {
        if (raw == 0) return;
        price_min = std::min(price_min, raw);
        price_max = std::max(price_max, raw);
    }
    void sides(std::int64_t bid, std::int64_t ask) {
        crossed += bid != 0 && ask != 0 && bid > ask ? 1U : 0U;
        locked += bid != 0 && bid == ask ? 1U : 0U;
    }
    void row(const pipeline::TradeColumns& t, std::size_t i) {
        price(t.price_raw[i]);
        zero_price += t.price_raw[i] == 0 ? 1U : 0U;
        zero_quantity += t.quantity_raw[i] == 0 ? 1U : 0U;
        suspicious += (t.flags[i] & pipeline::kRowSuspicious) != 0 ? 1U : 0U;
    }
    void row(const pipeline::QuoteColumns& q, std::size_t i) {
        price(q.bid_raw[i]);
        price(q.ask_raw[i]);
        // One side a row is how equity quotes are written.
        zero_price += !equity_ticks && (q.bid_raw[i] == 0 || q.ask_raw[i] == 0) ? 1U : 0U;
        suspicious += (q.flags[i] & pipeline::kRowSuspicious) != 0 ? 1U : 0U;
        sides(q.bid_raw[i], q.ask_raw[i]);
    }
    void row(const pipeline::BarColumns& b, std::size_t i) {
        for (const std::int64_t raw : {b.open_raw[i], b.high_raw[i], b.low_raw[i], b.close_raw[i]})
            price(raw);
        zero_quantity += b.volume_raw[i] == 0 ? 1U : 0U;
        bad_bar += b.high_raw[i] < std::max(b.open_raw[i], b.close_raw[i]) ||
                           b.low_raw[i] > std::min(b.open_raw[i], b.close_raw[i])
                       ? 1U
                       : 0U;
    }
    void row(const pipeline::QuoteBarColumns& b, std::size_t i) {
        // Measured from the lowest bid to the highest ask; FXCM's sides cross.
        if (b.bid_low_raw[i] != 0) price_min = std::min(price_min, b.bid_low_raw[i]);
        price_max = std::max(price_max, b.ask_high_raw[i]);
        zero_price += b.bid_close_raw[i] == 0 || b.ask_close_raw[i] == 0 ? 1U : 0U;
        sides(b.bid_close_raw[i], b.ask_close_raw[i]);
    }
    void row(const pipeline::OpenInterestColumns&, std::size_t) {}
    void row(const pipeline::LevelColumns&, std::size_t) {}
    void row(const pipeline::OrderColumns&, std::size_t) {}

    template <class Columns>
    void add(const Columns& columns) {
        rows += columns.size();
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::int64_t time = columns.time_ns[i];
            first_ns = std::min(first_ns, time);
            last_ns = std::max(last_ns, time);
            fractional_ms += time % 1'000'000 != 0 ? 1U : 0U;
            row(columns, i);
            if (i == 0) continue;
            out_of_order += time < columns.time_ns[i - 1] ? 1U : 0U;
            equal_times += time == columns.time_ns[i - 1] ? 1U : 0U;
            bool same = true;
            Columns::each(columns, [&](const char*, const auto& column, bool) {
                same = same && (column.empty() || column[i] == column[i - 1]);
            });
            equal_rows += same ? 1U : 0U;
        }
    }
};

class LeanManifest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!fs::exists(real_data() / "MANIFEST.csv")) return;
        sink_ = std::make_unique<FakeSink>();
        reference_ = std::make_unique<FakeReference>();
        adapters::lean::LeanOptions options;
        options.reference = reference_.get();
        report_ = adapters::lean::import_lean(real_data() / "lean", *sink_, options);
        for (const auto& [key, columns] : sink_->tables) {
            const auto& source = sink_->sources.at(key);
            std::visit([&](const auto& c) { by_source_[source.sha256].add(c); }, columns);
        }
    }
    static void TearDownTestSuite() {
        sink_.reset();
        reference_.reset();
        by_source_.clear();
    }
    void SetUp() override {
        if (!sink_)
            GTEST_SKIP() << "no market data at " << real_data()
                         << "; name their folder in SLUICE_DATA";
    }
    static const Counts& counts_of(const ManifestRow& row) {
        const std::string bytes = read(real_data() / row.at("path"));
        return by_source_[sink_->fingerprint(bytes)];
    }
    static std::unique_ptr<FakeSink> sink_;
    static std::unique_ptr<FakeReference> reference_;
    static pipeline::ImportReport report_;
    static std::map<std::string, Counts> by_source_;
};
std::unique_ptr<FakeSink> LeanManifest::sink_;
std::unique_ptr<FakeReference> LeanManifest::reference_;
pipeline::ImportReport LeanManifest::report_;
std::map<std::string, Counts> LeanManifest::by_source_;

TEST_F(LeanManifest, imports_every_archive_with_the_measured_rows_and_anomalies) {
    std::uint64_t files = 0;
    std::uint64_t total = 0;
    for (const ManifestRow& row : lean_rows()) {
        if (!row.at("path").ends_with(".zip")) continue;
        SCOPED_TRACE(row.at("path"));
        ++files;
        const Counts& c = counts_of(row);
        total += c.rows;
        const auto is = [&row](const char* name, std::uint64_t value) {
            const std::string& expected = row.at(name);
            EXPECT_EQ(std::to_string(value), expected.empty() ? "0" : expected) << name;
        };
        is("rows", c.rows);
        is("ooo", c.out_of_order);
        is("susp", c.suspicious);
        is("fracms", c.fractional_ms);
        const bool tick = row.at("kind").starts_with("tick");
        const bool equity = row.at("path").starts_with("lean/equity");
        if (tick && !row.at("eqts").empty()) is("eqts", c.equal_times);
        if (tick && !row.at("consec_dup").empty()) is("consec_dup", c.equal_rows);
        if (tick && !equity) is("zero_q", c.zero_quantity);
        if (tick && !equity) is("crossed", c.crossed);
        if (tick && !equity) is("locked", c.locked);
        if (!tick) is("zero_v", c.zero_quantity);
        if (!tick) is("crossed_close", c.crossed);
        if (!tick) is("bad_ohlc", c.bad_bar);
        if (!equity || !tick) is("zero_px", c.zero_price);
        // The manifest gives milliseconds, rounded.
        EXPECT_LE(std::abs(c.first_ns - utc_of(row, "first")), 500'000);
        EXPECT_LE(std::abs(c.last_ns - utc_of(row, "last")), 500'000);
        if (!row.at("px_min").empty()) {
            const auto shown = [](std::int64_t raw) {
                return std::stod(core::to_string(core::Price::from_raw(raw)));
            };
            EXPECT_EQ(shown(c.price_min), std::stod(row.at("px_min")));
            EXPECT_EQ(shown(c.price_max), std::stod(row.at("px_max")));
        }
    }
    EXPECT_EQ(report_.rows_skipped, 0U);
    EXPECT_LE(sink_->chunk_rows_max, std::size_t{1} << 16U);
    EXPECT_EQ(files, 221U);
    EXPECT_EQ(total, 4'532'680U);
}

TEST_F(LeanManifest, names_every_file_that_it_leaves_out) {
    std::set<std::string> left_out;
    for (const ManifestRow& row : lean_rows()) {
        const std::string& path = row.at("path");
        const auto named = [&path](const std::string& note) {
            return note.find(path + ": ") != std::string::npos;
        };
        if (std::any_of(report_.notes.begin(), report_.notes.end(), [&](const std::string& note) {
                return named(note) && note.find("decimals") == std::string::npos &&
                       note.find("rows ") == std::string::npos;
            }))
            left_out.insert(path);
    }
    EXPECT_EQ(left_out,
              (std::set<std::string>{
                  "lean/alternative/interest-rate/usa/interest-rate.csv",
                  "lean/future/cme/factor_files/es.csv", "lean/future/cme/map_files/es.csv",
                  "lean/future/cme/margins/ES.csv", "lean/future/comex/margins/GC.csv"}));
    EXPECT_EQ(report_.files_ignored, 5U);
}

TEST_F(LeanManifest, takes_every_row_of_the_corporate_actions) {
    std::uint64_t files = 0;
    for (const ManifestRow& row : lean_rows()) {
        const fs::path path = row.at("path");
        const std::string kind = path.parent_path().filename().string();
        if (!row.at("path").starts_with("lean/equity/") || path.extension() != ".csv") continue;
        SCOPED_TRACE(path);
        ++files;
        std::string symbol = path.stem().string();
        for (char& c : symbol) c = static_cast<char>(c - 'a' + 'A');
        const auto& actions = reference_->actions.at(symbol);
        // The manifest counts line ends, and factor files have none after their last row.
        const std::uint64_t rows = std::stoull(row.at("rows"));
        const bool factors = kind == "factor_files";
        EXPECT_EQ(factors ? actions.adjustments.size() : actions.tickers.size(),
                  factors ? rows + 1 : rows);
    }
    EXPECT_EQ(files, 17U);
}

TEST_F(LeanManifest, changes_nothing_when_imported_again) {
    const std::size_t tables = sink_->tables.size();
    adapters::lean::LeanOptions options;
    options.reference = reference_.get();
    const auto again = adapters::lean::import_lean(real_data() / "lean", *sink_, options);
    EXPECT_EQ(again.tables_written, 0U);
    EXPECT_EQ(again.tables_unchanged, report_.tables_written);
    EXPECT_EQ(sink_->tables.size(), tables);
}

}  // namespace
}  // namespace sluice::tests
