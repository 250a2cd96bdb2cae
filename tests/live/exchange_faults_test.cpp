// What a venue does wrong on purpose.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <sluice/adapters/exchange/simulated_exchange.hpp>

#include "exchange_support.hpp"

namespace sluice::test {
namespace {

using adapters::exchange::ExchangeSettings;
using adapters::exchange::FaultCounts;
using adapters::exchange::FaultInjector;
using adapters::exchange::SimulatedExchange;
using adapters::exchange::VenueFaults;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::OrderReport;
using pipeline::ReportKind;

struct Faulty : testing::Test {
    void open(const VenueFaults& faults, std::uint64_t actions_per_second = 20'000) {
        ExchangeSettings settings = two_symbols();
        settings.flow.actions_per_second = actions_per_second;
        settings.faults = faults;
        exchange.emplace(settings);
        tape.clear();
        now = kStart;
        ref = 0;
        exchange->connect(tape, tape);
        exchange->open(now);
        tape.updates.clear();
    }
    // An order a millisecond, every other one marketable; each is cancelled in the end.
    void trade(int orders) {
        for (int i = 0; i < orders; ++i) {
            now += 1'000'000;
            exchange->advance(now);
            const auto bid = exchange->engine().best(1, Side::kBuy).price;
            const auto ask = exchange->engine().best(1, Side::kSell).price;
            exchange->request(enter(1, ++ref, i % 4 < 2 ? Side::kBuy : Side::kSell, 200,
                                    (i % 4 < 2) == (i % 2 == 0) ? ask : bid),
                              now);
            exchange->request(cancel(1, ref), now + 500'000);
        }
    }
    [[nodiscard]] std::size_t count(ReportKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(tape.reports.begin(), tape.reports.end(),
                          [kind](const OrderReport& report) { return report.kind == kind; }));
    }

    std::optional<SimulatedExchange> exchange;
    Tape tape;
    std::int64_t now = kStart;
    std::uint64_t ref = 0;
};

TEST_F(Faulty, does_nothing_with_all_rates_at_zero) {
    open({});
    EXPECT_FALSE(VenueFaults{}.any());
    trade(400);
    EXPECT_EQ(exchange->fault_counts(), FaultCounts{});
    EXPECT_EQ(count(ReportKind::kAccepted), 400U);
    EXPECT_EQ(count(ReportKind::kRejected), 0U);
}

TEST_F(Faulty, rejects_some_orders_before_they_reach_the_books) {
    VenueFaults faults;
    faults.reject = 0.25;
    open(faults);
    trade(1'000);
    const std::size_t rejects = exchange->fault_counts().rejects;
    EXPECT_NEAR(static_cast<double>(rejects), 250, 60);
    EXPECT_EQ(count(ReportKind::kRejected), rejects);
    EXPECT_EQ(count(ReportKind::kAccepted), 1'000 - rejects);
    for (const OrderReport& report : tape.reports) {
        if (report.kind != ReportKind::kRejected) continue;
        EXPECT_EQ(report.reason, 'O');
        EXPECT_FALSE(report.alive);
    }
}

TEST_F(Faulty, cancels_orders_it_has_accepted_and_tells_the_market) {
    VenueFaults faults;
    faults.cancel = 1;
    open(faults, 0);
    exchange->request(enter(1, 1, Side::kBuy, 100, 900'000), kStart + 5);
    ASSERT_EQ(tape.reports.size(), 2U);
    EXPECT_EQ(tape.reports[0].kind, ReportKind::kAccepted);
    EXPECT_TRUE(tape.reports[0].alive);
    EXPECT_EQ(tape.reports[1].kind, ReportKind::kCancelled);
    EXPECT_EQ(tape.reports[1].reason, 'S');
    EXPECT_EQ(tape.reports[1].shares, 100U);
    ASSERT_EQ(tape.updates.size(), 2U);
    EXPECT_EQ(tape.updates[0].action, MarketAction::kAdd);
    EXPECT_EQ(tape.updates[1].action, MarketAction::kDeleted);
}

TEST_F(Faulty, leaves_a_marketable_order_only_a_part_of_what_was_there) {
    VenueFaults faults;
    faults.partial = 1;
    open(faults, 0);
    const auto ask = exchange->engine().best(1, Side::kSell);
    const std::uint64_t there = exchange->engine().reachable(1, Side::kBuy, ask.price);
    ASSERT_GE(there, 2U);
    exchange->request(
        enter(1, 1, Side::kBuy, static_cast<std::uint32_t>(there), ask.price, TimeInForce::kIoc),
        kStart + 5);
    std::uint32_t filled = 0;
    for (const OrderReport& report : tape.reports)
        if (report.kind == ReportKind::kExecuted) filled += report.shares;
    EXPECT_GE(filled, 1U);
    EXPECT_LT(filled, there);
    EXPECT_EQ(tape.reports.back().kind, ReportKind::kCancelled);
    EXPECT_EQ(tape.reports.back().shares, there - filled);
}

TEST_F(Faulty, trades_with_a_part_of_a_resting_order) {
    VenueFaults faults;
    faults.partial = 1;
    open(faults, 0);
    const auto bid = exchange->engine().best(1, Side::kBuy);
    exchange->request(enter(1, 1, Side::kBuy, 500, bid.price), kStart + 5);
    ASSERT_EQ(tape.reports.size(), 2U);
    EXPECT_EQ(tape.reports[1].kind, ReportKind::kExecuted);
    EXPECT_EQ(tape.reports[1].liquidity, 'A');
    const auto left = exchange->engine().find(1, 1);
    ASSERT_TRUE(left.has_value());
    EXPECT_EQ(left->shares, 500 - tape.reports[1].shares);
    EXPECT_EQ(exchange->engine().ahead_of(1, 1), 0U) << "those before it were served";
}

TEST_F(Faulty, holds_reports_back_in_order_and_for_no_longer_than_said) {
    VenueFaults faults;
    faults.late = 0.3;
    faults.late_max_ns = 3'000'000;
    open(faults);
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 300; ++i) {
        const std::size_t before = tape.reports.size();
        trade(1);
        for (std::size_t n = before; n < tape.reports.size(); ++n)
            waits.push_back(now + 500'000 - tape.reports[n].time_ns);
    }
    EXPECT_GT(*std::max_element(waits.begin(), waits.end()), 1'000'000);
    EXPECT_LE(*std::max_element(waits.begin(), waits.end()), 3'000'000 + 1'000'000)
        << "looked at once a millisecond";
    EXPECT_TRUE(std::is_sorted(
        tape.reports.begin(), tape.reports.end(),
        [](const OrderReport& a, const OrderReport& b) { return a.time_ns < b.time_ns; }));
    EXPECT_GT(exchange->fault_counts().late, 50U);
    exchange->close(now + 1'000'000);
    EXPECT_EQ(count(ReportKind::kAccepted), 300U) << "the close brings what was still held";
}

TEST_F(Faulty, sends_what_it_holds_when_the_market_closes) {
    VenueFaults faults;
    faults.late = 1;
    faults.late_max_ns = 3'600 * kSecond;
    open(faults, 0);
    exchange->request(enter(1, 1, Side::kBuy, 100, 900'000), kStart + 5);
    EXPECT_TRUE(tape.reports.empty());
    EXPECT_GT(exchange->next_due_ns(), kStart + 5);
    exchange->close(kStart + 10);
    ASSERT_EQ(tape.reports.size(), 2U);
    EXPECT_EQ(tape.reports[0].kind, ReportKind::kAccepted);
    EXPECT_EQ(tape.reports[1].reason, 'T');
}

TEST_F(Faulty, halts_at_the_same_moments_however_its_time_advances) {
    VenueFaults faults;
    faults.halt_mean_ns = faults.burst_mean_ns = kSecond / 10;
    const auto play = [&](std::int64_t step_ns) {
        open(faults, 2'000);
        for (now += step_ns; now <= kStart + kSecond; now += step_ns) do
                exchange->advance(now);
            while (exchange->is_behind(now));
        return tape.updates;
    };
    const auto fine = play(100'000);
    EXPECT_GT(exchange->fault_counts().halts, 1U);
    EXPECT_EQ(play(kSecond), fine);
}

TEST_F(Faulty, reports_executions_twice_with_one_match_number) {
    VenueFaults faults;
    faults.duplicate = 1;
    open(faults);
    trade(40);
    std::map<std::uint64_t, std::vector<OrderReport>> matches;
    for (const OrderReport& report : tape.reports)
        if (report.kind == ReportKind::kExecuted) matches[report.match].push_back(report);
    ASSERT_GT(matches.size(), 10U);
    for (const auto& [match, reports] : matches) {
        ASSERT_EQ(reports.size(), 2U);
        EXPECT_EQ(reports[0], reports[1]);
    }
    EXPECT_EQ(exchange->fault_counts().duplicates, matches.size());
}

TEST_F(Faulty, reports_executions_of_orders_that_nobody_sent) {
    VenueFaults faults;
    faults.unknown = 0.5;
    open(faults);
    trade(100);
    std::set<std::uint64_t> unknown;
    for (const OrderReport& report : tape.reports) {
        if (report.ref <= ref) continue;
        EXPECT_GE(report.ref, FaultInjector::kUnknownRefs);
        EXPECT_LE(report.ref, UINT32_MAX);
        EXPECT_EQ(report.client, 1U);
        EXPECT_TRUE(unknown.insert(report.ref).second);
    }
    EXPECT_GT(unknown.size(), 10U);
    EXPECT_EQ(exchange->fault_counts().unknown, unknown.size());
}

TEST_F(Faulty, halts_and_resumes_symbols_and_sends_bursts) {
    VenueFaults faults;
    faults.halt_mean_ns = kSecond / 20;
    faults.halt_length_ns = kSecond / 100;
    faults.burst_mean_ns = kSecond / 10;
    faults.burst_actions = 500;
    open(faults, 2'000);
    trade(2'000);
    EXPECT_NEAR(static_cast<double>(exchange->fault_counts().halts), 2.0 / 0.06, 20);
    EXPECT_NEAR(static_cast<double>(exchange->fault_counts().bursts), 20, 15);
    std::map<std::uint16_t, char> state;
    std::map<std::int64_t, std::size_t> at;
    for (const MarketUpdate& update : tape.updates) {
        ++at[update.time_ns];
        if (update.action == MarketAction::kTrading) {
            EXPECT_NE(state[update.symbol], update.code);
            state[update.symbol] = update.code;
        }
        if (update.action == MarketAction::kExecuted) {
            EXPECT_NE(state[update.symbol], 'H');
        }
    }
    const auto bursts =
        std::count_if(at.begin(), at.end(), [](const auto& moment) { return moment.second > 300; });
    EXPECT_EQ(static_cast<std::uint64_t>(bursts), exchange->fault_counts().bursts);
    EXPECT_GT(count(ReportKind::kRejected), 0U);
    for (const OrderReport& report : tape.reports)
        if (report.kind == ReportKind::kRejected) {
            EXPECT_EQ(report.reason, 'H');
        }
}

TEST_F(Faulty, does_the_same_again_for_the_same_seed) {
    VenueFaults faults;
    faults.reject = faults.cancel = faults.partial = faults.late = 0.1;
    faults.duplicate = faults.unknown = 0.1;
    faults.halt_mean_ns = faults.burst_mean_ns = kSecond / 10;
    const auto play = [&](std::uint64_t seed) {
        faults.seed = seed;
        open(faults);
        trade(500);
        exchange->end(now + kSecond);
        return tape.reports;
    };
    const auto first = play(1);
    const FaultCounts counts = exchange->fault_counts();
    EXPECT_EQ(play(1), first);
    EXPECT_EQ(exchange->fault_counts(), counts);
    EXPECT_NE(play(2), first);
}

}  // namespace
}  // namespace sluice::test
