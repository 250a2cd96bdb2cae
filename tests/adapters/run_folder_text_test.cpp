#include <sluice/adapters/run_folder/text.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::Money;

TEST(RunFolderText, writes_times_in_utc_to_the_nanosecond) {
    EXPECT_EQ(iso8601(core::time_from_ns<core::StreamTime>(1'381'152'600'000'000'001)),
              "2013-10-07T13:30:00.000000001Z");
    EXPECT_EQ(iso8601(core::StreamTime{}), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(iso8601(core::time_from_ns<core::StreamTime>(-1)), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(date_and_time(core::time_from_ns<core::StreamTime>(1'709'164'800'000'000'000)),
              "2024-02-29 00:00:00");
    EXPECT_EQ(file_stamp(core::time_from_ns<core::LocalTime>(1'381'152'600'000'000'001)),
              "20131007-133000");
}

TEST(RunFolderText, groups_thousands) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1'000), "1,000");
    EXPECT_EQ(grouped(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(RunFolderText, rounds_money_to_cents_away_from_zero) {
    const auto raw = [](std::int64_t v) { return Money::from_raw(v); };
    constexpr std::int64_t kCent = Money::kScale / 100;
    EXPECT_EQ(rounded_money(Money{}), "0.00");
    EXPECT_EQ(rounded_money(raw(kCent / 2)), "0.01");
    EXPECT_EQ(rounded_money(raw(-kCent / 2)), "-0.01");
    EXPECT_EQ(rounded_money(raw(-kCent / 2 + 1)), "0.00");
    EXPECT_EQ(rounded_money(Money::from_units(-1'234'567)), "-1,234,567.00");
    EXPECT_EQ(rounded_money(raw(-21 * Money::kScale - 534'889 * (Money::kScale / 1'000'000))),
              "-21.53");
}

RC_GTEST_PROP(RunFolderText, rounded_money_is_within_half_a_cent, (std::int64_t raw)) {
    std::string text = rounded_money(Money::from_raw(raw));
    text.erase(std::remove(text.begin(), text.end(), ','), text.end());
    std::int64_t cents{};
    RC_ASSERT(core::parse_decimal(text, 100, cents) == core::DecimalError::kOk);
    const core::Int128 error = static_cast<core::Int128>(cents) * (Money::kScale / 100) - raw;
    RC_ASSERT((error < 0 ? -error : error) * 200 <= core::Int128{Money::kScale});
}

TEST(RunFolderText, shows_durations_with_three_digits) {
    EXPECT_EQ(short_duration(0), "0 ns");
    EXPECT_EQ(short_duration(999), "999 ns");
    EXPECT_EQ(short_duration(1'000), "1.00 us");
    EXPECT_EQ(short_duration(12'449), "12.4 us");
    EXPECT_EQ(short_duration(999'499), "999 us");
    EXPECT_EQ(short_duration(999'500), "1.00 ms");
    EXPECT_EQ(short_duration(2'000'000'000), "2.00 s");
}

TEST(RunFolderText, names_timeframes_in_their_largest_unit) {
    EXPECT_EQ(timeframe_name(core::Nanos{60'000'000'000}), "1m");
    EXPECT_EQ(timeframe_name(core::Nanos{90'000'000'000}), "90s");
    EXPECT_EQ(timeframe_name(core::Nanos{250'000'000}), "250ms");
    EXPECT_EQ(timeframe_name(core::Nanos{86'400'000'000'000}), "1d");
}

TEST(RunFolderText, writes_doubles_so_that_they_read_back) {
    EXPECT_EQ(shortest(0.1), "0.1");
    EXPECT_EQ(shortest(1000), "1000");
    EXPECT_EQ(shortest(std::nan("")), "nan");
}

TEST(RunFolderText, keeps_control_characters_off_the_terminal) {
    EXPECT_EQ(printable("A\x1b[31mB\n"), "A?[31mB?");
}

}  // namespace
}  // namespace sluice::adapters::run_folder
