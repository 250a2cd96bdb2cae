// Text to fixed point and back: nothing is rounded, nothing is guessed.
#include <sluice/core/decimal.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "wide_int.hpp"

namespace sluice::core {
namespace {

using wide::Int512;

DecimalError error_of(std::string_view text) {
    Price price = Price::from_raw(77);
    const DecimalError error = parse_fixed(text, price);
    // What is refused leaves the target alone.
    if (error != DecimalError::kOk) {
        EXPECT_EQ(price.raw(), 77) << text;
    }
    return error;
}
std::int64_t price_of(std::string_view text) {
    Price price;
    EXPECT_EQ(parse_fixed(text, price), DecimalError::kOk) << text;
    return price.raw();
}

TEST(Decimal, reads_what_a_person_writes) {
    EXPECT_EQ(price_of("182.5"), 182'500'000'000);
    EXPECT_EQ(price_of("-0.000000001"), -1);
    EXPECT_EQ(price_of("+7"), 7'000'000'000);
    EXPECT_EQ(price_of("007.10"), 7'100'000'000);
    EXPECT_EQ(price_of(".5"), 500'000'000);
    EXPECT_EQ(price_of("5."), 5'000'000'000);
    EXPECT_EQ(price_of("-0"), 0);
    EXPECT_EQ(price_of("1.000000000000000000000"), 1'000'000'000);
    EXPECT_EQ(price_of("9223372036.854775807"), INT64_MAX);
    EXPECT_EQ(price_of("-9223372036.854775808"), INT64_MIN);
}

TEST(Decimal, refuses_what_it_cannot_hold_exactly) {
    EXPECT_EQ(error_of(""), DecimalError::kEmpty);
    for (const char* text : {"-", "+", ".", "-.", "1,5", "1e3", " 1", "1 ", "0x10", "1.2.3", "--1",
                             "+-1", "nan", "inf", "1_000", "\xC2\xBD"})
        EXPECT_EQ(error_of(text), DecimalError::kNotANumber) << text;
    EXPECT_EQ(error_of("0.0000000001"), DecimalError::kTooPrecise);
    EXPECT_EQ(error_of("1.0000000000000001"), DecimalError::kTooPrecise);
    for (const char* text : {"9223372036.854775808", "-9223372036.854775809", "9223372037",
                             "99999999999999999999999999", "-99999999999999999999999999"})
        EXPECT_EQ(error_of(text), DecimalError::kOutOfRange) << text;
}

TEST(Decimal, describes_each_error) {
    EXPECT_STREQ(describe(DecimalError::kTooPrecise), "more decimals than can be held exactly");
    EXPECT_STREQ(describe(DecimalError::kOutOfRange), "out of range");
    EXPECT_STREQ(describe(DecimalError::kNotANumber), "not a decimal number");
    EXPECT_STREQ(describe(DecimalError::kEmpty), "empty");
}

TEST(Decimal, writes_the_shortest_exact_text) {
    EXPECT_EQ(to_string(Price::from_raw(182'500'000'000)), "182.5");
    EXPECT_EQ(to_string(Price::from_raw(-1)), "-0.000000001");
    EXPECT_EQ(to_string(Price::from_units(7)), "7");
    EXPECT_EQ(to_string(Price{}), "0");
    EXPECT_EQ(to_string(Price::from_units(100)), "100");
    EXPECT_EQ(to_string(Quantity::from_raw(-10'050'000'000)), "-100.5");
    EXPECT_EQ(to_string(Price::from_raw(INT64_MIN)), "-9223372036.854775808");
    EXPECT_EQ(to_string(Money::from_raw(-1)), "-0.00000000000000001");
    EXPECT_EQ(format_decimal(Int128{12'345}, 1), "12345");
}

RC_GTEST_PROP(Decimal, comes_back_as_it_was_written, ()) {
    const std::int64_t raw = *wide::any_int64();
    Price price;
    RC_ASSERT(parse_fixed(to_string(Price::from_raw(raw)), price) == DecimalError::kOk);
    RC_ASSERT(price.raw() == raw);
    Quantity quantity;
    RC_ASSERT(parse_fixed(to_string(Quantity::from_raw(raw)), quantity) == DecimalError::kOk);
    RC_ASSERT(quantity.raw() == raw);
}

// The digits of a number of 512 bits, with a point seventeen places from the right.
RC_GTEST_PROP(Decimal, writes_money_with_all_its_digits, ()) {
    const Int128 raw = *wide::any_int128();
    const Int512 value = wide::of(raw);
    std::string digits = Int512{boost::multiprecision::abs(value)}.str();
    if (digits.size() < 18) digits.insert(0, 18 - digits.size(), '0');
    digits.insert(digits.size() - 17, ".");
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    RC_ASSERT(to_string(Money::from_raw(raw)) == (value < 0 ? "-" + digits : digits));
}

RC_GTEST_PROP(Decimal, reads_any_digits_as_the_number_they_are, ()) {
    const bool negative = *rc::gen::arbitrary<bool>();
    const auto whole =
        *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('0', ':')));
    const auto fraction = *rc::gen::container<std::string>(rc::gen::inRange('0', ':'));
    RC_PRE(whole.size() < 40 && fraction.size() < 40);
    // Fraction digits beyond the ninth must be zeros.
    Int512 exact{"1" + whole};
    exact -= pow(Int512{10}, static_cast<unsigned>(whole.size()));
    for (std::size_t i = 0; i < 9; ++i)
        exact = exact * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    if (negative) exact = -exact;
    const bool fine =
        fraction.size() <= 9 || fraction.find_first_not_of('0', 9) == std::string::npos;
    const bool fits = exact >= INT64_MIN && exact <= INT64_MAX;

    Price price;
    const DecimalError error = parse_fixed((negative ? "-" : "") + whole + "." + fraction, price);
    RC_ASSERT((error == DecimalError::kOk) == (fine && fits));
    if (error == DecimalError::kOk) RC_ASSERT(Int512{price.raw()} == exact);
}

}  // namespace
}  // namespace sluice::core
