// Cross-section: instruments compared with each other at the end of the same bar. Those that did best
// over a lookback are bought, as many that did worst are sold (or the other way round).
// N. Jegadeesh and S. Titman, "Returns to buying winners and selling losers", 1993.
//
// CrossSectionMember is the strategy of one instrument: it remembers closes and holds the strength that
// the ranking gave it. CrossSection gathers what the members of one end time have returned, ranks them
// once all are in, or once time has moved on, and gives each its strength.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <sluice/pipeline/hot/indicators/cross_section.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class CrossSectionMember {
  public:
    enum Parameter : std::size_t { kLookback, kNames, kMinZ, kFollow };
    static constexpr std::array<StrategyParameter, 4> kParameters{{
        {.name = "lookback",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 1,
         .max = kMaxAveragePeriod,
         .fallback = 20,
         .doc = "Bars over which the returns are compared."},
        {.name = "names",
         .type = ParameterType::kInteger,
         .unit = "instruments",
         .min = 1,
         .max = 512,
         .fallback = 1,
         .doc = "Instruments to be long, and as many to be short, at most."},
        {.name = "min_z",
         .unit = "standard deviations",
         .min = 0.0,
         .max = 10.0,
         .fallback = 0.5,
         .doc = "Distance from the mean of all that an instrument needs."},
        {.name = "follow",
         .type = ParameterType::kInteger,
         .unit = "1 or 0",
         .min = 0,
         .max = 1,
         .fallback = 1,
         .doc = "1: long those that rose most; 0: long those that fell most."},
    }};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kCrossSection,
        .name = "cross_section",
        .doc = "instruments ranked by z-score of their return, top against bottom",
        .manual =
            "When the bars of one end time of all instruments are in, or at the latest with the "
            "second beat of the clock or the first later bar after that, the returns over "
            "`lookback` "
            "bars of those that are in are turned into z-scores (population deviation). The "
            "`names` "
            "highest get strength 1 and as many lowest -1, as long as both ends are `min_z` away "
            "from "
            "the mean: always as many long as short, so with sizing.mode \"notional\" about the "
            "same "
            "money on both sides. `follow` = 0 turns the signs round. The others get 0. An "
            "instrument "
            "is ready once it has been compared with another one.",
        .parameters = kParameters};
    static constexpr std::size_t kCloses = kMaxAveragePeriod + 1;

    CrossSectionMember(std::span<std::int64_t> storage, const StrategyValues& values) noexcept
        : window_(storage) {
        configure(values);
    }
    void configure(const StrategyValues& values) noexcept {
        lookback_ = static_cast<std::size_t>(values[kLookback]);
    }

    bool on_bar(const Bar& bar) noexcept {
        window_.push(bar.close.raw());
        return ready_;
    }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] double strength() const noexcept { return strength_; }

    // Over the lookback; a NaN before there are as many bars.
    [[nodiscard]] double past_return() const noexcept {
        if (window_.count() <= lookback_) return std::numeric_limits<double>::quiet_NaN();
        const auto before = static_cast<double>(window_.at(lookback_));
        return before > 0 ? static_cast<double>(window_.at(0)) / before - 1
                          : std::numeric_limits<double>::quiet_NaN();
    }
    void rank(double strength) noexcept {
        strength_ = strength;
        ready_ = true;
    }

  private:
    CloseWindow window_;
    std::size_t lookback_ = 0;
    double strength_ = 0;
    bool ready_ = false;
};

class CrossSection {
  public:
    CrossSection(std::size_t instruments, const StrategyValues& values)
        : returns_(instruments, kNone), scores_(instruments), order_(instruments) {
        configure(values);
    }
    void configure(const StrategyValues& values) noexcept {
        names_ = static_cast<std::size_t>(values[CrossSectionMember::kNames]);
        min_z_ = values[CrossSectionMember::kMinZ];
        sign_ = values[CrossSectionMember::kFollow] != 0 ? 1.0 : -1.0;
    }

    [[nodiscard]] bool gathering() const noexcept { return gathered_ != 0; }
    // Whether a bar of this end is past those that are gathered, which then have to be ranked first.
    [[nodiscard]] bool is_past(StreamTime end) const noexcept { return gathering() && end > end_; }
    // A bar of `end` of one instrument. True when all are in. One that comes after its ranking
    // changes nothing.
    [[nodiscard]] bool gather(std::size_t instrument, StreamTime end, double past_return) noexcept {
        if (end < end_ || (end == end_ && !gathering())) return false;
        if (!gathering()) {
            end_ = end;
            beats_ = 0;
        }
        returns_[instrument] = past_return;
        return ++gathered_ == returns_.size();
    }
    // True when what is gathered has waited for a whole beat.
    [[nodiscard]] bool on_beat() noexcept { return gathering() && ++beats_ == 2; }

    // Calls give(instrument, strength) for each that was compared; ends the gathering.
    template <class Give>
    void rank(Give&& give) noexcept {
        const std::size_t known = indicators::cross_sectional_z_scores(returns_, scores_);
        if (known >= 2) {
            sort_known();
            const std::size_t side = chosen(known);
            for (std::size_t i = 0; i < known; ++i)
                give(order_[i], i < side ? sign_ : i >= known - side ? -sign_ : 0.0);
        }
        std::fill(returns_.begin(), returns_.end(), kNone);
        gathered_ = 0;
    }

  private:
    static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

    // The highest score first; of the same score the first instrument.
    void sort_known() noexcept {
        std::size_t count = 0;
        for (std::size_t i = 0; i < scores_.size(); ++i)
            if (!std::isnan(scores_[i])) order_[count++] = i;
        std::sort(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count),
                  [this](std::size_t a, std::size_t b) {
                      return scores_[a] != scores_[b] ? scores_[a] > scores_[b] : a < b;
                  });
    }
    // How many each side gets.
    [[nodiscard]] std::size_t chosen(std::size_t known) const noexcept {
        std::size_t side = std::min(names_, known / 2);
        while (side > 0 &&
               !(scores_[order_[side - 1]] >= min_z_ && scores_[order_[known - side]] <= -min_z_ &&
                 scores_[order_[side - 1]] > scores_[order_[known - side]]))
            --side;
        return side;
    }

    std::vector<double> returns_;
    std::vector<double> scores_;
    std::vector<std::size_t> order_;
    StreamTime end_ = StreamTime::min();  // of what is gathered, or was ranked last
    std::size_t gathered_ = 0;
    int beats_ = 0;
    std::size_t names_ = 1;
    double min_z_ = 0;
    double sign_ = 1;
};

static_assert(Strategy<CrossSectionMember>);

}  // namespace sluice::pipeline
