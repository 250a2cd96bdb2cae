// Every message of OUCH 4.2 and 5.0 and every packet of SoupBinTCP against its bytes, written out
// from the tables of the specifications, field by field.
#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

constexpr std::uint64_t kTime = 34'200'000'000'123;  // 09:30:00.000000123
const std::string kToken = "SL000000000042";
const std::string kClient = "CLORD1        ";

template <class Message>
void expect_bytes(const Message& message, const std::string& expected) {
    std::vector<std::byte> bytes(kWireSize<Message>);
    EXPECT_EQ(encode(message, bytes.data()), expected.size());
    EXPECT_EQ(hex(text_of(bytes)), hex(expected)) << Message::kType;
    // Back again: a message made of the bytes writes the same bytes.
    Message read{};
    ASSERT_TRUE(decode(bytes_of(expected), read)) << Message::kType;
    std::vector<std::byte> again(kWireSize<Message>);
    encode(read, again.data());
    EXPECT_EQ(hex(text_of(again)), hex(expected));
    EXPECT_FALSE(decode(bytes_of(expected + "x"), read));
    EXPECT_FALSE(decode(bytes_of(expected.substr(0, expected.size() - 1)), read));
    EXPECT_FALSE(decode(bytes_of("!" + expected.substr(1)), read));
}

// With the appendage of OUCH 5.0: `expected` has none.
template <class Message>
void expect_appended(const Message& message, const std::string& expected) {
    expect_bytes(message, expected);
    std::byte bytes[256];
    const std::string tagged = "\x05\x03" + u32(0) + "\x02\x06L" + "\x05\x02NSDQ";
    const std::string empty = expected + u16(0);
    const std::string whole = expected + u16(static_cast<std::uint16_t>(tagged.size())) + tagged;
    EXPECT_EQ(hex(text_of({bytes, v50::encode_appended(message, {}, bytes)})),
              hex(Message::kAppended ? empty : expected));
    const v50::Tags tags{padded<4>("ABCD"), 700};
    EXPECT_EQ(hex(text_of({bytes, v50::encode_appended(message, tags, bytes)})),
              hex(expected + u16(12) + "\x05\x02" + "ABCD" + "\x05\x03" + u32(700)));
    Message read{};
    v50::Tags found;
    EXPECT_TRUE(v50::decode_appended(bytes_of(expected), read, found));
    EXPECT_TRUE(v50::decode_appended(bytes_of(empty), read, found));
    EXPECT_TRUE(v50::decode_appended(bytes_of(whole), read, found));
    EXPECT_EQ(trimmed(found.firm), "NSDQ");
    for (std::size_t size = expected.size() + 1; size < whole.size(); ++size)
        EXPECT_FALSE(v50::decode_appended(bytes_of(whole.substr(0, size)), read, found));
}

TEST(Ouch42Messages, requests_are_written_as_the_specification_says) {
    namespace c = v42::client;
    c::Enter enter;
    enter.token = padded<14>(kToken);
    enter.side = 'S';
    enter.shares = 225;
    enter.stock = padded<8>("CVLT");
    enter.price = 630'200;
    enter.tif = 99'999;
    enter.firm = padded<4>("FIRM");
    enter.min_quantity = 25;
    expect_bytes(enter, "O" + kToken + "S" + u32(225) + "CVLT    " + u32(630'200) +
                            std::string("\x00\x01\x86\x9f", 4) + "FIRM" + "YPN" + u32(25) + "NN");
    c::Replace replace;
    replace.existing = padded<14>(kToken);
    replace.token = padded<14>("SL000000000043");
    replace.shares = 500;
    replace.price = 0x7FFF'FFFF;
    replace.tif = 0;
    expect_bytes(replace, "U" + kToken + "SL000000000043" + u32(500) + "\x7f\xff\xff\xff" + u32(0) +
                              "YN" + u32(0));
    expect_bytes(c::Cancel{padded<14>(kToken), 100}, "X" + kToken + u32(100));
    expect_bytes(c::Modify{padded<14>(kToken), 'T', 50}, "M" + kToken + "T" + u32(50));
}

TEST(Ouch42Messages, reports_are_written_as_the_specification_says) {
    namespace v = v42::venue;
    const auto token = padded<14>(kToken);
    const std::string head = u64(kTime) + kToken;
    expect_bytes(v::SystemEvent{kTime, 'S'}, "S" + u64(kTime) + "S");
    v::Accepted accepted;
    accepted.time = kTime;
    accepted.token = token;
    accepted.shares = 225;
    accepted.stock = padded<8>("CVLT");
    accepted.price = 630'200;
    accepted.tif = 99'998;
    accepted.firm = padded<4>("FIRM");
    accepted.order = 0x0102'0304'0506'0708;
    accepted.state = 'D';
    accepted.bbo_weight = '2';
    const std::string terms = "B" + u32(225) + "CVLT    " + u32(630'200) + u32(99'998) + "FIRM" +
                              "Y\x01\x02\x03\x04\x05\x06\x07\x08" + "PN" + u32(0) + "ND";
    expect_bytes(accepted, "A" + head + terms + "2");
    v::Replaced replaced;
    replaced.time = kTime;
    replaced.token = token;
    replaced.shares = 225;
    replaced.stock = padded<8>("CVLT");
    replaced.price = 630'200;
    replaced.tif = 99'998;
    replaced.firm = padded<4>("FIRM");
    replaced.order = 0x0102'0304'0506'0708;
    replaced.state = 'D';
    replaced.previous = padded<14>("SL000000000041");
    expect_bytes(replaced, "U" + head + terms + "SL000000000041" + " ");
    expect_bytes(v::Canceled{kTime, token, 100, 'T'}, "C" + head + u32(100) + "T");
    expect_bytes(v::AiqCanceled{kTime, token, 100, 'Q', 60, 630'200, 'R'},
                 "D" + head + u32(100) + "Q" + u32(60) + u32(630'200) + "R");
    expect_bytes(v::Executed{kTime, token, 100, 630'200, 'A', 987'654'321},
                 "E" + head + u32(100) + u32(630'200) + "A" + u64(987'654'321));
    expect_bytes(v::ExecutedAtReference{kTime, token, 100, 630'200, 'A', 5, 630'100, 'I'},
                 "G" + head + u32(100) + u32(630'200) + "A" + u64(5) + u32(630'100) + "I");
    expect_bytes(v::Broken{kTime, token, 987'654'321, 'C'}, "B" + head + u64(987'654'321) + "C");
    expect_bytes(v::Rejected{kTime, token, 'H'}, "J" + head + "H");
    expect_bytes(v::CancelPending{kTime, token}, "P" + head);
    expect_bytes(v::CancelRejected{kTime, token}, "I" + head);
    expect_bytes(v::PriorityUpdate{kTime, token, 630'300, 'N', 77},
                 "T" + head + u32(630'300) + "N" + u64(77));
    expect_bytes(v::Modified{kTime, token, 'E', 50}, "M" + head + "E" + u32(50));
}

// Bytes of an order that went to Nasdaq.
TEST(Ouch50Messages, reads_an_order_that_was_seen_on_a_real_wire) {
    const std::string start("\x4f\x00\x00\x00\x71\x54\x00\x00\x00\xe1", 10);
    const std::string bytes = start + "CVLT    " +
                              std::string("\x00\x00\x00\x00\x00\x09\x9d\xb8", 8) + "0YANN" +
                              kClient + std::string("\x00\x00", 2);
    v50::client::Enter enter;
    v50::Tags tags;
    ASSERT_TRUE(v50::decode_appended(bytes_of(bytes), enter, tags));
    EXPECT_EQ(enter.ref, 113U);
    EXPECT_EQ(enter.side, 'T');
    EXPECT_EQ(enter.shares, 225U);
    EXPECT_EQ(trimmed(enter.symbol), "CVLT");
    EXPECT_EQ(enter.price, 630'200U);
    EXPECT_EQ(enter.tif, '0');
    EXPECT_EQ(enter.display, 'Y');
    EXPECT_EQ(enter.capacity, 'A');
    EXPECT_EQ(enter.sweep, 'N');
    EXPECT_EQ(enter.cross, 'N');
}

TEST(Ouch50Messages, requests_are_written_as_the_specification_says) {
    namespace c = v50::client;
    const auto client = padded<14>(kClient);
    expect_appended(
        c::Enter{1, 'B', 100, padded<8>("AAPL"), 1'503'400, '3', 'Y', 'A', 'N', 'N', client},
        "O" + u32(1) + "B" + u32(100) + "AAPL    " +
            std::string("\x00\x00\x00\x00\x00\x16\xf0\xa8", 8) + "3YANN" + kClient);
    expect_appended(c::Replace{1, 2, 500, 1'503'500, '0', 'A', 'N', client},
                    "U" + u32(1) + u32(2) + u32(500) + u64(1'503'500) + "0AN" + kClient);
    expect_appended(c::Cancel{77, 25}, "X" + u32(77) + u32(25));
    expect_appended(c::Modify{3, 'T', 50}, "M" + u32(3) + "T" + u32(50));
    expect_appended(c::MassCancel{10, padded<4>("FIRM"), padded<8>("")},
                    "C" + u32(10) + "FIRM" + "        ");
    expect_appended(c::DisableEntry{11, padded<4>("FRMA")}, "D" + u32(11) + "FRMA");
    expect_appended(c::EnableEntry{12, padded<4>("FRMA")}, "E" + u32(12) + "FRMA");
    expect_appended(c::AccountQuery{}, "Q");
}

TEST(Ouch50Messages, reports_are_written_as_the_specification_says) {
    namespace v = v50::venue;
    const auto client = padded<14>(kClient);
    const auto symbol = padded<8>("AAPL");
    const std::string time = u64(kTime);
    expect_appended(v::SystemEvent{kTime, 'E'}, "S" + time + "E");
    expect_appended(v::Accepted{kTime, 1, 'B', 100, symbol, 1'503'400, '0', 'Z', 123'456'789, 'A',
                                'N', 'C', 'L', client},
                    "A" + time + u32(1) + "B" + u32(100) + "AAPL    " + u64(1'503'400) + "0Z" +
                        u64(123'456'789) + "ANCL" + kClient);
    expect_appended(v::Replaced{kTime, 1, 2, 'S', 400, symbol, 4'000'000, '3', 'N', 123'456'790,
                                'P', 'N', 'N', 'D', client},
                    "U" + time + u32(1) + u32(2) + "S" + u32(400) + "AAPL    " + u64(4'000'000) +
                        "3N" + u64(123'456'790) + "PNND" + kClient);
    expect_appended(v::Canceled{kTime, 2, 100, 'U'}, "C" + time + u32(2) + u32(100) + "U");
    expect_appended(v::AiqCanceled{kTime, 4, 100, 'Q', 60, 1'503'400, 'R', 'O'},
                    "D" + time + u32(4) + u32(100) + "Q" + u32(60) + u64(1'503'400) + "RO");
    expect_appended(v::Executed{kTime, 1, 100, 1'503'400, 'A', 987'654'321},
                    "E" + time + u32(1) + u32(100) + u64(1'503'400) + "A" + u64(987'654'321));
    expect_appended(v::Broken{kTime, 1, 987'654'321, 'E', client},
                    "B" + time + u32(1) + u64(987'654'321) + "E" + kClient);
    expect_appended(v::Rejected{kTime, 9, 0x001D, client},
                    "J" + time + u32(9) + std::string("\x00\x1d", 2) + kClient);
    expect_appended(v::CancelPending{kTime, 5}, "P" + time + u32(5));
    expect_appended(v::CancelRejected{kTime, 6}, "I" + time + u32(6));
    expect_appended(v::PriorityUpdate{kTime, 7, 1'503'300, 'Y', 555},
                    "T" + time + u32(7) + u64(1'503'300) + "Y" + u64(555));
    expect_appended(v::Modified{kTime, 3, 'E', 50}, "M" + time + u32(3) + "E" + u32(50));
    expect_appended(v::Restated{kTime, 8, 'R'}, "R" + time + u32(8) + "R");
    expect_appended(v::MassCancelResponse{kTime, 10, padded<4>("FIRM"), symbol},
                    "X" + time + u32(10) + "FIRM" + "AAPL    ");
    expect_appended(v::DisableResponse{kTime, 11, padded<4>("FRMA")},
                    "G" + time + u32(11) + "FRMA");
    expect_appended(v::EnableResponse{kTime, 12, padded<4>("FRMA")}, "K" + time + u32(12) + "FRMA");
    expect_appended(v::AccountQueryResponse{kTime, 13}, "Q" + time + u32(13));
}

TEST(Ouch50Messages, a_tag_must_end_where_its_appendage_does) {
    v50::Tags tags;
    const auto read = [&](const std::string& bytes) {
        return v50::read_appendage(bytes_of(bytes), tags);
    };
    EXPECT_TRUE(read(""));
    EXPECT_FALSE(read(std::string(1, '\0')));
    EXPECT_TRUE(read(u16(0)));
    EXPECT_TRUE(read(u16(3) + "\x02\x1c\x05"));
    EXPECT_FALSE(read(u16(4) + "\x02\x1c\x05"));
    EXPECT_FALSE(read(u16(3) + "\x03\x1c\x05"));
    EXPECT_FALSE(read(u16(1) + std::string(1, '\0')));
    EXPECT_TRUE(read(u16(6) + "\x05\x03" + u32(9)));
    EXPECT_EQ(tags.min_quantity, 9U);
    EXPECT_TRUE(read(u16(3) + "\x02\x03\x01")) << "a value of another length is passed over";
    EXPECT_EQ(tags.min_quantity, 9U);
}

TEST(SoupFrames, packets_are_written_as_the_specification_says) {
    std::byte bytes[64];
    SoupLogin login{padded<6>("user"), padded<10>("pass"), soup_session("DAY1"), soup_number(27)};
    EXPECT_EQ(hex(text_of({bytes, encode_packet(login, bytes)})),
              hex(std::string("\x00\x2f", 2) + "L" + "user  " + "pass      " + "      DAY1" +
                  "                  27"));
    SoupAccepted accepted{soup_session("DAY1"), soup_number(1)};
    EXPECT_EQ(hex(text_of({bytes, encode_packet(accepted, bytes)})),
              hex(std::string("\x00\x1f", 2) + "A" + "      DAY1" + "                   1"));
    EXPECT_EQ(hex(text_of({bytes, encode_packet(SoupRejected{'S'}, bytes)})),
              hex(std::string("\x00\x02JS", 4)));
    put_soup_header(bytes, kSoupServerHeartbeat, 0);
    EXPECT_EQ(hex(text_of({bytes, 3})), hex(std::string("\x00\x01H", 3)));
}

TEST(SoupFrames, reads_numbers_that_fit_and_no_others) {
    std::uint64_t n = 0;
    EXPECT_TRUE(parse_soup_number(padded<20>(""), n));
    EXPECT_EQ(n, 0U);
    EXPECT_TRUE(parse_soup_number(padded<20>("18446744073709551615"), n));
    EXPECT_EQ(n, UINT64_MAX);
    EXPECT_FALSE(parse_soup_number(padded<20>("18446744073709551616"), n));
    EXPECT_FALSE(parse_soup_number(padded<20>("1 2"), n));
    EXPECT_FALSE(parse_soup_number(padded<20>("-1"), n));
    EXPECT_EQ(trimmed(soup_number(UINT64_MAX)), "18446744073709551615");
}

TEST(SoupFrames, cuts_the_same_packets_out_of_a_stream_however_it_comes) {
    std::mt19937 random{7};
    std::string stream;
    std::vector<std::string> sent;
    for (int i = 0; i < 300; ++i) {
        const std::size_t size = i % 50 == 0 ? 65'534 : random() % 200;
        std::string payload;
        while (payload.size() < size) payload += static_cast<char>(random());
        sent.push_back("S" + payload);
        stream += packet('S', payload);
    }
    FrameReader reader;
    std::vector<std::string> got;
    SoupPacket next;
    for (std::size_t at = 0; at < stream.size();) {
        const std::span<std::byte> room = reader.room();
        ASSERT_FALSE(room.empty());
        const std::size_t size =
            std::min({room.size(), stream.size() - at, std::size_t{1} + random() % 9'000});
        std::memcpy(room.data(), stream.data() + at, size);
        reader.filled(size);
        at += size;
        while (reader.next(next) == FrameStatus::kPacket) got.push_back(text_of(next.bytes));
    }
    EXPECT_EQ(got, sent);
    const std::span<std::byte> room = reader.room();
    room[0] = room[1] = std::byte{0};
    reader.filled(2);
    EXPECT_EQ(reader.next(next), FrameStatus::kBroken);
}

}  // namespace
}  // namespace sluice::tests::ouch_live
