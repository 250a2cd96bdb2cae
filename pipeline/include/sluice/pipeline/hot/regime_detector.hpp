// What a market is doing, from its bars: ranging, trending or volatile. One detector an instrument.
// Runs on the thread of its owner; all memory is taken at construction; constant time per bar.
//
// Two dimensions (of Wilder's and Bollinger's indicators; see hot/indicators/):
//
//   volatility   ATR over its own longer average, the baseline
//   trend        ADX, and the distance between the Bollinger bands, counted in ATRs: a drift drives
//                the bands apart and leaves the bars as long as they were; a range pulls both in
//
// Volatile comes first: while bars are that long, no trend is told apart from luck. Each threshold is
// two, one to enter a regime and a lower one to leave it, and a regime stays for `dwell` bars at
// least, so that none flickers. A trend begins when ADX and bands both say so and ends when either
// denies it.
//
// Before warm_up() bars the regime is `fallback`. The baseline grows with the bars until it is
// `baseline` of them long, and is an exponential average of that weight from then on. A jump within the
// series (over night, a split) is one long bar: its weight is that of one bar in each indicator.
//
// A bar that cannot be (a price that is not positive, a high below the low, a close outside) is left
// out and counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/regime.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class RegimeDetector {
  public:
    // Of settings that the schema accepts.
    explicit RegimeDetector(const RegimeSettings& settings)
        : settings_(settings), adx_(static_cast<std::size_t>(settings.adx_period)),
          atr_(static_cast<std::size_t>(settings.atr_period)),
          bands_(static_cast<std::size_t>(settings.band_period), settings.band_width),
          warm_up_(warm_up_of(settings)), regime_(settings.fallback) {}

    // True when the regime has changed.
    [[gnu::hot]] bool on_bar(const Bar& bar) noexcept {
        if (!is_sound(bar)) [[unlikely]] {
            ++left_out_;
            return false;
        }
        const indicators::Candle candle = indicators::candle_of(bar);
        adx_.update(candle);
        atr_.update(candle);
        bands_.update(candle.close);
        if (atr_.ready()) extend_baseline(atr_.value());
        if (bars_ < warm_up_) ++bars_;
        if (bars_ < warm_up_) return false;
        if (since_change_ < settings_.dwell) ++since_change_;

        const Regime now = judge();
        if (now == regime_) return false;
        // The first judgement need not wait: nothing was said before it.
        if (judged_ && since_change_ < settings_.dwell) return false;
        judged_ = true;
        regime_ = now;
        since_change_ = 0;
        return true;
    }

    [[nodiscard]] Regime regime() const noexcept { return regime_; }
    // Bars until the first regime, the one that names it included.
    [[nodiscard]] std::size_t warm_up() const noexcept { return warm_up_; }
    [[nodiscard]] bool ready() const noexcept { return bars_ >= warm_up_; }
    [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

    // What the regime is judged by, once ready. ATR over its baseline, 0 where nothing ever moved:
    [[nodiscard]] double volatility() const noexcept {
        return baseline_ > 0 ? atr_.value() / baseline_ : 0.0;
    }
    // 0 to 100:
    [[nodiscard]] double adx() const noexcept { return adx_.value(); }
    // From the lower band to the upper, in ATRs; 0 where nothing moves.
    [[nodiscard]] double spread() const noexcept {
        return atr_.value() > 0 ? (bands_.upper() - bands_.lower()) / atr_.value() : 0.0;
    }

    // ADX, bands and ATR have to be there, and a quarter of the baseline.
    [[nodiscard]] static std::size_t warm_up_of(const RegimeSettings& settings) noexcept {
        const std::int64_t baseline = settings.atr_period - 1 + (settings.baseline + 3) / 4;
        return static_cast<std::size_t>(
            std::max({2 * settings.adx_period, settings.band_period, baseline}));
    }

  private:
    [[nodiscard]] static bool is_sound(const Bar& bar) noexcept {
        return bar.low.raw() > 0 && bar.low <= bar.high && bar.low <= bar.close &&
               bar.close <= bar.high;
    }
    void extend_baseline(double range) noexcept {
        if (ranges_ < settings_.baseline) ++ranges_;
        baseline_ += (range - baseline_) / static_cast<double>(ranges_);
    }
    [[nodiscard]] Regime judge() const noexcept {
        const bool was_volatile = regime_ == Regime::kVolatile;
        if (volatility() >= (was_volatile ? settings_.volatile_leave : settings_.volatile_enter))
            return Regime::kVolatile;
        const bool was_trending = regime_ == Regime::kTrending;
        const bool trends =
            adx() >= (was_trending ? settings_.adx_leave : settings_.adx_enter) &&
            spread() >= (was_trending ? settings_.spread_leave : settings_.spread_enter);
        return trends ? Regime::kTrending : Regime::kRanging;
    }

    RegimeSettings settings_;
    indicators::Adx adx_;
    indicators::Atr atr_;
    indicators::BollingerBands bands_;
    std::size_t warm_up_;
    std::size_t bars_ = 0;  // up to warm_up_
    std::int64_t ranges_ = 0;
    double baseline_ = 0;
    std::int64_t since_change_ = 0;  // bars, up to the dwell
    std::uint64_t left_out_ = 0;
    Regime regime_;
    bool judged_ = false;
};

}  // namespace sluice::pipeline
