#include <sluice/pipeline/hot/activity_bars.hpp>

namespace sluice::pipeline {
namespace {

// Of what is left of a bar by size, a run is to take so much: the guess may be wrong, and a run
// that is refused goes tick by tick.
constexpr std::int64_t kGuessTaken = 3;
constexpr std::int64_t kGuessOf = 4;

// How many ticks it took for `done`, and so takes for that share of what is left.
[[nodiscard]] std::size_t guess_ticks(std::int64_t ticks, core::Int128 done,
                                      core::Int128 size) noexcept {
    if (done <= 0) return SIZE_MAX;  // ticks of nothing
    const double left = static_cast<double>(size - done) / static_cast<double>(done);
    const double most = left * static_cast<double>(ticks * kGuessTaken) / kGuessOf;
    return most < static_cast<double>(kRunMost) ? static_cast<std::size_t>(most) : kRunMost;
}

[[nodiscard]] core::Int128 notional_of(const TickRun& run) noexcept {
    core::Int128 sum = 0;
    for (std::size_t row = 0; row < run.size; ++row)
        sum += core::widening_mul(run.price[row], run.quantity[row]);
    return sum;
}

}  // namespace

std::size_t ActivityBars::run_most(const ActivityBar& definition, const OpenBar& open) noexcept {
    if (open.ticks == 0) return 0;
    switch (definition.kind) {
        case ActivityKind::kTicks:
            return static_cast<std::size_t>(definition.ticks - open.ticks - 1);
        case ActivityKind::kUnits:
            return guess_ticks(open.ticks, open.bar.volume.raw(), definition.units.raw());
        case ActivityKind::kNotional: return guess_ticks(open.ticks, open.notional, open.full);
        case ActivityKind::kImbalance:
            return static_cast<std::size_t>(open.imbalance.room(open.ticks) - 1);
    }
    return 0;
}

// No bar ends within the run, and each has room for its volume. A run's volume and its money at its
// highest price fit: below 2^62 and 2^125.
bool ActivityBars::bears(const TickRun& run) const noexcept {
    const core::Int128 money_most = core::widening_mul(run.high.raw(), run.volume.raw());
    const OpenBar* const first = bars_of(run.symbol);
    for (std::size_t i = 0; i < definitions_.size(); ++i) {
        const OpenBar& open = first[i];
        const ActivityBar& definition = definitions_[i];
        if (INT64_MAX - open.bar.volume.raw() <= run.volume.raw()) return false;
        if (definition.kind == ActivityKind::kUnits &&
            open.bar.volume.raw() + run.volume.raw() >= definition.units.raw())
            return false;
        if (definition.kind == ActivityKind::kNotional && open.notional + money_most >= open.full)
            return false;
    }
    return true;
}

void ActivityBars::on_run(const TickRun& run) noexcept {
    OpenBar* const first = bars_of(run.symbol);
    for (std::size_t i = 0; i < definitions_.size(); ++i) {
        OpenBar& open = first[i];
        open.bar.high = std::max(open.bar.high, run.high);
        open.bar.low = std::min(open.bar.low, run.low);
        open.bar.close = run.last();
        open.bar.volume += run.volume;
        open.ticks += static_cast<std::int64_t>(run.size);
        open.last = std::max(open.last, run.last_time());
        const ActivityKind kind = definitions_[i].kind;
        if (kind == ActivityKind::kNotional) open.notional += notional_of(run);
        if (kind == ActivityKind::kImbalance) {
            for (std::size_t row = 0; row < run.size; ++row)
                open.imbalance.add(Price::from_raw(run.price[row]));
        }
    }
}

}  // namespace sluice::pipeline
