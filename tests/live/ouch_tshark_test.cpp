// What goes over the wire, read by somebody else: Wireshark's dissectors of SoupBinTCP and OUCH 4.2
// must find every packet and nothing malformed.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

constexpr std::uint16_t kPort = 26'400;

template <class T>
std::string little(T value) {
    std::string out = big(value);
    return {out.rbegin(), out.rend()};
}

// Segments of one TCP connection over loopback in a capture file of raw IPv4 packets.
class Capture {
  public:
    Capture() {
        bytes_ = little(std::uint32_t{0xA1B2C3D4}) + little(std::uint16_t{2}) +
                 little(std::uint16_t{4}) + little(std::uint32_t{0}) + little(std::uint32_t{0}) +
                 little(std::uint32_t{65'535}) + little(std::uint32_t{101});
    }
    void add(int from, const std::string& payload) {
        const std::uint16_t ports[] = {40'000, kPort};
        const std::string tcp = u16(ports[from]) + u16(ports[1 - from]) + u32(sequence_[from]) +
                                u32(sequence_[1 - from]) + "\x50\x18" + u16(65'535) + u16(0) +
                                u16(0) + payload;
        sequence_[from] += static_cast<std::uint32_t>(payload.size());
        const std::string ip = "\x45" + std::string(1, '\0') +
                               u16(static_cast<std::uint16_t>(20 + tcp.size())) + u32(0) +
                               "\x40\x06" + u16(0) + "\x7f" + std::string(2, '\0') + "\x01" +
                               "\x7f" + std::string(2, '\0') + "\x01";
        const auto size = static_cast<std::uint32_t>(ip.size() + tcp.size());
        bytes_ +=
            little(++time_) + little(std::uint32_t{0}) + little(size) + little(size) + ip + tcp;
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
    std::uint32_t sequence_[2] = {1, 1};
    std::uint32_t time_ = 0;
};

std::vector<std::string> lines_of(const std::string& command) {
    std::vector<std::string> lines;
    FILE* out = ::popen(command.c_str(), "r");
    if (out == nullptr) return lines;
    std::string text;
    for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) text += static_cast<char>(c);
    ::pclose(out);
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

TEST(OuchOnTheWire, is_read_by_tshark_without_a_malformed_packet) {
    if (lines_of("tshark --version 2>/dev/null").empty()) GTEST_SKIP() << "tshark is not there";
    Pair pair{OuchVersion::k42};
    Capture capture;
    std::size_t seen[2] = {0, 0};
    const auto turn = [&](int count) {
        for (int i = 0; i < count; ++i) {
            pair.turn();
            for (int way = 0; way < 2; ++way) {
                const std::string& record = pair.link.wire().record[way];
                if (record.size() > seen[way]) capture.add(way, record.substr(seen[way]));
                seen[way] = record.size();
            }
        }
    };
    turn(4);
    pair.server.system_event('S', kDayStart + pair.now);
    turn(4);
    ASSERT_EQ(pair.session.state(), SessionState::kUp);
    ASSERT_TRUE(pair.session.submit(Desk::order(1, Side::kBuy, 300, 150 * 100 * kCent)));
    ASSERT_TRUE(pair.session.submit(Desk::order(2, Side::kSell, 50, 0, TimeInForce::kIoc)));
    turn(4);
    pair.exchange.fill(pair.exchange.requests[0].ref, 100, 1'500'000, 77);
    ASSERT_TRUE(pair.session.submit(Desk::replacement(1, Side::kBuy, 400, 151 * 100 * kCent)));
    turn(4);
    pair.exchange.say(ReportKind::kCancelRejected, pair.exchange.requests[2].ref);
    pair.exchange.take_off(pair.exchange.requests[1].ref, 50, 'Q');
    pair.exchange.say(ReportKind::kBroken, pair.exchange.requests[0].ref, 'S');
    ASSERT_TRUE(pair.session.cancel(OrderId{1}, SymbolId{0}));
    turn(4);
    pair.exchange.reject_with = 'H';
    ASSERT_TRUE(pair.session.submit(Desk::order(3, Side::kSell, 50, 100 * kCent)));
    turn(4);
    pair.now += kSecondNs;  // a heartbeat each
    turn(2);
    pair.server.system_event('E', kDayStart + pair.now);
    pair.server.end_session();
    turn(2);

    const std::string path = testing::TempDir() + "/sluice_ouch_" +
                             std::to_string(testing::UnitTest::GetInstance()->random_seed()) +
                             ".pcap";
    std::ofstream(path, std::ios::binary) << capture.bytes();
    const std::string tshark = "tshark -r " + path + " -d tcp.port==" + std::to_string(kPort) +
                               ",soupbintcp --enable-heuristic ouch_soupbintcp ";
    EXPECT_TRUE(lines_of(tshark + "-Y _ws.malformed 2>/dev/null").empty());
    // One packet a line: its type, then what OUCH makes of it.
    const std::vector<std::string> read =
        lines_of(tshark +
                 "-T fields -E aggregator=' ' -e soupbintcp.packet_type -e ouch.packet_type "
                 "-e ouch.shares -e ouch.price -e ouch.order_token 2>/dev/null");
    EXPECT_EQ(read,
              (std::vector<std::string>{
                  "'L'\t\t\t\t",
                  "'A'\t\t\t\t",
                  "'S'\t'S'\t\t\t",
                  "'U' 'U'\t'O' 'O'\t300 50\t1500000 2147483647\tSL000000000001 SL000000000002",
                  "'S' 'S'\t'A' 'A'\t300 50\t1500000 2147483647\tSL000000000001 SL000000000002",
                  "'U'\t'U'\t400\t1510000\t",
                  "'S' 'S'\t'E' 'U'\t300\t1510000\tSL000000000001",
                  "'U'\t'X'\t0\t\tSL000000000003",
                  "'S' 'S' 'S' 'S'\t'I' 'D' 'B' 'C'\t\t\tSL000000000003 SL000000000002 "
                  "SL000000000001 SL000000000003",
                  "'U'\t'O'\t50\t10000\tSL000000000004",
                  "'S'\t'J'\t\t\tSL000000000004",
                  "'R'\t\t\t\t",
                  "'H'\t\t\t\t",
                  "'S' 'Z'\t'S'\t\t\t",
              }));
    EXPECT_TRUE(lines_of(tshark + "-Y ouch.unknown_message 2>/dev/null").empty());
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace sluice::tests::ouch_live
