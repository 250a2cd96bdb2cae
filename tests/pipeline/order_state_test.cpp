// The life of one order against the venue's reports.
#include <sluice/pipeline/hot/order_state.hpp>

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::pipeline {
namespace {

Quantity units(std::int64_t n) { return Quantity::from_units(n); }

bool same(const OrderState& a, const OrderState& b) {
    return a.quantity == b.quantity && a.filled == b.filled && a.accepted == b.accepted &&
           a.cancel_pending == b.cancel_pending && a.replace_pending == b.replace_pending;
}

OrderState state(bool accepted, std::int64_t filled, bool cancel = false, bool replace = false) {
    OrderState s;
    s.quantity = units(10);
    s.filled = units(filled);
    s.accepted = accepted;
    s.cancel_pending = cancel;
    s.replace_pending = replace;
    return s;
}

// One row a report, one column a state, as the header's picture of an order's life has them.
// o: lives on, d: done, X: illegal, F: more than was ordered.
struct TransitionRow {
    ExecKind kind;
    std::int64_t amount;
    const char* expected;
};
struct Column {
    const char* name;
    OrderState state;
};

const std::vector<Column>& columns() {
    static const std::vector<Column> kColumns{
        {"sent", state(false, 0)},
        {"live", state(true, 0)},
        {"partly filled", state(true, 4)},
        {"live, cancel sent", state(true, 0, true)},
        {"partly filled, cancel sent", state(true, 4, true)},
        {"live, replace sent", state(true, 0, false, true)},
        {"partly filled, replace sent", state(true, 4, false, true)},
        {"sent, cancel sent", state(false, 0, true)},
    };
    return kColumns;
}

constexpr TransitionRow kRows[] = {
    // clang-format off
    {ExecKind::kAccepted,         0, "oXXXXXXo"},
    {ExecKind::kFill,             1, "oooooooo"},
    {ExecKind::kFill,             6, "oodododo"},
    {ExecKind::kFill,            10, "ddFdFdFd"},
    {ExecKind::kFill,            11, "FFFFFFFF"},
    {ExecKind::kFill,             0, "XXXXXXXX"},
    {ExecKind::kFill,            -1, "XXXXXXXX"},
    {ExecKind::kCancelled,        0, "dddddddd"},
    {ExecKind::kExpired,          0, "dddddddd"},
    {ExecKind::kRejected,         0, "dXXXXXXd"},
    {ExecKind::kReplaced,        12, "XXXXXooX"},
    {ExecKind::kReplaced,         5, "XXXXXooX"},
    {ExecKind::kReplaced,         4, "XXXXXoXX"},
    {ExecKind::kReplaced,         0, "XXXXXXXX"},
    {ExecKind::kReplaced,        -3, "XXXXXXXX"},
    {ExecKind::kCancelRejected,   0, "oooooooo"},
    {ExecKind::kReplaceRejected,  0, "oooooooo"},
    // clang-format on
};

Transition transition_of(char mark) {
    switch (mark) {
        case 'o': return Transition::kOpen;
        case 'd': return Transition::kDone;
        case 'F': return Transition::kOverfill;
        default: return Transition::kIllegal;
    }
}

TEST(OrderState, answers_every_report_in_every_state_as_its_life_cycle_says) {
    for (const TransitionRow& row : kRows) {
        for (std::size_t i = 0; i < columns().size(); ++i) {
            OrderState s = columns()[i].state;
            const Transition got = s.apply(row.kind, units(row.amount));
            EXPECT_EQ(got, transition_of(row.expected[i]))
                << to_string(row.kind) << " of " << row.amount << " when " << columns()[i].name;
        }
    }
}

TEST(OrderState, a_report_that_is_not_applied_changes_nothing) {
    for (const TransitionRow& row : kRows) {
        for (const Column& column : columns()) {
            OrderState s = column.state;
            const Transition got = s.apply(row.kind, units(row.amount));
            if (got == Transition::kOverfill || got == Transition::kIllegal) {
                EXPECT_TRUE(same(s, column.state))
                    << to_string(row.kind) << " of " << row.amount << " when " << column.name;
            }
        }
    }
}

TEST(OrderState, an_acceptance_may_follow_the_first_fill) {
    OrderState s = state(false, 0);
    EXPECT_EQ(s.apply(ExecKind::kFill, units(3)), Transition::kOpen);
    EXPECT_EQ(s.apply(ExecKind::kAccepted, {}), Transition::kOpen);
    EXPECT_EQ(s.filled, units(3));
    EXPECT_EQ(s.apply(ExecKind::kAccepted, {}), Transition::kIllegal) << "but only once";
}

TEST(OrderState, what_has_filled_cannot_be_rejected) {
    OrderState s = state(false, 0);
    EXPECT_EQ(s.apply(ExecKind::kFill, units(3)), Transition::kOpen);
    EXPECT_EQ(s.apply(ExecKind::kRejected, {}), Transition::kIllegal);
}

TEST(OrderState, a_replacement_sets_the_new_total_once) {
    OrderState s = state(true, 4, false, true);
    EXPECT_EQ(s.apply(ExecKind::kReplaced, units(7)), Transition::kOpen);
    EXPECT_EQ(s.leaves(), units(3));
    EXPECT_EQ(s.apply(ExecKind::kReplaced, units(9)), Transition::kIllegal);
    EXPECT_EQ(s.apply(ExecKind::kFill, units(4)), Transition::kOverfill);
    EXPECT_EQ(s.apply(ExecKind::kFill, units(3)), Transition::kDone);
}

TEST(OrderState, a_refused_cancel_or_replace_leaves_the_order_as_it_was) {
    OrderState s = state(true, 4, true, true);
    EXPECT_EQ(s.apply(ExecKind::kCancelRejected, {}), Transition::kOpen);
    EXPECT_EQ(s.apply(ExecKind::kReplaceRejected, {}), Transition::kOpen);
    EXPECT_TRUE(same(s, state(true, 4)));
}

RC_GTEST_PROP(OrderStateProperty, filled_never_exceeds_quantity_whatever_is_reported, ()) {
    OrderState s;
    s.quantity = Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, 1'000));
    const auto reports = *rc::gen::container<std::vector<std::pair<int, std::int64_t>>>(
        rc::gen::pair(rc::gen::inRange(0, static_cast<int>(kExecKindCount)),
                      rc::gen::inRange<std::int64_t>(-10, 1'100)));
    for (const auto& [kind, amount] : reports) {
        if (*rc::gen::inRange(0, 4) == 0) s.replace_pending = true;
        const OrderState before = s;
        const Transition t = s.apply(static_cast<ExecKind>(kind), Quantity::from_raw(amount));
        RC_ASSERT(s.filled <= s.quantity);
        RC_ASSERT(s.filled >= before.filled);
        if (t == Transition::kIllegal || t == Transition::kOverfill) RC_ASSERT(same(s, before));
        if (t == Transition::kOpen) RC_ASSERT(!s.leaves().is_zero());
        if (s.leaves().is_zero()) RC_ASSERT(t == Transition::kDone);
        if (t == Transition::kDone) return;
    }
}

}  // namespace
}  // namespace sluice::pipeline
