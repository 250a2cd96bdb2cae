// The order stage: what it hands to a gateway, and how long it follows an order.
#include <sluice/pipeline/hot/order_stage.hpp>

#include <vector>

#include <gtest/gtest.h>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {
namespace {

struct Sent {
    OrderId id;
    bool is_cancel;
    bool is_replacement;
    Quantity quantity;
    StreamTime time;
    Sequence cause;
};
struct RecordingGateway {
    std::vector<Sent>* sent;
    void send(const ApprovedOrder& order, StreamTime now, Sequence cause) const noexcept {
        sent->push_back({order.id(), false, order.is_replacement(), order.quantity(), now, cause});
    }
    void cancel(OrderId id, SymbolId, StreamTime now, Sequence cause) const noexcept {
        sent->push_back({id, true, false, {}, now, cause});
    }
};
static_assert(Gateway<RecordingGateway>);

class OrderStageBench : public testing::Test {
  protected:
    void send(const Event& event) {
        stage_.on<EventKind::kNone>(event, CapturingOutput{out_}, RecordingGateway{&sent_});
    }
    ApprovedOrder submit(std::int64_t quantity = 10) {
        const ApprovedOrder order = desk_.limit(Side::kBuy, qty(quantity), cents(100'00));
        send(Event::approved(at(5), Sequence{7}, order));
        return order;
    }
    void cancel(const ApprovedOrder& order) {
        send(Event::cancel(at(6), Sequence{8}, order.symbol(), order.id()));
    }
    void report(const ApprovedOrder& order, ExecKind kind, std::int64_t quantity = 0,
                SymbolId symbol = kSymbol) {
        send(Event::report(at(9), symbol, kind, RejectReason::kNone,
                           {order.id(), cents(100'00), qty(quantity), {}}));
    }

    OrderStage stage_{8};
    Desk desk_;
    Captured out_;
    std::vector<Sent> sent_;
};

TEST_F(OrderStageBench, sends_an_approved_order_with_its_time_and_cause) {
    const ApprovedOrder order = submit();
    ASSERT_EQ(sent_.size(), 1U);
    EXPECT_EQ(sent_[0].id, order.id());
    EXPECT_EQ(sent_[0].quantity, qty(10));
    EXPECT_EQ(sent_[0].time, at(5));
    EXPECT_EQ(sent_[0].cause, Sequence{7});
    EXPECT_EQ(stage_.live_orders(), 1U);
}

TEST_F(OrderStageBench, passes_every_event_on_and_makes_none) {
    const ApprovedOrder order = submit();
    report(order, ExecKind::kAccepted);
    cancel(order);
    send(Event::timer(at(10), EventKind::kBeat));
    EXPECT_EQ(out_.passed.size(), 4U);
    EXPECT_TRUE(out_.emitted.empty());
}

TEST_F(OrderStageBench, a_cancel_goes_out_once) {
    const ApprovedOrder order = submit();
    cancel(order);
    cancel(order);
    ASSERT_EQ(sent_.size(), 2U);
    EXPECT_TRUE(sent_[1].is_cancel);
    EXPECT_EQ(sent_[1].id, order.id());
}

TEST_F(OrderStageBench, a_refused_cancel_may_be_sent_again) {
    const ApprovedOrder order = submit();
    cancel(order);
    report(order, ExecKind::kCancelRejected);
    cancel(order);
    EXPECT_EQ(sent_.size(), 3U);
}

TEST_F(OrderStageBench, a_cancel_or_replacement_of_what_is_gone_is_not_sent) {
    const ApprovedOrder order = submit();
    report(order, ExecKind::kFill, 10);
    EXPECT_EQ(stage_.live_orders(), 0U);
    cancel(order);
    send(Event::approved(at(7), Sequence{9}, desk_.replacement(order, qty(10), cents(101'00))));
    EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(OrderStageBench, a_replacement_keeps_the_id_and_changes_the_total) {
    const ApprovedOrder order = submit();
    report(order, ExecKind::kAccepted);
    send(Event::approved(at(7), Sequence{9}, desk_.replacement(order, qty(12), cents(101'00))));
    ASSERT_EQ(sent_.size(), 2U);
    EXPECT_TRUE(sent_[1].is_replacement);
    EXPECT_EQ(sent_[1].id, order.id());
    report(order, ExecKind::kReplaced, 12);
    report(order, ExecKind::kFill, 11);
    EXPECT_EQ(stage_.live_orders(), 1U);
    report(order, ExecKind::kFill, 1);
    EXPECT_EQ(stage_.live_orders(), 0U);
}

TEST_F(OrderStageBench, a_replacement_of_what_is_being_cancelled_is_not_sent) {
    const ApprovedOrder order = submit();
    cancel(order);
    send(Event::approved(at(7), Sequence{9}, desk_.replacement(order, qty(10), cents(101'00))));
    EXPECT_EQ(sent_.size(), 2U);
}

TEST_F(OrderStageBench, follows_an_order_to_each_of_its_ends) {
    for (const ExecKind end : {ExecKind::kRejected, ExecKind::kCancelled, ExecKind::kExpired}) {
        const ApprovedOrder order = submit();
        EXPECT_EQ(stage_.live_orders(), 1U);
        report(order, end);
        EXPECT_EQ(stage_.live_orders(), 0U) << to_string(end);
    }
}

TEST_F(OrderStageBench, an_impossible_or_foreign_report_changes_nothing) {
    const ApprovedOrder order = submit();
    report(order, ExecKind::kFill, 11);
    report(order, ExecKind::kReplaced, 5);
    report(order, ExecKind::kCancelled, 0, SymbolId{1});
    EXPECT_EQ(stage_.live_orders(), 1U);
    report(order, ExecKind::kFill, 10);
    EXPECT_EQ(stage_.live_orders(), 0U);
    report(order, ExecKind::kFill, 10);
    EXPECT_EQ(stage_.live_orders(), 0U);
}

TEST_F(OrderStageBench, an_event_of_another_kind_gives_no_order_away) {
    const Event trade = Event::trade(at(1), kSymbol, {cents(100'00), qty(1), 0, 0, 0});
    EXPECT_DEATH((void)trade.approved(), "");
}

}  // namespace
}  // namespace sluice::tests::trade_path
