// Records packed into lines come back to the bit, whatever they are, and bytes that no packer makes
// are refused.
#include <algorithm>
#include <random>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;
using pipeline::EventKind;

constexpr std::size_t kInstruments = 3;

std::vector<journal::Line> pack(const std::vector<Event>& events) {
    journal::LinePacker packer{kInstruments};
    std::vector<journal::Line> lines;
    std::array<std::byte, journal::kLineBytes + journal::kPackerSlack> bytes;
    const auto next_line = [&] {
        lines.emplace_back();
        std::copy_n(bytes.begin(), journal::kLineBytes, lines.back().begin());
        packer.begin(bytes.data());
    };
    packer.begin(bytes.data());
    for (const Event& event : events) {
        if (packer.add(event)) continue;
        if (packer.count() != 0) {
            packer.finish();
            next_line();
            if (packer.add(event)) continue;
        }
        packer.finish_alone(event);
        next_line();
    }
    if (packer.count() != 0) {
        packer.finish();
        next_line();
    }
    return lines;
}

void expect_back(const std::vector<Event>& events, const std::vector<journal::Line>& lines) {
    journal::LineUnpacker unpacker{kInstruments};
    std::size_t n = 0;
    for (const journal::Line& line : lines) {
        const auto records = unpacker.unpack(line.data());
        ASSERT_FALSE(records.empty());
        for (const Event& event : records) {
            ASSERT_LT(n, events.size());
            ASSERT_TRUE(same(event, events[n])) << "event " << n;
            ++n;
        }
    }
    EXPECT_EQ(n, events.size());
}

// Eight words as an event, of that kind.
Event made_of(std::array<std::uint64_t, 8> words, EventKind kind, std::uint16_t symbol,
              std::uint8_t flags) {
    words[7] = (words[7] & 0xFFFF'FFFFU) | std::uint64_t{symbol} << 32U |
               static_cast<std::uint64_t>(kind) << 48U | std::uint64_t{flags} << 56U;
    Event event;
    std::memcpy(static_cast<void*>(&event), words.data(), sizeof event);
    return event;
}

Event trade(std::int64_t time, std::uint64_t sequence, std::int64_t price, std::int64_t quantity,
            std::uint64_t ingress = 0) {
    pipeline::Trade trade{};
    trade.price = core::Price::from_raw(price);
    trade.quantity = core::Quantity::from_raw(quantity);
    trade.ingress_ticks = ingress;
    Event event =
        Event::trade(core::time_from_ns<core::StreamTime>(time), core::SymbolId{1}, trade);
    event.place(core::Sequence{sequence}, 0);
    return event;
}

TEST(PackedLine, has_its_fields_where_the_format_says) {
    constexpr std::int64_t kUnit = core::Quantity::kScale;
    const auto lines = pack({trade(100, 1, 5'000, 2 * kUnit), trade(97, 2, 5'001, 2 * kUnit)});
    ASSERT_EQ(lines.size(), 1U);
    const journal::Line& line = lines[0];
    // The first: instrument and kind follow; time 100 in 1 byte of zig-zag 200, sequence as expected,
    // price 5 millionths, quantity 2 whole ones.
    EXPECT_EQ(at<std::uint32_t>(line, 0), 0x3000'9901U);
    EXPECT_EQ(at<std::uint16_t>(line, 4), 1U);
    EXPECT_EQ(at<std::uint8_t>(line, 6), static_cast<std::uint8_t>(EventKind::kTrade));
    EXPECT_EQ(at<std::uint8_t>(line, 7), 0U);
    EXPECT_EQ(at<std::uint8_t>(line, 8), 200U);
    EXPECT_EQ(at<std::uint8_t>(line, 9), 10U);
    EXPECT_EQ(at<std::uint8_t>(line, 10), 4U);
    // The second: time -3 in zig-zag 5, price +1 that is no millionth, all else as expected.
    EXPECT_EQ(at<std::uint32_t>(line, 11), 0x0000'0101U);
    EXPECT_EQ(at<std::uint8_t>(line, 15), 5U);
    EXPECT_EQ(at<std::uint8_t>(line, 16), 2U);
    for (std::size_t i = 17; i < 56; ++i) EXPECT_EQ(at<std::uint8_t>(line, i), 0U) << i;
    EXPECT_EQ(at<std::uint8_t>(line, 60), 2U);
    EXPECT_EQ(at<std::uint8_t>(line, 61), 17U);
    EXPECT_EQ(at<std::uint8_t>(line, 62), 0xF0U);
    EXPECT_EQ(at<std::uint8_t>(line, 63), 0U);
}

TEST(PackedLine, brings_every_kind_of_event_back_to_the_bit_whatever_its_words) {
    std::mt19937_64 random{7};
    const std::array<std::uint64_t, 6> corners{0,
                                               1,
                                               ~std::uint64_t{0},
                                               std::uint64_t{1} << 63U,
                                               (std::uint64_t{1} << 63U) - 1,
                                               1'000'000'000};
    std::vector<Event> events;
    for (int i = 0; i < 20'000; ++i) {
        std::array<std::uint64_t, 8> words{};
        for (std::uint64_t& word : words)
            word = random() % 4 == 0 ? corners[random() % corners.size()]
                                     : random() >> (random() % 64);
        const auto kind = static_cast<EventKind>(1 + random() % 15);
        const std::uint64_t symbol = random() % 5;
        events.push_back(made_of(words, kind,
                                 static_cast<std::uint16_t>(symbol == 4 ? 65'535 : symbol),
                                 static_cast<std::uint8_t>(random())));
    }
    expect_back(events, pack(events));
}

TEST(PackedLine, takes_a_stream_of_ticks_of_several_instruments_in_a_third_of_its_bytes) {
    std::mt19937_64 random{8};
    std::array<std::int64_t, kInstruments> prices{100'000'000'000, 20'000'000'000, 3'500'000'000};
    std::vector<Event> events;
    std::int64_t time = 1'700'000'000'000'000'000;
    std::uint64_t counter = 77'000'000'000;
    for (std::uint64_t n = 1; n <= 3'000; ++n) {
        const std::size_t i = random() % kInstruments;
        time += static_cast<std::int64_t>(random() % 1'000'000);
        counter += random() % 2'000'000;
        prices[i] += (static_cast<std::int64_t>(random() % 5) - 2) * 10'000'000;
        pipeline::Trade trade{};
        trade.price = core::Price::from_raw(prices[i]);
        trade.quantity = core::Quantity::from_units(static_cast<std::int64_t>(1 + random() % 500));
        trade.ingress_ticks = counter;
        Event event = Event::trade(core::time_from_ns<core::StreamTime>(time),
                                   core::SymbolId{static_cast<std::uint16_t>(i)}, trade);
        event.place(core::Sequence{n}, 0);
        events.push_back(event);
    }
    const auto lines = pack(events);
    EXPECT_LT(lines.size() * 3, events.size());
    expect_back(events, lines);
}

TEST(PackedLine, leaves_a_record_that_fits_no_line_as_it_is) {
    std::array<std::uint64_t, 8> words;
    words.fill(0x8123'4567'89AB'CDEFU);
    const Event large = made_of(words, EventKind::kReport, 2, 0x41);
    const std::vector<Event> events{numbered(1), large, numbered(2)};
    const auto lines = pack(events);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_TRUE(journal::is_packed(lines[0].data()));
    EXPECT_FALSE(journal::is_packed(lines[1].data()));
    EXPECT_EQ(std::memcmp(lines[1].data(), words.data(), 56), 0);
    expect_back(events, lines);
}

TEST(PackedLine, begins_a_segment_as_if_nothing_had_been_before) {
    journal::LinePacker packer{kInstruments};
    std::array<std::array<std::byte, journal::kLineBytes + journal::kPackerSlack>, 2> lines{};
    for (auto& line : lines) {
        packer.restart();
        packer.begin(line.data());
        ASSERT_TRUE(packer.add(numbered(1)));
        ASSERT_TRUE(packer.add(numbered(2)));
        packer.finish();
    }
    EXPECT_EQ(std::memcmp(lines[0].data(), lines[1].data(), journal::kLineBytes), 0);
}

TEST(PackedLine, that_no_packer_makes_is_refused) {
    const journal::Line good = pack({trade(100, 1, 5'000, 3)})[0];
    const auto refused = [&good](auto change) {
        journal::Line line = good;
        change(line);
        journal::LineUnpacker unpacker{kInstruments};
        return unpacker.unpack(line.data()).empty();
    };
    const auto set = [](std::size_t offset, unsigned value) {
        return [offset, value](journal::Line& line) { line[offset] = std::byte(value); };
    };
    EXPECT_FALSE(refused([](journal::Line&) {}));
    EXPECT_TRUE(refused(set(60, 0)));                                    // no records
    EXPECT_TRUE(refused(set(60, 2)));                                    // one more than there is
    EXPECT_TRUE(refused(set(60, 15)));                                   // more than a line holds
    EXPECT_TRUE(refused(set(61, static_cast<unsigned>(good[61]) + 1)));  // bytes left over
    EXPECT_TRUE(refused(set(61, static_cast<unsigned>(good[61]) - 1)));  // bytes too few
    EXPECT_TRUE(refused(set(61, 57)));
    EXPECT_TRUE(refused(set(61, 3)));
    EXPECT_TRUE(refused(set(3, 0x70)));  // a bit that means nothing
    EXPECT_TRUE(refused(set(0, 0x09)));  // a time in units
}

}  // namespace
