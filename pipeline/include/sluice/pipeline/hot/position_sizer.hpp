// How large a wanted position is, where the account decides it: [sizing] modes equity, risk, volatility and
// kelly. Owned by the risk stage; all memory at construction; constant time per bar, fill and decision.
//
//   equity      a share of the equity
//   risk        what loses `risk_percent` of the equity at a stop so far away: `stop_atr` average true
//               ranges (Wilder 1978), or a fixed share of the price. "Fixed fractional" (Vince 1990)
//   volatility  what moves the equity by `target_volatility` a year: the target over the instrument's own
//               volatility (Moskowitz, Ooi and Pedersen 2012)
//   kelly       as risk, with the share that a part of Kelly's criterion asks for after the last trades:
//               part * (W - (1 - W) / R), W the share of winners and R the average gain over the average
//               loss; less when ranges are longer than usual, and less the further equity is below its
//               peak; always within `risk_min` and `risk_max`
//
// No size of these is worth more than `equity_percent` of the equity, commission included. In each mode
// sizes are whole lots, and none when worth less than `min_notional`, which is in the instrument's currency.
//
// Ranges and volatility are those of the bars of `timeframe`; until there are `period` of them of an
// instrument, nothing can be sized in it and its positions stay zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/commission.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class PositionSizer {
  public:
    // Throws std::invalid_argument when its mode needs bars that bars.timeframes does not list.
    PositionSizer(const Settings& settings, const InstrumentTable& instruments);

    [[nodiscard]] bool follows_bars() const noexcept { return follows_bars_; }
    // A bar of any kind. True when it is the one from which on its instrument can be sized.
    bool on_bar(const Event& event) noexcept;

    // A fill has made `position` of what was `before`. A trade is what lies between two times without a
    // position, or on one side of the market.
    void on_fill(SymbolId symbol, Quantity before, const Portfolio& portfolio) noexcept;

    // The position to hold, signed as `wanted`. `wanted` itself in modes that the strategy's side decides, and
    // before the instrument has a price.
    [[nodiscard]] Quantity size(SymbolId symbol, Quantity wanted,
                                const Portfolio& portfolio) const noexcept {
        return sizes_ ? size_slow(symbol, wanted, portfolio) : wanted;
    }

    // The share of the equity that mode kelly would put at risk in the instrument now.
    [[nodiscard]] double kelly_share(SymbolId symbol, const Portfolio& portfolio) const noexcept;

  private:
    struct Movement {
        indicators::Atr range;
        double close = 0;
        double variance = 0;  // of returns from bar to bar, about zero
        double usual = 0;     // average of range over price, over eight periods
        std::int64_t bars = 0;

        explicit Movement(std::size_t period) : range(period) {}
    };

    [[nodiscard]] Quantity size_slow(SymbolId symbol, Quantity wanted,
                                     const Portfolio& portfolio) const noexcept;
    void follow(Movement& m, const Bar& bar) const noexcept;
    [[nodiscard]] bool can_size(const Movement& m) const noexcept {
        return m.bars > settings_.period;
    }
    // Away from the price, in its units.
    [[nodiscard]] double stop_distance(SymbolId symbol, double price) const noexcept;
    // Before lots.
    [[nodiscard]] double units(SymbolId symbol, double price,
                               const Portfolio& portfolio) const noexcept;
    [[nodiscard]] Quantity lots_of(double units, std::int64_t lot) const noexcept;
    [[nodiscard]] Quantity affordable(SymbolId symbol, Price price,
                                      const Portfolio& portfolio) const noexcept;
    [[nodiscard]] bool waits(SymbolId symbol) const noexcept {
        return follows_bars_ && !can_size(movements_[core::index_of(symbol)]);
    }

    SizingSettings settings_;
    Commission commission_;
    bool by_account_;  // else the strategy's side decides
    bool follows_bars_ = false;
    bool sizes_ =
        false;  // what is wanted may have another size: by the account, or worth too little
    std::size_t timeframe_ = 0;
    std::vector<std::int64_t> lots_;
    std::vector<Movement> movements_;  // by instrument; empty when no bars are followed
    std::vector<Money> booked_;        // by instrument: its net profit when its last trade ended
    // A ring of the last ones' net profits, in the account's currency at the rates of their ends.
    std::vector<Money> trades_;
    std::size_t trade_count_ = 0;  // all of them
};

}  // namespace sluice::pipeline
