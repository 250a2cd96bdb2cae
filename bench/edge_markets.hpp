#pragma once
// Two kinds of made market for the question whether a strategy has an edge: one whose regimes are known,
// and one that nothing predicts.

#include <algorithm>
#include <cstdint>
#include <vector>

#include <sluice/adapters/generator/instrument_market.hpp>
#include <sluice/core/random.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::bench {

using namespace pipeline;  // NOLINT: the whole vocabulary
using core::StreamTime;

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kSession = 23'400 * kSecond;
inline constexpr std::uint64_t kTradesPerDay = 40'000;

[[nodiscard]] inline StreamTime at(std::int64_t ns) { return core::time_from_ns<StreamTime>(ns); }
// 09:30 in New York in winter; days without weekends, which nothing here depends on.
[[nodiscard]] inline std::int64_t open_of(std::int64_t day) {
    return ((19'724 + day) * 86'400 + 52'200) * kSecond;
}

struct Market {
    std::vector<Event> events;
    std::vector<TruthStretch> truth;  // none of a walk
};

inline void append(const TradeColumns& trades, const QuoteColumns& quotes,
                   std::vector<Event>& out) {
    std::size_t q = 0;
    const auto quote = [&] {
        out.push_back(
            Event::quote(at(quotes.time_ns[q]), SymbolId{0},
                         {Price::from_raw(quotes.bid_raw[q]), Price::from_raw(quotes.ask_raw[q]),
                          Quantity::from_raw(quotes.bid_size_raw[q]),
                          Quantity::from_raw(quotes.ask_size_raw[q]), 0}));
        ++q;
    };
    for (std::size_t t = 0; t < trades.size(); ++t) {
        while (q < quotes.size() && quotes.time_ns[q] <= trades.time_ns[t]) quote();
        out.push_back(Event::trade(at(trades.time_ns[t]), SymbolId{0},
                                   {Price::from_raw(trades.price_raw[t]),
                                    Quantity::from_raw(trades.quantity_raw[t]), 0, 0, 0}));
    }
    while (q < quotes.size()) quote();
}

[[nodiscard]] inline Market known_market(std::uint64_t seed, std::int64_t days) {
    adapters::generator::InstrumentMarket instrument(seed, 0, kTradesPerDay);
    Market out;
    for (std::int64_t day = 0; day < days; ++day) {
        const auto made = instrument.next_day(at(open_of(day)), at(open_of(day) + kSession));
        append(made.trades, made.quotes, out.events);
        out.truth.insert(out.truth.end(), made.truth.begin(), made.truth.end());
    }
    return out;
}

// A value that moves by a bell-shaped step at each event and remembers nothing; one tick of spread;
// trades at the bid or the ask by a fair coin, a third of the events.
[[nodiscard]] inline Market walk(std::uint64_t seed, std::int64_t days) {
    constexpr std::int64_t kSubtick = 65'536;
    constexpr std::int64_t kTickRaw = 10'000'000;
    core::Random random(seed, 77, 0);
    std::int64_t value = (2'000 + random.below(18'000)) * kSubtick;
    const std::int64_t gap = kSession / static_cast<std::int64_t>(3 * kTradesPerDay);
    Market out;
    for (std::int64_t day = 0; day < days; ++day) {
        const std::int64_t close = open_of(day) + kSession;
        Price bid;
        Price ask;
        for (std::int64_t now = open_of(day);;) {
            now += 1 + random.exponential(gap);
            if (now >= close) break;
            value = std::max(value + random.bell() * (value / kSubtick) * 45 / 100, 200 * kSubtick);
            const std::int64_t side = random.below(2);
            if (ask.raw() != 0 && random.percent(33)) {
                const Quantity size = Quantity::from_units(100 * (1 + random.below(4)));
                out.events.push_back(
                    Event::trade(at(now), SymbolId{0}, {side == 0 ? bid : ask, size, 0, 0, 0}));
                continue;
            }
            bid = Price::from_raw((value - kSubtick / 2) / kSubtick * kTickRaw);
            ask = Price::from_raw(bid.raw() + kTickRaw);
            const Quantity size = Quantity::from_units(100 * (5 + random.below(10)));
            out.events.push_back(Event::quote(at(now), SymbolId{0}, {bid, ask, size, size, 0}));
        }
    }
    return out;
}

}  // namespace sluice::bench
