// TCP over loopback: connecting, reconnecting, and how the end is noticed.
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/uring_inbox.hpp>
#include <sluice/adapters/net/net_error.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>

#include "net_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::adapters::net;
using net_test::bytes_of;
using net_test::eventually;
using net_test::read_text;
using pipeline::StreamState;

struct NetTcp : testing::Test {
    TcpListener listener{parse_address("127.0.0.1:0")};
    TcpStream client{listener.address()};
    std::unique_ptr<pipeline::ByteStream> server;

    void join() {
        client.connect();
        ASSERT_TRUE(eventually([&] {
            if (server == nullptr) server = listener.accept();
            return server != nullptr && client.state() == StreamState::kOpen;
        }));
    }
};

TEST_F(NetTcp, is_closed_until_asked_to_connect) {
    EXPECT_EQ(StreamState::kClosed, client.state());
    EXPECT_EQ(nullptr, listener.accept());
    EXPECT_EQ(0U, client.write(bytes_of("too early")));
}

TEST_F(NetTcp, carries_bytes_both_ways) {
    join();
    EXPECT_EQ(5U, client.write(bytes_of("hello")));
    EXPECT_EQ("hello", read_text(*server, 5));
    EXPECT_EQ(7U, server->write(bytes_of("goodbye")));
    EXPECT_EQ("goodbye", read_text(client, 7));
}

TEST_F(NetTcp, takes_no_more_than_fits_and_loses_nothing_of_it) {
    join();
    const std::string block(1U << 16U, 'x');
    std::size_t given = 0;
    for (std::size_t taken = block.size(); taken != 0;) {
        taken = client.write(bytes_of(block));
        given += taken;
    }
    EXPECT_GT(given, 0U);
    EXPECT_EQ(StreamState::kOpen, client.state());
    EXPECT_EQ(given, read_text(*server, given).size());
    EXPECT_TRUE(eventually([&] { return client.write(bytes_of("y")) == 1; }));
}

TEST_F(NetTcp, reads_what_the_peer_sent_before_it_closed) {
    join();
    ASSERT_EQ(4U, server->write(bytes_of("last")));
    server->close();
    ASSERT_TRUE(eventually([&] { return client.state() == StreamState::kOpen; }));
    EXPECT_EQ("last", read_text(client, 100));
    EXPECT_EQ(StreamState::kClosed, client.state());
    EXPECT_EQ(0, client.last_error());
}

TEST_F(NetTcp, reads_what_was_sent_even_after_a_write_has_failed) {
    join();
    ASSERT_EQ(4U, server->write(bytes_of("last")));
    server->close();
    EXPECT_TRUE(eventually([&] { return client.write(bytes_of("x")) == 0; }));
    EXPECT_EQ("last", read_text(client, 4));
    EXPECT_TRUE(eventually([&] { return client.state() == StreamState::kClosed; }));
}

TEST_F(NetTcp, learns_of_the_end_without_reading) {
    join();
    server->close();
    EXPECT_TRUE(eventually([&] { return client.state() == StreamState::kClosed; }));
}

TEST_F(NetTcp, connects_again_after_a_close_by_either_side) {
    for (int i = 0; i < 20; ++i) {
        server.reset();
        join();
        ASSERT_EQ(1U, client.write(bytes_of("x")));
        ASSERT_EQ("x", read_text(*server, 1));
        if (i % 2 == 0) {
            client.close();
        } else {
            server->close();
            ASSERT_TRUE(eventually([&] { return client.state() == StreamState::kClosed; }));
        }
    }
}

TEST_F(NetTcp, an_accepted_stream_is_not_connected_again) {
    join();
    server->close();
    server->connect();
    EXPECT_EQ(StreamState::kClosed, server->state());
}

TEST_F(NetTcp, leaves_no_file_open) {
    const auto open_files = [] {
        const int next = ::dup(0);
        ::close(next);
        return next;
    };
    join();
    server->close();
    client.close();
    const int before = open_files();
    for (int i = 0; i < 10; ++i) {
        server.reset();
        join();
        server.reset();
        client.close();
    }
    EXPECT_EQ(before, open_files());
}

TEST(NetTcpStream, stays_closed_while_nobody_listens_and_connects_when_somebody_does) {
    auto listener = std::make_unique<TcpListener>(parse_address("127.0.0.1:0"));
    const Address address = listener->address();
    listener.reset();
    TcpStream client{address};
    for (int i = 0; i < 50; ++i) {
        client.connect();
        ASSERT_TRUE(eventually([&] { return client.state() == StreamState::kClosed; }));
        ASSERT_EQ(ECONNREFUSED, client.last_error());
    }
    listener = std::make_unique<TcpListener>(address);
    client.connect();
    EXPECT_TRUE(eventually([&] { return client.state() == StreamState::kOpen; }));
    EXPECT_EQ(0, client.last_error());
}

// So it happens by itself when a client knocks again and again at a port of the range from which
// its own is picked.
TEST(NetTcpStream, does_not_take_itself_for_a_peer) {
    auto listener = std::make_unique<TcpListener>(parse_address("127.0.0.1:0"));
    const Address address = listener->address();
    listener.reset();
    TcpStream client{address, address};
    client.connect();
    EXPECT_TRUE(eventually([&] { return client.state() == StreamState::kClosed; }));
    EXPECT_EQ(ECONNREFUSED, client.last_error());
}

TEST(NetTcpStream, fails_to_connect_from_an_address_that_is_not_of_this_host) {
    const TcpListener listener{parse_address("127.0.0.1:0")};
    TcpStream client{listener.address(), parse_address("192.0.2.1:0")};
    client.connect();
    EXPECT_EQ(StreamState::kClosed, client.state());
    EXPECT_EQ(EADDRNOTAVAIL, client.last_error());
}

TEST(NetTcpListener, names_the_port_that_is_taken) {
    const TcpListener first{parse_address("127.0.0.1:0")};
    try {
        const TcpListener second{first.address()};
        FAIL() << "bound twice";
    } catch (const NetError& error) {
        const std::string what = error.what();
        EXPECT_EQ("cannot bind TCP " + to_text(first.address()) +
                      ": Address already in use; another program holds this port: stop it, or "
                      "choose another port (0 takes a free one)",
                  what);
    }
}

TEST(NetTcpListener, says_that_a_low_port_needs_a_privilege) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may take any port";
    try {
        const TcpListener listener{parse_address("127.0.0.1:81")};
        GTEST_SKIP() << "this machine lets anyone take it";
    } catch (const NetError& error) {
        EXPECT_NE(std::string::npos, std::string(error.what()).find("CAP_NET_BIND_SERVICE"));
    }
}

TEST_F(NetTcp, reads_a_stream_through_io_uring_to_its_end) {
    join();
    std::unique_ptr<UringInbox> inbox;
    try {
        inbox = std::make_unique<UringInbox>(client.fd(),
                                             UringOptions{.buffers = 2, .buffer_bytes = 128});
    } catch (const NetError& error) {
        GTEST_SKIP() << error.what();
    }
    std::string sent;
    std::string seen;
    for (int i = 0; i < 500; ++i) {
        const std::string piece = std::to_string(i) + ";";
        ASSERT_EQ(piece.size(), server->write(bytes_of(piece)));
        sent += piece;
        if (i % 7 == 0) seen += net_test::text_of(inbox->take());
    }
    server->close();
    EXPECT_TRUE(eventually([&] {
        seen += net_test::text_of(inbox->take());
        return inbox->has_ended();
    }));
    EXPECT_EQ(sent, seen);
    EXPECT_EQ(0, inbox->last_error());
}

}  // namespace
