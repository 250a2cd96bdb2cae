// The table of open orders against a plain map.
#include <sluice/pipeline/hot/order_table.hpp>

#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::pipeline {
namespace {

struct Record {
    OrderId id = OrderId::kNone;
    int value = 0;
};
using Table = OrderTable<Record>;

OrderId id_of(std::uint64_t n) { return static_cast<OrderId>(n); }

TEST(OrderTable, rounds_its_capacity_up_to_a_power_of_two) {
    EXPECT_EQ(Table{1}.capacity(), 1U);
    EXPECT_EQ(Table{5}.capacity(), 8U);
    EXPECT_EQ(Table{8}.capacity(), 8U);
}

TEST(OrderTable, finds_what_it_holds_and_nothing_else) {
    Table table{4};
    ASSERT_NE(table.insert({id_of(1), 7}), nullptr);
    ASSERT_NE(table.find(id_of(1)), nullptr);
    EXPECT_EQ(table.find(id_of(1))->value, 7);
    EXPECT_EQ(table.find(id_of(5)), nullptr) << "same slot, another order";
    EXPECT_EQ(table.find(id_of(2)), nullptr);
    EXPECT_EQ(table.find(OrderId::kNone), nullptr);
}

TEST(OrderTable, refuses_no_id_and_a_taken_slot) {
    Table table{4};
    EXPECT_EQ(table.insert({OrderId::kNone, 1}), nullptr);
    ASSERT_NE(table.insert({id_of(3), 1}), nullptr);
    EXPECT_EQ(table.insert({id_of(3), 2}), nullptr);
    EXPECT_EQ(table.insert({id_of(7), 2}), nullptr);
    EXPECT_EQ(table.size(), 1U);
    EXPECT_EQ(table.find(id_of(3))->value, 1);
}

TEST(OrderTable, opens_a_slot_that_is_as_new_but_for_its_id) {
    Table table{4};
    Record* first = table.open(id_of(1));
    ASSERT_NE(first, nullptr);
    first->value = 7;
    EXPECT_EQ(table.size(), 1U);
    EXPECT_EQ(table.find(id_of(1)), first);
    EXPECT_EQ(table.open(id_of(5)), nullptr) << "the slot is taken";
    EXPECT_EQ(table.open(OrderId::kNone), nullptr);
    EXPECT_EQ(table.size(), 1U);
    table.erase(*first);
    Record* again = table.open(id_of(5));
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->id, id_of(5));
    EXPECT_EQ(again->value, 0);
}

TEST(OrderTable, has_no_next_id_when_full_and_has_one_again_after_an_erase) {
    Table table{4};
    OrderId last = OrderId::kNone;
    for (int i = 0; i < 4; ++i) {
        last = table.next_id(last);
        ASSERT_NE(table.insert({last, i}), nullptr);
    }
    EXPECT_TRUE(table.full());
    EXPECT_EQ(table.next_id(last), OrderId::kNone);
    Record* second = table.find(id_of(2));
    ASSERT_NE(second, nullptr);
    table.erase(*second);
    EXPECT_FALSE(table.full());
    EXPECT_EQ(table.next_id(last), id_of(6)) << "the next id whose slot is free";
}

TEST(OrderTable, visits_each_open_order_once_and_allows_erasing_it) {
    Table table{8};
    for (std::uint64_t i = 1; i <= 8; ++i) ASSERT_NE(table.insert({id_of(i), 0}), nullptr);
    std::set<OrderId> seen;
    table.for_each([&](Record& record) {
        EXPECT_TRUE(seen.insert(record.id).second);
        if (static_cast<std::uint64_t>(record.id) % 2 == 0) table.erase(record);
    });
    EXPECT_EQ(seen.size(), 8U);
    EXPECT_EQ(table.size(), 4U);
    table.for_each(
        [](Record& record) { EXPECT_EQ(static_cast<std::uint64_t>(record.id) % 2, 1U); });
}

RC_GTEST_PROP(OrderTableProperty, behaves_as_a_map_whose_keys_are_never_used_twice, ()) {
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 20);
    Table table{capacity};
    std::map<OrderId, int> model;
    std::set<OrderId> ever;
    OrderId last = OrderId::kNone;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, std::uint32_t>>>(
        rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::arbitrary<std::uint32_t>()));
    for (const auto& [action, choice] : steps) {
        if (action < 3) {
            const OrderId id = table.next_id(last);
            RC_ASSERT((id == OrderId::kNone) == (model.size() == table.capacity()));
            if (id == OrderId::kNone) continue;
            RC_ASSERT(id > last);
            RC_ASSERT(ever.insert(id).second);
            last = id;
            const int value = static_cast<int>(choice & 0xFFFFU);
            RC_ASSERT(table.insert({id, value}) != nullptr);
            model[id] = value;
        } else if (!model.empty()) {
            auto victim =
                std::next(model.begin(), static_cast<std::ptrdiff_t>(choice % model.size()));
            Record* found = table.find(victim->first);
            if (found == nullptr) RC_FAIL("an open order is not found");
            table.erase(*found);
            model.erase(victim);
        }
        RC_ASSERT(table.size() == model.size());
        std::map<OrderId, int> visited;
        table.for_each([&](Record& record) { visited[record.id] = record.value; });
        RC_ASSERT(visited == model);
        for (const OrderId id : ever) {
            const Record* found = table.find(id);
            RC_ASSERT((found != nullptr) == (model.count(id) == 1));
        }
    }
}

}  // namespace
}  // namespace sluice::pipeline
