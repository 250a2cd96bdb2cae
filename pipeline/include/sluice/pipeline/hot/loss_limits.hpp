// The account's loss limits: the daily loss, and the drawdown from two peaks, kept apart.
// Owned by the risk stage; constant time but at the change of a day (one pass over the window).
//
//   daily loss   from the equity at which the day began; until the next day begins
//   drawdown     from the highest equity of all
//   window       from the highest equity of the last `drawdown_window_days` UTC days, today included
//
// A drawdown limit is a share of its peak. Reached, it holds until the drawdown has recovered to
// `drawdown_recovery` percent of the limit, or an operator begins the measure anew.
//
// Peaks are taken at each look(): at every beat, before every judged order, after every report.
// Losses are caught at each tick: floor() is the equity at or below which some limit is reached that
// was not yet, so a tick costs the one compare that the daily loss needs anyway.
//
// Between sessions the measure goes on where the last one ended, whatever capital the next begins
// with: money paid in or taken out is neither gain nor loss. See restore().
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/protected.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// One peak and its limit.
struct Drawdown {
    Money peak;
    Money limit;  // from the peak; only when limited
    bool limited = false;
    bool breached = false;
    Money measured{};  // the peak that `limit` is a share of

    // In 1/100 % of the peak, for display.
    [[nodiscard]] double bps(Money equity) const noexcept {
        return peak.raw() > 0 ? (peak - equity).to_double() / peak.to_double() * 10'000.0 : 0.0;
    }
};

class LossLimits {
  public:
    // What a look has found out.
    struct Change {
        bool daily_loss = false;  // reached now
        bool drawdown = false;
        bool window = false;
        bool recovered = false;  // a drawdown limit holds no longer

        [[nodiscard]] bool breach() const noexcept { return daily_loss || drawdown || window; }
        [[nodiscard]] bool any() const noexcept { return breach() || recovered; }
    };

    LossLimits(const RiskSettings& limits, Money capital);  // takes the window's memory

    // Equity at or below which look() has something to say.
    [[nodiscard]] Money floor() const noexcept { return floor_; }
    [[nodiscard]] bool watches_drawdown() const noexcept {
        return drawdown_.limited || window_.limited;
    }
    // `peak`: the highest equity since the session began.
    Change look(Money equity, Money peak, StreamTime now) noexcept;

    void start_day(Money equity) noexcept {
        day_start_ = equity;
        daily_breached_ = false;
        set_floor();
    }
    // The operator begins both drawdowns anew, at `equity`.
    void restart_drawdown(Money equity, StreamTime now) noexcept;

    // As they were at the start; writing there ends the process.
    [[nodiscard]] const RiskSettings& limits() const noexcept { return limits_; }
    [[nodiscard]] Money capital() const noexcept { return page_.get().capital; }

    [[nodiscard]] bool holds_back() const noexcept {
        return daily_breached_ || drawdown_.breached || window_.breached;
    }
    [[nodiscard]] bool daily_breached() const noexcept { return daily_breached_; }
    [[nodiscard]] Money day_start() const noexcept { return day_start_; }
    [[nodiscard]] const Drawdown& drawdown() const noexcept { return drawdown_; }
    [[nodiscard]] const Drawdown& window() const noexcept { return window_; }

    // What an earlier session has left; kEquity comes first. Money in it is on a measure of its own,
    // which each session continues: restored(equity) = equity of this session + carried().
    void restore(RiskItem item, const RiskMark& mark, Money equity) noexcept;
    [[nodiscard]] Money carried() const noexcept { return carried_; }
    // The peak of today, and which day that is.
    [[nodiscard]] Money today_peak() const noexcept { return days_[slot_of(today_)].peak; }
    [[nodiscard]] std::int64_t today() const noexcept { return today_; }

  private:
    struct Day {
        std::int64_t number = INT64_MIN;  // UTC days since the epoch
        Money peak;
    };

    [[nodiscard]] std::size_t slot_of(std::int64_t day) const noexcept {
        return static_cast<std::size_t>(day) % days_.size();
    }
    void note_day(std::int64_t day, Money equity) noexcept;
    [[gnu::noinline]] void turn_day(std::int64_t day, Money equity) noexcept;
    [[nodiscard]] bool judge(Drawdown& drawdown, Money equity, Change& change) const noexcept;
    void set_floor() noexcept;
    void set_limits() noexcept;

    static constexpr core::Int128 kNoFloor = static_cast<core::Int128>(1) << 126 << 1;

    struct AccountLimits {
        RiskSettings risk;
        Money capital;
    };
    core::Protected<AccountLimits> page_;  // no code can change them any more
    const RiskSettings& limits_;

    Money floor_;
    Money day_start_;
    bool daily_breached_ = false;
    Money session_peak_;  // of the session, as of the last look
    Money carried_;
    Drawdown drawdown_;
    Drawdown window_;
    std::int64_t today_ = INT64_MIN;
    std::vector<Day> days_;  // a ring by day number
};

}  // namespace sluice::pipeline
