// The market that the other participants make: generated, and replayed from a recording.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include <sluice/adapters/exchange/random.hpp>
#include <sluice/adapters/exchange/simulated_exchange.hpp>

#include "exchange_support.hpp"

namespace sluice::test {
namespace {

using adapters::exchange::ExchangeSettings;
using adapters::exchange::MatchingEngine;
using adapters::exchange::Random;
using adapters::exchange::ReplayedFlow;
using adapters::exchange::SimulatedExchange;
using pipeline::Event;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::ReportKind;

ExchangeSettings busy() {
    ExchangeSettings settings = two_symbols();
    settings.flow.seed = 5;
    settings.flow.actions_per_second = 50'000;
    return settings;
}

// A generated market in steps of `step_ns`.
std::vector<MarketUpdate> run(const ExchangeSettings& settings, std::int64_t step_ns,
                              std::int64_t length_ns) {
    SimulatedExchange exchange(settings);
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    for (std::int64_t now = kStart + step_ns; now <= kStart + length_ns; now += step_ns) {
        do exchange.advance(now);
        while (exchange.is_behind(now));
    }
    EXPECT_TRUE(tape.reports.empty()) << "no client is there";
    EXPECT_EQ(exchange.counts().rejected, 0U);
    return std::move(tape.updates);
}

TEST(GeneratedMarket, is_the_same_for_one_seed_however_its_time_advances) {
    const auto fine = run(busy(), 7'000, kSecond / 2);
    const auto coarse = run(busy(), 100'000'000, kSecond / 2);
    // The steps end at different moments.
    ASSERT_GT(fine.size(), 20'000U);
    ASSERT_GE(coarse.size(), fine.size());
    EXPECT_TRUE(std::equal(fine.begin(), fine.end(), coarse.begin()));
    ExchangeSettings other = busy();
    other.flow.seed = 6;
    EXPECT_FALSE(run(other, 100'000'000, kSecond / 2) == coarse);
}

TEST(GeneratedMarket, acts_as_often_as_asked_at_times_of_a_poisson_process) {
    SimulatedExchange exchange(busy());
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    const std::uint64_t seeded = exchange.counts().requests;
    const std::int64_t end = kStart + 4 * kSecond;
    while (exchange.is_behind(end)) exchange.advance(end);
    // 200,000 expected: a Poisson count's deviation is its root.
    const auto actions = static_cast<double>(exchange.counts().requests - seeded);
    EXPECT_NEAR(actions, 200'000, 5 * std::sqrt(200'000.0));
    const auto messages = static_cast<double>(tape.updates.size());
    EXPECT_NEAR(messages / actions, 1.07, 0.05);
    EXPECT_TRUE(std::is_sorted(
        tape.updates.begin(), tape.updates.end(),
        [](const MarketUpdate& a, const MarketUpdate& b) { return a.time_ns < b.time_ns; }));
}

TEST(GeneratedMarket, quotes_both_sides_on_several_prices_and_trades) {
    SimulatedExchange exchange(busy());
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    std::size_t looks = 0;
    std::size_t two_sided = 0;
    std::size_t tight = 0;
    std::size_t depth = 0;
    for (std::int64_t now = kStart; now < kStart + 4 * kSecond; now += 1'000'000) {
        exchange.advance(now);
        const auto bid = exchange.engine().best(1, Side::kBuy);
        const auto ask = exchange.engine().best(1, Side::kSell);
        ++looks;
        if (bid.price == 0 || ask.price == 0) continue;
        ASSERT_LT(bid.price, ask.price);
        ++two_sided;
        tight += ask.price - bid.price <= 300 ? 1U : 0U;
        depth += exchange.engine().books().depth(1, Side::kBuy);
    }
    EXPECT_GT(two_sided * 100, looks * 99);
    EXPECT_GT(tight * 100, two_sided * 95);
    EXPECT_GT(depth, 4 * two_sided);
    std::map<MarketAction, std::size_t> kinds;
    for (const MarketUpdate& update : tape.updates) ++kinds[update.action];
    for (const MarketAction action :
         {MarketAction::kAdd, MarketAction::kDeleted, MarketAction::kExecuted,
          MarketAction::kReplaced, MarketAction::kReduced})
        EXPECT_GT(kinds[action] * 50, tape.updates.size()) << static_cast<char>(action);
}

TEST(GeneratedMarket, walks_as_far_as_its_volatility_says) {
    // The root mean square of the moves of 40 markets over two seconds, without jumps.
    ExchangeSettings settings = two_symbols();
    settings.flow.actions_per_second = 4'000;
    settings.flow.jump_mean_seconds = 1e9;
    settings.flow.volatility = 1e-3;
    double squares = 0;
    constexpr int kMarkets = 40;
    for (int i = 0; i < kMarkets; ++i) {
        settings.flow.seed = static_cast<std::uint64_t>(i);
        SimulatedExchange exchange(settings);
        Tape tape;
        exchange.connect(tape, tape);
        exchange.open(kStart);
        const std::int64_t end = kStart + 2 * kSecond;
        while (exchange.is_behind(end)) exchange.advance(end);
        const double bid = exchange.engine().best(1, Side::kBuy).price;
        squares += (bid / 1'000'000 - 1) * (bid / 1'000'000 - 1);
    }
    const double deviation = std::sqrt(squares / kMarkets);
    EXPECT_NEAR(deviation, 1e-3 * std::sqrt(2.0), 0.4e-3);
}

TEST(GeneratedMarket, trades_with_a_client) {
    SimulatedExchange exchange(busy());
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    exchange.request(enter(1, 1, Side::kBuy, 50, pipeline::kMarketPrice), kStart + 1'000);
    ASSERT_GE(tape.reports.size(), 2U);
    EXPECT_EQ(tape.reports[1].kind, ReportKind::kExecuted);
    tape.reports.clear();
    // One that rests above the best bid is what sellers take first.
    const auto bid = exchange.engine().best(1, Side::kBuy);
    exchange.request(enter(1, 2, Side::kBuy, 50, bid.price), kStart + 2'000);
    for (int i = 1; i < 200; ++i) exchange.advance(kStart + i * 10'000'000);
    ASSERT_GE(tape.reports.size(), 2U);
    EXPECT_EQ(tape.reports[1].kind, ReportKind::kExecuted);
    EXPECT_EQ(tape.reports[1].liquidity, 'A');
}

TEST(GeneratedMarket, only_withdraws_orders_of_a_halted_symbol) {
    SimulatedExchange exchange(busy());
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    exchange.engine().halt(1, kStart);
    tape.clear();
    exchange.advance(kStart + 10'000'000);
    ASSERT_FALSE(tape.updates.empty());
    for (const MarketUpdate& update : tape.updates) {
        if (update.symbol != 1) continue;
        EXPECT_TRUE(update.action == MarketAction::kDeleted ||
                    update.action == MarketAction::kReduced);
    }
    EXPECT_EQ(exchange.counts().rejected, 0U);
}

TEST(GeneratedMarket, does_a_bounded_part_of_what_is_due_and_says_that_more_is) {
    SimulatedExchange exchange(busy());
    Tape tape;
    exchange.connect(tape, tape);
    exchange.open(kStart);
    const std::uint64_t before = exchange.counts().requests;
    exchange.advance(kStart + kSecond);
    EXPECT_EQ(exchange.counts().requests - before, SimulatedExchange::kActionsMax);
    EXPECT_TRUE(exchange.is_behind(kStart + kSecond));
    EXPECT_LT(exchange.next_due_ns(), kStart + kSecond);
}

TEST(ExchangeRandom, draws_with_the_moments_it_claims) {
    Random random(3, 4);
    constexpr int kDraws = 200'000;
    double exponential = 0;
    double bell = 0;
    double bell_squares = 0;
    double geometric = 0;
    int happened = 0;
    for (int i = 0; i < kDraws; ++i) {
        exponential += static_cast<double>(random.exponential(1'000'000));
        const auto b = static_cast<double>(random.bell());
        bell += b;
        bell_squares += b * b;
        geometric += random.geometric();
        happened += random.happens(0.25) ? 1 : 0;
    }
    EXPECT_NEAR(exponential / kDraws, 1e6, 1e4);
    EXPECT_NEAR(bell / kDraws, 0, 0.05);
    EXPECT_NEAR(bell_squares / kDraws, 16, 0.3);
    EXPECT_NEAR(geometric / kDraws, 1, 0.02);
    EXPECT_NEAR(happened, kDraws / 4.0, 1'000);
    EXPECT_FALSE(random.happens(0));
    EXPECT_TRUE(random.happens(1));
}

// A recording in memory, handed out in blocks of two.
struct Recording final : pipeline::MarketSource {
    [[nodiscard]] std::span<Event> next_block() noexcept override {
        const std::size_t n = std::min<std::size_t>(2, events.size() - at);
        at += n;
        return {events.data() + at - n, n};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return events.size(); }

    // Times in milliseconds from the recording's start, prices in 0.0001.
    void quote(std::int64_t ms, int bid, int bid_size, int ask, int ask_size, int symbol = 0) {
        events.push_back(Event::quote(time(ms), static_cast<core::SymbolId>(symbol),
                                      {price(bid), price(ask), size(bid_size), size(ask_size), 0}));
    }
    void trade(std::int64_t ms, int at_price, int shares, int symbol = 0) {
        events.push_back(Event::trade(time(ms), static_cast<core::SymbolId>(symbol),
                                      {price(at_price), size(shares), 0, 0, 0}));
    }
    static core::StreamTime time(std::int64_t ms) {
        return core::time_from_ns<core::StreamTime>(1'000'000'000'000 + ms * 1'000'000);
    }
    static core::Price price(int units) {
        return core::Price::from_raw(std::int64_t{units} * 100'000);
    }
    static core::Quantity size(int shares) { return core::Quantity::from_units(shares); }

    std::vector<Event> events;
    std::size_t at = 0;
};

struct Replay : testing::Test {
    // Plays all of it at twice the speed, on symbol 1.
    void play() {
        exchange.emplace(two_symbols(), recording, std::vector<std::uint16_t>{1}, 2.0);
        exchange->connect(tape, tape);
        exchange->open(kStart);
        tape.clear();
        exchange->advance(kStart + 100 * kSecond);
    }
    [[nodiscard]] std::string told() const {
        std::string out;
        for (const MarketUpdate& u : tape.updates)
            out += std::string(1, static_cast<char>(u.action)) +
                   (u.side == Side::kBuy ? 'b' : 's') + std::to_string(u.shares) + '@' +
                   std::to_string(u.price) + ' ';
        return out;
    }
    Recording recording;
    std::optional<SimulatedExchange> exchange;
    Tape tape;
};

TEST_F(Replay, shows_each_quote_as_one_order_a_side_that_replaces_the_last) {
    recording.quote(0, 999'900, 300, 1'000'100, 200);
    recording.quote(10, 999'900, 100, 1'000'200, 200);
    recording.quote(20, 999'900, 100, 1'000'200, 200);
    play();
    EXPECT_EQ(told(), "Ab300@999900 As200@1000100 Xb200@999900 Us200@1000200 ");
    EXPECT_EQ(tape.updates[0].time_ns, kStart);
    EXPECT_EQ(tape.updates[2].time_ns, kStart + 5'000'000) << "twice as fast";
    EXPECT_EQ(exchange->next_due_ns(), adapters::exchange::MarketFlow::kNever);
    EXPECT_EQ(exchange->replay_counts()->quotes, 3U);
}

TEST_F(Replay, moves_the_side_that_is_in_the_way_first) {
    recording.quote(0, 999'900, 100, 1'000'000, 100);
    recording.quote(10, 1'000'100, 100, 1'000'200, 100);
    recording.quote(20, 999'700, 100, 999'800, 100);
    play();
    EXPECT_EQ(told(),
              "Ab100@999900 As100@1000000 Us100@1000200 Ub100@1000100 Ub100@999700 "
              "Us100@999800 ");
    recording.events.clear();
    recording.at = 0;
    recording.quote(0, 999'900, 100, 1'000'000, 100);
    recording.quote(10, 1'000'100, 100, 0, 0);
    play();
    EXPECT_EQ(told(), "Ab100@999900 As100@1000000 Ds100@1000000 Ub100@1000100 ")
        << "a bid alone takes the place of the ask it passes";
}

TEST_F(Replay, trades_against_the_quote_and_prints_what_meets_nothing) {
    recording.quote(0, 999'900, 100, 1'000'100, 200);
    recording.trade(10, 1'000'100, 150);  // at the ask
    recording.trade(20, 1'000'000, 30);   // inside
    recording.trade(30, 999'900, 120);    // through the bid's size
    recording.quote(40, 999'900, 100, 1'000'100, 200);
    play();
    EXPECT_EQ(told(),
              "Ab100@999900 As200@1000100 Es150@1000100 Pb30@1000000 Eb100@999900 "
              "Pb20@999900 Ab100@999900 Us200@1000100 ");
    EXPECT_EQ(exchange->replay_counts()->trades, 3U);
    EXPECT_EQ(exchange->replay_counts()->printed, 2U);
}

TEST_F(Replay, lets_a_client_stand_before_the_recorded_quote) {
    recording.quote(0, 999'900, 100, 1'000'100, 200);
    recording.trade(10, 999'900, 120);
    exchange.emplace(two_symbols(), recording, std::vector<std::uint16_t>{1}, 1.0);
    exchange->connect(tape, tape);
    exchange->open(kStart);
    exchange->request(enter(1, 1, Side::kBuy, 50, 1'000'000), kStart + 1'000);
    tape.clear();
    exchange->advance(kStart + kSecond);
    EXPECT_EQ(told(), "Eb50@1000000 Eb70@999900 ");
    ASSERT_EQ(tape.reports.size(), 1U);
    EXPECT_EQ(tape.reports[0].ref, 1U);
    EXPECT_EQ(tape.reports[0].price, 1'000'000U);
}

TEST_F(Replay, leaves_out_and_counts_what_cannot_be_a_market) {
    recording.quote(0, 1'000'000, 100, 1'000'000, 100);   // locked
    recording.quote(1, 999'900, 100, 1'000'000, 100, 7);  // another symbol
    recording.trade(2, 0, 100);                           // no price
    recording.quote(3, 0, 0, 0, 0);                       // nothing at all
    recording.events.push_back(Event::quote(
        Recording::time(4), core::SymbolId{},
        {core::Price::from_raw(99'995'500'000), core::Price::from_raw(100'004'500'000),
         core::Quantity::from_raw(1), core::Quantity::max(), 0}));  // off tick and size
    play();
    EXPECT_EQ(told(), "Ab1@999900 As999999@1000100 ");
    EXPECT_EQ(exchange->replay_counts()->left_out, 4U);
}

TEST_F(Replay, refuses_a_speed_that_is_none) {
    EXPECT_THROW(SimulatedExchange(two_symbols(), recording, {1}, 0.0), std::invalid_argument);
    EXPECT_THROW(SimulatedExchange(two_symbols(), recording, {3}, 1.0), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::test
