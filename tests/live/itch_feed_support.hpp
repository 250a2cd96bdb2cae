// The market's feed under test between two lines in memory, and its events in a form that tests
// write down.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/itch/hot/itch_feed.hpp>

#include "itch_market.hpp"
#include "itch_support.hpp"

namespace sluice::test_itch {

namespace itch = adapters::itch;
using itch::ItchFeed;
using itch::ItchFeedOptions;
using itch::ItchLines;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::FeedState;
using pipeline::Side;

inline pipeline::InstrumentTable instruments(std::initializer_list<const char*> names) {
    pipeline::InstrumentTable out;
    for (const char* name : names) {
        out.emplace_back();
        out.back().symbol = name;
    }
    return out;
}

// An event as the exchange's numbers; what a test expects is written the same way.
struct Seen {
    char kind;  // T or Q
    std::size_t symbol;
    std::int64_t time;
    std::int64_t bid_or_price;  // 1e-9
    std::int64_t ask;
    std::int64_t bid_size_or_quantity;  // 1e-8
    std::int64_t ask_size;
    std::uint8_t flags;
    friend bool operator==(const Seen&, const Seen&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Seen& s) {
        return out << s.kind << s.symbol << '@' << s.time << ' ' << s.bid_or_price << '/' << s.ask
                   << ' ' << s.bid_size_or_quantity << '/' << s.ask_size << " f" << +s.flags;
    }
};
inline Seen trade(std::size_t symbol, std::int64_t time, std::uint32_t price, std::uint64_t shares,
                  std::uint8_t flags = 0) {
    return {'T',  symbol,
            time, std::int64_t{price} * 100'000,
            0,    static_cast<std::int64_t>(shares) * 100'000'000,
            0,    flags};
}
inline Seen quote(std::size_t symbol, std::int64_t time, const PlainTop& top,
                  std::uint8_t flags = 0) {
    return {'Q',
            symbol,
            time,
            std::int64_t{top.bid} * 100'000,
            std::int64_t{top.ask} * 100'000,
            static_cast<std::int64_t>(top.bid_shares) * 100'000'000,
            static_cast<std::int64_t>(top.ask_shares) * 100'000'000,
            flags};
}
inline Seen seen(const Event& event) {
    const std::int64_t time = core::ns_since_epoch(event.time());
    const std::size_t symbol = core::index_of(event.symbol());
    if (event.kind() == EventKind::kTrade)
        return {'T', symbol,       time, event.trade().price.raw(), 0, event.trade().quantity.raw(),
                0,   event.flags()};
    const pipeline::Quote& q = event.quote();
    return {
        'Q',          symbol, time, q.bid.raw(), q.ask.raw(), q.bid_size.raw(), q.ask_size.raw(),
        event.flags()};
}

inline constexpr std::int64_t kMidnight = 1'692'676'800'000'000'000;  // 22 August 2023 in New York

struct FeedFixture : testing::Test {
    explicit FeedFixture(ItchFeedOptions options = {}) { open(options); }
    void open(ItchFeedOptions options, bool can_ask = true) {
        options.midnight_ns = kMidnight;
        feed.emplace(instruments({"META", "AAPL"}),
                     can_ask ? ItchLines{&a, &b, &requests, &replies} : ItchLines{&a, &b, {}, {}},
                     options);
    }

    MemoryWire a;
    MemoryWire b;
    MemoryWire requests;
    MemoryWire replies;
    std::optional<ItchFeed> feed;
    std::uint64_t now = 1;
    std::uint64_t sequence = 1;

    // Polls until nothing comes.
    std::vector<Seen> poll() {
        std::vector<Seen> out;
        for (auto events = feed->poll(now); !events.empty(); events = feed->poll(now))
            for (const Event& event : events) out.push_back(seen(event));
        return out;
    }
    // One packet with these messages, on both lines.
    std::vector<Seen> say(std::initializer_list<const char*> messages) {
        std::vector<Bytes> blocks;
        for (const char* hex : messages) blocks.push_back(from_hex(hex));
        for (MemoryWire* line : {&a, &b}) line->send(mold_packet(sequence, blocks));
        sequence += blocks.size();
        return poll();
    }
};

// META has the locate 0x1972 as it had on that day, AAPL 14.
inline constexpr const char* kMeta =
    "5219720000 1f23e0980000 4d45544120202020 51 4e 00000064 4e 43 5a20 50 4e 4e 31 4e 00000000 4e";
inline constexpr const char* kApple =
    "52000e0000 1f23e0980000 4141504c20202020 51 4e 00000064 4e 43 5a20 50 4e 4e 31 4e 00000000 4e";
inline constexpr std::int64_t kTime = kMidnight + 34'238'952'381'153;
// Published: 1 share bid at 80.54, 100 offered at 357.34, 2 bid at 80.52.
inline constexpr const char* kBid =
    "4119720000 1f23e0981ae1 0000000000792f9f 42 00000001 4d45544120202020 000c4950";
inline constexpr const char* kOffer =
    "4119720000 1f23e0981ae1 00000000006b3f7f 53 00000064 4d45544120202020 00368634";
inline constexpr const char* kLowerBid =
    "4119720000 1f23e0981ae1 0000000000113af4 42 00000002 4d45544120202020 000c4888";

inline constexpr PlainTop kBoth{805'200, 3'573'300, 1, 100};

}  // namespace sluice::test_itch
