// What the server's ends of the order session keep of a long day, and how little memory that takes.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sluice/adapters/ouch/soup_store.hpp>
#include <sluice/adapters/ouch/used_tokens.hpp>

#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

RC_GTEST_PROP(SoupStoreProperty, gives_back_every_message_in_any_order, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 6 * SoupStore::kBlockMessages);
    SoupStore store;
    std::vector<std::string> plain;
    const auto check = [&](std::uint64_t number) {
        RC_ASSERT(text_of(store.read(number)) == plain[number - 1]);
    };
    for (std::size_t i = 0; i < count; ++i) {
        plain.push_back(std::string(1 + i * 7919 % 90, static_cast<char>('a' + i % 26)));
        store.append(bytes_of(plain.back()));
        if (i % 1'500 == 0) check(i / 2 + 1);  // while it grows
    }
    RC_ASSERT(store.size() == count);
    RC_ASSERT(store.first() == 1U);
    for (int i = 0; i < 50; ++i) check(*rc::gen::inRange<std::uint64_t>(1, count + 1));
    check(1);
    check(count);
}

TEST(UsedTokens, knows_a_name_to_its_last_zero_and_no_other) {
    UsedTokens used;
    for (const char* token : {"SL00000007    ", "7             ", "A             "})
        used.insert(token);
    for (const char* token : {"SL00000007    ", "7             ", "A             "})
        EXPECT_TRUE(used.contains(token)) << token;
    for (const char* token : {"SL00000008    ", "SL0000007     ", "07            ",
                              "SL            ", "A0            ", "              "})
        EXPECT_FALSE(used.contains(token)) << token;
}

TEST(OuchServerMemory, refuses_a_name_again_long_after_its_order_is_forgotten) {
    Pair pair{OuchVersion::k42};
    pair.up();
    const auto enter = [&](std::uint64_t id) {
        ASSERT_TRUE(pair.session.submit(Desk::order(id, Side::kBuy, 100, 100 * kCent)));
        pair.turn();
        ASSERT_TRUE(pair.session.cancel(static_cast<OrderId>(id), SymbolId{0}));
        pair.turn();
    };
    const std::string first_request = [&] {
        enter(1);
        return pair.link.wire().record[0];
    }();
    constexpr std::uint64_t kOrders = 20'000;
    for (std::uint64_t id = 2; id <= kOrders; ++id) enter(id);
    ASSERT_EQ(pair.exchange.requests.size(), 2 * kOrders);
    // The very bytes of the first order, once more.
    const std::string again = first_request.substr(first_request.find("O") - 3, 52);
    ASSERT_EQ(again[2], 'U');
    for (const std::byte b : bytes_of(again)) pair.link.wire().bytes[0].push_back(b);
    pair.turns();
    EXPECT_EQ(pair.exchange.requests.size(), 2 * kOrders);
    EXPECT_EQ(pair.server.counts().ignored, 1U);
}

TEST(OuchServerMemory, keeps_an_order_whose_replacement_was_reported_long_after_it_was_made) {
    Pair pair{OuchVersion::k42};
    pair.up();
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 100, 100 * kCent)));
    pair.turns();
    pair.exchange.answer = false;  // the report is held back
    ASSERT_TRUE(pair.session.submit(Desk::replacement(1, Side::kBuy, 100, 101 * kCent)));
    pair.turns();
    OrderReport late = pair.exchange.about(pair.exchange.requests.back().ref);
    late.kind = ReportKind::kReplaced;
    late.replaces = pair.exchange.requests.back().replaces;
    late.shares = 100;
    late.price = 10'100;
    pair.exchange.answer = true;
    pair.exchange.listener->on_report(late);
    pair.turns();
    constexpr std::uint64_t kOrders = 20'000;  // more than the gone ones that are kept
    for (std::uint64_t id = 2; id <= kOrders; ++id) {
        if (id % 64 == 1) continue;  // order 1 has that place in the session's table
        ASSERT_TRUE(pair.session.submit(Desk::order(id, Side::kBuy, 100, 100 * kCent)));
        pair.turn();
        ASSERT_TRUE(pair.session.cancel(static_cast<OrderId>(id), SymbolId{0}));
        pair.turn();
    }
    pair.exchange.fill(late.ref, 40, 10'100, 9);
    const std::vector<Said> heard = pair.turns();
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard.back(), (Said{1, ExecKind::kFill, 40, 10'100}));
}

}  // namespace
}  // namespace sluice::tests::ouch_live
