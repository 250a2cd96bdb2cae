// What executions cost where rates depend on what the account has traded: the tier of a day is that of all
// that was traded in the days before it (UTC), and holds for the whole day. Sums are exact. Without tiers,
// the commission and nothing else.
// Sequencer's thread only; constant time, but for the first execution of a day.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/commission.hpp>

namespace sluice::adapters::sim_venue {

class FeeSchedule {
  public:
    explicit FeeSchedule(const pipeline::VenueSettings& settings);

    // Of an execution at that time, which is no earlier than that of the one before.
    [[nodiscard]] core::Money charge(core::StreamTime time, core::Price price,
                                     core::Quantity quantity, pipeline::Liquidity liquidity,
                                     const pipeline::ContractSize& size = {}) noexcept {
        if (tiers_.empty()) return base_.charge(price, quantity, liquidity, size);
        begin_day(day_of(time));
        traded_[slot(today_)] += worth(price, quantity, size);
        return (tier_ == 0 ? base_ : tiers_[tier_ - 1].commission)
            .charge(price, quantity, liquidity, size);
    }
    // Of today: 0 is below the first one.
    [[nodiscard]] std::size_t tier() const noexcept { return tier_; }

  private:
    struct Tier {
        core::Money from;  // traded; units count as money
        pipeline::Commission commission;
    };

    [[nodiscard]] static std::int64_t day_of(core::StreamTime time) noexcept {
        constexpr std::int64_t kDay = 86'400'000'000'000;
        const std::int64_t ns = core::ns_since_epoch(time);
        return ns / kDay - (ns % kDay < 0 ? 1 : 0);
    }
    [[nodiscard]] std::size_t slot(std::int64_t day) const noexcept {
        const auto days = static_cast<std::int64_t>(traded_.size());
        return static_cast<std::size_t>((day % days + days) % days);
    }
    [[nodiscard]] core::Money worth(core::Price price, core::Quantity quantity,
                                    const pipeline::ContractSize& size) const noexcept {
        if (by_units_)
            return core::Money::from_raw(core::Int128{quantity.raw()} *
                                         (core::Money::kScale / core::Quantity::kScale));
        return price * size.underlying(quantity);
    }
    void begin_day(std::int64_t day) noexcept;

    pipeline::Commission base_;
    std::vector<Tier> tiers_;  // by what they begin at
    bool by_units_;
    std::vector<core::Money> traded_;  // today and the days before it, by their numbers
    std::int64_t today_ = INT64_MIN;
    std::size_t tier_ = 0;
};

}  // namespace sluice::adapters::sim_venue
