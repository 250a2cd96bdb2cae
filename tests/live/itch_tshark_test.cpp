// What goes over the wire, read by somebody else: Wireshark's dissector of MoldUDP64 must find every
// message and nothing malformed.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sluice/adapters/itch/mold_publisher.hpp>

#include "itch_feed_support.hpp"

namespace sluice::test_itch {
namespace {

using pipeline::MarketAction;
using pipeline::MarketUpdate;

constexpr std::uint16_t kPort = 26'401;

// Datagrams between two ports of one host, in a capture file of Ethernet frames.
class Capture {
  public:
    Capture() {
        // Magic number, version 2.4, zone, accuracy, longest frame, Ethernet.
        append("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001");
    }
    void add(const Bytes& payload) {
        const std::size_t udp = 8 + payload.size();
        const std::size_t ip = 20 + udp;
        append("00000001 00000000");
        number(14 + ip, 4);
        number(14 + ip, 4);
        append("01005e000101 020000000001 0800");  // to a multicast group
        append("4500");
        number(ip, 2);
        append("0000 0000 01 11 0000 0a000001 ef000101");
        number(40'000, 2);
        number(kPort, 2);
        number(udp, 2);
        append("0000");  // no checksum
        bytes_.insert(bytes_.end(), payload.begin(), payload.end());
    }
    void write(const std::string& path) const {
        std::ofstream file(path, std::ios::binary);
        for (const std::byte b : bytes_) file.put(static_cast<char>(b));
    }

  private:
    void append(std::string_view hex) {
        const Bytes more = from_hex(hex);
        bytes_.insert(bytes_.end(), more.begin(), more.end());
    }
    void number(std::size_t value, unsigned size) {
        while (size-- > 0) bytes_.push_back(static_cast<std::byte>(value >> (8U * size) & 0xFFU));
    }
    Bytes bytes_;
};

std::vector<std::string> lines_of(const std::string& command) {
    std::vector<std::string> out;
    FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) return out;
    std::string line;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
        if (c != '\n') {
            line += static_cast<char>(c);
        } else {
            out.push_back(line);
            line.clear();
        }
    }
    ::pclose(pipe);
    return out;
}

// Three messages, a heartbeat, a request and its answer, the end of the session.
std::vector<Bytes> everything_that_is_sent() {
    const std::array<pipeline::ExchangeSymbol, 1> symbols{};
    MemoryWire line;
    MemoryWire replies;
    itch::MoldPublisher publisher({}, symbols, {&line});
    MarketUpdate update;
    update.symbol = 1;
    for (const MarketAction action :
         {MarketAction::kDirectory, MarketAction::kAdd, MarketAction::kDeleted}) {
        update.action = action;
        publisher.on_update(update);
    }
    publisher.flush(0);
    publisher.flush(2'000'000'000);
    // A client that has heard the heartbeat only.
    MemoryWire requests;
    itch::MoldOptions options;
    options.lines = 1;
    itch::MoldArbiter arbiter(options, &requests);
    arbiter.take(0, line.waiting[1], 1, 1, [](std::span<const std::byte>, std::uint64_t) {});
    std::vector<Bytes> out(line.waiting.begin(), line.waiting.end());
    out.push_back(requests.waiting.at(0));
    publisher.serve_requests(requests, replies);
    out.push_back(replies.waiting.at(0));
    publisher.end(2'000'000'000);
    out.push_back(line.waiting.back());
    return out;
}

TEST(ItchOnTheWire, is_read_by_tshark_without_a_malformed_packet) {
    if (lines_of("command -v tshark").empty()) GTEST_SKIP() << "tshark is not there";
    Capture capture;
    for (const Bytes& packet : everything_that_is_sent()) capture.add(packet);
    const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                       ("sluice_itch_" + std::to_string(::getpid()) + ".pcap");
    capture.write(path);
    const std::string tshark =
        "tshark -r " + path.string() + " -d udp.port==" + std::to_string(kPort) + ",moldudp64 ";
    EXPECT_TRUE(lines_of(tshark + "-Y '_ws.malformed || moldudp64.msglen.invalid || "
                                  "moldudp64.count.invalid || moldudp64.end_of_session_extra'")
                    .empty());
    const std::string fields =
        "-T fields -E separator=, -E aggregator=/s -e moldudp64.session -e moldudp64.sequence "
        "-e moldudp64.count -e moldudp64.msglen -e moldudp64.msgseq";
    EXPECT_EQ(lines_of(tshark + fields),
              (std::vector<std::string>{"SLUICE0001,1,3,39 36 19,1 2 3",  // messages
                                        "SLUICE0001,4,0,,",               // heartbeat
                                        "SLUICE0001,1,3,,",               // request for three
                                        "SLUICE0001,1,3,39 36 19,1 2 3",  // its answer
                                        "SLUICE0001,4,65535,,"}));        // end of the session
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace sluice::test_itch
