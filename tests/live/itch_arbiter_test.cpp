// MoldArbiter: whatever two lines lose, repeat, delay or mix up, every message comes once and in
// order, or is counted as lost.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <sluice/adapters/itch/hot/mold_arbiter.hpp>

#include "itch_support.hpp"

namespace sluice::test_itch {
namespace {

namespace itch = adapters::itch;
using itch::MoldArbiter;
using itch::MoldOptions;

// Message n is the text "n".
Bytes numbered(std::uint64_t n) { return from_text(std::to_string(n)); }
Bytes packet(std::uint64_t from, std::uint64_t to) {
    std::vector<Bytes> messages;
    for (std::uint64_t i = from; i < to; ++i) messages.push_back(numbered(i));
    return mold_packet(from, messages);
}

struct MoldFeed : testing::Test {
    explicit MoldFeed(bool can_ask = true, MoldOptions options = {})
        : arbiter(options, can_ask ? &requests : nullptr) {}

    MemoryWire requests;
    MoldArbiter arbiter;
    std::vector<std::uint64_t> got;
    std::vector<std::uint64_t> stamps;
    std::uint64_t now = 1'000;

    auto sink() {
        return [this](std::span<const std::byte> message, std::uint64_t stamp) {
            std::string text;
            for (const std::byte b : message) text += static_cast<char>(b);
            got.push_back(std::stoull(text));
            stamps.push_back(stamp);
        };
    }
    void take(std::size_t line, const Bytes& datagram) {
        arbiter.take(line, datagram, now, now, sink());
    }
    void wait(std::uint64_t ns) {
        now += ns;
        arbiter.keep_time(now, sink());
    }
    // The next request as {first, count}.
    std::pair<std::uint64_t, std::uint16_t> asked() {
        itch::MoldHeader header;
        if (!itch::read_mold_header(requests.receive(), header)) return {0, 0};
        return {header.sequence, header.count};
    }
};
struct MoldFeedWithoutRequests : MoldFeed {
    MoldFeedWithoutRequests() : MoldFeed(false) {}
};
struct MoldFeedOfSmallWindow : MoldFeed {
    static MoldOptions options() {
        MoldOptions out;
        out.window = 64;
        out.request_messages = 4;
        out.requests_in_flight = 2;
        return out;
    }
    MoldFeedOfSmallWindow() : MoldFeed(true, options()) {}
};

std::vector<std::uint64_t> up_to(std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t i = 1; i <= last; ++i) out.push_back(i);
    return out;
}
constexpr std::pair<std::uint64_t, std::uint16_t> kNothing{0, 0};

TEST_F(MoldFeed, hands_over_in_order_what_comes_on_both_lines_once) {
    for (const std::size_t line : {0U, 1U}) take(line, packet(1, 4));
    take(1, packet(4, 6));
    take(0, packet(4, 6));
    EXPECT_EQ(got, up_to(5));
    EXPECT_EQ(arbiter.counts().datagrams, 4U);
    EXPECT_EQ(arbiter.counts().duplicates, 2U);
    EXPECT_EQ(arbiter.counts().messages, 5U);
    EXPECT_EQ(asked(), kNothing);
}

// A packet as Nasdaq sent it on 22 August 2023: session, sequence, one block of 19 bytes.
TEST_F(MoldFeedWithoutRequests, reads_a_packet_of_nasdaq) {
    const Bytes bytes = from_hex(
        "30303030313030353942 0000000000e149d0 0001"
        "0013 44 0ab1 0000 1f1acf4c4eb7 0000000001665d6a");
    std::vector<std::string> seen;
    arbiter.take(0, bytes, 1, 7, [&](std::span<const std::byte> message, std::uint64_t stamp) {
        seen.push_back(to_hex(message));
        EXPECT_EQ(stamp, 7U);
    });
    EXPECT_EQ(seen, std::vector<std::string>{"440ab100001f1acf4c4eb70000000001665d6a"});
    EXPECT_EQ(arbiter.next(), 14'764'497U);
}

TEST_F(MoldFeed, takes_from_one_line_what_the_other_lost_and_asks_for_nothing) {
    take(0, packet(1, 3));
    take(1, packet(1, 3));
    take(0, packet(4, 5));  // line 0 has lost 3
    EXPECT_EQ(got, up_to(2));
    EXPECT_FALSE(arbiter.in_gap());
    take(1, packet(3, 4));
    EXPECT_EQ(got, up_to(4));
    EXPECT_EQ(arbiter.counts().gaps, 0U);
    EXPECT_EQ(asked(), kNothing);
}

TEST_F(MoldFeed, asks_again_for_what_both_lines_lost) {
    take(0, packet(1, 3));
    take(1, packet(1, 3));
    take(0, packet(5, 7));
    EXPECT_EQ(asked(), kNothing);
    take(1, packet(5, 7));
    EXPECT_TRUE(arbiter.in_gap());
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{3, 2}));
    EXPECT_EQ(asked(), kNothing);
    take(MoldArbiter::kReplies, packet(3, 5));
    EXPECT_EQ(got, up_to(6));
    EXPECT_FALSE(arbiter.in_gap());
    EXPECT_EQ(arbiter.counts().gaps, 1U);
    EXPECT_EQ(arbiter.counts().requested, 2U);
    EXPECT_EQ(arbiter.counts().lost, 0U);
}

TEST_F(MoldFeed, keeps_the_stamp_of_the_datagram_that_brought_a_message) {
    take(0, packet(1, 2));
    now = 2'000;
    take(0, packet(3, 4));
    now = 3'000;
    take(1, packet(2, 3));
    EXPECT_EQ(stamps, (std::vector<std::uint64_t>{1'000, 3'000, 2'000}));
}

TEST_F(MoldFeed, asks_after_a_while_when_one_line_is_silent) {
    take(0, packet(1, 2));
    take(0, packet(3, 4));
    wait(999'999);
    EXPECT_EQ(asked(), kNothing);
    wait(1);
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{2, 1}));
}

TEST_F(MoldFeed, asks_once_more_after_a_time_and_then_gives_up) {
    take(0, packet(1, 2));
    take(0, packet(3, 4));
    take(1, packet(3, 4));
    EXPECT_NE(asked(), kNothing);
    wait(4'999'999);
    EXPECT_EQ(asked(), kNothing);
    wait(1);
    EXPECT_NE(asked(), kNothing);
    EXPECT_EQ(got, up_to(1));
    wait(995'000'000);
    EXPECT_EQ(got, (std::vector<std::uint64_t>{1, 3}));
    EXPECT_EQ(arbiter.counts().lost, 1U);
    EXPECT_EQ(arbiter.counts().gaps, 1U);
    EXPECT_FALSE(arbiter.in_gap());
}

TEST_F(MoldFeedWithoutRequests, gives_up_after_the_wait_when_nobody_can_be_asked) {
    take(0, packet(1, 2));
    take(0, packet(4, 5));
    take(1, packet(4, 5));
    EXPECT_EQ(got, up_to(1));
    wait(1'000'000);
    EXPECT_EQ(got, (std::vector<std::uint64_t>{1, 4}));
    EXPECT_EQ(arbiter.counts().lost, 2U);
}

TEST_F(MoldFeed, learns_from_a_heartbeat_that_the_last_messages_are_missing) {
    take(0, packet(1, 3));
    for (const std::size_t line : {0U, 1U}) take(line, mold_empty(5));
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{3, 2}));
}

TEST_F(MoldFeed, ends_when_all_messages_before_the_end_were_handed_over) {
    take(0, packet(1, 3));
    take(0, mold_empty(4, 0xFFFF));
    EXPECT_FALSE(arbiter.ended());
    take(1, packet(3, 4));
    EXPECT_TRUE(arbiter.ended());
    EXPECT_EQ(got, up_to(3));
}

TEST_F(MoldFeed, asks_from_the_first_message_when_it_starts_within_the_session) {
    for (const std::size_t line : {0U, 1U}) take(line, packet(41, 43));
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{1, 26}));
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{27, 14}));
    EXPECT_EQ(asked(), kNothing);
    take(MoldArbiter::kReplies, packet(1, 27));
    take(MoldArbiter::kReplies, packet(27, 41));
    EXPECT_EQ(got, up_to(42));
}

TEST_F(MoldFeedWithoutRequests, counts_what_came_before_its_start_as_lost) {
    take(0, packet(41, 43));
    EXPECT_EQ(got, (std::vector<std::uint64_t>{41, 42}));
    EXPECT_EQ(arbiter.counts().lost, 40U);
}

TEST_F(MoldFeedOfSmallWindow, catches_up_round_by_round_while_the_market_goes_on) {
    std::uint64_t live = 1'000;
    for (const std::size_t line : {0U, 1U}) take(line, packet(live, live + 1));
    for (int round = 0; round < 1'000 && arbiter.missing(); ++round) {
        if (live < 1'100) {
            ++live;
            for (const std::size_t line : {0U, 1U}) take(line, packet(live, live + 1));
        }
        const auto request = asked();
        EXPECT_LE(request.second, 4);
        if (request != kNothing)
            take(MoldArbiter::kReplies, packet(request.first, request.first + request.second));
    }
    EXPECT_EQ(got, up_to(1'100));
    EXPECT_EQ(arbiter.counts().lost, 0U);
    EXPECT_GT(arbiter.not_kept(), 0U);
}

TEST_F(MoldFeed, asks_again_for_a_message_too_long_to_be_kept) {
    const Bytes longest(60'000, std::byte{'0'});
    take(0, packet(1, 2));
    for (const std::size_t line : {0U, 1U}) take(line, mold_packet(3, {longest}));
    EXPECT_EQ(asked(), (std::pair<std::uint64_t, std::uint16_t>{2, 2}));
    take(MoldArbiter::kReplies, packet(2, 3));
    take(MoldArbiter::kReplies, mold_packet(3, {longest}));
    EXPECT_EQ(got, (std::vector<std::uint64_t>{1, 2, 0}));
}

TEST_F(MoldFeed, passes_over_a_stray_of_another_session) {
    take(0, packet(1, 3));
    take(0, mold_packet(3, {numbered(3)}, "OTHER"));
    EXPECT_FALSE(arbiter.session_changed());
    EXPECT_EQ(arbiter.counts().malformed, 1U);
    take(0, packet(3, 4));
    EXPECT_EQ(got, up_to(3));
}

TEST_F(MoldFeed, stops_when_its_own_session_is_silent_and_another_begins) {
    take(0, packet(1, 3));
    now += 2'000'000'000;
    take(0, mold_packet(3, {numbered(3)}, "OTHER"));
    EXPECT_TRUE(arbiter.session_changed());
    take(0, packet(3, 4));
    EXPECT_EQ(got, up_to(2));
}

TEST_F(MoldFeed, refuses_whole_what_breaks_the_rules_of_a_packet) {
    take(0, packet(1, 3));
    Bytes cut = packet(3, 5);
    cut.pop_back();
    Bytes more = packet(3, 5);
    more.push_back(std::byte{0});
    Bytes heavy_heartbeat = mold_empty(3);
    heavy_heartbeat.push_back(std::byte{0});
    const Bytes short_one(19);
    Bytes far = packet(std::uint64_t{1} << 33U, (std::uint64_t{1} << 33U) + 1);
    const std::vector<Bytes> bad{
        cut, more, heavy_heartbeat, short_one, far, mold_empty(0), mold_empty(~std::uint64_t{0})};
    for (const Bytes& bytes : bad) take(0, bytes);
    EXPECT_EQ(arbiter.counts().malformed, bad.size());
    EXPECT_EQ(got, up_to(2));
    EXPECT_FALSE(arbiter.missing());
}

TEST(MoldArbiter, refuses_options_that_cannot_work) {
    const auto with = [](auto change) {
        MoldOptions options;
        change(options);
        const MoldArbiter arbiter(options, nullptr);
    };
    EXPECT_THROW(with([](MoldOptions& o) { o.lines = 0; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.lines = 5; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.window = 0; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.request_messages = 0; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.request_messages = 0xFFFF; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.requests_in_flight = 0; }), std::invalid_argument);
    EXPECT_THROW(with([](MoldOptions& o) { o.ticks_per_second = 0; }), std::invalid_argument);
}

// --- any loss, repetition, delay and order ---

struct Weather {
    double loss;
    double again;
    std::uint64_t delay_max;  // steps
    double request_loss;
    bool server;  // answers at all
};

// Sends `count` messages over two lines in that weather; what was handed over, ended or not.
struct Outcome {
    std::vector<std::uint64_t> got;
    pipeline::FeedCounts counts;
    bool ended;
};
Outcome run(std::uint64_t seed, std::uint64_t count, const Weather& weather, MoldOptions options) {
    std::mt19937_64 random(seed);
    const auto chance = [&](double p) {
        return std::uniform_real_distribution<>(0, 1)(random) < p;
    };
    struct Flying {
        std::uint64_t at;
        std::size_t line;
        Bytes bytes;
    };
    std::vector<Flying> flying;
    std::uint64_t step = 0;
    const auto fly = [&](std::size_t line, const Bytes& bytes, double loss) {
        for (int copies = chance(weather.again) ? 2 : 1; copies > 0; --copies)
            if (!chance(loss))
                flying.push_back({step + random() % (weather.delay_max + 1), line, bytes});
    };
    MemoryWire requests;
    MoldArbiter arbiter(options, &requests);
    Outcome out;
    const auto sink = [&](std::span<const std::byte> message, std::uint64_t) {
        std::string text;
        for (const std::byte b : message) text += static_cast<char>(b);
        out.got.push_back(std::stoull(text));
    };
    std::uint64_t next = 1;
    for (; step < 100'000 && !arbiter.ended(); ++step) {
        if (next <= count) {
            const std::uint64_t to = std::min(count + 1, next + random() % 9);
            const Bytes bytes = next == to ? mold_empty(next) : packet(next, to);
            for (const std::size_t line : {0U, 1U}) fly(line, bytes, weather.loss);
            next = to;
        } else if (step % 10 == 0) {
            fly(0, mold_empty(next, 0xFFFF), weather.loss);
        }
        for (std::size_t i = 0; i < flying.size();) {
            if (flying[i].at > step) {
                ++i;
                continue;
            }
            const Flying one = std::move(flying[i]);
            flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(i));
            arbiter.take(one.line, one.bytes, step, step, sink);
        }
        arbiter.keep_time(step, sink);
        while (!requests.waiting.empty()) {
            itch::MoldHeader header;
            const bool good = itch::read_mold_header(requests.receive(), header);
            if (!good || !weather.server || header.sequence >= next || header.count == 0) continue;
            // A server may send less than was asked for.
            const std::uint64_t most = std::min<std::uint64_t>(header.count, 1 + random() % 26);
            const std::uint64_t to = std::min<std::uint64_t>(next, header.sequence + most);
            fly(MoldArbiter::kReplies, packet(header.sequence, to), weather.request_loss);
        }
    }
    out.counts = arbiter.counts();
    out.ended = arbiter.ended();
    return out;
}

MoldOptions in_steps() {
    MoldOptions out;
    out.wait_ns = 20;
    out.retry_ns = 30;
    out.give_up_ns = 50'000;
    out.window = 256;
    return out;
}

RC_GTEST_PROP(MoldFeedProperty, gives_every_message_once_and_in_order_when_it_can_ask,
              (std::uint64_t seed)) {
    const auto percent = [](int most) { return *rc::gen::inRange(0, most + 1) / 100.0; };
    const Weather weather{percent(60), percent(30), *rc::gen::inRange<std::uint64_t>(0, 25),
                          percent(40), true};
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 600);
    const Outcome out = run(seed, count, weather, in_steps());
    RC_ASSERT(out.ended);
    RC_ASSERT(out.got == up_to(count));
    RC_ASSERT(out.counts.lost == 0U);
    RC_ASSERT(out.counts.messages == count);
}

RC_GTEST_PROP(MoldFeedProperty, counts_every_message_it_gives_up, (std::uint64_t seed)) {
    const Weather weather{*rc::gen::inRange(0, 70) / 100.0, 0.1,
                          *rc::gen::inRange<std::uint64_t>(0, 25), 0, false};
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 600);
    MoldOptions options = in_steps();
    options.give_up_ns = 100;
    const Outcome out = run(seed, count, weather, options);
    RC_ASSERT(out.ended);
    RC_ASSERT(std::is_sorted(out.got.begin(), out.got.end()));
    RC_ASSERT(std::adjacent_find(out.got.begin(), out.got.end()) == out.got.end());
    RC_ASSERT(out.got.size() + out.counts.lost == count);
    RC_ASSERT(out.counts.messages == out.got.size());
}

}  // namespace
}  // namespace sluice::test_itch
