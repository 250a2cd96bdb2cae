// Ticks out of orders: what the engine replays and what the ledger of fills reads are made by two books that
// share no code, and agree over random records.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <map>
#include <vector>

#include <sluice/pipeline/order_ticks.hpp>
#include <sluice/proofs/order_display.hpp>

namespace sluice::tests {
namespace {

using pipeline::kRowEventEnd;
using pipeline::kRowSnapshot;
using pipeline::OrderRow;
using proofs::ShownRow;

OrderRow row_of(std::int64_t time, char action, std::int64_t id, char side, std::int64_t price,
                std::int64_t size, int flags) {
    return {time,
            id,
            price,
            size,
            0,
            0,
            static_cast<std::uint8_t>(action),
            static_cast<std::uint8_t>(side),
            static_cast<std::uint8_t>(flags)};
}

std::vector<ShownRow> ticks_of(const std::vector<OrderRow>& rows) {
    pipeline::OrderTicks ticks{{.orders = 1'000, .levels = 100}};
    std::vector<ShownRow> out;
    for (const OrderRow& row : rows) {
        pipeline::TradeColumns t;
        pipeline::QuoteColumns q;
        ticks.add(row, t, q);
        for (std::size_t i = 0; i < t.size(); ++i)
            out.push_back({t.time_ns[i], true, t.price_raw[i], t.quantity_raw[i], 0, 0});
        for (std::size_t i = 0; i < q.size(); ++i)
            out.push_back({q.time_ns[i], false, q.bid_raw[i], q.bid_size_raw[i], q.ask_raw[i],
                           q.ask_size_raw[i]});
    }
    return out;
}

std::vector<ShownRow> display_of(const std::vector<OrderRow>& rows) {
    proofs::OrderDisplay display;
    std::vector<ShownRow> out;
    for (const OrderRow& row : rows) display.add(row, out);
    // A book without any order is a row of the display and no quote.
    std::erase_if(out, [](const ShownRow& r) { return !r.is_print && r.bid_raw + r.ask_raw == 0; });
    return out;
}

RC_GTEST_PROP(OrderTicks, are_what_the_ledger_s_own_book_displays, ()) {
    const auto number = rc::gen::inRange(0, 1'000);
    const auto steps = *rc::gen::container<std::vector<std::array<int, 5>>>(
        rc::gen::container<std::array<int, 5>>(number));
    std::vector<OrderRow> rows{row_of(1, 'A', 900, 'B', 90, 5, kRowSnapshot),
                               row_of(1, 'A', 901, 'A', 110, 5, kRowSnapshot | kRowEventEnd)};
    std::int64_t time = 10;
    for (const auto& s : steps) {
        time += s[4] % 3 - (s[4] == 7 ? 5 : 0);
        const char side = s[2] % 2 == 0 ? 'B' : 'A';
        const std::int64_t price = side == 'B' ? 95 + s[1] % 5 : 101 + s[1] % 5;
        const int flags = s[3] % 3 == 0 ? 0 : kRowEventEnd;
        constexpr std::array kActions{'A', 'A', 'A', 'C', 'M', 'T', 'F', 'R'};
        const char action = s[0] == 999 ? 'R' : kActions[static_cast<std::size_t>(s[0]) % 7];
        rows.push_back(row_of(time, action, s[2] % 40, side, price, 1 + s[3] % 9, flags));
    }
    const auto ticks = ticks_of(rows);
    const auto shown = display_of(rows);
    RC_ASSERT(ticks.size() == shown.size());
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        RC_ASSERT(ticks[i].time_ns == shown[i].time_ns);
        RC_ASSERT(ticks[i].is_print == shown[i].is_print);
        RC_ASSERT(ticks[i].bid_raw == shown[i].bid_raw);
        RC_ASSERT(ticks[i].bid_size_raw == shown[i].bid_size_raw);
        RC_ASSERT(ticks[i].ask_raw == shown[i].ask_raw);
        RC_ASSERT(ticks[i].ask_size_raw == shown[i].ask_size_raw);
    }
}

TEST(OrderTicks, give_no_quote_before_the_first_trade_and_then_a_nanosecond_after_it) {
    const std::vector<OrderRow> rows{
        row_of(1, 'A', 1, 'B', 100, 5, kRowSnapshot | kRowEventEnd),
        row_of(8, 'A', 2, 'A', 99, 4, kRowEventEnd),  // crossed: an auction
        row_of(9, 'T', 0, 'N', 100, 4, 0),
        row_of(9, 'C', 1, 'B', 100, 4, 0),
        row_of(9, 'C', 2, 'A', 99, 4, kRowEventEnd),
    };
    const auto ticks = ticks_of(rows);
    ASSERT_EQ(ticks.size(), 2U);
    EXPECT_TRUE(ticks[0].is_print);
    EXPECT_EQ(ticks[1].time_ns, 10);
    EXPECT_EQ(ticks[1].bid_raw, 100);
    EXPECT_EQ(ticks[1].bid_size_raw, 1);
    EXPECT_EQ(ticks[1].ask_raw, 0);
}

}  // namespace
}  // namespace sluice::tests
