// Factor and map files, trading hours and properties of instruments: small ones, and the real ones
// where they are.
#include <sluice/adapters/lean/lean_reference.hpp>

#include <gtest/gtest.h>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/pipeline/adjustment.hpp>
#include <sluice/pipeline/session_clock.hpp>

#include "import_test_support.hpp"

namespace sluice::tests {
namespace {

using namespace importing;
using namespace std::chrono_literals;
using adapters::lean::MarketHours;
using adapters::lean::parse_factor_file;
using adapters::lean::parse_map_file;
using adapters::lean::PropertiesTable;
using adapters::lean::RowPolicy;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::OnBadRow;
using pipeline::SessionPhase;

class LeanReference : public testing::Test {
  protected:
    const std::string where_ = "spy.csv";
    pipeline::ImportReport report_;
    RowPolicy stop_{where_, OnBadRow::kStop, report_};
    RowPolicy skip_{where_, OnBadRow::kSkip, report_};
};

TEST_F(LeanReference, reads_factors_exactly) {
    const auto rows = parse_factor_file(
        "20131219,0.8646266,1,181.5\r\n20140606,0.9011818,0.03571430,645.57", stop_);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0], (pipeline::AdjustmentRow{2013y / 12 / 19, 864'626'600'000, 1'000'000'000'000,
                                                181'500'000'000}));
    EXPECT_EQ(rows[1].split_factor, 35'714'300'000);
}

TEST_F(LeanReference, names_what_is_wrong_with_a_factor) {
    for (const char* text :
         {"20131319,1,1,1", "2013-12-19,1,1,1", "20131219,0,1,1", "20131219,1,-1,1",
          "20131219,1,x,1", "20131219,1", "20131219,1,1,1,1", "20131219,1,1,-5",
          "20131219,0.0000000000001,1,1", "20131219,1,1,1\n20131219,1,1,1"}) {
        const auto error = error_of<ImportError>([&] { (void)parse_factor_file(text, stop_); });
        EXPECT_EQ(error.fault(), ImportFault::kBadRow) << text;
        EXPECT_EQ(error.bad_row().file, "spy.csv");
    }
    EXPECT_EQ(parse_factor_file("x\n20131219,1,1,1\ny\n", skip_).size(), 1U);
    EXPECT_EQ(report_.rows_skipped, 2U);
    EXPECT_EQ(report_.bad_rows[1].row, 3U);
}

TEST_F(LeanReference, reads_the_names_that_a_share_had) {
    const auto rows = parse_map_file("20041112,nwsa,Q\n20130628,nwsa,Q\n20190318,foxa\n", stop_);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2], (pipeline::TickerRow{2019y / 3 / 18, "FOXA", ""}));
    EXPECT_EQ(rows[0].exchange, "Q");
}

TEST_F(LeanReference, reads_trading_hours_with_both_spellings_of_midnight) {
    const auto hours = MarketHours::parse(R"({"entries": {"Future-cme-ES": {
        "dataTimeZone": "UTC", "exchangeTimeZone": "America/New_York",
        "sunday": [{"start": "18:00:00", "end": "1.00:00:00", "state": "premarket"}],
        "monday": [{"start": "18:00:00", "end": "1:00:00:00", "state": "postmarket"},
                   {"start": "09:30:00", "end": "17:00:00", "state": "market"}],
        "holidays": ["1/1/2013", "12/25/2012"],
        "earlyCloses": {"1/19/2009": "11:30:00"}, "lateOpens": {"1/19/2009": "18:00:00"}}}})",
                                          "hours.json");
    const auto* entry = hours.find("future", "cme", "ES");
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(hours.find("future", "cme", "NQ"), nullptr);
    EXPECT_EQ(entry->calendar.name, "future-cme-ES");
    EXPECT_EQ(entry->calendar.week[0],
              (std::vector<pipeline::SessionSpan>{{SessionPhase::kPreMarket, 64'800, 86'400}}));
    EXPECT_EQ(entry->calendar.week[1][0].phase, SessionPhase::kRegular) << "in order of time";
    EXPECT_EQ(entry->calendar.week[1][1].close_s, 86'400);
    EXPECT_EQ(entry->calendar.holidays,
              (std::vector<pipeline::Date>{2012y / 12 / 25, 2013y / 1 / 1}));
    EXPECT_EQ(entry->calendar.late_opens[0], (pipeline::SessionException{2009y / 1 / 19, 64'800}));
}

TEST_F(LeanReference, names_the_entry_that_is_no_calendar) {
    const auto refused = [](const std::string& body) {
        const auto error = error_of<ImportError>([&] {
            (void)MarketHours::parse("{\"entries\": {\"Equity-usa-[*]\": {" + body + "}}}",
                                     "h.json");
        });
        EXPECT_EQ(error.fault(), ImportFault::kDamaged);
        EXPECT_NE(std::string(error.what()).find("Equity-usa-[*]"), std::string::npos)
            << error.what();
    };
    const std::string zones = R"("dataTimeZone": "UTC", "exchangeTimeZone": "UTC")";
    refused(R"("exchangeTimeZone": "UTC")");
    refused(R"("dataTimeZone": 5, "exchangeTimeZone": "UTC")");
    refused(zones + R"(, "monday": [{"start": "09:30", "end": "16:00:00", "state": "market"}])");
    refused(zones + R"(, "monday": [{"start": "09:30:00", "end": "25:00:00", "state": "market"}])");
    refused(zones + R"(, "monday": [{"start": "16:00:00", "end": "09:30:00", "state": "market"}])");
    refused(zones + R"(, "monday": [{"start": "09:30:00", "end": "16:00:00", "state": "open"}])");
    refused(zones + R"(, "holidays": ["2013-01-01"])");
    refused(zones + R"(, "holidays": ["2/30/2013"])");
    refused(zones + R"(, "earlyCloses": ["13:00:00"])");
    EXPECT_THROW((void)MarketHours::parse("[]", "h.json"), ImportError);
    EXPECT_THROW((void)MarketHours::parse(std::string(100'000, '['), "h.json"), ImportError);
}

TEST_F(LeanReference, writes_vendor_zones_as_iana_names) {
    EXPECT_EQ(adapters::lean::iana_zone("UTC-05"), "Etc/GMT+5");
    EXPECT_EQ(adapters::lean::iana_zone("UTC+09"), "Etc/GMT-9");
    EXPECT_EQ(adapters::lean::iana_zone("UTC+00"), "UTC");
    EXPECT_EQ(adapters::lean::iana_zone("America/New_York"), "America/New_York");
}

TEST_F(LeanReference, reads_properties_and_falls_back_to_the_wildcard) {
    const auto table = PropertiesTable::parse(
        "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,"
        "lot_size\n# a comment\n\ncme,6C,future,Canadian Dollar,USD,100000.0,5e-05,1.0\n"
        "usa,[*],equity,,USD,1,0.01,1\nkraken,ANKRBTC,crypto,,BTC,1,0.0000000001,0.01,,5\n",
        stop_);
    const auto* dollar = table.find("cme", "6C", "future");
    ASSERT_NE(dollar, nullptr);
    EXPECT_EQ(dollar->tick_size, core::PriceDelta::from_raw(50'000));
    EXPECT_EQ(dollar->multiplier, core::Quantity::from_units(100'000));
    ASSERT_NE(table.find("usa", "IBM", "equity"), nullptr);
    EXPECT_EQ(table.find("usa", "IBM", "future"), nullptr);
    EXPECT_FALSE(table.find("kraken", "ANKRBTC", "crypto")->holdable);
    for (const char* row : {"cme,ES,future,x,USD,50,0.25", "cme,ES,future,x,,50,0.25,1",
                            "cme,ES,future,x,USD,0,0.25,1", "cme,ES,future,x,USD,50,tick,1",
                            ",ES,future,x,USD,50,0.25,1"})
        EXPECT_THROW((void)PropertiesTable::parse(row, stop_), ImportError) << row;
}

class LeanRealReference : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!fs::exists(real_data() / "MANIFEST.csv")) return;
        reference_ = std::make_unique<FakeReference>();
        adapters::lean::LeanOptions options;
        options.reference = reference_.get();
        for (const char* folder : {"equity/usa/factor_files", "equity/usa/map_files",
                                   "market-hours", "symbol-properties"})
            import_lean(real_data() / "lean" / folder, sink_, options);
    }
    static void TearDownTestSuite() { reference_.reset(); }
    void SetUp() override {
        if (!reference_) GTEST_SKIP() << "no market data; name their folder in SLUICE_DATA";
    }
    static std::unique_ptr<FakeReference> reference_;
    static FakeSink sink_;
    const std::string name_ = "factors";
    pipeline::ImportReport report_;
};
std::unique_ptr<FakeReference> LeanRealReference::reference_;
FakeSink LeanRealReference::sink_;

TEST_F(LeanRealReference, knows_the_half_day_of_christmas_eve_2015) {
    const pipeline::SessionClock clock(reference_->calendars.at("equity-usa"));
    EXPECT_EQ(clock.spans_on(2015y / 12 / 24),
              (std::vector<pipeline::SessionSpan>{{SessionPhase::kPreMarket, 14'400, 34'200},
                                                  {SessionPhase::kRegular, 34'200, 46'800},
                                                  {SessionPhase::kPostMarket, 46'800, 72'000}}));
    EXPECT_TRUE(clock.spans_on(2012y / 10 / 29).empty());
    EXPECT_TRUE(clock.spans_on(2012y / 10 / 30).empty());
    EXPECT_EQ(clock.spans_on(2012y / 10 / 31).size(), 3U);
    EXPECT_EQ(reference_->calendars.size(), 539U);
}

TEST_F(LeanRealReference, takes_every_calendar_of_the_database) {
    for (const auto& [name, calendar] : reference_->calendars) {
        SCOPED_TRACE(name);
        EXPECT_NO_THROW(pipeline::SessionClock{calendar});
    }
}

TEST_F(LeanRealReference, adjusts_spy_and_apple_as_the_vendor_does) {
    const pipeline::Adjustment spy(
        parse_factor_file(read(real_data() / "lean/equity/usa/factor_files/spy.csv"),
                          RowPolicy{name_, OnBadRow::kStop, report_}),
        pipeline::AdjustmentMode::kAll);
    std::int64_t factor{};
    for (const pipeline::Date day : {2013y / 10 / 7, 2013y / 10 / 8, 2013y / 10 / 9}) {
        ASSERT_TRUE(spy.on(day).price.in_factor_units(factor));
        EXPECT_EQ(factor, 864'626'600'000);
    }
    const pipeline::Adjustment apple(
        parse_factor_file(read(real_data() / "lean/equity/usa/factor_files/aapl.csv"),
                          RowPolicy{name_, OnBadRow::kStop, report_}),
        pipeline::AdjustmentMode::kAll);
    std::int64_t close{};
    std::int64_t open{};
    ASSERT_TRUE(apple.on(2014y / 6 / 6).price.scale(645'570'000'000, close));
    ASSERT_TRUE(apple.on(2014y / 6 / 9).price.scale(92'690'000'000, open));
    EXPECT_NEAR(static_cast<double>(open) / static_cast<double>(close), 92.69 / 92.2243, 1e-5);
}

TEST_F(LeanRealReference, keeps_names_and_instruments) {
    EXPECT_EQ(reference_->actions.at("TFCFA").tickers.size(), 4U);
    EXPECT_EQ(reference_->actions.at("TFCFA").tickers[1],
              (pipeline::TickerRow{2013y / 6 / 28, "NWSA", "Q"}));
    EXPECT_EQ(reference_->actions.at("GOOG").tickers[1].ticker, "GOOCV");
    const auto& es = reference_->instruments.at("ES.CME");
    EXPECT_EQ(es.multiplier, core::Quantity::from_units(50));
    EXPECT_EQ(es.tick_size, core::PriceDelta::from_raw(250'000'000));
    EXPECT_EQ(reference_->instruments.at("EURUSD.FXCM").lot_size, core::Quantity::from_units(1000));
    EXPECT_EQ(reference_->instruments.count("BTCUSDT-PERP.BINANCE"), 1U);
}

}  // namespace
}  // namespace sluice::tests
