#include <sluice/adapters/sim_venue/hot/fee_schedule.hpp>

namespace sluice::adapters::sim_venue {

using core::Money;

// Forgets the days that are too long ago by now, and those without an execution since.
void FeeSchedule::begin_day(std::int64_t day) noexcept {
    if (day == today_) return;
    const auto kept = static_cast<std::int64_t>(traded_.size());
    if (today_ == INT64_MIN || day - today_ >= kept) {
        std::fill(traded_.begin(), traded_.end(), Money{});
    } else {
        for (std::int64_t d = today_ + 1; d <= day; ++d) traded_[slot(d)] = Money{};
    }
    today_ = day;
    Money sum;
    for (const Money traded : traded_) sum += traded;  // today's is nothing yet
    tier_ = 0;
    while (tier_ < tiers_.size() && tiers_[tier_].from <= sum) ++tier_;
}

}  // namespace sluice::adapters::sim_venue
