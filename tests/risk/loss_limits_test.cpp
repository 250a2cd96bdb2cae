// The loss limits by themselves, and against a brute-force account of every equity ever seen.
#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/hot/loss_limits.hpp>

namespace sluice::tests::risk {
namespace {

using namespace pipeline;

constexpr std::int64_t kDayNs = 86'400'000'000'000;

StreamTime on_day(std::int64_t day, std::int64_t seconds = 0) {
    return core::time_from_ns<StreamTime>((20'000 + day) * kDayNs + seconds * 1'000'000'000);
}
Money units(std::int64_t n) { return Money::from_units(n); }

RiskSettings limits(std::int64_t drawdown_bps, std::int64_t window_bps, std::int64_t days = 30) {
    RiskSettings s;
    s.daily_loss = units(1'000'000);
    s.max_drawdown_bps = drawdown_bps;
    s.window_drawdown_bps = window_bps;
    s.drawdown_window_days = days;
    return s;
}

// Looks with the highest equity so far, as a portfolio keeps it.
struct Account {
    explicit Account(const RiskSettings& settings, std::int64_t capital = 100'000)
        : losses(settings, units(capital)), peak(units(capital)) {}
    LossLimits::Change look(std::int64_t equity, StreamTime now) {
        return look(units(equity), now);
    }
    LossLimits::Change look(Money equity, StreamTime now) {
        peak = std::max(peak, equity);
        return losses.look(equity, peak, now);
    }
    LossLimits losses;
    Money peak;
};

TEST(LossLimits, without_drawdown_limits_only_the_daily_loss_has_a_floor) {
    Account a{limits(0, 0)};
    EXPECT_FALSE(a.losses.watches_drawdown());
    EXPECT_EQ(a.losses.floor(), units(100'000) - units(1'000'000));
    EXPECT_FALSE(a.look(150'000, on_day(0)).any());
    EXPECT_FALSE(a.look(1, on_day(0, 1)).any());
}

TEST(LossLimits, a_drawdown_is_reached_at_its_share_of_the_peak_and_not_before) {
    Account a{limits(1'500, 0)};
    EXPECT_FALSE(a.look(120'000, on_day(0)).any());
    EXPECT_EQ(a.losses.floor(), units(102'000)) << "15 % below 120,000";
    EXPECT_FALSE(a.look(units(102'000) + Money::from_raw(1), on_day(0, 1)).any());
    const auto change = a.look(102'000, on_day(0, 2));
    EXPECT_TRUE(change.drawdown);
    EXPECT_FALSE(change.daily_loss);
    EXPECT_FALSE(change.window);
    EXPECT_FALSE(a.look(90'000, on_day(0, 3)).any()) << "it is said once";
}

TEST(LossLimits, a_drawdown_holds_until_it_has_recovered_to_four_fifths_of_the_limit) {
    Account a{limits(1'000, 0)};
    (void)a.look(100'000, on_day(0));
    EXPECT_TRUE(a.look(90'000, on_day(0, 1)).drawdown);
    EXPECT_FALSE(a.look(units(92'000) - Money::from_raw(1), on_day(9)).any());
    EXPECT_TRUE(a.losses.drawdown().breached);
    EXPECT_TRUE(a.look(92'000, on_day(9, 1)).recovered) << "8 % is 80 % of 10 %";
    EXPECT_FALSE(a.losses.drawdown().breached);
    EXPECT_TRUE(a.look(90'000, on_day(9, 2)).drawdown) << "and it can be reached again";
}

TEST(LossLimits, the_windows_peak_leaves_it_after_so_many_days) {
    Account a{limits(0, 1'000, 30)};
    (void)a.look(100'000, on_day(0));
    (void)a.look(95'000, on_day(1));
    EXPECT_TRUE(a.look(89'000, on_day(29)).window) << "the peak of thirty days ago still counts";
    EXPECT_TRUE(a.look(89'000, on_day(30)).recovered) << "95,000 is the highest now: 6.3 %";
    EXPECT_EQ(a.losses.window().peak, units(95'000));
    EXPECT_FALSE(a.look(88'000, on_day(31)).any()) << "and now it is 89,000";
}

TEST(LossLimits, a_peak_between_two_looks_counts) {
    Account a{limits(1'000, 1'000)};
    (void)a.look(100'000, on_day(0));
    const auto change = a.losses.look(units(99'000), units(110'000), on_day(0, 1));
    EXPECT_TRUE(change.drawdown) << "110,000 was seen by the books, a beat sees 99,000";
    EXPECT_TRUE(change.window);
}

TEST(LossLimits, the_daily_loss_and_the_drawdowns_come_and_go_apart) {
    RiskSettings s = limits(1'000, 0);
    s.daily_loss = units(3'000);
    Account a{s};
    (void)a.look(100'000, on_day(0));
    auto change = a.look(97'000, on_day(0, 1));
    EXPECT_TRUE(change.daily_loss);
    EXPECT_FALSE(change.drawdown);
    a.losses.start_day(units(97'000));
    EXPECT_FALSE(a.losses.daily_breached());
    change = a.look(94'000, on_day(1));
    EXPECT_TRUE(change.daily_loss) << "measured from the new day's start";
    a.losses.start_day(units(91'000));
    change = a.look(90'000, on_day(2));
    EXPECT_TRUE(change.drawdown) << "adds up over the days";
    EXPECT_FALSE(change.daily_loss);
    a.losses.start_day(units(90'000));
    EXPECT_TRUE(a.losses.drawdown().breached) << "a new day ends the daily loss only";
}

TEST(LossLimits, a_measure_begun_anew_knows_nothing_of_before) {
    Account a{limits(1'000, 1'000)};
    (void)a.look(100'000, on_day(0));
    (void)a.look(80'000, on_day(0, 1));
    a.losses.restart_drawdown(units(80'000), on_day(0, 2));
    EXPECT_FALSE(a.losses.drawdown().breached);
    EXPECT_FALSE(a.losses.window().breached);
    EXPECT_EQ(a.losses.floor(), units(72'000));
    EXPECT_FALSE(a.look(79'000, on_day(1)).any());
    EXPECT_TRUE(a.look(72'000, on_day(1, 1)).window);
}

RiskMark mark(Money value, bool breached = false, std::int64_t day = 0) {
    return {PackedMoney{value}, day, breached ? 1U : 0U, 0};
}

TEST(LossLimits, go_on_where_the_last_session_ended_whatever_capital_the_next_one_has) {
    Account a{limits(1'000, 1'000), 50'000};  // half was paid out meanwhile
    a.losses.restore(RiskItem::kEquity, mark(units(95'000)), units(50'000));
    a.losses.restore(RiskItem::kDayStart, mark(units(96'000)), units(50'000));
    a.losses.restore(RiskItem::kPeak, mark(units(100'000)), units(50'000));
    a.losses.restore(RiskItem::kDayPeak, mark(units(99'000), false, 20'000), units(50'000));
    a.losses.restore(RiskItem::kWindow, mark(units(99'000)), units(50'000));
    EXPECT_FALSE(a.look(50'000, on_day(1)).any()) << "5 % down, as before the payment";
    EXPECT_EQ(a.losses.drawdown().peak + a.losses.carried(), units(100'000));
    EXPECT_EQ(a.losses.window().peak + a.losses.carried(), units(99'000));
    EXPECT_EQ(a.losses.day_start() + a.losses.carried(), units(96'000));
    const Money limit = a.losses.drawdown().limit;
    EXPECT_TRUE(a.look(units(55'000) - limit, on_day(1, 1)).drawdown);
}

TEST(LossLimits, a_restored_breach_holds_and_can_recover) {
    Account a{limits(1'000, 0)};
    a.losses.restore(RiskItem::kEquity, mark(units(85'000)), units(100'000));
    a.losses.restore(RiskItem::kPeak, mark(units(100'000), true), units(100'000));
    EXPECT_FALSE(a.look(100'000, on_day(0)).any()) << "15 % down, reached before: nothing new";
    EXPECT_TRUE(a.losses.drawdown().breached);
    EXPECT_TRUE(a.look(107'500, on_day(0, 1)).recovered);
}

// Every equity that was looked at, kept; the limits worked out from all of them each time.
RC_GTEST_PROP(LossLimitsProperty, agree_with_an_account_that_forgets_nothing, ()) {
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto pick = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>{low, high}(random);
    };
    const std::int64_t total_bps = pick(0, 3'000);
    const std::int64_t window_bps = pick(0, 3'000);
    const std::int64_t days = pick(1, 40);
    Account a{limits(total_bps, window_bps, days)};
    std::map<std::int64_t, std::int64_t> peaks;  // by day
    std::int64_t day = 0;
    std::int64_t equity = 100'000;
    std::int64_t highest = 100'000;
    bool total = false;
    bool window = false;
    for (int step = 0; step < 500; ++step) {
        if (pick(0, 3) == 0) day += pick(1, 3) * pick(1, 6) / 4;
        equity = std::max<std::int64_t>(10'000, equity + pick(-2'500, 2'500));
        highest = std::max(highest, equity);
        peaks[day] = std::max(peaks.contains(day) ? peaks[day] : equity, equity);
        std::int64_t recent = 0;
        for (const auto& [d, peak] : peaks)
            if (d > day - days) recent = std::max(recent, peak);
        // In units of 1e-6 of the account's, so that nothing is rounded.
        const auto next = [&](bool breached, std::int64_t peak, std::int64_t bps) {
            if (bps == 0) return false;
            const std::int64_t fall = (peak - equity) * 1'000'000;
            return breached ? fall > peak * bps * 80 : fall >= peak * bps * 100;
        };
        total = next(total, highest, total_bps);
        window = next(window, recent, window_bps);
        (void)a.look(equity, on_day(day, step));
        RC_ASSERT(a.losses.drawdown().breached == total);
        RC_ASSERT(a.losses.window().breached == window);
        if (window_bps > 0) RC_ASSERT(a.losses.window().peak == units(recent));
    }
}

}  // namespace
}  // namespace sluice::tests::risk
