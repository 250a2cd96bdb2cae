// The ledger that audits fills: lawful ones pass, and each way to take what was not there is found.
#include <gtest/gtest.h>

#include <sluice/proofs/fill_audit.hpp>
#include <sluice/proofs/order_display.hpp>

namespace sluice::tests {
namespace {

using pipeline::Side;
using proofs::AuditedFill;
using proofs::AuditedOrder;
using proofs::FillAudit;
using proofs::FillAuditReport;
using proofs::FillFault;
using proofs::ShownRow;

ShownRow print(std::int64_t time, std::int64_t price, std::int64_t size) {
    return {time, true, price, size, 0, 0};
}
ShownRow quote(std::int64_t time, std::int64_t bid, std::int64_t bid_size, std::int64_t ask,
               std::int64_t ask_size) {
    return {time, false, bid, bid_size, ask, ask_size};
}

// Order 1 buys 10 at 100 from time 5 on; order 2 sells 10 at 103; order 3 buys 10 at any price.
class FillLedger : public testing::Test {
  protected:
    FillLedger() {
        orders_[1] = {Side::kBuy, {{5, 5, 100, 10}}};
        orders_[2] = {Side::kSell, {{5, 5, 103, 10}}};
        orders_[3] = {Side::kBuy, {{5, 5, 0, 10}}};
    }
    FillAuditReport audit(const std::vector<AuditedFill>& fills,
                          const std::vector<ShownRow>& rows) {
        FillAudit ledger{orders_, fills};
        for (const ShownRow& row : rows) ledger.show(row);
        return ledger.finish();
    }
    void expect_clean(const FillAuditReport& report) {
        EXPECT_EQ(report.faulty(), 0U);
        for (const auto& violation : report.violations) ADD_FAILURE() << describe(violation.fault);
    }
    void expect_fault(const FillAuditReport& report, FillFault fault, std::uint64_t count = 1) {
        EXPECT_EQ(report.faulty(), count);
        EXPECT_EQ(report.faults[static_cast<std::size_t>(fault)], count) << to_string(fault);
        ASSERT_EQ(report.violations.size(), count);
        EXPECT_EQ(report.violations.front().fault, fault);
    }

    proofs::AuditedOrders orders_;
    const std::vector<ShownRow> market_{quote(1, 100, 50, 103, 8), print(10, 100, 7),
                                        print(10, 100, 2), quote(20, 100, 30, 103, 20),
                                        print(30, 99, 4)};
};

TEST_F(FillLedger, passes_fills_out_of_prints_and_displays_each_used_once) {
    const auto report =
        audit({{3, 5, 103, 8}, {1, 10, 100, 7}, {1, 10, 100, 2}, {2, 35, 103, 0}}, market_);
    EXPECT_EQ(report.by_display, 1U);
    EXPECT_EQ(report.by_print, 2U);
    EXPECT_EQ(report.printed_raw, 9);
}

TEST_F(FillLedger, finds_a_print_used_twice) {
    orders_[4] = orders_[1];
    expect_fault(audit({{1, 10, 100, 7}, {4, 10, 100, 7}}, market_), FillFault::kUsedUp);
}

TEST_F(FillLedger, finds_a_display_used_twice_also_after_it_was_shown_again) {
    orders_[4] = {Side::kBuy, {{6, 6, 103, 10}}};
    expect_fault(audit({{3, 5, 103, 8}, {4, 6, 103, 8}}, market_), FillFault::kUsedUp);
    // 20 are shown at 20, of which 8 are the ones that were taken.
    orders_[4] = {Side::kBuy, {{20, 20, 103, 20}}};
    expect_clean(audit({{3, 5, 103, 8}, {4, 20, 103, 12}}, market_));
    expect_fault(audit({{3, 5, 103, 8}, {4, 20, 103, 13}}, market_), FillFault::kUsedUp);
}

// A stop sells at any price from 99 down, and not before the market was there.
// Nothing trades from 15 to the first print from 25 on.
TEST_F(FillLedger, finds_fills_in_a_halt_and_out_of_what_was_displayed_before_it) {
    auto market = market_;
    market.push_back(print(40, 99, 4));
    const auto halted = [&](const std::vector<AuditedFill>& fills) {
        FillAudit ledger{orders_, fills, {{15, 25}}};
        for (const ShownRow& row : market) ledger.show(row);
        return ledger.finish();
    };
    expect_clean(halted({{3, 5, 103, 8}, {1, 10, 100, 7}}));
    expect_clean(halted({{3, 14, 103, 8}, {1, 30, 99, 4}, {1, 40, 99, 4}}));
    orders_[4] = {Side::kBuy, {{20, 20, 103, 20}}};  // refused: it came in the halt
    expect_fault(halted({{4, 31, 103, 1}}), FillFault::kBeforeArrival);
    orders_[4] = {Side::kBuy, {{26, 26, 103, 20}}};
    for (const std::int64_t moment : {15, 20, 24, 26, 29})
        expect_fault(halted({{3, moment, 103, 1}}), FillFault::kInHalt);
    expect_fault(halted({{4, 31, 103, 8}}), FillFault::kNothingThere);  // displayed at 20
    market.insert(market.begin() + 4, quote(26, 100, 30, 103, 20));
    expect_fault(halted({{4, 27, 103, 1}}), FillFault::kInHalt);
    expect_clean(halted({{4, 31, 103, 20}}));
    // A replacement that was refused leaves the terms of before.
    orders_[1].terms.push_back({20, 20, 98, 10});
    expect_clean(halted({{1, 30, 99, 4}}));
    orders_[1].terms.back() = {26, 26, 98, 10};
    expect_fault(halted({{1, 30, 99, 4}}), FillFault::kBeyondLimit);
}

TEST_F(FillLedger, lets_an_order_for_an_auction_fill_in_its_prints_alone) {
    orders_[4] = {Side::kBuy, {{5, 5, 0, 10}}, 0, true, 0x40, 'N'};
    auto market = market_;
    market[1].conditions = 0x40;
    market[1].exchange = 'N';
    market[4].conditions = 0x41;
    market[4].exchange = 'Q';
    expect_clean(audit({{4, 10, 100, 7}}, market));
    expect_fault(audit({{4, 10, 100, 8}}, market), FillFault::kUsedUp);
    expect_fault(audit({{4, 10, 101, 7}}, market), FillFault::kOutsideAuction);
    expect_fault(audit({{4, 30, 99, 4}}, market), FillFault::kOutsideAuction);
    expect_fault(audit({{4, 5, 103, 8}}, market), FillFault::kOutsideAuction);
}

TEST_F(FillLedger, lets_a_stop_fill_at_any_price_once_it_is_set_off) {
    orders_[4] = {Side::kSell, {{5, 5, 0, 10}}, 99};
    expect_clean(audit({{4, 30, 99, 4}}, market_));
    expect_fault(audit({{4, 20, 100, 4}}, market_), FillFault::kNotSetOff);
    orders_[4] = {Side::kBuy, {{5, 5, 0, 10}}, 104};
    expect_fault(audit({{4, 20, 103, 4}}, market_), FillFault::kNotSetOff);
    auto risen = market_;
    risen.push_back(print(40, 104, 1));
    risen.push_back(quote(50, 103, 5, 105, 6));
    expect_clean(audit({{4, 50, 105, 6}}, risen));
}

TEST_F(FillLedger, takes_a_level_that_went_and_came_back_for_new) {
    orders_[4] = {Side::kBuy, {{40, 40, 103, 10}}};
    const std::vector<ShownRow> worse{quote(1, 100, 50, 103, 8), quote(20, 100, 50, 104, 9),
                                      quote(30, 100, 50, 103, 8)};
    expect_clean(audit({{3, 5, 103, 8}, {4, 40, 103, 8}}, worse));
    // Behind a better price it had not gone.
    const std::vector<ShownRow> better{quote(1, 100, 50, 103, 8), quote(20, 100, 50, 102, 9),
                                       quote(30, 100, 50, 103, 8)};
    expect_fault(audit({{3, 5, 103, 8}, {4, 40, 103, 8}}, better), FillFault::kUsedUp);
}

TEST_F(FillLedger, finds_a_fill_when_nothing_traded_or_was_displayed_within_the_limit) {
    expect_fault(audit({{1, 15, 100, 1}}, market_), FillFault::kNothingThere);
    expect_fault(audit({{2, 10, 103, 1}}, market_), FillFault::kNothingThere);
}

TEST_F(FillLedger, finds_more_than_a_print_had) {
    expect_fault(audit({{1, 10, 100, 8}}, market_), FillFault::kUsedUp);
}

TEST_F(FillLedger, holds_a_fill_to_its_limit_quantity_and_time) {
    expect_fault(audit({{1, 10, 101, 7}}, market_), FillFault::kBeyondLimit);
    expect_fault(audit({{9, 10, 100, 7}}, market_), FillFault::kUnknownOrder);
    expect_fault(audit({{1, 4, 100, 7}}, market_), FillFault::kBeforeArrival);
    expect_fault(audit({{1, 10, 100, 7}, {1, 30, 100, 4}}, market_), FillFault::kBeyondQuantity);
}

TEST_F(FillLedger, knows_replacements_and_cancels_and_that_a_late_one_was_refused) {
    orders_[1].terms.push_back({8, 8, 99, 10});
    expect_fault(audit({{1, 10, 100, 7}}, market_), FillFault::kBeyondLimit);
    expect_clean(audit({{1, 30, 99, 4}}, market_));
    orders_[1].terms.back() = {8, 8, 0, 0};
    expect_fault(audit({{1, 10, 100, 7}}, market_), FillFault::kAfterCancel);
    // It asks for less than had filled when it came.
    orders_[1].terms.back() = {20, 20, 98, 6};
    expect_clean(audit({{1, 10, 100, 7}, {1, 30, 99, 3}}, market_));
    // Which of two of the same moment came first is open.
    orders_[1].terms.back() = {10, 10, 99, 10};
    expect_clean(audit({{1, 10, 100, 7}}, market_));
}

TEST_F(FillLedger, wants_a_price_that_was_shown_while_the_order_was_there) {
    orders_[1].terms = {{25, 25, 101, 10}};
    // Traded at 99, reported at the limit, which nobody had shown.
    expect_fault(audit({{1, 30, 101, 4}}, market_), FillFault::kPriceNotShown);
    orders_[1].terms = {{25, 25, 100, 10}};
    expect_clean(audit({{1, 30, 100, 4}}, market_));  // the best bid then
    expect_clean(audit({{1, 30, 99, 4}}, market_));
}

TEST_F(FillLedger, takes_a_late_row_for_one_of_its_own_time_and_of_when_it_came) {
    orders_[4] = orders_[1];
    const std::vector<ShownRow> late{quote(1, 100, 50, 103, 8), quote(20, 100, 30, 103, 20),
                                     print(15, 100, 7)};
    expect_clean(audit({{1, 20, 100, 7}}, late));
    expect_clean(audit({{1, 15, 100, 7}}, late));
    expect_fault(audit({{1, 15, 100, 7}, {4, 20, 100, 7}}, late), FillFault::kUsedUp);
}

TEST(OrderDisplay, shows_prints_and_the_best_prices_after_each_event) {
    using pipeline::kRowEventEnd;
    using pipeline::kRowSnapshot;
    proofs::OrderDisplay display;
    std::vector<ShownRow> out;
    const auto add = [&](std::int64_t time, char action, std::int64_t id, char side,
                         std::int64_t price, std::int64_t size, int flags) {
        display.add({time, id, price, size, 0, 0, static_cast<std::uint8_t>(action),
                     static_cast<std::uint8_t>(side), static_cast<std::uint8_t>(flags)},
                    out);
    };
    add(1, 'A', 1, 'B', 100, 5, kRowSnapshot);
    add(1, 'A', 2, 'A', 102, 6, kRowSnapshot | kRowEventEnd);
    add(8, 'A', 3, 'B', 100, 4, kRowEventEnd);
    EXPECT_TRUE(out.empty());  // nobody has traded yet
    add(9, 'T', 0, 'A', 100, 1, 0);
    add(9, 'N', 0, 'N', 0, 0, kRowEventEnd);
    out.erase(out.begin());
    add(10, 'T', 0, 'A', 100, 5, 0);
    add(10, 'F', 1, 'B', 100, 5, 0);
    add(10, 'C', 1, 'B', 100, 5, kRowEventEnd);
    add(11, 'M', 3, 'B', 99, 4, kRowEventEnd);
    add(12, 'A', 4, 'A', 103, 1, kRowEventEnd);  // behind the best: nothing new to see
    ASSERT_EQ(out.size(), 4U);
    EXPECT_EQ(out[0].bid_size_raw, 9);
    EXPECT_EQ(out[0].ask_raw, 102);
    EXPECT_TRUE(out[1].is_print);
    EXPECT_EQ(out[1].bid_size_raw, 5);
    EXPECT_EQ(out[2].bid_size_raw, 4);
    EXPECT_EQ(out[3].bid_raw, 99);
}

}  // namespace
}  // namespace sluice::tests
