#include <sluice/proofs/alteration.hpp>

#include <algorithm>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::Price;
using pipeline::Quantity;

namespace {

constexpr std::int64_t kFactor = 1000;
constexpr std::int64_t kPriceMost = Price::from_units(1'000'000'000).raw();
constexpr std::int64_t kQuantityMost = std::int64_t{1} << 52;

// 0 stays 0: the side of a quote that is not part of it, the size of a tick of a bar.
[[nodiscard]] std::int64_t times(std::int64_t value, std::int64_t most) noexcept {
    return value > most / kFactor ? most : value * kFactor;
}
[[nodiscard]] std::int64_t over(std::int64_t value) noexcept {
    return value <= 0 ? value : std::max<std::int64_t>(1, value / kFactor);
}

[[nodiscard]] Price poisoned(Price price, bool high) noexcept {
    return Price::from_raw(high ? times(price.raw(), kPriceMost) : over(price.raw()));
}
[[nodiscard]] Quantity poisoned(Quantity quantity, bool high) noexcept {
    if (quantity.raw() <= 0) return quantity;
    return high ? Quantity::from_raw(times(quantity.raw(), kQuantityMost))
                : Quantity::from_units(1);
}

[[nodiscard]] Event poisoned(const Event& event, bool high) noexcept {
    if (event.kind() == EventKind::kTrade) {
        pipeline::Trade trade = event.trade();
        trade.price = poisoned(trade.price, high);
        trade.quantity = poisoned(trade.quantity, high);
        return Event::trade(event.time(), event.symbol(), trade, event.flags());
    }
    if (event.kind() == EventKind::kLevel) {
        pipeline::LevelUpdate level = event.level();
        level.price = poisoned(level.price, high);
        level.quantity = poisoned(level.quantity, high);
        return Event::level(event.time(), event.symbol(), level, event.flags());
    }
    pipeline::Quote quote = event.quote();
    quote.bid = poisoned(quote.bid, high);
    quote.ask = poisoned(quote.ask, high);
    quote.bid_size = poisoned(quote.bid_size, high);
    quote.ask_size = poisoned(quote.ask_size, high);
    return Event::quote(event.time(), event.symbol(), quote, event.flags());
}

[[nodiscard]] Event at_time(const Event& event, core::StreamTime time) noexcept {
    if (event.kind() == EventKind::kLevel)
        return Event::level(time, event.symbol(), event.level(), event.flags());
    return event.kind() == EventKind::kTrade
               ? Event::trade(time, event.symbol(), event.trade(), event.flags())
               : Event::quote(time, event.symbol(), event.quote(), event.flags());
}

}  // namespace

std::vector<Event> altered(std::span<const Event> ticks, Alteration alteration,
                           core::Random& random) {
    std::vector<Event> out;
    if (alteration == Alteration::kRemoved || alteration == Alteration::kReopened) return out;
    out.assign(ticks.begin(), ticks.end());
    switch (alteration) {
        case Alteration::kShuffled:
            for (std::size_t left = out.size(); left > 1; --left)
                std::swap(
                    out[left - 1],
                    out[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(left)))]);
            break;
        case Alteration::kReversed: std::reverse(out.begin(), out.end()); break;
        default:
            for (Event& event : out) event = poisoned(event, alteration == Alteration::kPoisonHigh);
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at_time(out[i], ticks[i].time());
    return out;
}

}  // namespace sluice::proofs
