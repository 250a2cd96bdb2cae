#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sluice/adapters/net/address.hpp>
#include <sluice/adapters/net/net_error.hpp>

namespace {

using namespace sluice::adapters::net;

TEST(NetAddress, reads_numbers_and_localhost) {
    EXPECT_EQ((Address{0x7F000001, 26400}), parse_address("127.0.0.1:26400"));
    EXPECT_EQ((Address{0x7F000001, 0}), parse_address("localhost:0"));
    EXPECT_EQ((Address{0, 65535}), parse_address("0.0.0.0:65535"));
}

TEST(NetAddress, refuses_everything_else_and_says_why) {
    for (const char* text :
         {"", "127.0.0.1", ":1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1 ",
          "127.0.0.1: 1", "127.0.0.1:0x10", "127.0.0:1", "127.0.0.256:1", "example.com:80",
          "::1:80", "[::1]:80", "127.0.0.1:99999999999999999999"}) {
        EXPECT_THROW((void)parse_address(text), AddressError) << text;
    }
    try {
        (void)parse_address("exchange:26400");
    } catch (const AddressError& error) {
        EXPECT_EQ("'exchange' is no IPv4 address; write one such as 127.0.0.1, or localhost",
                  std::string(error.what()));
    }
}

TEST(NetAddress, knows_groups) {
    EXPECT_FALSE(parse_address("223.255.255.255:1").is_multicast());
    EXPECT_TRUE(parse_address("224.0.0.0:1").is_multicast());
    EXPECT_TRUE(parse_address("239.255.255.255:1").is_multicast());
    EXPECT_FALSE(parse_address("240.0.0.0:1").is_multicast());
}

RC_GTEST_PROP(NetAddress, is_read_as_it_was_written, (std::uint32_t host, std::uint16_t port)) {
    const Address address{.host = host, .port = port};
    RC_ASSERT(parse_address(to_text(address)) == address);
}

}  // namespace
