// What may enter the stream, and the checksum over what did.
#include <sluice/pipeline/hot/admission.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <utility>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Admission;
using pipeline::kFlagSuspicious;
using pipeline::StreamChecksum;

bool admit(Admission& admission, const Event& event) {
    return event.kind() == EventKind::kTrade ? admission.admit<EventKind::kTrade>(event)
                                             : admission.admit<EventKind::kQuote>(event);
}
Event trade(std::int64_t at, std::int64_t size, std::uint8_t flags = 0) {
    return trade_at(at_second(1), 0, Price::from_raw(at), Quantity::from_raw(size), flags);
}
Event quote(std::int64_t bid, std::int64_t bid_size, std::int64_t ask, std::int64_t ask_size,
            std::uint8_t flags = 0) {
    return quote_at(at_second(1), 0, Price::from_raw(bid), Quantity::from_raw(bid_size),
                    Price::from_raw(ask), Quantity::from_raw(ask_size), flags);
}

TEST(Admission, takes_a_tick_that_makes_sense) {
    Admission admission{false, 1};
    for (const Event& event : {trade(1, 1), quote(10, 5, 11, 5), quote(10, 5, 0, 0),
                               quote(0, 0, 11, 5), quote(10, 0, 11, 0), quote(10, 1, 10, 1)})
        EXPECT_TRUE(admit(admission, event));
    EXPECT_EQ(admission.counts().invalid, 0U);
}

TEST(Admission, refuses_a_tick_that_makes_none) {
    const std::vector<Event> wrong{
        trade(0, 1),          trade(-1, 1),        trade(1, 0),         trade(1, -1),
        quote(0, 5, 0, 5),    quote(-1, 5, 11, 5), quote(10, 5, -1, 5), quote(10, -1, 11, 5),
        quote(10, 5, 11, -1), quote(12, 5, 11, 5),  // crossed
    };
    Admission admission{true, 1};
    for (const Event& event : wrong) EXPECT_FALSE(admit(admission, event));
    EXPECT_EQ(admission.counts().invalid, wrong.size());
    EXPECT_EQ(admission.counts().seen[0].trades, 4U);
    EXPECT_EQ(admission.counts().seen[0].quotes, 6U);
}

TEST(Admission, refuses_what_the_vendor_flagged_unless_told_otherwise) {
    Admission strict{false, 1};
    EXPECT_FALSE(admit(strict, trade(1, 1, kFlagSuspicious)));
    EXPECT_FALSE(admit(strict, quote(10, 5, 11, 5, kFlagSuspicious)));
    EXPECT_EQ(strict.counts().suspicious, 2U);
    Admission lenient{true, 1};
    EXPECT_TRUE(admit(lenient, trade(1, 1, kFlagSuspicious)));
    EXPECT_EQ(lenient.counts().suspicious, 0U);
}

TEST(Admission, refuses_everything_outside_the_session) {
    Admission admission{false, 1};
    admission.set_session_open(false);
    EXPECT_FALSE(admit(admission, trade(1, 1)));
    EXPECT_FALSE(admit(admission, quote(10, 5, 11, 5)));
    admission.set_session_open(true);
    EXPECT_TRUE(admit(admission, trade(1, 1)));
    EXPECT_EQ(admission.counts().off_session, 2U);
}

TEST(Admission, gives_one_reason_each_the_gravest_first) {
    Admission admission{false, 1};
    admission.set_session_open(false);
    EXPECT_FALSE(admit(admission, trade(0, 1, kFlagSuspicious)));
    EXPECT_FALSE(admit(admission, trade(1, 1, kFlagSuspicious)));
    const auto counts = admission.take_counts();
    EXPECT_EQ(counts.invalid, 1U);
    EXPECT_EQ(counts.off_session, 1U);
    EXPECT_EQ(counts.suspicious, 0U);
}

RC_GTEST_PROP(Admission, accounts_for_every_tick_that_came, ()) {
    constexpr std::size_t kInstruments = 3;
    Admission admission{*rc::gen::arbitrary<bool>(), kInstruments};
    const auto count = *rc::gen::inRange<std::size_t>(0, 200);
    std::size_t admitted = 0;
    std::vector<std::uint64_t> trades(kInstruments);
    std::vector<std::uint64_t> quotes(kInstruments);
    for (std::size_t i = 0; i < count; ++i) {
        const auto small = [] { return *rc::gen::inRange<std::int64_t>(-1, 4); };
        const auto instrument = *rc::gen::inRange<std::size_t>(0, kInstruments);
        const std::uint8_t flags = *rc::gen::element<std::uint8_t>(0, kFlagSuspicious);
        admission.set_session_open(*rc::gen::inRange(0, 3) != 0);
        const bool is_trade = *rc::gen::arbitrary<bool>();
        const Event event = is_trade
                                ? trade_at(at_second(1), instrument, Price::from_raw(small()),
                                           Quantity::from_raw(small()), flags)
                                : quote_at(at_second(1), instrument, Price::from_raw(small()),
                                           Quantity::from_raw(small()), Price::from_raw(small()),
                                           Quantity::from_raw(small()), flags);
        admitted += admit(admission, event) ? 1U : 0U;
        ++(is_trade ? trades : quotes)[instrument];
    }
    const auto& counts = admission.counts();
    RC_ASSERT(admitted + counts.off_session + counts.suspicious + counts.invalid == count);
    for (std::size_t i = 0; i < kInstruments; ++i) {
        RC_ASSERT(counts.seen[i].trades == trades[i]);
        RC_ASSERT(counts.seen[i].quotes == quotes[i]);
    }
}

// One tick as numbers, so that any of them can be changed.
struct Tick {
    bool trade = true;
    std::array<std::int64_t, 6> field{};  // time, symbol, then what it carries

    friend bool operator==(const Tick&, const Tick&) = default;
};

std::uint64_t checksum_of(const std::vector<Tick>& ticks) {
    StreamChecksum sum;
    std::uint64_t sequence = 0;
    for (const Tick& t : ticks) {
        const auto& f = t.field;
        const auto instrument = static_cast<std::size_t>(f[1]);
        if (t.trade) {
            Event e =
                trade_at(at_ns(f[0]), instrument, Price::from_raw(f[2]), Quantity::from_raw(f[3]));
            e.place(Sequence{++sequence}, 0);
            sum.add<EventKind::kTrade>(e);
        } else {
            Event e =
                quote_at(at_ns(f[0]), instrument, Price::from_raw(f[2]), Quantity::from_raw(f[3]),
                         Price::from_raw(f[4]), Quantity::from_raw(f[5]));
            e.place(Sequence{++sequence}, 0);
            sum.add<EventKind::kQuote>(e);
        }
    }
    return sum.value();
}

std::vector<Tick> random_ticks(std::size_t least) {
    std::vector<Tick> ticks(*rc::gen::inRange<std::size_t>(least, 40));
    for (Tick& t : ticks) {
        t.trade = *rc::gen::arbitrary<bool>();
        t.field[0] = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000'000'000'000);
        t.field[1] = *rc::gen::inRange<std::int64_t>(0, 1024);
        for (std::size_t i = 2; i < (t.trade ? 4U : 6U); ++i)
            t.field[i] = *rc::gen::oneOf(rc::gen::just<std::int64_t>(0),
                                         rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000));
    }
    return ticks;
}

RC_GTEST_PROP(StreamChecksum, changes_when_one_field_of_one_tick_does, ()) {
    auto ticks = random_ticks(1);
    const std::uint64_t before = checksum_of(ticks);
    RC_ASSERT(checksum_of(ticks) == before);
    const auto at = *rc::gen::inRange<std::size_t>(0, ticks.size());
    const auto field = *rc::gen::inRange<std::size_t>(0, ticks[at].trade ? 4 : 6);
    const std::int64_t by = *rc::gen::element<std::int64_t>(1, 100, 1'000'000'000);
    ticks[at].field[field] =
        field == 1 ? (ticks[at].field[1] + 1) % 1024 : ticks[at].field[field] + by;
    RC_ASSERT(checksum_of(ticks) != before);
}
RC_GTEST_PROP(StreamChecksum, changes_when_two_ticks_change_places, ()) {
    auto ticks = random_ticks(2);
    const std::uint64_t before = checksum_of(ticks);
    const auto a = *rc::gen::inRange<std::size_t>(0, ticks.size());
    const auto b = *rc::gen::inRange<std::size_t>(0, ticks.size());
    RC_PRE(!(ticks[a] == ticks[b]));
    std::swap(ticks[a], ticks[b]);
    RC_ASSERT(checksum_of(ticks) != before);
}
RC_GTEST_PROP(StreamChecksum, changes_when_two_fields_of_a_tick_change_places, ()) {
    auto ticks = random_ticks(1);
    Tick& tick = ticks[*rc::gen::inRange<std::size_t>(0, ticks.size())];
    const std::uint64_t before = checksum_of(ticks);
    using Pair = std::pair<std::size_t, std::size_t>;
    const auto [a, b] =
        tick.trade ? Pair{2, 3} : *rc::gen::element(Pair{2, 4}, Pair{3, 5}, Pair{2, 3});
    RC_PRE(tick.field[a] != tick.field[b]);
    std::swap(tick.field[a], tick.field[b]);
    RC_ASSERT(checksum_of(ticks) != before);
}
RC_GTEST_PROP(StreamChecksum, changes_when_a_tick_is_missing_or_comes_twice, ()) {
    auto ticks = random_ticks(1);
    const std::uint64_t before = checksum_of(ticks);
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, ticks.size()));
    auto doubled = ticks;
    doubled.insert(doubled.begin() + at, ticks[static_cast<std::size_t>(at)]);
    RC_ASSERT(checksum_of(doubled) != before);
    ticks.erase(ticks.begin() + at);
    RC_ASSERT(checksum_of(ticks) != before);
}

}  // namespace
}  // namespace sluice::tests
