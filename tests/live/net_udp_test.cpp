// UDP over loopback: the plain receive and io_uring's behind one port.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>
#include <sluice/adapters/net/net_error.hpp>

#include "net_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::adapters::net;
using net_test::bytes_of;
using net_test::next_datagram;

Address any_port() { return parse_address("127.0.0.1:0"); }

template <typename Receiver>
std::unique_ptr<Receiver> make_receiver(const Address& address) {
    return std::make_unique<Receiver>(address);
}

// Null where this kernel or container refuses io_uring.
template <>
std::unique_ptr<UringUdpReceiver> make_receiver(const Address& address) {
    try {
        return std::make_unique<UringUdpReceiver>(address);
    } catch (const NetError& error) {
        if (std::string(error.what()).find("io_uring") == std::string::npos) throw;
        return nullptr;
    }
}

template <typename Receiver>
class NetUdp : public testing::Test {
  protected:
    void SetUp() override {
        receiver_ = make_receiver<Receiver>(any_port());
        if (receiver_ == nullptr) GTEST_SKIP() << "io_uring is refused on this machine";
        sender_ = std::make_unique<UdpSender>(receiver_->address());
    }
    std::unique_ptr<Receiver> receiver_;
    std::unique_ptr<UdpSender> sender_;
};

using Receivers = testing::Types<UdpReceiver, UringUdpReceiver>;
TYPED_TEST_SUITE(NetUdp, Receivers);

TYPED_TEST(NetUdp, delivers_each_datagram_whole_and_in_order) {
    for (std::size_t i = 0; i < 1000; ++i) {
        const std::string sent = "datagram " + std::to_string(i) + std::string(i % 100, '.');
        ASSERT_TRUE(this->sender_->send(bytes_of(sent)));
        ASSERT_EQ(sent, next_datagram(*this->receiver_));
    }
    EXPECT_TRUE(this->receiver_->receive().empty());
}

TYPED_TEST(NetUdp, chooses_a_free_port_and_says_which) {
    EXPECT_NE(0, this->receiver_->address().port);
    EXPECT_EQ("127.0.0.1", host_text(this->receiver_->address().host));
}

TYPED_TEST(NetUdp, keeps_what_waits_while_nobody_looks) {
    for (int i = 0; i < 2000; ++i) {  // more than io_uring's buffers
        ASSERT_TRUE(this->sender_->send(bytes_of(std::to_string(i))));
    }
    for (int i = 0; i < 2000; ++i) {
        ASSERT_EQ(std::to_string(i), next_datagram(*this->receiver_));
    }
    EXPECT_EQ(0U, this->receiver_->drops());
}

TYPED_TEST(NetUdp, lives_on_after_a_datagram_of_no_bytes) {
    ASSERT_TRUE(this->sender_->send({}));
    ASSERT_TRUE(this->sender_->send(bytes_of("after")));
    EXPECT_EQ("after", next_datagram(*this->receiver_));
    ASSERT_TRUE(this->sender_->send(bytes_of("again")));
    EXPECT_EQ("again", next_datagram(*this->receiver_));
}

TYPED_TEST(NetUdp, is_polled_by_another_thread_than_made_it) {
    std::string seen;
    std::thread{[&] {
        ASSERT_TRUE(this->sender_->send(bytes_of("over there")));
        seen = next_datagram(*this->receiver_);
    }}.join();
    EXPECT_EQ("over there", seen);
}

TYPED_TEST(NetUdp, names_the_port_that_is_taken) {
    try {
        (void)make_receiver<TypeParam>(this->receiver_->address());
        FAIL() << "bound twice";
    } catch (const NetError& error) {
        const std::string what = error.what();
        EXPECT_NE(std::string::npos, what.find(to_text(this->receiver_->address()))) << what;
        EXPECT_NE(std::string::npos, what.find("choose another port")) << what;
    }
}

TEST(NetUdpReceiver, takes_the_largest_datagram_there_is) {
    UdpReceiver receiver{any_port()};
    UdpSender sender{receiver.address()};
    const std::string large(65'507, 'x');  // 65,535 less the headers of IP and UDP
    ASSERT_TRUE(sender.send(bytes_of(large)));
    EXPECT_EQ(large, next_datagram(receiver));
    EXPECT_FALSE(sender.send(bytes_of(std::string(65'508, 'x'))));
}

TEST(NetUdpReceiver, counts_what_the_system_dropped) {
    UdpReceiver receiver{any_port(), 0, {.buffer_bytes = 4096}};
    UdpSender sender{receiver.address()};
    constexpr std::uint64_t kSent = 500;
    for (std::uint64_t i = 0; i < kSent; ++i) {
        ASSERT_TRUE(sender.send(bytes_of(std::string(1000, 'x'))));
    }
    std::uint64_t received = 0;
    while (!receiver.receive().empty()) {
        ++received;
    }
    EXPECT_GT(receiver.drops(), 0U);
    EXPECT_EQ(kSent, received + receiver.drops());
}

TEST(NetUdpReceiver, joins_a_group_together_with_others) {
    const Address loopback = parse_address("127.0.0.1:0");
    std::unique_ptr<UdpReceiver> first;
    try {
        first = std::make_unique<UdpReceiver>(parse_address("239.255.77.1:0"), loopback.host);
    } catch (const NetError& error) {
        GTEST_SKIP() << error.what();
    }
    const Address group = first->address();
    UdpReceiver second{group, loopback.host};
    UdpSender sender{group, loopback.host};
    if (!sender.send(bytes_of("to all"))) GTEST_SKIP() << "no multicast on this machine";
    EXPECT_EQ("to all", next_datagram(*first));
    EXPECT_EQ("to all", next_datagram(second));
}

TEST(NetUdpReceiver, refuses_an_interface_that_is_not_of_this_host) {
    try {
        UdpReceiver receiver{parse_address("239.255.77.1:0"), parse_host("192.0.2.1")};
        FAIL();
    } catch (const NetError& error) {
        EXPECT_NE(std::string::npos, std::string(error.what()).find("192.0.2.1")) << error.what();
    }
}

TEST(NetUdpReceiver, says_that_an_address_is_not_of_this_host) {
    try {
        UdpReceiver receiver{parse_address("192.0.2.1:0")};  // of documentation: nobody's
        FAIL();
    } catch (const NetError& error) {
        EXPECT_NE(std::string::npos, std::string(error.what()).find("`ip address`"))
            << error.what();
    }
}

TEST(NetUringReceiver, drops_and_counts_what_fits_no_buffer) {
    std::unique_ptr<UringUdpReceiver> receiver;
    try {
        receiver = std::make_unique<UringUdpReceiver>(
            any_port(), 0, ReceiveOptions{}, UringOptions{.buffers = 4, .buffer_bytes = 64});
    } catch (const NetError& error) {
        GTEST_SKIP() << error.what();
    }
    UdpSender sender{receiver->address()};
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(sender.send(bytes_of(std::string(65, 'x'))));
        ASSERT_TRUE(sender.send(bytes_of(std::string(63, 'y'))));
    }
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(std::string(63, 'y'), next_datagram(*receiver));
    }
    EXPECT_EQ(100U, receiver->oversized());
}

TEST(NetUringReceiver, refuses_a_number_of_buffers_that_is_no_power_of_two) {
    EXPECT_THROW((UringUdpReceiver{any_port(), 0, {}, {.buffers = 100, .buffer_bytes = 64}}),
                 NetError);
}

TEST(NetUdpSender, recovers_from_a_time_when_nobody_listened) {
    auto receiver = std::make_unique<UdpReceiver>(any_port());
    const Address address = receiver->address();
    UdpSender sender{address};
    receiver.reset();
    for (int i = 0; i < 10; ++i) {
        (void)sender.send(bytes_of("into the void"));
    }
    receiver = std::make_unique<UdpReceiver>(address);
    ASSERT_TRUE(sender.send(bytes_of("back")));
    EXPECT_EQ("back", next_datagram(*receiver));
}

TEST(NetUdpSender, refuses_port_0) { EXPECT_THROW(UdpSender{any_port()}, AddressError); }

TEST(NetUdpResponder, answers_whoever_asked_last) {
    UdpResponder responder{any_port()};
    EXPECT_FALSE(responder.send(bytes_of("to nobody")));
    UdpRequester first{responder.address()};
    UdpRequester second{responder.address()};
    ASSERT_TRUE(first.send(bytes_of("1?")));
    EXPECT_EQ("1?", next_datagram(responder));
    ASSERT_TRUE(responder.send(bytes_of("1!")));
    ASSERT_TRUE(second.send(bytes_of("2?")));
    EXPECT_EQ("2?", next_datagram(responder));
    ASSERT_TRUE(responder.send(bytes_of("2!")));
    EXPECT_EQ("1!", next_datagram(first));
    EXPECT_EQ("2!", next_datagram(second));
    EXPECT_TRUE(first.receive().empty());
}

TEST(NetUdpResponder, hears_from_the_address_it_asks_only) {
    UdpResponder responder{any_port()};
    UdpRequester requester{responder.address()};
    ASSERT_TRUE(requester.send(bytes_of("?")));
    EXPECT_EQ("?", next_datagram(responder));
    UdpResponder stranger{any_port()};
    UdpSender from_stranger{responder.peer()};
    ASSERT_TRUE(from_stranger.send(bytes_of("forged")));
    ASSERT_TRUE(responder.send(bytes_of("!")));
    EXPECT_EQ("!", next_datagram(requester));
    EXPECT_TRUE(requester.receive().empty());
}

}  // namespace
