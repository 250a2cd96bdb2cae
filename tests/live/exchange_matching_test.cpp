#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exchange_support.hpp"

namespace sluice::test {
namespace {

using adapters::exchange::check;
using adapters::exchange::ExchangeSettings;
using adapters::exchange::MatchingEngine;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::OrderReport;
using pipeline::ReportKind;
using testing::ElementsAre;

struct Exchange : testing::Test {
    Exchange() {
        engine.connect(&tape, &tape, nullptr);
        engine.open(1'000);
        tape.clear();
    }
    void ask(const pipeline::OrderRequest& request) {
        tape.clear();
        engine.request(request, ++now);
    }
    // What happened, a letter each: reports A U(replaced) C E J(rejected) I(cancel rejected).
    [[nodiscard]] std::string reported() const {
        std::string out;
        for (const OrderReport& report : tape.reports) {
            constexpr char kLetters[] = {'A', 'U', 'C', 'E', 'B', 'J', 'I'};
            out += kLetters[static_cast<int>(report.kind)];
            out += std::to_string(report.ref);
            if (report.kind == ReportKind::kCancelled || report.kind == ReportKind::kRejected)
                out += report.reason;
            if (report.kind == ReportKind::kExecuted) out += report.liquidity;
            out += ':' + std::to_string(report.shares) + ' ';
        }
        return out;
    }
    // And the market: action, order and shares.
    [[nodiscard]] std::string told() const {
        std::string out;
        for (const MarketUpdate& update : tape.updates)
            out += static_cast<char>(update.action) + std::to_string(update.order) + ':' +
                   std::to_string(update.shares) + '@' + std::to_string(update.price) + ' ';
        return out;
    }

    MatchingEngine engine{two_symbols()};
    Tape tape;
    std::int64_t now = 1'000;
};

TEST_F(Exchange, serves_the_best_price_first_and_the_oldest_order_at_it) {
    ask(enter(1, 1, Side::kSell, 100, 1'000'100));
    ask(enter(2, 1, Side::kSell, 100, 1'000'000));
    ask(enter(3, 1, Side::kSell, 100, 1'000'000));
    ask(enter(4, 1, Side::kBuy, 250, 1'000'100));
    EXPECT_EQ(told(), "E2:100@1000000 E3:100@1000000 E1:50@1000100 ");
    EXPECT_EQ(reported(), "A1:250 E1A:100 E1R:100 E1A:100 E1R:100 E1A:50 E1R:50 ");
    EXPECT_EQ(tape.reports[1].client, 2U);
    EXPECT_EQ(tape.reports[3].client, 3U);
    EXPECT_EQ(tape.reports[5].client, 1U);
    EXPECT_EQ(tape.reports[5].price, 1'000'100U);
    EXPECT_EQ(tape.reports[1].match, tape.reports[2].match) << "one match, two reports of it";
    EXPECT_EQ(tape.reports[1].match, tape.updates[0].match);
    EXPECT_LT(tape.updates[0].match, tape.updates[1].match);
    EXPECT_EQ(engine.best(1, Side::kSell).shares, 50U);
}

TEST_F(Exchange, tells_the_executions_before_it_shows_what_is_left) {
    ask(enter(1, 1, Side::kBuy, 100, 999'900));
    ask(enter(2, 7, Side::kSell, 300, 999'900));
    EXPECT_EQ(told(), "E1:100@999900 A2:200@999900 ");
    EXPECT_EQ(tape.updates[0].side, Side::kBuy);
    EXPECT_EQ(tape.updates[1].side, Side::kSell);
    EXPECT_EQ(reported(), "A7:300 E1A:100 E7R:100 ");
}

TEST_F(Exchange, executes_at_the_resting_orders_price) {
    ask(enter(1, 1, Side::kSell, 100, 999'500));
    ask(enter(2, 1, Side::kBuy, 100, 1'000'000));
    EXPECT_EQ(tape.updates[0].price, 999'500U);
    EXPECT_EQ(tape.reports[2].price, 999'500U);
}

TEST_F(Exchange, cancels_what_a_market_order_or_an_immediate_one_leaves) {
    ask(enter(1, 1, Side::kSell, 100, 1'000'000));
    ask(enter(2, 1, Side::kBuy, 150, pipeline::kMarketPrice));
    EXPECT_EQ(reported(), "A1:150 E1A:100 E1R:100 C1I:50 ");
    EXPECT_TRUE(tape.reports[0].alive);
    ask(enter(2, 2, Side::kBuy, 150, pipeline::kMarketPrice));
    EXPECT_EQ(reported(), "A2:150 C2I:150 ");
    EXPECT_FALSE(tape.reports[0].alive);
    EXPECT_EQ(told(), "");
    ask(enter(2, 3, Side::kBuy, 150, 1'000'000, TimeInForce::kIoc));
    EXPECT_EQ(reported(), "A3:150 C3I:150 ");
}

TEST_F(Exchange, fills_all_or_nothing_when_asked_to) {
    ask(enter(1, 1, Side::kSell, 100, 1'000'000));
    ask(enter(1, 2, Side::kSell, 100, 1'000'100));
    ask(enter(2, 1, Side::kBuy, 201, 1'000'100, TimeInForce::kFok));
    EXPECT_EQ(reported(), "A1:201 C1I:201 ");
    EXPECT_FALSE(tape.reports[0].alive);
    ask(enter(2, 2, Side::kBuy, 101, 1'000'000, TimeInForce::kFok));
    EXPECT_EQ(reported(), "A2:101 C2I:101 ") << "the rest stands beyond its limit";
    ask(enter(2, 3, Side::kBuy, 200, 1'000'100, TimeInForce::kFok));
    EXPECT_EQ(reported(), "A3:200 E1A:100 E3R:100 E2A:100 E3R:100 ");
}

TEST_F(Exchange, never_lets_a_client_trade_with_itself) {
    ask(enter(2, 1, Side::kSell, 100, 1'000'000));
    ask(enter(1, 1, Side::kSell, 100, 1'000'000));
    ask(enter(1, 2, Side::kBuy, 300, 1'000'000));
    EXPECT_EQ(reported(), "A2:300 E1A:100 E2R:100 C2Q:200 ");
    EXPECT_EQ(told(), "E1:100@1000000 ");
    ask(enter(1, 3, Side::kBuy, 300, 1'000'000));
    EXPECT_EQ(reported(), "A3:300 C3Q:300 ");
    EXPECT_FALSE(tape.reports[0].alive);
    ask(enter(1, 4, Side::kBuy, 50, 1'000'000, TimeInForce::kFok));
    EXPECT_EQ(reported(), "A4:50 C4Q:50 ");
    EXPECT_TRUE(engine.find(1, 1).has_value()) << "the older order stands";
}

TEST_F(Exchange, lets_the_crowd_trade_within_itself) {
    ask(enter(0, 1, Side::kSell, 100, 1'000'000));
    ask(enter(0, 2, Side::kBuy, 100, 1'000'000));
    EXPECT_EQ(told(), "E1:100@1000000 ");
    EXPECT_EQ(reported(), "") << "clients do not hear of the crowd's orders";
}

TEST_F(Exchange, keeps_the_place_of_a_replacement_that_only_shrinks) {
    ask(enter(1, 1, Side::kBuy, 300, 1'000'000));
    ask(enter(2, 1, Side::kBuy, 100, 1'000'000));
    ask(replace(1, 1, 2, 200, 1'000'000));
    EXPECT_EQ(reported(), "U2:200 ");
    EXPECT_EQ(told(), "X1:100@1000000 ");
    EXPECT_EQ(tape.reports[0].order, 1U);
    EXPECT_EQ(tape.reports[0].replaces, 1U);
    ask(enter(3, 1, Side::kSell, 100, 1'000'000));
    EXPECT_EQ(told(), "E1:100@1000000 ");
    EXPECT_EQ(reported(), "A1:100 E2A:100 E1R:100 ") << "under its new ref";
}

TEST_F(Exchange, tells_the_market_nothing_of_a_replacement_that_changes_nothing) {
    ask(enter(1, 1, Side::kBuy, 300, 1'000'000));
    ask(enter(2, 1, Side::kBuy, 100, 1'000'000));
    ask(replace(1, 1, 2, 300, 1'000'000));
    EXPECT_EQ(reported(), "U2:300 ");
    EXPECT_EQ(tape.reports[0].order, 1U);
    EXPECT_EQ(told(), "");
    EXPECT_EQ(engine.ahead_of(1, 2), 0U);
    EXPECT_EQ(engine.find(1, 1), std::nullopt);
}

TEST_F(Exchange, sends_a_replacement_that_grows_or_moves_to_the_end) {
    ask(enter(1, 1, Side::kBuy, 100, 1'000'000));
    ask(enter(2, 1, Side::kBuy, 100, 1'000'000));
    ask(replace(1, 1, 2, 101, 1'000'000));
    EXPECT_EQ(told(), "U1:101@1000000 ");
    EXPECT_EQ(tape.updates[0].new_order, 3U);
    EXPECT_EQ(tape.reports[0].order, 3U);
    ask(enter(3, 1, Side::kSell, 100, 1'000'000));
    EXPECT_EQ(told(), "E2:100@1000000 ");
    ask(replace(1, 2, 3, 50, 999'900));
    EXPECT_EQ(told(), "U3:50@999900 ");
    EXPECT_EQ(engine.find(1, 2), std::nullopt);
    EXPECT_EQ(engine.find(1, 3)->price, 999'900U);
}

TEST_F(Exchange, executes_a_replacement_that_crosses) {
    ask(enter(1, 1, Side::kBuy, 300, 999'900));
    ask(enter(2, 1, Side::kSell, 100, 1'000'000));
    ask(replace(1, 1, 2, 300, 1'000'000));
    EXPECT_EQ(told(), "D1:300@999900 E2:100@1000000 A3:200@1000000 ");
    EXPECT_EQ(reported(), "U2:300 E1A:100 E2R:100 ");
}

TEST_F(Exchange, refuses_a_replacement_of_what_is_not_there_and_keeps_what_is) {
    ask(enter(1, 1, Side::kBuy, 300, 999'900));
    ask(replace(1, 9, 2, 100, 999'900));
    EXPECT_EQ(reported(), "J2O:100 ");
    ask(replace(2, 1, 2, 100, 999'900));
    EXPECT_EQ(reported(), "J2O:100 ") << "another client's order";
    ask(replace(1, 1, 1, 100, 999'900));
    EXPECT_EQ(reported(), "J1O:100 ") << "a ref used before";
    engine.halt(1, ++now);
    ask(replace(1, 1, 2, 100, 999'900));
    EXPECT_EQ(reported(), "J2H:100 ");
    EXPECT_EQ(engine.find(1, 1)->shares, 300U);
}

TEST_F(Exchange, cancels_the_original_of_a_replacement_that_could_not_be_entered) {
    ask(enter(1, 1, Side::kBuy, 300, 999'900));
    ask(replace(1, 1, 2, 100, 999'901));
    EXPECT_EQ(reported(), "C1U:300 ");
    EXPECT_EQ(told(), "D1:300@999900 ");
    ask(enter(1, 2, Side::kBuy, 300, 999'900));
    EXPECT_EQ(reported(), "A2:300 ") << "the ref was not used up";
}

TEST_F(Exchange, cancels_in_part_and_whole) {
    ask(enter(1, 1, Side::kBuy, 300, 999'900));
    ask(cancel(1, 1, 120));
    EXPECT_EQ(reported(), "C1U:180 ");
    EXPECT_EQ(told(), "X1:180@999900 ");
    ask(cancel(1, 1, 120));
    EXPECT_EQ(reported(), "I1:120 ") << "nothing to take off";
    ask(cancel(2, 1));
    EXPECT_EQ(reported(), "I1:0 ");
    ask(cancel(1, 1));
    EXPECT_EQ(reported(), "C1U:120 ");
    EXPECT_EQ(told(), "D1:120@999900 ");
    ask(cancel(1, 1));
    EXPECT_EQ(reported(), "I1:0 ");
    EXPECT_EQ(engine.books().size(), 0U);
}

TEST_F(Exchange, refuses_what_cannot_be_an_order) {
    auto request = enter(1, 1, Side::kBuy, 100, 1'000'000);
    request.symbol = 0;
    ask(request);
    EXPECT_EQ(reported(), "J1S:100 ");
    request.symbol = 3;
    request.ref = 2;
    ask(request);
    EXPECT_EQ(reported(), "J2S:100 ");
    ask(enter(1, 3, Side::kBuy, 0, 1'000'000));
    EXPECT_EQ(reported(), "J3Z:0 ");
    ask(enter(1, 4, Side::kBuy, 1'000'000, 1'000'000));
    EXPECT_EQ(reported(), "J4Z:1000000 ");
    ask(enter(1, 5, Side::kBuy, 100, 2'000'000'000));
    EXPECT_EQ(reported(), "J5X:100 ");
    ask(enter(1, 6, Side::kBuy, 100, 10'001));
    EXPECT_EQ(reported(), "J6X:100 ") << "off the tick of 0.01";
    ask(enter(1, 7, Side::kBuy, 100, 9'999));
    EXPECT_EQ(reported(), "A7:100 ") << "below 1.00 the tick is 0.0001";
    ask(enter(1, 7, Side::kBuy, 100, 9'999));
    EXPECT_EQ(reported(), "J7O:100 ");
    ask(cancel(1, 7));
    ask(enter(1, 7, Side::kBuy, 100, 9'999));
    EXPECT_EQ(reported(), "J7O:100 ") << "a dead order's ref neither";
    ask(enter(2, 7, Side::kBuy, 100, 9'999));
    EXPECT_EQ(reported(), "A7:100 ") << "refs are the client's own";
    EXPECT_EQ(engine.books().size(), 1U);
}

TEST_F(Exchange, refuses_orders_beyond_its_room) {
    ExchangeSettings settings = two_symbols();
    settings.level_capacity = 2;
    MatchingEngine small(settings);
    small.connect(nullptr, &tape, nullptr);
    small.open(1);
    tape.clear();
    small.request(enter(1, 1, Side::kBuy, 1, 1'000'000), 1);
    small.request(enter(1, 2, Side::kBuy, 1, 1'000'100), 1);
    small.request(enter(1, 3, Side::kBuy, 1, 1'000'200), 1);
    small.request(enter(1, 4, Side::kBuy, 1, 1'000'100), 1);
    EXPECT_EQ(reported(), "A1:1 A2:1 J3O:1 A4:1 ");
}

TEST_F(Exchange, halts_one_symbol_and_lets_its_orders_be_cancelled) {
    ask(enter(1, 1, Side::kBuy, 100, 1'000'000));
    tape.clear();
    engine.halt(1, ++now);
    engine.halt(1, ++now);
    ASSERT_EQ(tape.updates.size(), 1U);
    EXPECT_EQ(tape.updates[0].action, MarketAction::kTrading);
    EXPECT_EQ(tape.updates[0].code, 'H');
    ask(enter(2, 1, Side::kSell, 100, 1'000'000));
    EXPECT_EQ(reported(), "J1H:100 ");
    auto other = enter(2, 2, Side::kSell, 100, 1'000'000);
    other.symbol = 2;
    ask(other);
    EXPECT_EQ(reported(), "A2:100 ");
    ask(cancel(1, 1, 40));
    EXPECT_EQ(reported(), "C1U:60 ");
    tape.clear();
    engine.resume(1, ++now);
    ASSERT_EQ(tape.updates.size(), 1U);
    EXPECT_EQ(tape.updates[0].code, 'T');
    ask(enter(2, 3, Side::kSell, 100, 1'000'000));
    EXPECT_EQ(told(), "E1:40@1000000 A3:60@1000000 ");
}

TEST(ExchangeDay, says_what_itch_says_from_the_start_of_messages_to_their_end) {
    MatchingEngine engine{two_symbols()};
    Tape tape;
    engine.connect(&tape, &tape, nullptr);
    engine.announce(10);
    engine.request(enter(1, 1, Side::kBuy, 100, 1'000'000), 15);
    engine.open(20);
    engine.request(enter(1, 2, Side::kBuy, 100, 1'000'000, TimeInForce::kGtc), 25);
    engine.request(enter(1, 3, Side::kSell, 100, 1'000'100), 25);
    engine.close(30);
    engine.request(enter(1, 4, Side::kBuy, 100, 1'000'000), 35);
    engine.end(40);
    std::string told;
    for (const MarketUpdate& u : tape.updates) {
        told += static_cast<char>(u.action);
        if (u.code != ' ') told += u.code;
        told += ' ';
    }
    EXPECT_EQ(told, "SO R R SS HT HT SQ A A D D SM SE SC ");
    EXPECT_EQ(tape.updates[1].symbol, 1U);
    EXPECT_EQ(tape.updates[2].symbol, 2U);
    ASSERT_EQ(tape.reports.size(), 6U);
    EXPECT_EQ(tape.reports[0].reason, 'C');
    EXPECT_EQ(tape.reports[3].reason, 'T');
    EXPECT_EQ(tape.reports[3].ref, 2U) << "oldest first";
    EXPECT_EQ(tape.reports[4].ref, 3U);
    EXPECT_EQ(tape.reports[5].reason, 'C');
}

TEST_F(Exchange, cancels_all_of_a_client_oldest_first) {
    ask(enter(1, 1, Side::kBuy, 100, 1'000'000));
    ask(enter(1, 2, Side::kBuy, 100, 999'900));
    ask(enter(2, 1, Side::kBuy, 100, 999'900));
    ask(cancel(1, 1));
    ask(enter(1, 3, Side::kBuy, 100, 999'900));  // takes the place of the first
    tape.clear();
    engine.cancel_all(1, ++now);
    EXPECT_EQ(reported(), "C2S:100 C3S:100 ");
    EXPECT_TRUE(engine.find(2, 1).has_value());
}

TEST_F(Exchange, never_lets_its_time_go_back) {
    engine.request(enter(1, 1, Side::kBuy, 100, 1'000'000), 5'000);
    engine.request(enter(1, 2, Side::kBuy, 100, 1'000'000), 4'000);
    EXPECT_EQ(tape.updates.back().time_ns, 5'000);
    EXPECT_EQ(tape.reports.back().time_ns, 5'000);
}

TEST_F(Exchange, knows_what_is_ahead_of_an_order_and_within_reach_of_another) {
    ask(enter(1, 1, Side::kSell, 100, 1'000'000));
    ask(enter(2, 1, Side::kSell, 70, 1'000'100));
    ask(enter(3, 1, Side::kSell, 30, 1'000'100));
    EXPECT_EQ(engine.ahead_of(3, 1), 170U);
    EXPECT_EQ(engine.ahead_of(1, 1), 0U);
    EXPECT_EQ(engine.reachable(1, Side::kBuy, 1'000'000), 100U);
    EXPECT_EQ(engine.reachable(1, Side::kBuy, pipeline::kMarketPrice), 200U);
    EXPECT_EQ(engine.reachable(1, Side::kSell, 1), 0U);
}

TEST(ExchangeSettingsCheck, names_the_setting_and_its_range) {
    const auto complaint = [](auto&& change) -> std::string {
        ExchangeSettings settings = two_symbols();
        change(settings);
        try {
            check(settings);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(complaint([](ExchangeSettings&) {}), "");
    using testing::HasSubstr;
    EXPECT_THAT(complaint([](auto& s) { s.symbols.clear(); }), HasSubstr("1 to 1000"));
    EXPECT_THAT(complaint([](auto& s) { s.symbols[1].name = "AAA"; }), HasSubstr("twice"));
    EXPECT_THAT(complaint([](auto& s) { s.symbols[1].name = "TOOLONGNAME"; }),
                HasSubstr("TOOLONGNAME"));
    EXPECT_THAT(complaint([](auto& s) { s.symbols[0].start_price = 1; }), HasSubstr("2.00"));
    EXPECT_THAT(complaint([](auto& s) { s.faults.late = 1.5; }), HasSubstr("'late'"));
    EXPECT_THAT(complaint([](auto& s) { s.faults.reject = -1; }), HasSubstr("'reject'"));
    EXPECT_THAT(complaint([](auto& s) { s.order_capacity = 10; }), HasSubstr("capacity"));
    EXPECT_THAT(complaint([](auto& s) { s.flow.actions_per_second = 1U << 30U; }),
                HasSubstr("rate"));
}

}  // namespace
}  // namespace sluice::test
