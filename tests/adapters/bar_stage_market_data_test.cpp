// Minute bars that the bar stage makes of recorded ticks, against the minute bars that the vendor
// of the ticks made of them himself. Skipped where the data are not.
//
// The vendor leaves out of his bars the prints that only repeat an official price, books the volume
// of the auctions in the minutes around them, and keeps prints that were exempt from the best price
// elsewhere (bit 29, and sweeps, bit 5) from setting a price when they are away from the market.
// All else has to agree: which minutes there are, the volume of each, and the four prices.
#include <zip.h>

#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/pipeline/hot/bar_stage.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::StreamTime;

constexpr std::uint32_t kOfficialPrice = 0x0100'0000U | 0x0400'0000U;
constexpr std::uint32_t kAwayFromMarket = 0x2000'0000U | 0x20U;
constexpr std::int64_t kMinuteNs = 60'000'000'000;
// New York was four hours behind UTC on all days of the data.
constexpr std::int64_t kZoneNs = 4 * 60 * kMinuteNs;

struct MinuteBar {
    std::int64_t open = 0;  // prices in 1e-9
    std::int64_t high = 0;
    std::int64_t low = 0;
    std::int64_t close = 0;
    std::int64_t volume = 0;  // in 1e-8
};
using MinuteBars = std::map<std::int64_t, MinuteBar>;  // by minute of the New York day

struct KeepBars {
    MinuteBars* bars;
    std::int64_t midnight_ns;

    template <EventKind kKnown>
    void pass(const Event&) const noexcept {}
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event& event) const noexcept {
        if (event.kind() != EventKind::kBar) return;
        const std::int64_t start = core::ns_since_epoch(event.time()) - kMinuteNs;
        const pipeline::Bar& b = event.bar();
        const bool first = bars->try_emplace((start - midnight_ns) / kMinuteNs,
                                             MinuteBar{b.open.raw(), b.high.raw(), b.low.raw(),
                                                       b.close.raw(), b.volume.raw()})
                               .second;
        EXPECT_TRUE(first) << "one bar a minute";
    }
};

std::string read_only_entry(const fs::path& path) {
    int error = 0;
    const std::unique_ptr<zip_t, decltype(&zip_discard)> archive{
        zip_open(path.c_str(), ZIP_RDONLY, &error), &zip_discard};
    if (archive == nullptr) return {};
    zip_stat_t about{};
    EXPECT_EQ(zip_stat_index(archive.get(), 0, 0, &about), 0);
    std::string text(static_cast<std::size_t>(about.size), '\0');
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file{
        zip_fopen_index(archive.get(), 0, 0), &zip_fclose};
    EXPECT_EQ(zip_fread(file.get(), text.data(), text.size()),
              static_cast<zip_int64_t>(text.size()));
    return text;
}

// ms since midnight, then open, high, low, close in 1e-4 and the volume in shares.
MinuteBars vendor_bars(const fs::path& path) {
    MinuteBars out;
    const std::string text = read_only_entry(path);
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::array<std::int64_t, 6> field{};
        for (std::int64_t& value : field) {
            const auto [next, error] = std::from_chars(at, end, value);
            EXPECT_EQ(error, std::errc{});
            at = next;
            while (at < end && (*at == '.' || *at == '0')) ++at;  // "283.0": whole shares
            if (at < end) ++at;                                   // the comma or the line's end
            while (at < end && *at == '\n') ++at;
        }
        constexpr std::int64_t kPrice = 100'000;
        out[field[0] / 60'000] = {field[1] * kPrice, field[2] * kPrice, field[3] * kPrice,
                                  field[4] * kPrice, field[5] * 100'000'000};
    }
    return out;
}

struct Compared {
    std::size_t minutes = 0;
    std::size_t same_volume = 0;
    std::size_t same_prices = 0;
};

class VendorBars : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(data_folder() / "lean/equity/usa/minute"))
            GTEST_SKIP() << "no market data at " << data_folder()
                         << "; name their folder in SLUICE_DATA";
    }

    // Adds the counts of one instrument's day.
    void compare(const std::string& symbol, const std::string& day, Compared& counts) {
        SCOPED_TRACE(symbol + " " + day);
        const fs::path equity = data_folder() / "lean/equity/usa";
        const std::string file = symbol + "/" + day + "_trade.zip";
        MemorySink sink;
        (void)adapters::lean::import_lean(equity / "tick" / file, sink);
        ASSERT_EQ(sink.trades.size(), 1U);
        const pipeline::TradeColumns& ticks = sink.trades.begin()->second;
        const std::int64_t day_ns = 24 * 60 * kMinuteNs;
        const std::int64_t midnight_ns =
            (ticks.time_ns.front() - kZoneNs) / day_ns * day_ns + kZoneNs;

        std::set<std::int64_t> away;  // minutes with a print that may not set the vendor's price
        const MinuteBars ours = own_bars(ticks, midnight_ns, away);
        const MinuteBars theirs = vendor_bars(equity / "minute" / file);
        ASSERT_GT(theirs.size(), 390U);
        ASSERT_EQ(ours.size(), theirs.size());
        for (const auto& [minute, vendor] : theirs) {
            SCOPED_TRACE("minute " + std::to_string(minute));
            const auto found = ours.find(minute);
            ASSERT_NE(found, ours.end());
            const MinuteBar& own = found->second;
            ++counts.minutes;
            // 09:30, 09:31, 15:59, 16:00 and 16:01: the auctions and what was booked for them.
            if (!std::set<std::int64_t>{570, 571, 959, 960, 961}.contains(minute)) {
                EXPECT_EQ(own.volume, vendor.volume);
                EXPECT_GE(own.high, vendor.high);
                EXPECT_LE(own.low, vendor.low);
                ++counts.same_volume;
            }
            if (away.contains(minute)) continue;
            EXPECT_EQ(own.open, vendor.open);
            EXPECT_EQ(own.high, vendor.high);
            EXPECT_EQ(own.low, vendor.low);
            EXPECT_EQ(own.close, vendor.close);
            ++counts.same_prices;
        }
    }

  private:
    static MinuteBars own_bars(const pipeline::TradeColumns& ticks, std::int64_t midnight_ns,
                               std::set<std::int64_t>& away) {
        MinuteBars bars;
        const KeepBars out{&bars, midnight_ns};
        pipeline::BarStage stage{
            pipeline::BarSettings{{pipeline::Nanos{kMinuteNs}}, pipeline::BarPrice::kTrade, false},
            pipeline::InstrumentTable(1)};
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            if ((ticks.conditions[i] & kOfficialPrice) != 0) continue;
            if ((ticks.conditions[i] & kAwayFromMarket) != 0)
                away.insert((ticks.time_ns[i] - midnight_ns) / kMinuteNs);
            stage.on<EventKind::kTrade>(
                Event::trade(core::time_from_ns<StreamTime>(ticks.time_ns[i]), pipeline::SymbolId{},
                             {core::Price::from_raw(ticks.price_raw[i]),
                              core::Quantity::from_raw(ticks.quantity_raw[i]), 0, 0, 0}),
                out);
        }
        stage.on<EventKind::kNone>(
            Event::timer(core::time_from_ns<StreamTime>(ticks.time_ns.back()), EventKind::kEnd),
            out);
        EXPECT_EQ(stage.late(), 0U);
        return bars;
    }
};

TEST_F(VendorBars, of_ten_days_of_ticks_are_the_bars_of_the_bar_stage) {
    Compared counts;
    for (const char* day : {"20131007", "20131008", "20131009"}) compare("spy", day, counts);
    for (const char* day : {"20131007", "20131008"}) compare("bac", day, counts);
    for (const char* day : {"20131007", "20131008", "20131009", "20131010", "20131011"})
        compare("ibm", day, counts);
    EXPECT_EQ(counts.minutes, 5792U);
    EXPECT_EQ(counts.same_volume, 5746U);
    EXPECT_GE(counts.same_prices, 698U);
}

}  // namespace
}  // namespace sluice::tests
