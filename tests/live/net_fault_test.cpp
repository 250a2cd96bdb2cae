// Injected faults: what they do, that they are counted, and that a seed repeats them.
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sluice/adapters/net/faulty_byte_stream.hpp>
#include <sluice/adapters/net/faulty_datagram_sender.hpp>

#include "net_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::adapters::net;
using net_test::bytes_of;
using net_test::RecordingSender;
using net_test::Tape;
using net_test::TapeStream;
using pipeline::StreamState;

using Texts = std::vector<std::string>;

Texts passed(const DatagramFaults& faults, std::uint64_t seed, int datagrams,
             DatagramFaultCounts* counts = nullptr) {
    RecordingSender behind;
    FaultyDatagramSender faulty{behind, faults, seed};
    for (int i = 0; i < datagrams; ++i) {
        EXPECT_TRUE(faulty.send(bytes_of(std::to_string(i))));
    }
    faulty.flush();
    if (counts != nullptr) *counts = faulty.counts();
    return behind.sent;
}

Texts numbers(int first, int end) {
    Texts out;
    for (int i = first; i < end; ++i) {
        out.push_back(std::to_string(i));
    }
    return out;
}

TEST(NetFaults, none_passes_everything_as_it_is) { EXPECT_EQ(numbers(0, 100), passed({}, 1, 100)); }

TEST(NetFaults, a_certain_loss_passes_nothing) {
    DatagramFaultCounts counts;
    EXPECT_TRUE(passed({.loss = 1}, 1, 100, &counts).empty());
    EXPECT_EQ(100U, counts.lost);
}

TEST(NetFaults, a_certain_duplicate_passes_everything_twice) {
    EXPECT_EQ((Texts{"0", "0", "1", "1"}), passed({.duplicate = 1}, 1, 2));
}

TEST(NetFaults, a_delay_holds_each_datagram_until_so_many_later_ones_were_given) {
    RecordingSender behind;
    FaultyDatagramSender slow{behind, {.delay = 2}, 1};
    Texts sizes;
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(slow.send(bytes_of(std::to_string(i))));
        sizes.push_back(std::to_string(behind.sent.size()));
    }
    EXPECT_EQ((Texts{"0", "0", "1", "2", "3"}), sizes);
    slow.flush();
    EXPECT_EQ(numbers(0, 5), behind.sent);
}

TEST(NetFaults, a_reordered_datagram_is_overtaken_by_no_more_than_asked) {
    DatagramFaultCounts counts;
    const Texts sent = passed({.reorder = 0.2, .reorder_by = 4}, 7, 2000, &counts);
    ASSERT_EQ(2000U, sent.size());
    EXPECT_GT(counts.reordered, 300U);
    EXPECT_LT(counts.reordered, 500U);
    std::uint64_t overtaken = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        std::size_t later_ones = 0;
        for (std::size_t j = 0; j < i; ++j) {
            later_ones += std::stoi(sent[j]) > std::stoi(sent[i]) ? 1U : 0U;
        }
        EXPECT_LE(later_ones, 4U);
        overtaken += later_ones > 0 ? 1U : 0U;
    }
    EXPECT_GT(overtaken, 250U);
}

TEST(NetFaults, silence_comes_and_goes_as_scheduled) {
    DatagramFaultCounts counts;
    Texts expected = numbers(0, 5);
    for (const std::string& text : numbers(8, 13)) {
        expected.push_back(text);
    }
    EXPECT_EQ(expected, passed({.silence_every = 5, .silence_for = 3}, 1, 16, &counts));
    EXPECT_EQ(6U, counts.silenced);
}

TEST(NetFaults, silence_on_demand_takes_what_was_held_back_too) {
    RecordingSender behind;
    FaultyDatagramSender slow{behind, {.delay = 1}, 1};
    (void)slow.send(bytes_of("0"));
    slow.set_silent(true);
    (void)slow.send(bytes_of("1"));
    slow.set_silent(false);
    (void)slow.send(bytes_of("2"));
    (void)slow.send(bytes_of("3"));
    EXPECT_EQ(Texts{"2"}, behind.sent);
    EXPECT_EQ(2U, slow.counts().silenced);
}

TEST(NetFaults, says_when_the_sender_behind_refuses) {
    RecordingSender behind;
    behind.is_refusing = true;
    FaultyDatagramSender faulty{behind, {}, 1};
    EXPECT_FALSE(faulty.send(bytes_of("x")));
    EXPECT_EQ(1U, faulty.counts().refused);
}

TEST(NetFaults, refuses_a_rate_that_is_none) {
    RecordingSender behind;
    EXPECT_THROW((FaultyDatagramSender{behind, {.loss = 1.5}, 1}), std::invalid_argument);
    EXPECT_THROW((FaultyDatagramSender{behind, {.reorder = -0.1}, 1}), std::invalid_argument);
    EXPECT_THROW((FaultyDatagramSender{behind, {.duplicate = std::stod("nan")}, 1}),
                 std::invalid_argument);
}

RC_GTEST_PROP(NetFaults, are_the_same_for_the_same_seed_and_account_for_everything,
              (std::uint64_t seed)) {
    const DatagramFaults faults{.loss = 0.1,
                                .duplicate = 0.1,
                                .reorder = 0.2,
                                .reorder_by = 5,
                                .delay = static_cast<std::uint32_t>(seed % 3),
                                .silence_every = 40,
                                .silence_for = 7};
    DatagramFaultCounts counts;
    const Texts sent = passed(faults, seed, 500, &counts);
    RC_ASSERT(sent == passed(faults, seed, 500));
    RC_ASSERT(sent != passed(faults, seed + 1, 500));
    RC_ASSERT(counts.given == 500U);
    RC_ASSERT(counts.sent == sent.size());
    RC_ASSERT(counts.sent + counts.lost + counts.silenced == counts.given + counts.duplicated);
}

struct NetStreamFaults : testing::Test {
    std::shared_ptr<Tape> tape = std::make_shared<Tape>();

    FaultyByteStream stream(const StreamFaults& faults, std::uint64_t seed = 1) {
        return {std::make_unique<TapeStream>(tape), faults, seed};
    }
};

TEST_F(NetStreamFaults, breaks_at_the_very_byte_that_was_asked_for) {
    for (std::uint64_t at = 1; at <= 40; ++at) {
        *tape = {.to_read = "0123456789"};
        FaultyByteStream broken = stream({.disconnect_after = at});
        std::string read;
        for (int i = 0; i < 100 && broken.state() == StreamState::kOpen; ++i) {
            std::array<std::byte, 3> piece{};
            read += net_test::text_of(std::span{piece}.first(broken.read(piece)));
            (void)broken.write(bytes_of("abcde"));
        }
        EXPECT_EQ(at, read.size() + tape->written.size());
        EXPECT_EQ(0U, broken.write(bytes_of("x")));
        EXPECT_EQ(1U, broken.counts().disconnects);
    }
}

TEST_F(NetStreamFaults, passes_as_much_again_after_a_new_connect) {
    FaultyByteStream broken = stream({.disconnect_after = 4});
    EXPECT_EQ(4U, broken.write(bytes_of("abcdef")));
    broken.connect();
    EXPECT_EQ(1, tape->connects);
    EXPECT_EQ(4U, broken.write(bytes_of("ghijkl")));
    EXPECT_EQ("abcdghij", tape->written);
}

TEST_F(NetStreamFaults, short_writes_say_how_short_they_were) {
    FaultyByteStream tight = stream({.short_write = 1});
    std::string text = "The quick brown fox";
    const std::string whole = text;
    int calls = 0;
    for (; !text.empty() && calls < 10'000; ++calls) {
        const std::size_t taken = tight.write(bytes_of(text));
        ASSERT_LT(taken, text.size());
        text.erase(0, taken);
        if (text.size() == 1) break;  // always one less than given: the last byte never goes
    }
    EXPECT_GT(calls, 1);
    EXPECT_EQ(whole, tape->written + text);
}

TEST_F(NetStreamFaults, a_stall_ends_after_the_calls_it_was_given) {
    FaultyByteStream stalling = stream({.stall = 1, .stall_calls = 3});
    EXPECT_EQ(1U, stalling.write(bytes_of("a")));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(0U, stalling.write(bytes_of("b")));
    }
    EXPECT_EQ(1U, stalling.write(bytes_of("b")));
    EXPECT_EQ("ab", tape->written);
}

TEST_F(NetStreamFaults, a_random_break_leaves_a_prefix) {
    std::uint64_t broken_off = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        *tape = {};
        FaultyByteStream broken = stream({.disconnect = 0.1}, seed);
        std::string given;
        for (int i = 0; i < 10 && broken.state() == StreamState::kOpen; ++i) {
            given += "0123456789";
            (void)broken.write(bytes_of("0123456789"));
        }
        EXPECT_EQ(given.substr(0, tape->written.size()), tape->written);
        broken_off += broken.counts().disconnects;
    }
    EXPECT_GT(broken_off, 100U);  // 1 - 0.9^10 of 200 is 130
    EXPECT_LT(broken_off, 160U);
}

TEST_F(NetStreamFaults, an_idle_connection_rolls_no_dice) {
    FaultyByteStream broken = stream({.disconnect = 1});
    std::vector<std::byte> nothing(10);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(0U, broken.read(nothing));
    }
    EXPECT_EQ(StreamState::kOpen, broken.state());
}

class OneTape final : public pipeline::StreamListener {
  public:
    explicit OneTape(std::shared_ptr<Tape> tape) : tape_{std::move(tape)} {}
    std::unique_ptr<pipeline::ByteStream> accept() override {
        if (left_-- == 0) return nullptr;
        return std::make_unique<TapeStream>(tape_);
    }

  private:
    std::shared_ptr<Tape> tape_;
    int left_ = 2;
};

TEST_F(NetStreamFaults, a_listener_breaks_and_counts_all_that_it_accepts) {
    OneTape behind{tape};
    FaultyListener listener{behind, {.disconnect_after = 3}, 1};
    for (int i = 0; i < 2; ++i) {
        tape->state = StreamState::kOpen;
        const auto taken = listener.accept();
        ASSERT_NE(nullptr, taken);
        EXPECT_EQ(3U, taken->write(bytes_of("abcdef")));
    }
    EXPECT_EQ(nullptr, listener.accept());
    EXPECT_EQ(2U, listener.accepted());
    EXPECT_EQ(2U, listener.counts().disconnects);
    EXPECT_EQ(6U, listener.counts().written);
}

}  // namespace
