#include <sluice/pipeline/hot/loss_limits.hpp>

#include <algorithm>

namespace sluice::pipeline {

namespace {

constexpr std::int64_t kDayNs = 86'400'000'000'000;

std::int64_t day_of(StreamTime time) noexcept {
    const std::int64_t ns = core::ns_since_epoch(time);
    return ns / kDayNs - (ns % kDayNs < 0 ? 1 : 0);
}

Money share(Money whole, std::int64_t parts, std::int64_t of) noexcept {
    return Money::from_raw(core::mul_div(whole.raw(), parts, of, core::Rounding::kTowardZero));
}

}  // namespace

LossLimits::Change LossLimits::look(Money equity, Money peak, StreamTime now) noexcept {
    Change change;
    if (!daily_breached_ && equity <= day_start_ - limits_.daily_loss) {
        daily_breached_ = true;
        change.daily_loss = true;
    }
    if (watches_drawdown()) {
        // A peak between two looks counts as well.
        const Money highest = peak > session_peak_ ? peak : equity;
        session_peak_ = peak;
        drawdown_.peak = std::max(drawdown_.peak, highest);
        const std::int64_t day = day_of(now);
        if (day > today_) turn_day(day, equity);
        note_day(today_, highest);
        window_.peak = std::max(window_.peak, highest);
        set_limits();
        change.drawdown = judge(drawdown_, equity, change);
        change.window = judge(window_, equity, change);
    }
    set_floor();
    return change;
}

// True when the limit is reached now.
bool LossLimits::judge(Drawdown& drawdown, Money equity, Change& change) const noexcept {
    if (!drawdown.limited) return false;
    const Money fall = drawdown.peak - equity;
    if (!drawdown.breached) {
        drawdown.breached = fall >= drawdown.limit;
        return drawdown.breached;
    }
    if (fall <= share(drawdown.limit, limits_.drawdown_recovery_percent, 100)) {
        drawdown.breached = false;
        change.recovered = true;
    }
    return false;
}

// The day that left the window takes its peak with it.
void LossLimits::turn_day(std::int64_t day, Money equity) noexcept {
    today_ = day;
    note_day(day, equity);
    window_.peak = equity;
    const auto length = static_cast<std::int64_t>(days_.size());
    for (const Day& d : days_)
        if (d.number > day - length && d.number <= day)
            window_.peak = std::max(window_.peak, d.peak);
}

void LossLimits::note_day(std::int64_t day, Money equity) noexcept {
    Day& slot = days_[slot_of(day)];
    if (slot.number != day) slot = Day{day, equity};
    slot.peak = std::max(slot.peak, equity);
}

void LossLimits::restart_drawdown(Money equity, StreamTime now) noexcept {
    std::fill(days_.begin(), days_.end(), Day{});
    drawdown_.peak = equity;
    drawdown_.breached = false;
    window_.breached = false;
    if (watches_drawdown()) turn_day(std::max(today_, day_of(now)), equity);
    set_limits();
    set_floor();
}

void LossLimits::restore(RiskItem item, const RiskMark& mark, Money equity) noexcept {
    if (item == RiskItem::kEquity) {
        carried_ = mark.value.money() - equity;
        return;
    }
    const Money value = mark.value.money() - carried_;
    const bool breached = mark.breached != 0;
    switch (item) {
        case RiskItem::kDayStart:
            day_start_ = value;
            daily_breached_ = breached;
            break;
        case RiskItem::kPeak:
            drawdown_.peak = std::max(drawdown_.peak, value);
            drawdown_.breached = breached && drawdown_.limited;
            break;
        case RiskItem::kWindow: window_.breached = breached && window_.limited; break;
        case RiskItem::kDayPeak: note_day(mark.day, value); break;
        case RiskItem::kEquity: break;
    }
    set_limits();
    set_floor();
}

// Of peaks that have moved: a division each.
void LossLimits::set_limits() noexcept {
    const auto set = [](Drawdown& d, std::int64_t bps) {
        if (d.measured == d.peak) return;
        d.measured = d.peak;
        d.limit = share(d.peak, bps, 10'000);
    };
    set(drawdown_, limits_.max_drawdown_bps);
    set(window_, limits_.window_drawdown_bps);
}

void LossLimits::set_floor() noexcept {
    floor_ = Money::from_raw(kNoFloor);
    if (!daily_breached_) floor_ = day_start_ - limits_.daily_loss;
    for (const Drawdown* d : {&drawdown_, &window_})
        if (d->limited && !d->breached) floor_ = std::max(floor_, d->peak - d->limit);
}

}  // namespace sluice::pipeline
