#include <sluice/adapters/generator/instrument_market.hpp>

#include <algorithm>
#include <array>

#include <sluice/core/fixed.hpp>

namespace sluice::adapters::generator {
namespace {

using core::Random;
using core::StreamTime;
using pipeline::TrueRegime;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kSubtick = 65'536;
constexpr std::int64_t kTickRaw = 10'000'000;  // 0.01
constexpr std::int64_t kLowestValue = 200 * kSubtick;
constexpr std::int64_t kLot = 100;  // shares; sizes shown are multiples of it
constexpr std::int64_t kStretchMin = 600 * kSecond;
constexpr std::int64_t kStretchMax = 2'400 * kSecond;
constexpr std::int64_t kPull = 60 * kSecond;  // time constant of a range
// Of a hundred events that could be either, those that are trades; depletion turns some of them
// into quotes, and kEventsPerTradePercent is what is left over the regimes.
constexpr std::int64_t kTradePercent = 33;
constexpr std::int64_t kEventsPerTradePercent = 330;

struct Character {
    std::int64_t drift;  // 1e-6 of the price per second
    std::int64_t noise;  // of the value per event, in 1e-2 subticks per tick of price
    bool pulled;
    std::int64_t rate_percent;  // of the mean rate of events
    std::int64_t spread_min;    // ticks
    std::int64_t spread_extra;  // uniform on top
    std::int64_t lots_max;
    std::int64_t buy_percent;  // of the trades
};
constexpr std::array<Character, pipeline::kTrueRegimeCount> kCharacters{{
    {4, 45, false, 85, 1, 1, 10, 60},
    {-4, 45, false, 85, 1, 1, 10, 40},
    {0, 45, true, 65, 1, 0, 20, 50},
    {0, 180, false, 165, 2, 3, 4, 50},
}};

// The state of one day while it is made.
class Day {
  public:
    Day(Random& random, std::int64_t value, std::int64_t mean_gap, GeneratedDay& out)
        : random_(random), value_(value), mean_gap_(mean_gap), out_(out) {}

    void run(std::int64_t open, std::int64_t close);
    [[nodiscard]] std::int64_t value() const noexcept { return value_; }

  private:
    void run_stretch(const Character& c, std::int64_t end);
    void move(const Character& c, std::int64_t gap, std::int64_t anchor) noexcept;
    void quote(const Character& c);
    [[nodiscard]] bool trade(const Character& c);

    Random& random_;
    std::int64_t value_;
    std::int64_t mean_gap_;
    GeneratedDay& out_;
    std::int64_t now_ = 0;
    // What is shown, in ticks and shares; no quote has been shown while ask_ is 0.
    std::int64_t bid_ = 0;
    std::int64_t ask_ = 0;
    std::int64_t bid_left_ = 0;
    std::int64_t ask_left_ = 0;
};

void Day::move(const Character& c, std::int64_t gap, std::int64_t anchor) noexcept {
    const std::int64_t price_ticks = value_ / kSubtick;
    const core::Int128 drift =
        static_cast<core::Int128>(value_) * c.drift * gap / (core::Int128{kSecond} * 1'000'000);
    std::int64_t step = random_.bell() * price_ticks * c.noise / 100;
    step += static_cast<std::int64_t>(drift);
    if (c.pulled) {
        const core::Int128 away = value_ - anchor;
        step -= static_cast<std::int64_t>(away * std::min(gap, kPull / 4) / kPull);
    }
    value_ = std::max(value_ + step, kLowestValue);
}

void Day::quote(const Character& c) {
    const std::int64_t spread = c.spread_min + random_.below(c.spread_extra + 1);
    bid_ = (value_ - spread * (kSubtick / 2)) / kSubtick;
    ask_ = bid_ + spread;
    bid_left_ = kLot * (1 + random_.below(c.lots_max));
    ask_left_ = kLot * (1 + random_.below(c.lots_max));
    out_.quotes.append({now_, bid_ * kTickRaw, ask_ * kTickRaw, bid_left_ * core::Quantity::kScale,
                        ask_left_ * core::Quantity::kScale, 0, 0, 0});
}

// False when there is nothing left to trade against.
bool Day::trade(const Character& c) {
    const bool buys = random_.percent(c.buy_percent);
    std::int64_t& left = buys ? ask_left_ : bid_left_;
    if (left == 0) return false;
    // One in ten is an odd lot.
    const std::int64_t wanted =
        random_.percent(10) ? 1 + random_.below(kLot - 1) : kLot * (1 + random_.below(4));
    const std::int64_t shares = std::min(wanted, left);
    left -= shares;
    out_.trades.append(
        {now_, (buys ? ask_ : bid_) * kTickRaw, shares * core::Quantity::kScale, 0, 0, 0});
    return true;
}

void Day::run_stretch(const Character& c, std::int64_t end) {
    const std::int64_t anchor = value_;
    const std::int64_t mean = std::max<std::int64_t>(1, mean_gap_ * 100 / c.rate_percent);
    for (;;) {
        const std::int64_t gap = 1 + random_.exponential(mean);
        // A Poisson process has no memory: the wait starts afresh in the next stretch.
        if (gap >= end - now_) break;
        now_ += gap;
        move(c, gap, anchor);
        const bool may_trade = ask_ != 0 && random_.percent(kTradePercent);
        if (!may_trade || !trade(c)) quote(c);
    }
    now_ = end;
}

void Day::run(std::int64_t open, std::int64_t close) {
    now_ = open;
    std::size_t regime = static_cast<std::size_t>(random_.below(pipeline::kTrueRegimeCount));
    while (now_ < close) {
        const std::int64_t start = now_;
        const std::int64_t length = kStretchMin + random_.below(kStretchMax - kStretchMin);
        const std::int64_t end = std::min(close, start + length);
        out_.truth.push_back({core::time_from_ns<StreamTime>(start),
                              core::time_from_ns<StreamTime>(end),
                              static_cast<TrueRegime>(regime)});
        run_stretch(kCharacters[regime], end);
        // Any of the other three.
        const auto other = 1 + random_.below(pipeline::kTrueRegimeCount - 1);
        regime = (regime + static_cast<std::size_t>(other)) % pipeline::kTrueRegimeCount;
    }
}

}  // namespace

InstrumentMarket::InstrumentMarket(std::uint64_t seed, std::uint64_t index,
                                   std::uint64_t trades_per_day) noexcept
    : seed_(seed), index_(index), trades_per_day_(trades_per_day) {
    Random first(seed, index, 0);
    value_ = (2'000 + first.below(18'000)) * kSubtick;
}

GeneratedDay InstrumentMarket::next_day(StreamTime open, StreamTime close) {
    Random random(seed_, index_, ++day_);
    // Over night: a standard deviation of 0.2 % of the price.
    value_ = std::max(value_ + random.bell() * (value_ / 2'000), kLowestValue);
    const std::int64_t length = (close - open).count();
    const auto events = static_cast<std::int64_t>(trades_per_day_) * kEventsPerTradePercent / 100;
    GeneratedDay out;
    pipeline::reserve(out.trades, trades_per_day_ + trades_per_day_ / 4);
    pipeline::reserve(out.quotes, trades_per_day_ * 3);
    Day day(random, value_, std::max<std::int64_t>(1, length / std::max<std::int64_t>(1, events)),
            out);
    day.run(core::ns_since_epoch(open), core::ns_since_epoch(close));
    value_ = day.value();
    return out;
}

}  // namespace sluice::adapters::generator
