#include <sluice/adapters/lean/lean_rows.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::tests {
namespace {

using adapters::lean::parse_quote_row;
using adapters::lean::parse_trade_row;
using adapters::lean::RowFault;

RowFault trade_fault(std::string_view line) {
    pipeline::TradeRow row{};
    return parse_trade_row(line, row);
}
RowFault quote_fault(std::string_view line) {
    pipeline::QuoteRow row{};
    return parse_quote_row(line, row);
}

TEST(LeanRows, reads_a_trade_exactly) {
    pipeline::TradeRow row{};
    ASSERT_EQ(parse_trade_row("14430270,1815200,283,P,20002020,1", row), RowFault::kOk);
    EXPECT_EQ(row.time_ns, 14'430'270'000'000);
    EXPECT_EQ(row.price_raw, 181'520'000'000);
    EXPECT_EQ(row.quantity_raw, 28'300'000'000);
    EXPECT_EQ(row.exchange, 'P');
    EXPECT_EQ(row.conditions, 0x20002020U);
    EXPECT_EQ(row.flags, pipeline::kFlagSuspicious);
}

TEST(LeanRows, reads_a_quote_of_one_side_and_of_both) {
    pipeline::QuoteRow row{};
    ASSERT_EQ(parse_quote_row("14400054,0,0,1836300,100,Q,1,0", row), RowFault::kOk);
    EXPECT_EQ(row.bid_raw, 0);
    EXPECT_EQ(row.ask_raw, 183'630'000'000);
    EXPECT_EQ(row.ask_size_raw, 10'000'000'000);
    ASSERT_EQ(parse_quote_row("0,1,2,3,4,,aF,0", row), RowFault::kOk);
    EXPECT_EQ(row.bid_raw, 100'000);
    EXPECT_EQ(row.exchange, 0);
    EXPECT_EQ(row.conditions, 0xAFU);
}

TEST(LeanRows, reads_a_price_between_its_units) {
    pipeline::TradeRow row{};
    ASSERT_EQ(parse_trade_row("0,1815200.55,1,P,0,0", row), RowFault::kOk);
    EXPECT_EQ(row.price_raw, 181'520'055'000);
}

TEST(LeanRows, names_what_is_wrong_with_a_trade) {
    const std::pair<const char*, RowFault> cases[] = {
        {"", RowFault::kTooFewColumns},
        {"1,2,3,P,0", RowFault::kTooFewColumns},
        {"1,2,3,P,0,0,9", RowFault::kTooManyColumns},
        {"x,2,3,P,0,0", RowFault::kBadTime},
        {"-1,2,3,P,0,0", RowFault::kBadTime},
        {"86400000,2,3,P,0,0", RowFault::kBadTime},
        {"1,two,3,P,0,0", RowFault::kBadPrice},
        {"1,99999999999999999,3,P,0,0", RowFault::kBadPrice},
        {"1,0,3,P,0,0", RowFault::kNoPrice},
        {"1,-1815200,3,P,0,0", RowFault::kNoPrice},
        {"1,2,99999999999999,P,0,0", RowFault::kBadQuantity},
        {"1,2,0,P,0,0", RowFault::kNoQuantity},
        {"1,2,-3,P,0,0", RowFault::kNoQuantity},
        {"1,2,3,NYSE,0,0", RowFault::kBadExchange},
        {"1,2,3,P,xyz,0", RowFault::kBadConditions},
        {"1,2,3,P,123456789,0", RowFault::kBadConditions},
        {"1,2,3,P,0,2", RowFault::kBadSuspicious},
        {"1,2,3,P,0,", RowFault::kBadSuspicious},
    };
    for (const auto& [line, fault] : cases) EXPECT_EQ(trade_fault(line), fault) << line;
}

TEST(LeanRows, names_what_is_wrong_with_a_quote) {
    const std::pair<const char*, RowFault> cases[] = {
        {"", RowFault::kTooFewColumns},
        {"1,2,3,4,5,P,0", RowFault::kTooFewColumns},
        {"1,-2,3,4,5,P,0,0", RowFault::kBadPrice},
        {"1,2,-3,4,5,P,0,0", RowFault::kBadQuantity},
        {"1,0,3,4,5,P,0,0", RowFault::kSizeWithoutPrice},
        {"1,2,3,0,5,P,0,0", RowFault::kSizeWithoutPrice},
    };
    for (const auto& [line, fault] : cases) EXPECT_EQ(quote_fault(line), fault) << line;
}

TEST(LeanRows, lets_a_crossed_quote_pass) {
    EXPECT_EQ(quote_fault("1,20,3,10,5,P,0,0"), RowFault::kOk);
}

RC_GTEST_PROP(LeanRows, reads_back_what_was_printed, ()) {
    const auto ms = *rc::gen::inRange<std::int64_t>(0, 86'400'000);
    const auto price = *rc::gen::inRange<std::int64_t>(1, 92'000'000'000'000);
    const auto shares = *rc::gen::inRange<std::int64_t>(1, 92'000'000'000);
    const std::string line =
        std::to_string(ms) + "," + std::to_string(price) + "," + std::to_string(shares) + ",Z,0,0";
    pipeline::TradeRow row{};
    RC_ASSERT(parse_trade_row(line, row) == RowFault::kOk);
    RC_ASSERT(row.time_ns == ms * 1'000'000);
    RC_ASSERT(row.price_raw == price * 100'000);
    RC_ASSERT(row.quantity_raw == shares * 100'000'000);
}

}  // namespace
}  // namespace sluice::tests
