// T5 signals, market making: bars of midpoints in, quotes wanted out. Part of the signal stage; its
// thread only. Work is done per bar of the instruments that are quoted, none for any other.
//
// The quote is that of M. Avellaneda and S. Stoikov, High-frequency trading in a limit order book
// (Quantitative Finance 8(3), 2008), in its simplest form. They quote around the reservation price
// r = s - q * gamma * sigma^2 * (T - t), with q the inventory; here the factor of q is so many half
// spreads for an inventory of one quote's size, the same at all times. The half spread is a multiple
// of the recent volatility: the root of the exponentially weighted mean of the squared changes from
// bar to bar. The reservation price is worked out where the position is known, in quote_orders.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// The volatility of one instrument's bars, in raw price units a bar.
class BarVolatility {
  public:
    // `span` bars, at least 2.
    explicit BarVolatility(std::int64_t span) noexcept
        : weight_(2.0 / (static_cast<double>(span) + 1.0)), wanted_(span) {}

    // True once it has seen a span of changes.
    bool add(Price close) noexcept {
        if (!last_.is_zero()) {
            const auto change = static_cast<double>((close - last_).raw());
            variance_ += (seen_ == 0 ? 1.0 : weight_) * (change * change - variance_);
            seen_ += seen_ < wanted_ ? 1 : 0;
        }
        last_ = close;
        return seen_ == wanted_;
    }
    [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance_); }

  private:
    double weight_;
    std::int64_t wanted_;
    std::int64_t seen_ = 0;
    double variance_ = 0;
    Price last_{};
};

class QuoteSignals {
  public:
    // Quotes nothing where the settings name no symbol. Throws std::invalid_argument where they name
    // one that is not in the table, or bars that are not built.
    QuoteSignals(const Settings& settings, const InstrumentTable& instruments);

    // Whether the instrument is quoted, and so has no position that strategies want.
    [[nodiscard]] bool covers(SymbolId symbol) const noexcept {
        return !makers_.empty() && makers_[core::index_of(symbol)].quoted;
    }
    template <class Out>
    SLUICE_NEVER_INLINE void on_bar(const Event& event, bool stopped, Out out) noexcept {
        if (event.timeframe() != timeframe_) return;
        Maker& maker = makers_[core::index_of(event.symbol())];
        const Price mid = event.bar().close;
        if (!maker.volatility.add(mid) || stopped) return;
        out.emit(Event::quote_intent(event, wanted(maker, mid)));
    }

  private:
    struct Maker {
        BarVolatility volatility;
        PriceDelta tick;
        bool quoted = false;
    };
    [[nodiscard]] QuoteIntent wanted(const Maker& maker, Price mid) const noexcept {
        const auto tick = static_cast<double>(maker.tick.raw());
        const double ticks = spread_ * maker.volatility.deviation() / tick;
        std::int64_t half = least_ticks_;
        if (ticks > static_cast<double>(least_ticks_)) {
            half = static_cast<std::int64_t>(std::min(ticks, kMostTicks));
            if (static_cast<double>(half) < ticks) ++half;
        }
        const PriceDelta half_spread = PriceDelta::from_raw(half * maker.tick.raw());
        const double skew = skew_ * static_cast<double>(half_spread.raw());
        return {mid, half_spread, PriceDelta::from_raw(static_cast<std::int64_t>(skew)), size_};
    }
    // A quote so far away is none; its spread still fits.
    static constexpr double kMostTicks = 1e6;

    std::size_t timeframe_ = 0;
    double spread_ = 0;
    std::int64_t least_ticks_ = 1;
    double skew_ = 0;
    Quantity size_{};
    std::vector<Maker> makers_;  // by instrument; empty where nothing is quoted
};

}  // namespace sluice::pipeline
