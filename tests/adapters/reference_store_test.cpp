#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/reference_store.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::ReferenceStore;
using adapters::tick_store::StoreError;
using adapters::tick_store::StoreFault;
using pipeline::PutOutcome;

const pipeline::Provenance kSource{"file", "aa", 3};

TEST(ReferenceStore, gives_back_corporate_actions) {
    const TempFolder folder;
    ReferenceStore store(folder.path());
    EXPECT_FALSE(store.actions("AAPL"));
    const pipeline::CorporateActions actions{
        {{std::chrono::year{2014} / 6 / 6, 982'000'000'000, 142'857'142'857, 645'570'000'000},
         {std::chrono::year{2050} / 12 / 31, pipeline::kFactorScale, pipeline::kFactorScale, 0}},
        {{std::chrono::year{2014} / 3 / 27, "GOOG", "Q"},
         {std::chrono::year{2050} / 12 / 31, "GOOGL", ""}}};
    EXPECT_EQ(store.put_actions("AAPL", actions, kSource), PutOutcome::kWritten);
    EXPECT_EQ(store.put_actions("AAPL", actions, kSource), PutOutcome::kUnchanged);
    EXPECT_EQ(ReferenceStore(folder.path()).actions("AAPL"), actions);
    EXPECT_EQ(store.put_actions("AAPL", {}, kSource), PutOutcome::kWritten);
    EXPECT_EQ(store.actions("AAPL"), pipeline::CorporateActions{});
}

TEST(ReferenceStore, gives_back_calendars_and_lists_them) {
    const TempFolder folder;
    ReferenceStore store(folder.path());
    pipeline::SessionCalendar calendar;
    calendar.name = "future-cme-ES";
    calendar.time_zone = "America/Chicago";
    calendar.week[1] = {{pipeline::SessionPhase::kPreMarket, 0, 30'600},
                        {pipeline::SessionPhase::kRegular, 30'600, 54'900}};
    calendar.holidays = {std::chrono::year{2013} / 12 / 25};
    calendar.early_closes = {{std::chrono::year{2013} / 11 / 29, 43'200}};
    EXPECT_EQ(store.put_calendar(calendar, kSource), PutOutcome::kWritten);
    EXPECT_EQ(store.put_calendar(calendar, kSource), PutOutcome::kUnchanged);
    EXPECT_EQ(store.calendar("future-cme-ES"), calendar);
    EXPECT_EQ(store.calendars(), std::vector<std::string>{"future-cme-ES"});
    EXPECT_FALSE(store.calendar("equity-usa"));
}

TEST(ReferenceStore, adds_instruments_to_those_it_has) {
    const TempFolder folder;
    ReferenceStore store(folder.path());
    pipeline::Instrument es = instrument_named("ESH4.GLBX");
    es.asset_class = pipeline::AssetClass::kFuture;
    es.multiplier = core::Quantity::from_units(50);
    EXPECT_EQ(store.put_instruments({es}, kSource), PutOutcome::kWritten);
    EXPECT_EQ(store.put_instruments({es}, kSource), PutOutcome::kUnchanged);
    EXPECT_EQ(store.put_instruments({instrument_named("IBM")}, kSource), PutOutcome::kWritten);
    EXPECT_EQ(store.instruments(), (std::vector{es, instrument_named("IBM")}));
}

TEST(ReferenceStore, names_a_file_that_is_damaged) {
    const TempFolder folder;
    ReferenceStore store(folder.path());
    store.put_actions("AAPL", {}, kSource);
    const fs::path file = folder / ".reference/actions/AAPL.h5";
    const std::string whole = read_file(file);
    for (std::size_t size = 8; size < whole.size(); size += 131) {
        write_file(file, std::string_view(whole).substr(0, size));
        const auto error = error_of<StoreError>([&] { static_cast<void>(store.actions("AAPL")); });
        EXPECT_TRUE(error.fault() == StoreFault::kDamaged || error.fault() == StoreFault::kNotHdf5);
        EXPECT_NE(std::string(error.what()).find("AAPL.h5"), std::string::npos);
    }
}

}  // namespace
}  // namespace sluice::tests
