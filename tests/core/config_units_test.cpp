#include <sluice/core/config/units.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

namespace sluice::core::config {
namespace {

constexpr std::int64_t kNine = 1'000'000'000;
constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();

std::int64_t decimal(std::string_view text) {
    const ParsedInt parsed = parse_decimal(text, kNine);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed.value;
}

TEST(ConfigDecimal, keeps_every_digit_that_the_scale_holds) {
    EXPECT_EQ(decimal("0.1"), 100'000'000);
    EXPECT_EQ(decimal("-0.000000001"), -1);
    EXPECT_EQ(decimal("9007199254.740993001"), 9'007'199'254'740'993'001);
    EXPECT_EQ(decimal("+1_000.50"), 1'000'500'000'000);
    EXPECT_EQ(decimal("0.0000000010000"), 1);
}

TEST(ConfigDecimal, reads_exponents_in_both_directions) {
    EXPECT_EQ(decimal("2.5e3"), 2'500 * kNine);
    EXPECT_EQ(decimal("25E-1"), 2'500'000'000);
    EXPECT_EQ(decimal("1e-9"), 1);
    EXPECT_EQ(decimal("0e999999999"), 0);
    EXPECT_EQ(parse_decimal("1e99999999999", kNine).status, ParseStatus::kOverflow);
    EXPECT_EQ(parse_decimal("1e-99999999999", kNine).status, ParseStatus::kTooPrecise);
}

TEST(ConfigDecimal, says_what_it_cannot_hold) {
    EXPECT_EQ(parse_decimal("0.0000000001", kNine).status, ParseStatus::kTooPrecise);
    EXPECT_EQ(parse_decimal("9223372036.854775808", kNine).status, ParseStatus::kOverflow);
    EXPECT_EQ(decimal("9223372036.854775807"), kLargest);
    EXPECT_EQ(decimal("-9223372036.854775808"), kSmallest);
    for (const char* text : {"", "-", ".5", "5.", "1e", "1.2.3", "0x10", "inf", "nan", "1 "}) {
        EXPECT_EQ(parse_decimal(text, kNine).status, ParseStatus::kMalformed) << text;
    }
}

RC_GTEST_PROP(ConfigDecimal, reads_back_what_it_writes, (std::int64_t value)) {
    const std::int64_t scale = *rc::gen::element<std::int64_t>(1, 100, 10'000, kNine);
    const ParsedInt parsed = parse_decimal(format_decimal(value, scale), scale);
    RC_ASSERT(parsed.ok());
    RC_ASSERT(parsed.value == value);
}

TEST(ConfigDecimal, writes_the_smallest_number_exactly) {
    EXPECT_EQ(format_decimal(kSmallest, kNine), "-9223372036.854775808");
    EXPECT_EQ(format_decimal(-5, kNine), "-0.000000005");
    EXPECT_EQ(format_decimal(3 * kNine, kNine), "3");
}

TEST(ConfigDecimal, takes_only_powers_of_ten_for_a_scale) {
    EXPECT_EQ(decimal_places(1), 0);
    EXPECT_EQ(decimal_places(kNine), 9);
    for (const std::int64_t scale : {0L, -10L, 2L, 1'500L}) EXPECT_EQ(decimal_places(scale), -1);
}

TEST(ConfigDuration, reads_every_unit) {
    EXPECT_EQ(parse_duration("7ns").value, 7);
    EXPECT_EQ(parse_duration("250us").value, 250'000);
    EXPECT_EQ(parse_duration("20ms").value, 20'000'000);
    EXPECT_EQ(parse_duration("1s").value, kNanosPerSecond);
    EXPECT_EQ(parse_duration("-5m").value, -300 * kNanosPerSecond);
    EXPECT_EQ(parse_duration("1h").value, 3'600 * kNanosPerSecond);
    EXPECT_EQ(parse_duration("1d").value, kNanosPerDay);
}

TEST(ConfigDuration, refuses_what_is_no_duration) {
    for (const char* text : {"", "5", "s", "1.5s", "5 m", "5min", "1h30m", "m5"}) {
        EXPECT_EQ(parse_duration(text).status, ParseStatus::kMalformed) << text;
    }
    EXPECT_EQ(parse_duration("106752d").status, ParseStatus::kOverflow);
    EXPECT_EQ(parse_duration("9223372036854775808ns").status, ParseStatus::kOverflow);
    EXPECT_EQ(parse_duration("-9223372036854775808ns").value, kSmallest);
}

RC_GTEST_PROP(ConfigDuration, reads_back_what_it_writes, (std::int64_t value)) {
    const ParsedInt parsed = parse_duration(format_duration(value));
    RC_ASSERT(parsed.ok());
    RC_ASSERT(parsed.value == value);
}

TEST(ConfigDuration, writes_the_largest_unit_that_is_exact) {
    EXPECT_EQ(format_duration(0), "0s");
    EXPECT_EQ(format_duration(90 * kNanosPerSecond), "90s");
    EXPECT_EQ(format_duration(2 * kNanosPerDay), "2d");
    EXPECT_EQ(format_duration(-1'500), "-1500ns");
}

TEST(ConfigTimeOfDay, reads_minutes_seconds_and_fractions) {
    EXPECT_EQ(parse_time_of_day("09:30").value, 34'200 * kNanosPerSecond);
    EXPECT_EQ(parse_time_of_day("09:30:15").value, 34'215 * kNanosPerSecond);
    EXPECT_EQ(parse_time_of_day("00:00:00.000000001").value, 1);
    EXPECT_EQ(parse_time_of_day("24:00").value, kNanosPerDay);
}

TEST(ConfigTimeOfDay, refuses_what_no_clock_shows) {
    for (const char* text : {"", "9:30", "09:60", "25:00", "24:01", "09-30", "09:30:", "09:30:60",
                             "09:30:15.", "09:30:15.x", "09:30x", "09:3"}) {
        EXPECT_EQ(parse_time_of_day(text).status, ParseStatus::kMalformed) << text;
    }
    EXPECT_EQ(parse_time_of_day("00:00:00.0000000001").status, ParseStatus::kTooPrecise);
}

RC_GTEST_PROP(ConfigTimeOfDay, reads_back_what_it_writes, ()) {
    const auto value = *rc::gen::inRange<std::int64_t>(0, kNanosPerDay + 1);
    const ParsedInt parsed = parse_time_of_day(format_time_of_day(value));
    RC_ASSERT(parsed.ok());
    RC_ASSERT(parsed.value == value);
}

RC_GTEST_PROP(ConfigReal, reads_back_what_it_writes, (double value)) {
    const std::string text = format_real(value);
    RC_ASSERT(std::strtod(text.c_str(), nullptr) == value);
    RC_ASSERT(text.find_first_of(".e") != std::string::npos);
}

}  // namespace
}  // namespace sluice::core::config
