// A SoupBinTCP client and a SoupBinTCP server, each against bytes: log-in, heartbeats, silence,
// refusals, and what is not in the specification.
#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

// The client alone; the test is the server.
class SoupClientTest : public testing::Test {
  protected:
    SoupClientTest() {
        link.on_connect = [this](auto stream) { server = std::move(stream); };
        SoupClientConfig config;
        config.user = "trader";
        config.password = "secret";
        client.emplace(link, config, core::TscClock::from_rate(1e9));
    }
    std::vector<std::string> poll(std::int64_t step = 1'000'000) {
        now += step;
        client->poll(static_cast<std::uint64_t>(now));
        std::vector<std::string> out;
        for (auto m = client->next(); !m.empty(); m = client->next()) out.push_back(text_of(m));
        return out;
    }
    void say(const std::string& bytes) { (void)server->write(bytes_of(bytes)); }
    [[nodiscard]] std::string sent() {
        std::byte bytes[4096];
        return text_of({bytes, server->read(bytes)});
    }
    void log_in(const std::string& sequence = "1") {
        poll();
        (void)sent();
        say(accepted("DAY1", sequence));
        poll();
        ASSERT_EQ(client->state(), SessionState::kUp);
    }
    static std::string accepted(std::string session, std::string sequence) {
        session.insert(0, 10 - session.size(), ' ');
        sequence.insert(0, 20 - sequence.size(), ' ');
        return packet('A', session + sequence);
    }
    static std::string login(std::string session, std::string sequence) {
        session.insert(0, 10 - session.size(), ' ');
        sequence.insert(0, 20 - sequence.size(), ' ');
        return packet('L', "tradersecret    " + session + sequence);
    }

    Link link;
    std::unique_ptr<ByteStream> server;
    std::optional<SoupClient> client;
    std::int64_t now = kSecondNs;
};

TEST_F(SoupClientTest, logs_in_and_hands_out_what_is_sequenced) {
    EXPECT_EQ(client->state(), SessionState::kDown);
    poll();
    EXPECT_EQ(client->state(), SessionState::kLoggingIn);
    EXPECT_EQ(hex(sent()), hex(login("", "1")));
    EXPECT_TRUE(client->begin(5).empty());
    say(accepted("DAY1", "1") + packet('S', "one") + packet('+', "note") + packet('H', "") +
        packet('S', "two"));
    EXPECT_EQ(poll(), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(client->next_sequence(), 3U);
    const std::span<std::byte> room = client->begin(3);
    ASSERT_EQ(room.size(), 3U);
    std::memcpy(room.data(), "ask", 3);
    client->send();
    EXPECT_EQ(hex(sent()), hex(packet('U', "ask")));
}

TEST_F(SoupClientTest, comes_back_for_the_first_message_it_has_not_had) {
    log_in();
    say(packet('S', "one") + packet('S', "two") + packet('S', "thr").substr(0, 4));
    EXPECT_EQ(poll(), (std::vector<std::string>{"one", "two"}));
    server->close();
    poll();
    EXPECT_EQ(client->state(), SessionState::kDown);
    poll(kSecondNs);
    EXPECT_EQ(hex(sent()), hex(login("DAY1", "3")));
    // It answers from further back than asked: what came before is not handed out again.
    say(accepted("DAY1", "2") + packet('S', "two") + packet('S', "three"));
    EXPECT_EQ(poll(), (std::vector<std::string>{"three"}));
    EXPECT_EQ(client->repeated(), 1U);
    EXPECT_EQ(client->logins(), 2U);
}

TEST_F(SoupClientTest, counts_messages_that_are_gone) {
    log_in("4");
    EXPECT_EQ(client->lost(), 3U);
    say(packet('S', "four"));
    EXPECT_EQ(poll(), (std::vector<std::string>{"four"}));
}

TEST_F(SoupClientTest, beats_when_it_has_nothing_to_say) {
    log_in();
    for (int i = 0; i < 9; ++i) poll(kSecondNs / 10);
    EXPECT_EQ(sent(), "");
    poll(kSecondNs / 10);
    EXPECT_EQ(hex(sent()), hex(packet('R', "")));
    poll(kSecondNs / 2);
    (void)client->begin(1);
    client->send();
    EXPECT_EQ(sent().size(), 4U);
    poll(kSecondNs * 9 / 10);
    EXPECT_EQ(sent(), "");
}

TEST_F(SoupClientTest, gives_up_a_server_that_is_silent) {
    log_in();
    for (int i = 0; i < 14; ++i) poll(kSecondNs);
    EXPECT_EQ(client->state(), SessionState::kUp);
    poll(kSecondNs);
    EXPECT_EQ(client->state(), SessionState::kDown);
    poll(kSecondNs);
    EXPECT_EQ(link.wires.size(), 2U);
    // A heartbeat is enough.
    say(accepted("DAY1", "1"));
    poll();
    for (int i = 0; i < 40; ++i) {
        say(packet('H', ""));
        poll(kSecondNs);
    }
    EXPECT_EQ(client->state(), SessionState::kUp);
}

TEST_F(SoupClientTest, gives_up_a_server_that_does_not_answer_the_log_in) {
    poll();
    poll(4 * kSecondNs);
    EXPECT_EQ(client->state(), SessionState::kLoggingIn);
    poll(2 * kSecondNs);
    EXPECT_EQ(client->state(), SessionState::kDown);
}

TEST_F(SoupClientTest, waits_longer_after_each_failure) {
    link.refuse = true;
    std::vector<std::int64_t> tries;
    // Counts the attempts by letting each succeed in connecting and fail at once.
    link.refuse = false;
    link.on_connect = [&](auto stream) {
        tries.push_back(now);
        stream->close();
    };
    while (tries.size() < 10) poll(10'000'000);
    EXPECT_LT(tries[1] - tries[0], kSecondNs / 5);
    EXPECT_GT(tries[3] - tries[2], 3 * (tries[1] - tries[0]));
    EXPECT_LE(tries[9] - tries[8], 5 * kSecondNs + 20'000'000);
    EXPECT_GE(tries[9] - tries[8], 5 * kSecondNs - 20'000'000);
}

TEST_F(SoupClientTest, does_not_insist_when_it_is_refused) {
    for (const char reason : {'A', 'S'}) {
        SCOPED_TRACE(reason);
        SoupClientConfig config;
        config.user = "trader";
        client.emplace(link, config, core::TscClock::from_rate(1e9));
        poll();
        say(packet('J', std::string(1, reason)));
        poll();
        EXPECT_EQ(client->state(), SessionState::kRefused);
        EXPECT_EQ(client->refusal(), reason);
        const std::size_t wires = link.wires.size();
        for (int i = 0; i < 100; ++i) poll(kSecondNs);
        EXPECT_EQ(link.wires.size(), wires);
    }
}

TEST_F(SoupClientTest, stops_at_the_end_of_the_session) {
    log_in();
    say(packet('S', "last") + packet('Z', ""));
    EXPECT_EQ(poll(), (std::vector<std::string>{"last"}));
    EXPECT_EQ(client->state(), SessionState::kEnded);
    for (int i = 0; i < 100; ++i) poll(kSecondNs);
    EXPECT_EQ(link.wires.size(), 1U);
}

TEST_F(SoupClientTest, says_good_bye) {
    log_in();
    client->log_out();
    EXPECT_EQ(hex(link.wire().record[0].substr(link.wire().record[0].size() - 3)),
              hex(packet('O', "")));
    EXPECT_EQ(client->state(), SessionState::kDown);
    for (int i = 0; i < 100; ++i) poll(kSecondNs);
    EXPECT_EQ(link.wires.size(), 1U);
}

TEST_F(SoupClientTest, leaves_a_stream_that_makes_no_sense) {
    log_in();
    say(packet('S', "one") + u16(0) + packet('S', "two"));
    EXPECT_EQ(poll(), (std::vector<std::string>{"one"}));
    EXPECT_EQ(client->malformed(), 1U);
    EXPECT_EQ(client->state(), SessionState::kDown);
}

TEST_F(SoupClientTest, counts_packets_that_do_not_belong_there) {
    log_in();
    say(packet('?', "what") + packet('S', "") + packet('J', "A") + packet('S', "two"));
    EXPECT_EQ(poll(), (std::vector<std::string>{"two"}));
    EXPECT_EQ(client->malformed(), 3U);
    EXPECT_EQ(client->next_sequence(), 3U);
}

TEST_F(SoupClientTest, refuses_a_log_in_answer_it_cannot_read) {
    poll();
    say(packet('A', "      DAY1" + std::string("                  x1")));
    poll();
    EXPECT_EQ(client->state(), SessionState::kDown);
    EXPECT_EQ(client->malformed(), 1U);
}

TEST_F(SoupClientTest, keeps_what_the_system_does_not_take_and_sends_it_later) {
    std::mt19937 cutter{3};
    log_in();
    link.wire().cutter = &cutter;
    std::string expected;
    std::size_t refused = 0;
    for (int i = 0; i < 3'000; ++i) {
        const std::string text = std::to_string(i);
        const std::span<std::byte> room = client->begin(text.size());
        if (room.empty()) {
            ++refused;
        } else {
            std::memcpy(room.data(), text.data(), text.size());
            client->send();
            expected += packet('U', text);
        }
    }
    EXPECT_EQ(refused, 0U);
    link.wire().cutter = nullptr;
    poll();
    const std::string all = link.wire().record[0];
    EXPECT_EQ(all.substr(all.size() - expected.size()), expected);
    // A way out that is full says so and takes nothing.
    link.wire().break_after[0] = all.size();
    std::size_t taken = 0;
    while (!client->begin(1000).empty() && taken < 1'000) {
        client->send();
        ++taken;
    }
    EXPECT_EQ(taken, 65U);
}

// The server alone; the test is the client.
class SoupServerTest : public testing::Test, protected SoupServer::Listener {
  protected:
    SoupServerTest() : server({"DAY1", std::chrono::seconds{1}, std::chrono::seconds{15}}, *this) {
        server.add_user("trader", "secret");
    }
    void on_request(std::size_t, std::span<const std::byte> message) override {
        requests.push_back(text_of(message));
    }
    void on_disconnect(std::size_t) override { ++disconnects; }

    std::shared_ptr<Wire> connect() {
        auto wire = std::make_shared<Wire>();
        server.add_connection(std::make_unique<WireEnd>(wire, 1));
        return wire;
    }
    // What the server answers to `bytes`.
    std::string ask(const std::shared_ptr<Wire>& wire, const std::string& bytes,
                    std::int64_t step = 1'000'000) {
        for (const std::byte b : bytes_of(bytes)) wire->bytes[0].push_back(b);
        const std::size_t from = wire->record[1].size();
        now += step;
        server.poll(now);
        return wire->record[1].substr(from);
    }
    static std::string login(const std::string& user, const std::string& password,
                             const std::string& session, const std::string& sequence) {
        const auto pad = [](std::string text, std::size_t size) {
            text.resize(size, ' ');
            return text;
        };
        return packet('L', pad(user, 6) + pad(password, 10) + pad(session, 10) + pad(sequence, 20));
    }
    static std::string accepted(std::string sequence) {
        sequence.insert(0, 20 - sequence.size(), ' ');
        return packet('A', "      DAY1" + sequence);
    }

    SoupServer server;
    std::int64_t now = kSecondNs;
    std::vector<std::string> requests;
    int disconnects = 0;
};

TEST_F(SoupServerTest, lets_in_who_it_knows_whatever_the_case) {
    for (const char* name : {"trader", "TRADER"}) {
        const auto wire = connect();
        EXPECT_EQ(hex(ask(wire, login(name, "Secret", "", "1"))), hex(accepted("1")));
        EXPECT_TRUE(wire->open);
    }
    EXPECT_EQ(disconnects, 1) << "the second took the first one's place";
}

TEST_F(SoupServerTest, turns_away_strangers_and_other_sessions) {
    const auto refused = [&](const std::string& request) {
        const auto wire = connect();
        const std::string answer = ask(wire, request);
        EXPECT_FALSE(wire->open);
        return answer;
    };
    EXPECT_EQ(refused(login("trader", "wrong", "", "1")), packet('J', "A"));
    EXPECT_EQ(refused(login("other", "secret", "", "1")), packet('J', "A"));
    EXPECT_EQ(refused(login("trader", "secret", "DAY2", "1")), packet('J', "S"));
    EXPECT_EQ(refused(login("trader", "secret", "DAY1", "2")), packet('J', "S"));
    EXPECT_EQ(refused(login("trader", "secret", "", "x")), "");
    EXPECT_EQ(refused(packet('U', "hello")), "") << "not before the log-in";
    EXPECT_EQ(refused(u16(0)), "");
    EXPECT_EQ(server.counts().refused, 4U);
    EXPECT_EQ(server.counts().malformed, 3U);
}

TEST_F(SoupServerTest, sends_again_from_the_number_asked_for) {
    server.append(0, bytes_of("one"));
    server.append(0, bytes_of("two"));
    EXPECT_EQ(ask(connect(), login("trader", "secret", "", "1")),
              accepted("1") + packet('S', "one") + packet('S', "two"));
    EXPECT_EQ(ask(connect(), login("trader", "secret", "DAY1", "2")),
              accepted("2") + packet('S', "two"));
    const auto last = connect();
    EXPECT_EQ(ask(last, login("trader", "secret", "DAY1", "0")), accepted("3"));
    server.append(0, bytes_of("three"));
    EXPECT_EQ(ask(last, "").size() + last->record[1].size(), 33U + 8U);
    EXPECT_EQ(server.counts().resent, 3U);
}

TEST_F(SoupServerTest, sends_a_long_session_again_from_its_beginning) {
    constexpr int kMessages = 5'000;  // more than stays in memory
    std::string expected = accepted("1");
    for (int i = 0; i < kMessages; ++i) {
        const std::string message = "message " + std::to_string(i);
        server.append(0, bytes_of(message));
        expected += packet('S', message);
    }
    const auto wire = connect();
    std::string sent = ask(wire, login("trader", "secret", "", "1"));
    while (sent.size() < expected.size()) {
        const std::string more = ask(wire, "");
        ASSERT_FALSE(more.empty());
        sent += more;
    }
    EXPECT_TRUE(sent == expected);
    EXPECT_EQ(server.counts().resent, std::uint64_t{kMessages});
}

TEST_F(SoupServerTest, beats_and_drops_a_client_that_does_not) {
    const auto wire = connect();
    ask(wire, login("trader", "secret", "", "1"));
    EXPECT_EQ(ask(wire, "", kSecondNs / 2), "");
    EXPECT_EQ(ask(wire, packet('R', ""), kSecondNs), packet('H', ""));
    for (int i = 0; i < 14; ++i) ask(wire, "", kSecondNs);
    EXPECT_TRUE(wire->open);
    ask(wire, "", kSecondNs);
    EXPECT_FALSE(wire->open);
    EXPECT_EQ(disconnects, 1);
    EXPECT_EQ(server.counts().silent, 1U);
}

TEST_F(SoupServerTest, hands_requests_on_and_takes_leave) {
    const auto wire = connect();
    ask(wire, login("trader", "secret", "", "1") + packet('U', "one") + packet('+', "note") +
                  packet('U', "two") + packet('O', ""));
    EXPECT_EQ(requests, (std::vector<std::string>{"one", "two"}));
    EXPECT_FALSE(wire->open);
    EXPECT_FALSE(server.is_logged_in(0));
}

TEST_F(SoupServerTest, ends_the_session_after_the_last_message) {
    const auto wire = connect();
    ask(wire, login("trader", "secret", "", "1"));
    server.append(0, bytes_of("last"));
    const std::size_t from = wire->record[1].size() - 7;
    server.end_session();
    EXPECT_EQ(wire->record[1].substr(from), packet('S', "last") + packet('Z', ""));
    EXPECT_FALSE(wire->open);
    EXPECT_EQ(ask(connect(), login("trader", "secret", "", "1")), packet('J', "S"));
}

TEST_F(SoupServerTest, does_not_pile_up_what_a_slow_client_leaves) {
    std::mt19937 cutter{5};
    const auto wire = connect();
    ask(wire, login("trader", "secret", "", "1"));
    wire->cutter = &cutter;
    std::string expected = accepted("1");
    for (int i = 0; i < 5'000; ++i) {
        server.append(0, bytes_of(std::to_string(i)));
        expected += packet('S', std::to_string(i));
    }
    for (int i = 0; i < 200 && wire->record[1].size() < expected.size(); ++i)
        ask(wire, packet('R', ""), 1'000);
    EXPECT_EQ(wire->record[1], expected);
}

}  // namespace
}  // namespace sluice::tests::ouch_live
