// What a run is summed up to, against the same by plain loops: the scan, the checksum of the stream,
// the books.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/hot/admission.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>

#include "core/wide_int.hpp"
#include "tick_run_support.hpp"

namespace sluice::tests {
namespace {

using core::wide::Int512;
using pipeline::kFlagConflated;
using pipeline::kFlagFromBar;
using pipeline::kRunMost;
using pipeline::kRunQuantityMost;
using pipeline::Portfolio;
using pipeline::StreamChecksum;

template <class T>
T pick(std::initializer_list<T> of) {
    return *rc::gen::elementOf(std::vector<T>(of));
}

// In order and positive, but for a few rows at most that may be anything.
OwnedColumns any_columns() {
    OwnedColumns out;
    const auto rows = *rc::gen::inRange<std::size_t>(0, 70);
    std::int64_t now = *rc::gen::inRange<std::int64_t>(-1000, 1000);
    for (std::size_t i = 0; i < rows; ++i) {
        now += *rc::gen::inRange<std::int64_t>(0, 3);
        out.add(now, *rc::gen::inRange<std::int64_t>(1, 1'000'000),
                *rc::gen::inRange<std::int64_t>(1, kRunQuantityMost + 1));
    }
    if (rows == 0) return out;
    const auto odd = *rc::gen::inRange(0, 3);
    for (int i = 0; i < odd; ++i) {
        const auto row = *rc::gen::inRange<std::size_t>(0, rows);
        switch (*rc::gen::inRange(0, 4)) {
            case 0: out.time[row] += pick<std::int64_t>({-1, 1, -1'000'000, 1'000'000'000}); break;
            case 1: out.price[row] = pick<std::int64_t>({0, -1, INT64_MIN, INT64_MAX}); break;
            case 2:
                out.quantity[row] = pick<std::int64_t>(
                    {0, -1, INT64_MIN, INT64_MAX, kRunQuantityMost, kRunQuantityMost + 1});
                break;
            default: out.flags[row] = *rc::gen::inRange<std::uint8_t>(0, 255); break;
        }
    }
    return out;
}

// Row by row, as the definition has it.
std::size_t rows_of_run(const OwnedColumns& c, const RunLimits& limits) {
    std::int64_t previous = core::ns_since_epoch(limits.from);
    std::size_t row = 0;
    for (; row < c.size() && row < limits.most && row < kRunMost; ++row) {
        if (c.time[row] < previous || c.time[row] >= core::ns_since_epoch(limits.until)) break;
        if (c.price[row] <= 0 || c.quantity[row] <= 0 || c.flags[row] != 0) break;
        if (c.quantity[row] > kRunQuantityMost) break;
        previous = c.time[row];
    }
    return row;
}

RC_GTEST_PROP(TickRunScan, ends_where_a_loop_over_the_rows_ends_and_sums_the_same, ()) {
    const OwnedColumns columns = any_columns();
    RunLimits limits;
    limits.from = at_ns(*rc::gen::inRange<std::int64_t>(-1100, 1010));
    limits.until = at_ns(*rc::gen::inRange<std::int64_t>(-1000, 1200));
    limits.most = *rc::gen::inRange<std::size_t>(0, 80);
    if (*rc::gen::arbitrary<bool>()) limits = {};
    const TickRun run = scan_run(columns.view(), limits);
    const std::size_t rows = rows_of_run(columns, limits);
    RC_ASSERT(run.size == rows);
    if (rows == 0) return;
    const auto first = columns.price.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(rows);
    Int512 volume = 0;
    for (std::size_t i = 0; i < rows; ++i) volume += columns.quantity[i];
    RC_ASSERT(run.low.raw() == *std::min_element(first, last));
    RC_ASSERT(run.high.raw() == *std::max_element(first, last));
    RC_ASSERT(Int512{run.volume.raw()} == volume);
    RC_ASSERT(run.last().raw() == columns.price[rows - 1]);
    RC_ASSERT(run.last_time() == at_ns(columns.time[rows - 1]));
}

TEST(TickRunScan, takes_as_many_rows_as_a_run_may_have_with_the_largest_volume) {
    OwnedColumns columns;
    for (std::size_t i = 0; i < kRunMost + 9; ++i) columns.add(5, INT64_MAX, kRunQuantityMost);
    const TickRun run = scan_run(columns.view(), {});
    EXPECT_EQ(run.size, kRunMost);
    EXPECT_EQ(run.volume.raw(), static_cast<std::int64_t>(kRunMost) * kRunQuantityMost);
    EXPECT_EQ(run.high.raw(), INT64_MAX);
}

TEST(TickRunScan, stops_at_any_odd_row_at_any_place) {
    for (std::size_t at = 0; at < 40; ++at) {
        OwnedColumns good;
        for (std::int64_t i = 0; i < 40; ++i) good.add(100 + i, 1000 - i, 10 + i);
        const auto rows_with = [&](auto&& change) {
            OwnedColumns changed = good;
            change(changed);
            return scan_run(changed.view(), {}).size;
        };
        EXPECT_EQ(rows_with([](OwnedColumns&) {}), 40U);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.price[at] = 0; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.price[at] = INT64_MIN; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.quantity[at] = 0; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.quantity[at] = INT64_MIN; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.quantity[at] = kRunQuantityMost + 1; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.flags[at] = kFlagConflated; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.flags[at] = kFlagFromBar; }), at);
        if (at == 0) continue;
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.time[at] = 99; }), at);
        EXPECT_EQ(rows_with([&](OwnedColumns& c) { c.time[at - 1] = 1000; }), at);
    }
}

RC_GTEST_PROP(TickRunChecksum, is_that_of_its_ticks_one_by_one, ()) {
    OwnedColumns columns;
    const auto rows = *rc::gen::inRange<std::size_t>(1, 40);
    for (std::size_t i = 0; i < rows; ++i)
        columns.add(static_cast<std::int64_t>(i), *rc::gen::inRange<std::int64_t>(1, INT64_MAX),
                    *rc::gen::inRange<std::int64_t>(1, kRunQuantityMost));
    const auto of = symbol(*rc::gen::inRange<std::size_t>(0, 1024));
    const auto before = *rc::gen::arbitrary<std::uint64_t>();
    StreamChecksum singly;
    for (std::size_t i = 0; i < rows; ++i) {
        Event event = columns.view(of).event(i);
        event.place(static_cast<Sequence>(before + i + 1), 0);
        singly.add<EventKind::kTrade>(event);
    }
    TickRun run = scan_run(columns.view(of), {});
    RC_ASSERT(run.size == rows);
    run.last_sequence = static_cast<Sequence>(before + rows);
    StreamChecksum at_once;
    at_once.add_run(run);
    RC_ASSERT(at_once.value() == singly.value());
}

// The first of two instruments is in another currency, worth `rate`; zero: both are in the account's.
struct KernelBooks {
    KernelBooks(Money capital, Price rate)
        : portfolio(capital, instruments(2),
                    rate.is_zero() ? pipeline::Currencies{}
                                   : pipeline::Currencies{{Price::from_units(1), rate}, {1, 0}}) {}

    void expect_same(const KernelBooks& other) const {
        const Portfolio& a = portfolio;
        const Portfolio& b = other.portfolio;
        RC_ASSERT(a.equity() == b.equity());
        RC_ASSERT(a.peak_equity() == b.peak_equity());
        RC_ASSERT(a.max_drawdown() == b.max_drawdown());
        for (const std::size_t i : {0U, 1U})
            RC_ASSERT(a.position(symbol(i)).mark == b.position(symbol(i)).mark);
    }
    Portfolio portfolio;
};

// Steep and flat stretches, so that a run makes new peaks, new troughs, both or neither; what is
// kept between runs (the trough) shows in the next one's drawdown.
RC_GTEST_PROP(TickRunBooks, are_left_as_by_its_ticks_one_by_one, ()) {
    const Price rate = *rc::gen::element(Price{}, Price::from_raw(333'333'333),
                                         Price::from_raw(1'700'000'001), Price::from_raw(3));
    KernelBooks singly{Money::from_units(1000), rate};
    KernelBooks at_once{Money::from_units(1000), rate};
    const auto both = [&](auto&& act) {
        act(singly.portfolio);
        act(at_once.portfolio);
    };
    std::int64_t now = 1'000'000;
    const auto stretches = *rc::gen::inRange(1, 9);
    for (int stretch = 0; stretch < stretches; ++stretch) {
        const auto of = symbol(*rc::gen::inRange<std::size_t>(0, 2));
        if (*rc::gen::inRange(0, 2) == 0) {
            const auto size = Quantity::from_raw(*rc::gen::inRange<std::int64_t>(-7, 8));
            const auto fee = Money::from_raw(*rc::gen::inRange(0, 1000));
            if (!size.is_zero())
                both([&](Portfolio& p) { p.apply_fill(of, size, Price::from_raw(now), fee); });
        }
        OwnedColumns columns;
        const auto rows = *rc::gen::inRange<std::size_t>(1, 30);
        auto drift = *rc::gen::inRange<std::int64_t>(-4, 5);
        for (std::size_t i = 0; i < rows; ++i) {
            if (*rc::gen::inRange(0, 8) == 0) drift = -drift;
            now = std::max<std::int64_t>(1, now + drift + *rc::gen::inRange<std::int64_t>(-5, 6));
            columns.add(0, now, 1);
        }
        const TickRun run = scan_run(columns.view(of), {});
        RC_ASSERT(run.size == rows);
        Money worst = at_once.portfolio.worst_equity(run);
        Money lowest = Money::from_units(1'000'000);
        for (const std::int64_t price : columns.price) {
            singly.portfolio.mark(of, Price::from_raw(price));
            lowest = std::min(lowest, singly.portfolio.equity());
        }
        at_once.portfolio.mark_run(run);
        RC_ASSERT(worst == lowest);
        at_once.expect_same(singly);
    }
}

TEST(TickRunBooks, find_the_fall_before_a_new_peak_of_the_same_run) {
    Portfolio books{Money::from_units(1000), 1};
    books.apply_fill(symbol(0), -shares(1), price("100"), Money{});
    OwnedColumns columns;
    for (const std::int64_t units : {103, 108, 101, 98, 99})
        columns.add(0, units * Price::kScale, Quantity::kScale);
    books.mark_run(scan_run(columns.view(), {}));
    EXPECT_EQ(books.peak_equity(), Money::from_units(1002));
    EXPECT_EQ(books.max_drawdown(), Money::from_units(8));
}

TEST(TickRunBooks, find_the_fall_between_two_new_peaks_of_one_run) {
    // Long one unit from 100: up to 110, down to 104, up to 112, down to 109.
    Portfolio books{Money::from_units(1000), 1};
    books.apply_fill(symbol(0), shares(1), price("100"), Money{});
    OwnedColumns columns;
    for (const std::int64_t units : {99, 110, 104, 107, 112, 109})
        columns.add(0, units * Price::kScale, Quantity::kScale);
    books.mark_run(scan_run(columns.view(), {}));
    EXPECT_EQ(books.equity(), Money::from_units(1009));
    EXPECT_EQ(books.peak_equity(), Money::from_units(1012));
    EXPECT_EQ(books.max_drawdown(), Money::from_units(6));
    // From that peak it falls by more than ever: the trough before was 109.
    OwnedColumns fall;
    for (const std::int64_t units : {108, 105, 107})
        fall.add(0, units * Price::kScale, Quantity::kScale);
    books.mark_run(scan_run(fall.view(), {}));
    EXPECT_EQ(books.max_drawdown(), Money::from_units(7));
}

}  // namespace
}  // namespace sluice::tests
