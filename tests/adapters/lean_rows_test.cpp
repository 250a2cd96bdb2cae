#include <sluice/adapters/lean/lean_rows.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/decimal.hpp>

namespace sluice::tests {
namespace {

using adapters::lean::parse_row;
using adapters::lean::RowFault;
using adapters::lean::RowFormat;
using adapters::lean::TickTail;

constexpr RowFormat kEquity{};
constexpr RowFormat kDecimal{1'000'000'000, false, true, TickTail::kExchangeConditions};
constexpr RowFormat kDaily{100'000, true, true, TickTail::kNone};

template <class Row>
RowFault fault_of(std::string_view line, const RowFormat& format = kEquity) {
    Row row{};
    return parse_row(line, format, row);
}
template <class Row>
Row row_of(std::string_view line, const RowFormat& format = kEquity) {
    Row row{};
    EXPECT_EQ(parse_row(line, format, row), RowFault::kOk) << line;
    return row;
}

TEST(LeanRows, reads_an_equity_trade_exactly) {
    const auto row = row_of<pipeline::TradeRow>("14430270,1815200,283,P,20002020,1");
    EXPECT_EQ(row.time_ns, 14'430'270'000'000);
    EXPECT_EQ(row.price_raw, 181'520'000'000);
    EXPECT_EQ(row.quantity_raw, 28'300'000'000);
    EXPECT_EQ(row.exchange, 'P');
    EXPECT_EQ(row.conditions, 0x20002020U);
    EXPECT_EQ(row.flags, pipeline::kRowSuspicious);
}

TEST(LeanRows, reads_a_quote_of_one_side_and_of_both) {
    auto row = row_of<pipeline::QuoteRow>("14400054,0,0,1836300,100,Q,1,0");
    EXPECT_EQ(row.bid_raw, 0);
    EXPECT_EQ(row.ask_raw, 183'630'000'000);
    EXPECT_EQ(row.ask_size_raw, 10'000'000'000);
    row = row_of<pipeline::QuoteRow>("0,1,2,3,4,,aF,0");
    EXPECT_EQ(row.bid_raw, 100'000);
    EXPECT_EQ(row.exchange, 0);
    EXPECT_EQ(row.conditions, 0xAFU);
}

TEST(LeanRows, reads_ticks_of_forex_crypto_and_futures) {
    // Without sizes, with fractions of a millisecond.
    const auto forex = row_of<pipeline::QuoteRow>("43.142,1291.677,1292.033",
                                                  {1'000'000'000, false, false, TickTail::kNone});
    EXPECT_EQ(forex.time_ns, 43'142'000);
    EXPECT_EQ(forex.ask_raw, 1'292'033'000'000);
    const auto crypto = row_of<pipeline::TradeRow>(
        "5,611.78,0.00046,1", {1'000'000'000, false, true, TickTail::kSuspicious});
    EXPECT_EQ(crypto.quantity_raw, 46'000);
    EXPECT_EQ(crypto.flags, pipeline::kRowSuspicious);
    const auto gold = row_of<pipeline::TradeRow>("81254537,1321.8,0,usa,,0", kDecimal);
    EXPECT_EQ(gold.quantity_raw, 0);
    EXPECT_EQ(gold.exchange, 'u');
    const auto quote = row_of<pipeline::QuoteRow>(
        "5,,,1321.8,2,usa,0", {1'000'000'000, false, true, TickTail::kExchange});
    EXPECT_EQ(quote.bid_raw, 0);
    EXPECT_EQ(quote.ask_size_raw, 200'000'000);
}

TEST(LeanRows, reads_bars_and_their_dates) {
    const auto minute = row_of<pipeline::BarRow>("0,611.78,611.91,611.7,611.9,1.13872", kDecimal);
    EXPECT_EQ(minute.high_raw, 611'910'000'000);
    EXPECT_EQ(minute.low_raw, 611'700'000'000);
    EXPECT_EQ(minute.volume_raw, 113'872'000);
    const auto daily =
        row_of<pipeline::BarRow>("19980102 09:30,136300,162500,135000,162500,6315000", kDaily);
    EXPECT_EQ(daily.time_ns, 883'733'400'000'000'000);  // as if 09:30 were UTC
    EXPECT_EQ(daily.open_raw, 13'630'000'000);
    const auto empty = row_of<pipeline::BarRow>("0,1,2,1,1,", kDecimal);
    EXPECT_EQ(empty.volume_raw, 0);
}

TEST(LeanRows, reads_a_quote_bar_with_an_empty_side) {
    const auto row =
        row_of<pipeline::QuoteBarRow>("86280000,,,,,0,1670.25,1670.5,1670,1670.25,206", kDecimal);
    EXPECT_EQ(row.bid_close_raw, 0);
    EXPECT_EQ(row.ask_high_raw, 1'670'500'000'000);
    EXPECT_EQ(row.ask_size_raw, 20'600'000'000);
}

TEST(LeanRows, reads_open_interest_in_contracts) {
    EXPECT_EQ(row_of<pipeline::OpenInterestRow>("72360000,2691941").open_interest_raw,
              269'194'100'000'000);
}

TEST(LeanRows, rounds_what_is_finer_than_can_be_held_and_says_so) {
    pipeline::TradeRow row{};
    const RowFormat format{1'000'000'000, false, true, TickTail::kNone};
    const std::pair<const char*, std::int64_t> cases[] = {
        {"0,1,9.342381490000001", 934'238'149},
        {"0,1,0.000000015", 2},
        {"0,1,0.000000025", 2},
        {"0,1,0.000000025000000001", 3},
        {"0,1,0.9999999999", 100'000'000},
    };
    for (const auto& [line, quantity] : cases) {
        EXPECT_EQ(parse_row(line, format, row), RowFault::kRounded) << line;
        EXPECT_EQ(row.quantity_raw, quantity) << line;
    }
    EXPECT_EQ(parse_row("0,1,0.2500000000000", format, row), RowFault::kOk);
    EXPECT_EQ(parse_row("0,1,0.2500000000000x", format, row), RowFault::kBadQuantity);
}

TEST(LeanRows, names_what_is_wrong_with_a_trade) {
    const std::pair<const char*, RowFault> cases[] = {
        {"", RowFault::kBadTime},
        {"1,2,3,P,0", RowFault::kTooFewColumns},
        {"1,2", RowFault::kTooFewColumns},
        {"1,2,3,P,0,0,9", RowFault::kTooManyColumns},
        {"x,2,3,P,0,0", RowFault::kBadTime},
        {"-1,2,3,P,0,0", RowFault::kBadTime},
        {"86400000,2,3,P,0,0", RowFault::kBadTime},
        {"1,two,3,P,0,0", RowFault::kBadPrice},
        {"1,,3,P,0,0", RowFault::kBadPrice},
        {"1,1e3,3,P,0,0", RowFault::kBadPrice},
        {"1,99999999999999999,3,P,0,0", RowFault::kBadPrice},
        {"1,-1815200,3,P,0,0", RowFault::kBadPrice},
        {"1,2,99999999999999,P,0,0", RowFault::kBadQuantity},
        {"1,2,,P,0,0", RowFault::kBadQuantity},
        {"1,2,-3,P,0,0", RowFault::kBadQuantity},
        {"1,2,3,A name that is too long,0,0", RowFault::kBadExchange},
        {"1,2,3,P,xyz,0", RowFault::kBadConditions},
        {"1,2,3,P,123456789,0", RowFault::kBadConditions},
        {"1,2,3,P,0,2", RowFault::kBadSuspicious},
        {"1,2,3,P,0,", RowFault::kBadSuspicious},
    };
    for (const auto& [line, fault] : cases)
        EXPECT_EQ(fault_of<pipeline::TradeRow>(line), fault) << line;
}

TEST(LeanRows, names_what_is_wrong_with_quotes_bars_and_interest) {
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,2,3,4,5,P,0"), RowFault::kTooFewColumns);
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,-2,3,4,5,P,0,0"), RowFault::kBadPrice);
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,2,-3,4,5,P,0,0"), RowFault::kBadQuantity);
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,0,3,4,5,P,0,0"), RowFault::kSizeWithoutPrice);
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,2,3,0,5,P,0,0"), RowFault::kSizeWithoutPrice);
    EXPECT_EQ(fault_of<pipeline::BarRow>("0,1,2,3,4"), RowFault::kTooFewColumns);
    EXPECT_EQ(fault_of<pipeline::BarRow>("0,1,2,3,4,5,6"), RowFault::kTooManyColumns);
    EXPECT_EQ(fault_of<pipeline::BarRow>("0,1,,3,4,5"), RowFault::kBadPrice);
    for (const char* stamp :
         {"19980132 09:30", "19980102 24:00", "19980102 09:60", "19980102T09:30",
          "19980102 09:30:00", "09:30", "16770102 09:30", "22630102 09:30"})
        EXPECT_EQ(fault_of<pipeline::BarRow>(std::string(stamp) + ",1,2,3,4,5", kDaily),
                  RowFault::kBadTime)
            << stamp;
    EXPECT_EQ(fault_of<pipeline::OpenInterestRow>("5,-1"), RowFault::kBadQuantity);
    EXPECT_EQ(fault_of<pipeline::OpenInterestRow>("5"), RowFault::kTooFewColumns);
}

TEST(LeanRows, lets_a_crossed_quote_and_zeros_pass) {
    EXPECT_EQ(fault_of<pipeline::QuoteRow>("1,20,3,10,5,P,0,0"), RowFault::kOk);
    EXPECT_EQ(fault_of<pipeline::TradeRow>("1,0,0,P,0,0"), RowFault::kOk);
    EXPECT_EQ(fault_of<pipeline::BarRow>("0,1,2,1,1,0"), RowFault::kOk);
}

RC_GTEST_PROP(LeanRows, reads_back_what_was_printed, ()) {
    const auto ms = *rc::gen::inRange<std::int64_t>(0, 86'400'000);
    const auto price = *rc::gen::inRange<std::int64_t>(1, 92'000'000'000'000);
    const auto shares = *rc::gen::inRange<std::int64_t>(1, 92'000'000'000);
    const std::string line =
        std::to_string(ms) + "," + std::to_string(price) + "," + std::to_string(shares) + ",Z,0,0";
    pipeline::TradeRow row{};
    RC_ASSERT(parse_row(line, kEquity, row) == RowFault::kOk);
    RC_ASSERT(row.time_ns == ms * 1'000'000);
    RC_ASSERT(row.price_raw == price * 100'000);
    RC_ASSERT(row.quantity_raw == shares * 100'000'000);
}

RC_GTEST_PROP(LeanRows, reads_decimals_as_the_exact_parser_does, ()) {
    const auto raw = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
    const std::string price = core::format_decimal(raw, 1'000'000'000);
    pipeline::QuoteRow row{};
    RC_ASSERT(parse_row("0," + price + "," + price, {1'000'000'000, false, false, TickTail::kNone},
                        row) == RowFault::kOk);
    RC_ASSERT(row.bid_raw == raw && row.ask_raw == raw);
}

}  // namespace
}  // namespace sluice::tests
