// Start-up half of the fee schedule: takes all memory.
#include <sluice/adapters/sim_venue/hot/fee_schedule.hpp>

namespace sluice::adapters::sim_venue {

FeeSchedule::FeeSchedule(const pipeline::VenueSettings& settings)
    : base_(settings), by_units_(settings.tier_measure == pipeline::TierMeasure::kUnits),
      traded_(static_cast<std::size_t>(settings.tier_days) + 1) {
    for (const pipeline::CommissionTier& tier : settings.tiers) {
        pipeline::VenueSettings own = settings;
        own.maker_bps_e4 = tier.maker_bps_e4;
        own.taker_bps_e4 = tier.taker_bps_e4;
        own.maker_per_unit = tier.maker_per_unit;
        own.taker_per_unit = tier.taker_per_unit;
        tiers_.push_back({tier.from, pipeline::Commission{own}});
    }
}

}  // namespace sluice::adapters::sim_venue
