// What survives a connection: every report once, every order once, wherever the bytes stop.
#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

// Orders, a replacement, fills and cancels, each as soon as the session is up for it.
struct Script {
    std::vector<Said> heard;
    std::vector<std::tuple<RequestKind, std::uint64_t, std::uint32_t>> requests;
    std::size_t bytes[2] = {0, 0};
    std::uint64_t connects = 0;
};

Script run(OuchVersion version, int direction, std::optional<std::size_t> break_after,
           std::mt19937* cutter = nullptr) {
    Pair pair{version};
    pair.link.on_wire = [&](Wire& wire) {
        wire.cutter = cutter;
        if (pair.link.wires.size() == 1) wire.break_after[direction] = break_after;
    };
    const auto when_up = [&](auto action) {
        for (int i = 0; i < 2'000; ++i) {
            pair.turn();
            if (pair.session.state() == SessionState::kUp && action()) return;
        }
        ADD_FAILURE() << "never came up again, break after " << break_after.value_or(0);
    };
    const auto settle = [&] {
        for (int i = 0; i < (cutter == nullptr ? 6 : 300); ++i) pair.turn();
    };
    const auto wait_for = [&](std::size_t count) {
        for (int i = 0; i < 2'000 && pair.exchange.requests.size() < count; ++i) pair.turn();
        ASSERT_EQ(pair.exchange.requests.size(), count);
    };
    when_up([&] { return pair.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)); });
    wait_for(1);
    pair.exchange.fill(pair.exchange.requests[0].ref, 100, 10'000, 1);
    settle();
    when_up(
        [&] { return pair.session.submit(Desk::replacement(1, Side::kBuy, 600, 100 * kCent)); });
    wait_for(2);
    pair.exchange.fill(pair.exchange.requests[1].ref, 200, 10'000, 2);
    settle();
    when_up([&] { return pair.session.submit(Desk::order(2, Side::kSell, 50, 101 * kCent)); });
    wait_for(3);
    when_up([&] { return pair.session.cancel(OrderId{1}, SymbolId{0}); });
    wait_for(4);
    pair.exchange.fill(pair.exchange.requests[2].ref, 50, 10'100, 3);
    settle();
    when_up([] { return true; });
    settle();
    Script script;
    script.heard = pair.heard;
    for (const OrderRequest& r : pair.exchange.requests)
        script.requests.emplace_back(r.kind, r.ref, r.shares);
    for (int i = 0; i < 2; ++i) script.bytes[i] = pair.link.wires.front()->record[i].size();
    script.connects = pair.session.counts().connects;
    EXPECT_EQ(pair.session.counts().unknown, 0U);
    EXPECT_EQ(pair.session.counts().malformed, 0U);
    EXPECT_EQ(pair.server.counts().malformed, 0U);
    EXPECT_EQ(pair.session.ouch_counts().duplicates, 0U);
    EXPECT_EQ(pair.session.ouch_counts().lost, 0U);
    return script;
}

class OuchResume : public testing::TestWithParam<OuchVersion> {};

TEST_P(OuchResume, hears_and_asks_everything_once_wherever_the_connection_breaks) {
    const Script whole = run(GetParam(), 0, std::nullopt);
    const std::vector<Said> expected{
        {1, ExecKind::kAccepted, 500, 10'000}, {1, ExecKind::kFill, 100, 10'000},
        {1, ExecKind::kReplaced, 600, 10'000}, {1, ExecKind::kFill, 200, 10'000},
        {2, ExecKind::kAccepted, 50, 10'100},  {1, ExecKind::kCancelled, 0, 0},
        {2, ExecKind::kFill, 50, 10'100}};
    ASSERT_EQ(whole.heard, expected);
    ASSERT_EQ(whole.connects, 1U);
    for (int direction = 0; direction < 2; ++direction) {
        for (std::size_t at = 0; at < whole.bytes[direction]; ++at) {
            const Script broken = run(GetParam(), direction, at);
            ASSERT_EQ(broken.heard, expected) << direction << " after byte " << at;
            ASSERT_EQ(broken.requests, whole.requests) << direction << " after byte " << at;
            ASSERT_GE(broken.connects, 1U);
        }
    }
}

TEST_P(OuchResume, does_not_care_how_the_bytes_are_cut) {
    const Script whole = run(GetParam(), 0, std::nullopt);
    for (unsigned seed = 1; seed <= 50; ++seed) {
        std::mt19937 cutter{seed};
        const Script cut = run(GetParam(), 1, std::nullopt, &cutter);
        ASSERT_EQ(cut.heard, whole.heard) << seed;
        ASSERT_EQ(cut.requests, whole.requests) << seed;
    }
}

TEST_P(OuchResume, hears_of_what_happened_while_it_was_away) {
    Pair pair{GetParam()};
    pair.up();
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    pair.server.drop(0);
    pair.exchange.fill(pair.exchange.requests[0].ref, 500, 10'000, 1);
    pair.link.refuse = true;
    EXPECT_TRUE(pair.turns(20).empty());
    EXPECT_EQ(pair.session.state(), SessionState::kDown);
    EXPECT_FALSE(pair.session.submit(Desk::order(2, Side::kBuy, 1, 100 * kCent)));
    EXPECT_EQ(pair.session.last_refusal(), RejectReason::kVenueUnreachable);
    EXPECT_TRUE(pair.session.cancel(OrderId{1}, SymbolId{0})) << "for when it is back";
    pair.link.refuse = false;
    EXPECT_EQ(pair.turns(10, kSecondNs / 2),
              (std::vector<Said>{{1, ExecKind::kFill, 500, 10'000}}));
    EXPECT_EQ(pair.session.state(), SessionState::kUp);
    EXPECT_EQ(pair.session.counts().connects, 2U);
    EXPECT_EQ(pair.session.counts().resent, 1U);
}

TEST_P(OuchResume, cancels_once_it_is_back_what_was_cancelled_meanwhile) {
    Pair pair{GetParam()};
    pair.up();
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    const std::size_t asked = pair.exchange.requests.size();
    pair.server.drop(0);
    pair.link.refuse = true;
    pair.turns(20);
    ASSERT_TRUE(pair.session.cancel(OrderId{1}, SymbolId{0}));
    pair.link.refuse = false;
    pair.turns(10, kSecondNs / 2);
    ASSERT_EQ(pair.exchange.requests.size(), asked + 1);
    EXPECT_EQ(pair.exchange.requests.back().kind, RequestKind::kCancel);
}

TEST_P(OuchResume, breaks_where_the_hook_says_and_goes_on) {
    std::size_t cuts = 0;
    OuchFaults faults;
    faults.on_send = [&](std::size_t, std::uint64_t sequence,
                         std::size_t size) -> std::optional<std::size_t> {
        // Before, within and after each message, once each.
        const std::size_t where[] = {0, 1, size / 2, size};
        if (cuts >= 4 * sequence || cuts == 12) return std::nullopt;
        return where[cuts++ % 4];
    };
    Pair pair{GetParam(), faults};
    const auto turns = [&] { return pair.turns(300, 50'000'000); };
    turns();
    ASSERT_EQ(pair.session.state(), SessionState::kUp);
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    turns();
    pair.exchange.fill(pair.exchange.requests[0].ref, 500, 10'000, 1);
    turns();
    EXPECT_EQ(pair.heard, (std::vector<Said>{{1, ExecKind::kAccepted, 500, 10'000},
                                             {1, ExecKind::kFill, 500, 10'000}}));
    EXPECT_GE(cuts, 8U);
    EXPECT_EQ(pair.server.soup().counts().cut, cuts);
}

// A client that repeats itself byte for byte, as one does that lost its connection.
TEST_P(OuchResume, enters_nothing_twice) {
    Pair pair{GetParam()};
    pair.up();
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    ASSERT_TRUE(pair.session.submit(Desk::replacement(1, Side::kBuy, 400, 100 * kCent)));
    ASSERT_TRUE(pair.session.submit(Desk::order(2, Side::kBuy, 50, 100 * kCent)));
    pair.turns();
    ASSERT_EQ(pair.exchange.requests.size(), 3U);
    const std::size_t login = kSoupHeaderSize + 46;
    const std::string requests = pair.link.wire().record[0].substr(login);
    for (const std::byte b : bytes_of(requests)) pair.link.wire().bytes[0].push_back(b);
    pair.turns();
    EXPECT_EQ(pair.exchange.requests.size(), 3U);
    EXPECT_EQ(pair.server.counts().ignored, 3U);
    EXPECT_EQ(pair.heard.size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(versions, OuchResume, testing::Values(OuchVersion::k42, OuchVersion::k50),
                         [](const auto& version) {
                             return version.param == OuchVersion::k42 ? "ouch42" : "ouch50";
                         });

TEST(OuchSession, a_new_process_learns_the_next_number_from_the_exchange) {
    Pair pair{OuchVersion::k50};
    pair.up();
    for (std::uint64_t id = 1; id <= 3; ++id)
        ASSERT_TRUE(pair.session.submit(Desk::order(id, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    // Another session of the same account, from scratch.
    OuchSessionConfig config = Pair::session_config(OuchVersion::k50);
    config.soup.first_sequence = 0;
    Link link;
    link.on_connect = [&](auto stream) { pair.server.add_connection(std::move(stream)); };
    OuchSession second{link, config, core::TscClock::from_rate(1e9)};
    std::vector<Said> heard;
    const auto turns = [&] {
        for (int i = 0; i < 6; ++i) {
            pair.now += 1'000'000;
            for (const Event& e : second.poll(static_cast<std::uint64_t>(pair.now)))
                heard.push_back(said(e));
            pair.server.poll(kDayStart + pair.now);
        }
    };
    turns();
    ASSERT_EQ(second.state(), SessionState::kUp);
    EXPECT_TRUE(heard.empty());
    ASSERT_TRUE(second.submit(Desk::order(1, Side::kBuy, 5, 100 * kCent)));
    turns();
    EXPECT_EQ(heard, (std::vector<Said>{{1, ExecKind::kAccepted, 5, 10'000}}));
    EXPECT_EQ(pair.exchange.requests.back().ref, 4U);
}

}  // namespace
}  // namespace sluice::tests::ouch_live
