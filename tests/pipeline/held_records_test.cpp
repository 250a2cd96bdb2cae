// Records that wait until their command has left.
#include <sluice/pipeline/hot/held_records.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace sluice::pipeline {
namespace {

Event numbered(std::uint64_t n) {
    return Event::cancel(StreamTime{}, static_cast<Sequence>(n), core::SymbolId{3},
                         static_cast<OrderId>(n));
}

TEST(HeldRecords, lets_go_what_it_holds_in_order_and_once) {
    HeldRecords held;
    EXPECT_TRUE(held.empty());
    std::uint64_t next = 0;
    for (int lap = 0; lap < 2; ++lap) {
        const std::uint64_t first = next;
        while (!held.full()) held.hold(numbered(next++));
        EXPECT_GE(next - first, 3U) << "a bar, an intent and an order belong together";
        std::vector<std::uint64_t> seen;
        held.let_go([&](const Event& event) {
            EXPECT_EQ(event.kind(), EventKind::kCancel);
            EXPECT_EQ(event.symbol(), core::SymbolId{3});
            EXPECT_EQ(event.cancel().order, static_cast<OrderId>(event.sequence()));
            seen.push_back(static_cast<std::uint64_t>(event.sequence()));
        });
        std::vector<std::uint64_t> expected;
        for (std::uint64_t n = first; n < next; ++n) expected.push_back(n);
        EXPECT_EQ(seen, expected);
        EXPECT_TRUE(held.empty());
    }
}

}  // namespace
}  // namespace sluice::pipeline
