// MoldPublisher: packets, heartbeats, the end, and answers to those who ask again.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include <sluice/adapters/itch/mold_publisher.hpp>

#include "itch_support.hpp"

namespace sluice::test_itch {
namespace {

namespace itch = adapters::itch;
using itch::MoldHeader;
using itch::MoldPublisher;
using itch::PublisherOptions;
using pipeline::ExchangeSymbol;
using pipeline::MarketAction;
using pipeline::MarketUpdate;

constexpr std::int64_t kSecond = 1'000'000'000;

MarketUpdate deletion(std::uint64_t order) {
    MarketUpdate out;
    out.action = MarketAction::kDeleted;
    out.symbol = 1;
    out.order = order;
    out.time_ns = 5;
    return out;
}

struct Publishing : testing::Test {
    explicit Publishing(PublisherOptions options = {}) : publisher(options, symbols, {&a, &b}) {}

    std::array<ExchangeSymbol, 1> symbols{};
    MemoryWire a;
    MemoryWire b;
    MemoryWire requests;
    MemoryWire replies;
    MoldPublisher publisher;

    void ask(std::uint64_t from, std::uint16_t count, std::string_view session = "SLUICE0001") {
        std::array<std::byte, itch::kMoldHeader> request;
        itch::write_mold_header(request, {itch::mold_session(session), from, count});
        requests.send(request);
    }
    static MoldHeader header(const Bytes& packet) {
        MoldHeader out;
        EXPECT_TRUE(itch::read_mold_header(packet, out));
        EXPECT_TRUE(itch::mold_blocks_fit(packet, out));
        return out;
    }
};
struct PublishingWithLittleMemory : Publishing {
    static PublisherOptions options() {
        PublisherOptions out;
        out.packet_max = 100;
        out.kept_messages = 100;
        return out;
    }
    PublishingWithLittleMemory() : Publishing(options()) {}
};

struct PublishingPacked : Publishing {
    static PublisherOptions options() {
        PublisherOptions out;
        out.pack_ns = 1'000;
        return out;
    }
    PublishingPacked() : Publishing(options()) { publisher.flush(0); }
};

TEST_F(PublishingPacked, messages_wait_for_others_until_the_first_has_waited_long_enough) {
    publisher.on_update(deletion(1));
    publisher.flush(10'000);
    publisher.on_update(deletion(2));
    publisher.flush(10'999);
    EXPECT_TRUE(a.waiting.empty());
    publisher.flush(11'000);
    ASSERT_EQ(a.waiting.size(), 1U);
    EXPECT_EQ(header(a.waiting[0]).count, 2U);
    publisher.on_update(deletion(3));
    publisher.flush(11'500);
    EXPECT_EQ(a.waiting.size(), 1U) << "the next one begins to wait when it is there";
}

TEST_F(PublishingPacked, nobody_hears_of_a_message_before_it_has_left) {
    publisher.on_update(deletion(1));
    publisher.flush(2 * kSecond);  // a heartbeat is due: it would name the number of the next one
    EXPECT_TRUE(a.waiting.empty());
}

TEST_F(PublishingPacked, the_end_leaves_nothing_waiting) {
    publisher.on_update(deletion(1));
    publisher.end(1);
    ASSERT_EQ(a.waiting.size(), 2U);
    EXPECT_EQ(header(a.waiting[0]).count, 1U);
    EXPECT_EQ(header(a.waiting[1]).count, itch::kMoldEnd);
}

// Twenty bytes of header and a block of two and nineteen, as the two specifications lay them out.
TEST_F(Publishing, sends_a_packet_to_every_line) {
    publisher.on_update(deletion(0x0102030405060708));
    EXPECT_TRUE(a.waiting.empty());
    publisher.flush(0);
    ASSERT_EQ(a.waiting.size(), 1U);
    EXPECT_EQ(to_hex(a.waiting[0]),
              "534c5549434530303031"  // SLUICE0001
              "0000000000000001"
              "0001"
              "0013"
              "44"
              "0001"
              "0000"
              "000000000005"
              "0102030405060708");
    EXPECT_EQ(b.waiting, a.waiting);
}

TEST_F(Publishing, fills_packets_up_to_their_limit) {
    for (std::uint64_t i = 1; i <= 200; ++i) publisher.on_update(deletion(i));
    publisher.flush(0);
    std::uint64_t next = 1;
    for (const Bytes& packet : a.waiting) {
        EXPECT_LE(packet.size(), 1'400U);
        EXPECT_EQ(header(packet).sequence, next);
        next += header(packet).count;
    }
    EXPECT_EQ(next, 201U);
    // 65 blocks of 21 bytes fit into 1,380.
    ASSERT_EQ(a.waiting.size(), 4U);
    EXPECT_EQ(header(a.waiting[0]).count, 65);
    EXPECT_EQ(header(a.waiting[3]).count, 5);
    EXPECT_EQ(publisher.counts().messages, 200U);
    EXPECT_EQ(publisher.counts().packets, 4U);
}

TEST_F(Publishing, beats_after_a_second_of_quiet) {
    publisher.flush(0);
    publisher.flush(kSecond - 1);
    EXPECT_TRUE(a.waiting.empty());
    publisher.flush(kSecond);
    ASSERT_EQ(a.waiting.size(), 1U);
    EXPECT_EQ(header(a.waiting[0]).sequence, 1U);
    EXPECT_EQ(header(a.waiting[0]).count, 0);
    publisher.on_update(deletion(1));
    publisher.flush(kSecond + 1);
    publisher.flush(2 * kSecond);
    EXPECT_EQ(a.waiting.size(), 2U);
    publisher.flush(2 * kSecond + 1);
    ASSERT_EQ(a.waiting.size(), 3U);
    EXPECT_EQ(header(a.waiting[2]).sequence, 2U);
    EXPECT_EQ(publisher.counts().heartbeats, 2U);
}

TEST_F(Publishing, says_that_the_session_has_ended_and_says_it_again) {
    publisher.on_update(deletion(1));
    publisher.end(0);
    publisher.end(1);
    publisher.on_update(deletion(2));
    EXPECT_EQ(publisher.counts().refused, 1U);
    ASSERT_EQ(a.waiting.size(), 3U);
    EXPECT_EQ(header(a.waiting[0]).count, 1);
    EXPECT_EQ(header(a.waiting[1]).count, 0xFFFF);
    EXPECT_EQ(header(a.waiting[1]).sequence, 2U);
    EXPECT_EQ(a.waiting[2], a.waiting[1]);
    publisher.flush(1);
    publisher.flush(1 + kSecond);
    ASSERT_EQ(a.waiting.size(), 4U);
    EXPECT_EQ(a.waiting[3], a.waiting[1]);
    ask(1, 1);
    EXPECT_EQ(publisher.serve_requests(requests, replies), 1U);
    EXPECT_EQ(replies.waiting[0], a.waiting[0]);
}

TEST_F(Publishing, answers_with_as_many_messages_as_one_packet_holds) {
    for (std::uint64_t i = 1; i <= 200; ++i) publisher.on_update(deletion(i));
    publisher.flush(0);
    ask(10, 3);
    ask(10, 100);
    ask(199, 100);
    EXPECT_EQ(publisher.serve_requests(requests, replies), 3U);
    ASSERT_EQ(replies.waiting.size(), 3U);
    EXPECT_EQ(header(replies.waiting[0]).sequence, 10U);
    EXPECT_EQ(header(replies.waiting[0]).count, 3);
    EXPECT_EQ(to_hex(replies.waiting[0]).substr(2 * (20 + 2 + 11), 16), "000000000000000a");
    EXPECT_EQ(header(replies.waiting[1]).count, 65);
    EXPECT_EQ(header(replies.waiting[2]).count, 2);
    EXPECT_EQ(publisher.counts().replayed, 70U);
}

TEST_F(Publishing, refuses_requests_that_break_the_rules) {
    publisher.on_update(deletion(1));
    publisher.flush(0);
    ask(1, 1, "OTHER");
    ask(0, 1);
    ask(1, 0);
    requests.send(Bytes(19));
    requests.send(Bytes(21));
    ask(2, 1);  // not there yet
    EXPECT_EQ(publisher.serve_requests(requests, replies), 0U);
    EXPECT_TRUE(replies.waiting.empty());
    EXPECT_EQ(publisher.counts().malformed, 5U);
    EXPECT_EQ(publisher.counts().gone, 1U);
}

TEST_F(PublishingWithLittleMemory, gives_up_the_oldest_messages) {
    for (std::uint64_t i = 1; i <= 150; ++i) publisher.on_update(deletion(i));
    publisher.flush(0);
    ask(50, 1);
    EXPECT_EQ(publisher.serve_requests(requests, replies), 0U);
    ask(51, 1);
    EXPECT_EQ(publisher.serve_requests(requests, replies), 1U);
    EXPECT_EQ(publisher.counts().gone, 1U);
}

TEST(MoldPublisher, refuses_options_that_cannot_work) {
    const auto with = [](auto change) {
        PublisherOptions options;
        change(options);
        const MoldPublisher publisher(options, {}, {});
    };
    EXPECT_THROW(with([](PublisherOptions& o) { o.packet_max = 71; }), std::invalid_argument);
    EXPECT_THROW(with([](PublisherOptions& o) { o.packet_max = 65'508; }), std::invalid_argument);
    EXPECT_THROW(with([](PublisherOptions& o) { o.kept_messages = 1'399; }), std::invalid_argument);
    EXPECT_THROW(with([](PublisherOptions& o) { o.heartbeat_ns = 0; }), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::test_itch
