// The gate's limits over the whole book and over what leaves within a moment.
#include <array>
#include <csignal>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class BookLimits : public RiskStageBench {
  protected:
    void on_margin(MarginModel model, std::int64_t equity) {
        settings_.risk.require_funds = true;
        settings_.risk.margin_model = model;
        settings_.account.capital = Money::from_units(equity);
        start(2);
        trade(1, 10'000);
        trade(1, 10'000, symbol_id(1));
    }
    void expect_refused(std::int64_t ns, std::int64_t target, RefusalReason reason,
                        SymbolId symbol = kSymbol) {
        out_.clear();
        intend(ns, target, symbol);
        EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
        EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), reason)
            << to_string(only(EventKind::kRefusal).refusal_reason());
    }
    ApprovedOrder expect_order(std::int64_t ns, std::int64_t target, SymbolId symbol = kSymbol) {
        out_.clear();
        intend(ns, target, symbol);
        return only(EventKind::kApproved).approved();
    }
};

TEST_F(BookLimits, regulation_t_lends_half_of_a_position) {
    on_margin(MarginModel::kRegT, 100'000);
    expect_refused(2, 2'001, RefusalReason::kMargin);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().observed, 100'050.0);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().limit, 100'000.0);
    expect_order(3, 1'500);
    expect_refused(4, -501, RefusalReason::kMargin, symbol_id(1));
    expect_order(5, -500, symbol_id(1));
}

TEST_F(BookLimits, a_cash_account_sells_nothing_it_has_not_and_buys_within_cash) {
    on_margin(MarginModel::kCash, 100'000);
    expect_refused(2, -1, RefusalReason::kMargin);
    const ApprovedOrder order = expect_order(3, 600);
    expect_refused(4, 401, RefusalReason::kMargin, symbol_id(1));
    fill(5, order, 600, 10'000);
    trade(6, 20'000);
    expect_refused(7, 401, RefusalReason::kMargin, symbol_id(1));
    expect_order(8, 400, symbol_id(1));
    expect_order(9, 0);
}

TEST_F(BookLimits, futures_ask_for_their_margin_by_the_contract) {
    settings_.risk.contract_margin = Money::from_units(12'000);
    on_margin(MarginModel::kFutures, 100'000);
    expect_order(2, 5);
    expect_refused(3, -4, RefusalReason::kMargin, symbol_id(1));
    expect_order(4, -3, symbol_id(1));
}

TEST_F(BookLimits, leverage_keeps_its_distance_from_liquidation) {
    settings_.risk.initial_margin_bps = 1'000;
    settings_.risk.maintenance_margin_bps = 500;
    settings_.risk.liquidation_distance_bps = 1'000;
    on_margin(MarginModel::kLeveraged, 100'000);
    // Long q at 100: liquidated at p where 100,000 + q (p - 100) = 0.05 q p; at p = 90 q = 6,896.5.
    expect_refused(2, 6'897, RefusalReason::kLiquidationDistance);
    expect_order(3, 6'896);
}

TEST(Margin, liquidation_is_where_equity_meets_the_maintenance_margin) {
    const Money equity = Money::from_units(20'000);
    // 20,000 + 1,000 (p - 50) = 0.25 * 1,000 p at p = 40, and short at p = 56.
    const auto bps = [&](Money others, std::int64_t size) {
        return LiquidationDistance{equity, others, qty(size), cents(5'000), 2'500}.bps();
    };
    EXPECT_EQ(bps({}, 1'000), 2'000);
    EXPECT_EQ(bps({}, -1'000), 1'200);
    EXPECT_EQ(bps({}, 100), 10'000) << "a price cannot fall that far";
    EXPECT_EQ(bps(Money::from_units(60'000), 1'000), 0) << "others have used the room up";
    EXPECT_EQ(bps({}, 0), 10'000) << "nothing to liquidate";
}

// Comparing needs no division, and has to say what dividing says, also at the edge and for amounts whose
// product with the limit would not fit.
TEST(Margin, the_distance_is_compared_as_it_is_counted) {
    std::mt19937_64 random{3};
    const auto up_to = [&](std::int64_t most) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
    };
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t scale = up_to(1) == 0 ? 1'000'000 : 90'000'000'000;
        const LiquidationDistance distance{Money::from_units(up_to(scale)),
                                           Money::from_units(up_to(scale)),
                                           Quantity::from_units(up_to(2 * scale) - scale),
                                           Price::from_units(1 + up_to(1'000'000)), up_to(12'000)};
        const std::int64_t at = distance.bps();
        for (const std::int64_t limit : {std::int64_t{0}, at, at + 1, up_to(10'000)})
            ASSERT_EQ(distance.is_below(limit), at < limit) << at << " " << limit;
    }
    const LiquidationDistance half{Money::from_units(25'000), {}, qty(1'000), cents(5'000), 0};
    EXPECT_EQ(half.bps(), 5'000);
    EXPECT_FALSE(half.is_below(5'000)) << "exactly as far";
    EXPECT_TRUE(half.is_below(5'001));
}

// Against a sum from the beginning, after whatever changes.
TEST(ExposedBook, is_the_sum_of_what_is_held_and_open_elsewhere) {
    constexpr std::size_t kMany = 5;
    std::mt19937_64 random{11};
    const auto up_to = [&](std::int64_t most) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
    };
    ExposedBook book{kMany};
    Portfolio portfolio{Money::from_units(1), kMany};
    struct Held {
        Quantity position, buy, sell;
    };
    std::array<Held, kMany> held{};
    for (int step = 0; step < 5'000; ++step) {
        const auto at = static_cast<std::size_t>(up_to(kMany - 1));
        portfolio.mark(symbol_id(at), cents(1 + up_to(10'000)));
        // Nothing as often as not, so that instruments come and go.
        const auto some = [&] { return qty(up_to(1) * up_to(50)); };
        held[at] = {some() - some(), some(), some()};
        book.update(symbol_id(at), held[at].position, held[at].buy, held[at].sell);
        const auto without = static_cast<std::size_t>(up_to(kMany - 1));
        BookExposure expected;
        for (std::size_t i = 0; i < kMany; ++i) {
            if (i == without) continue;
            const Held& h = held[i];
            const Price mark = portfolio.position(symbol_id(i)).mark;
            const Quantity high = h.position + h.buy;
            const Quantity low = h.position - h.sell;
            const Quantity size = std::max(high.abs(), low.abs());
            expected.gross += mark * size;
            expected.net_high += mark * high;
            expected.net_low += mark * low;
            expected.open_buys += mark * h.buy;
            expected.units += size;
        }
        const BookExposure found = book.without(symbol_id(without), portfolio);
        ASSERT_EQ(found.gross, expected.gross);
        ASSERT_EQ(found.net_high, expected.net_high);
        ASSERT_EQ(found.net_low, expected.net_low);
        ASSERT_EQ(found.open_buys, expected.open_buys);
        ASSERT_EQ(found.units, expected.units);
        const auto part = [&](BookSums sums) {
            return book.without(symbol_id(without), portfolio, sums);
        };
        ASSERT_EQ(part(BookSums::kGross).gross, expected.gross);
        ASSERT_EQ(part(BookSums::kNets).gross, expected.gross);
        ASSERT_EQ(part(BookSums::kNets).net_high, expected.net_high);
        ASSERT_EQ(part(BookSums::kNets).net_low, expected.net_low);
    }
}

TEST_F(BookLimits, no_instrument_is_more_than_its_share_of_equity) {
    settings_.risk.max_concentration_bps = 1'000;
    start(2);
    trade(1, 10'000);
    expect_refused(2, 1'001, RefusalReason::kConcentration);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().observed, 1'001.0);
    expect_order(3, 1'000);
}

TEST_F(BookLimits, gross_counts_both_ways_and_net_the_difference) {
    settings_.risk.max_gross_notional = Money::from_units(150'000);
    settings_.risk.max_net_notional = Money::from_units(100'000);
    start(2);
    trade(1, 10'000);
    trade(1, 10'000, symbol_id(1));
    expect_refused(2, 1'001, RefusalReason::kNetNotional);
    const ApprovedOrder order = expect_order(3, 1'000);
    expect_refused(4, 1, RefusalReason::kNetNotional, symbol_id(1));
    fill(5, order, 1'000, 10'000);
    expect_refused(6, -501, RefusalReason::kGrossNotional, symbol_id(1));
    expect_order(7, -500, symbol_id(1));
}

Exposure room(Price mark) { return {{}, {}, {}, qty(1), mark}; }

struct GateOf {
    explicit GateOf(const RiskSettings& s) : gate(s) {}
    RefusalReason judge(Side side, std::int64_t quantity, std::int64_t limit_cents, std::int64_t ns,
                        Exposure exposure = room(cents(10'000))) {
        const auto verdict = gate.judge({kSymbol, side, OrderType::kLimit, TimeInForce::kGtc,
                                         qty(quantity), cents(limit_cents)},
                                        exposure, books, at(ns), order_id(++last));
        return verdict.approved() ? RefusalReason{255} : verdict.reason();
    }
    RiskGate gate;
    Portfolio books{Money::from_units(1'000'000), 1};
    std::uint64_t last = 0;
};
constexpr RefusalReason kPassed{255};

TEST(FlowLimits, the_same_order_does_not_leave_twice_within_the_window) {
    RiskSettings s = wide_limits();
    s.duplicate_window = Nanos{2 * kSecond};
    s.max_orders_per_second = 1'000;
    GateOf g{s};
    EXPECT_EQ(g.judge(Side::kBuy, 10, 9'999, 1), kPassed);
    EXPECT_EQ(g.judge(Side::kBuy, 10, 9'999, 2 * kSecond), RefusalReason::kDuplicate);
    EXPECT_EQ(g.judge(Side::kSell, 10, 9'999, 2 * kSecond), kPassed) << "another side";
    EXPECT_EQ(g.judge(Side::kBuy, 11, 9'999, 2 * kSecond), kPassed) << "another size";
    EXPECT_EQ(g.judge(Side::kBuy, 10, 9'998, 2 * kSecond), kPassed) << "another price";
    EXPECT_EQ(g.judge(Side::kBuy, 10, 9'999, 2 * kSecond + 1), kPassed);
}

TEST(FlowLimits, no_duplicate_is_forgotten_however_many_orders_lie_between) {
    RiskSettings s = wide_limits();
    s.duplicate_window = Nanos{2 * kSecond};
    s.max_orders_per_second = 50;
    GateOf g{s};
    for (std::int64_t n = 0; n < 10'000; ++n) {
        const std::int64_t now = n * (kSecond / 50);
        ASSERT_EQ(g.judge(Side::kBuy, 1 + n, 9'999, now), kPassed) << n;
        if (n >= 99) {
            ASSERT_EQ(g.judge(Side::kBuy, 1 + n - 99, 9'999, now), RefusalReason::kDuplicate);
        }
    }
}

TEST(FlowLimits, messages_are_counted_with_their_cancels_in_all_and_by_instrument) {
    RiskSettings s = wide_limits();
    s.max_messages_per_second = 3;
    GateOf g{s};
    EXPECT_EQ(g.judge(Side::kBuy, 1, 9'999, 1), kPassed);
    g.gate.count_cancel(kSymbol, at(2));
    g.gate.count_cancel(kSymbol, at(3));
    EXPECT_EQ(g.judge(Side::kBuy, 2, 9'999, kSecond), RefusalReason::kMessageRate);
    EXPECT_EQ(g.judge(Side::kBuy, 2, 9'999, kSecond + 1), kPassed);
    s.max_messages_per_second = 0;
    s.max_instrument_messages_per_second = 1;
    GateOf one{s};
    EXPECT_EQ(one.judge(Side::kBuy, 1, 9'999, 1), kPassed);
    EXPECT_EQ(one.judge(Side::kBuy, 2, 9'999, 2), RefusalReason::kInstrumentMessageRate);
}

TEST(FlowLimits, an_order_does_not_meet_an_own_one) {
    GateOf g{wide_limits()};
    Exposure e = room(cents(10'000));
    e.own_ask = cents(10'001);
    e.own_bid = cents(9'999);
    EXPECT_EQ(g.judge(Side::kBuy, 1, 10'001, 1, e), RefusalReason::kSelfTrade);
    EXPECT_EQ(g.judge(Side::kBuy, 1, 10'000, 1, e), kPassed);
    EXPECT_EQ(g.judge(Side::kSell, 1, 9'999, 1, e), RefusalReason::kSelfTrade);
    EXPECT_EQ(g.judge(Side::kSell, 1, 10'000, 1, e), kPassed);
}

TEST(ProtectedLimitsDeathTest, a_write_to_the_accounts_limits_ends_the_process) {
    RiskSettings s = wide_limits();
    const LossLimits losses{s, Money::from_units(1)};
    EXPECT_EQ(losses.limits().daily_loss, s.daily_loss);
    const auto write = [&] {
        std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would exit instead
        const_cast<RiskSettings&>(losses.limits()).daily_loss = Money{};
    };
    EXPECT_EXIT(write(), testing::KilledBySignal(SIGSEGV), "");
}

// Random targets, fills, cancels and prices in four instruments; what is held and open is kept here
// too, in plain integers. SLUICE_RISK_STEPS sets how many events.
class RandomBook : public BookLimits {
  protected:
    static constexpr std::size_t kSymbols = 4;
    struct Open {
        ApprovedOrder order;
        std::int64_t leaves;
    };
    std::int64_t pick(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>{low, high}(random_);
    }
    [[nodiscard]] std::int64_t working(std::size_t symbol, Side side) const {
        std::int64_t sum = 0;
        for (const Open& o : open_)
            if (core::index_of(o.order.symbol()) == symbol && o.order.side() == side)
                sum += o.leaves;
        return sum;
    }
    void take_orders() {
        for (const Event& event : out_.emitted_of(EventKind::kApproved)) {
            const ApprovedOrder& order = event.approved();
            const std::size_t i = core::index_of(order.symbol());
            open_.push_back({order, order.quantity().raw() / Quantity::kScale});
            ++approved_;
            const bool only_closes = order.side() == Side::kBuy
                                         ? working(i, Side::kBuy) <= -position_[i]
                                         : working(i, Side::kSell) <= position_[i];
            if (!only_closes) check(i);
        }
        for (const Event& event : out_.emitted_of(EventKind::kCancel))
            cancelled_.push_back(event.cancel().order);
        out_.clear();
    }
    // Right after an order that may add exposure was approved, at the prices of now.
    void check(std::size_t ordered) {
        std::int64_t gross = 0;
        std::int64_t high = 0;
        std::int64_t low = 0;
        for (std::size_t i = 0; i < kSymbols; ++i) {
            const std::int64_t most = position_[i] + working(i, Side::kBuy);
            const std::int64_t least = position_[i] - working(i, Side::kSell);
            const std::int64_t size = std::max(std::abs(most), std::abs(least)) * price_[i];
            gross += size;
            high += most * price_[i];
            low += least * price_[i];
            if (i == ordered) {
                ASSERT_LE(size * 10'000, equity() * 3'000) << "concentration";
            }
        }
        ASSERT_LE(gross, 60'000'000) << "gross, cents";
        ASSERT_LE(gross, leverage_ * equity()) << "margin";
        if (open_.back().order.side() == Side::kBuy) {
            ASSERT_LE(high, 40'000'000) << "net";
        } else {
            ASSERT_GE(low, -40'000'000) << "net";
        }
    }
    [[nodiscard]] std::int64_t equity() const {
        std::int64_t sum = cash_;
        for (std::size_t i = 0; i < kSymbols; ++i) sum += position_[i] * price_[i];
        return sum;
    }
    void step(std::int64_t now) {
        const auto i = static_cast<std::size_t>(pick(0, kSymbols - 1));
        switch (pick(0, 5)) {
            case 0:
            case 1:
                price_[i] = std::max<std::int64_t>(1'000, price_[i] + pick(-300, 300));
                trade(now, price_[i], symbol_id(i));
                break;
            case 2: intend(now, pick(-2'500, 2'500), symbol_id(i)); break;
            default: answer(now); break;
        }
    }
    void answer(std::int64_t now) {
        if (open_.empty()) return;
        const auto at_index = static_cast<std::size_t>(pick(0, std::ssize(open_) - 1));
        Open& o = open_[at_index];
        const std::size_t i = core::index_of(o.order.symbol());
        const bool wanted = std::erase(cancelled_, o.order.id()) != 0;
        if (wanted) {
            report(now, o.order, ExecKind::kCancelled);
            open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at_index));
            return;
        }
        const std::int64_t quantity = pick(1, o.leaves);
        const std::int64_t move = o.order.side() == Side::kBuy ? quantity : -quantity;
        // The books before the report goes out: orders that it leads to are checked against them.
        const ApprovedOrder order = o.order;
        position_[i] += move;
        cash_ -= move * price_[i];
        o.leaves -= quantity;
        if (o.leaves == 0) open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at_index));
        fill(now, order, quantity, price_[i]);
    }

    std::mt19937_64 random_{20'240'101};
    std::array<std::int64_t, kSymbols> position_{};
    std::array<std::int64_t, kSymbols> price_{10'000, 10'000, 10'000, 10'000};
    std::int64_t cash_ = 40'000'000;
    std::int64_t leverage_ = 1;
    std::vector<Open> open_;
    std::vector<OrderId> cancelled_;
    std::uint64_t approved_ = 0;

    void run(MarginModel model, std::int64_t leverage) {
        leverage_ = leverage;
        settings_.account.capital = Money::from_units(400'000);
        settings_.risk.require_funds = true;
        settings_.risk.margin_model = model;
        settings_.risk.max_concentration_bps = 3'000;
        settings_.risk.max_gross_notional = Money::from_units(600'000);
        settings_.risk.max_net_notional = Money::from_units(400'000);
        settings_.risk.max_messages_per_second = 200;
        settings_.risk.duplicate_window = Nanos{kSecond / 100};
        settings_.risk.max_orders_per_second = 200;
        start(kSymbols);
        for (std::size_t i = 0; i < kSymbols; ++i) trade(1, price_[i], symbol_id(i));
        const char* asked = std::getenv("SLUICE_RISK_STEPS");
        const std::int64_t steps = asked != nullptr ? std::stoll(asked) : 1'000'000;
        for (std::int64_t n = 0; n < steps && !HasFatalFailure(); ++n) {
            step(2 + n * 2'000'000);
            take_orders();
            ASSERT_EQ(stage().portfolio().equity(), cents(1) * qty(equity())) << n;
        }
        EXPECT_GT(approved_, static_cast<std::uint64_t>(steps / 100));
    }
};

TEST_F(RandomBook, no_order_could_ever_exceed_a_limit_and_equity_is_exact) {
    run(MarginModel::kRegT, 2);
}

TEST_F(RandomBook, no_order_could_ever_take_more_than_equity_without_leverage) {
    run(MarginModel::kGross, 1);
}

}  // namespace
}  // namespace sluice::tests::trade_path
