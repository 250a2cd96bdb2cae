// Of the configuration's simulated venue: tiers of its commission, and what has to fit together.
#include "settings_sections.hpp"

#include <sluice/pipeline/trading_phases.hpp>

namespace sluice::pipeline {

namespace {

constexpr std::size_t kMostTiers = 64;

}  // namespace

void declare_commission_tiers(SettingsSchema& schema) {
    schema
        .tables("commission_tier",
                "What commission maker_taker asks for once that much was traded, in place of the "
                "rates of [venue]; each begins at more than the one before.",
                {.min_count = 0, .max_count = kMostTiers}, &Settings::venue, &VenueSettings::tiers)
        .decimal("from",
                 {.unit = "currency of the prices, or units",
                  .min = "0",
                  .max = "1000000000000",
                  .required = true,
                  .doc = "Traded in the last venue.commission_tier_days, this or more."},
                 &CommissionTier::from)
        .decimal("maker_bps",
                 {.unit = "1/100 % of the notional",
                  .min = "-1000",
                  .max = "1000",
                  .fallback = "0",
                  .scale = 10'000,
                  .doc = "As venue.commission_maker_bps."},
                 &CommissionTier::maker_bps_e4)
        .decimal("taker_bps",
                 {.unit = "1/100 % of the notional",
                  .min = "-1000",
                  .max = "1000",
                  .fallback = "0",
                  .scale = 10'000,
                  .doc = "As venue.commission_taker_bps."},
                 &CommissionTier::taker_bps_e4)
        .decimal("maker_per_unit",
                 {.unit = "currency of the prices",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "As venue.commission_maker_per_unit."},
                 &CommissionTier::maker_per_unit)
        .decimal("taker_per_unit",
                 {.unit = "currency of the prices",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "As venue.commission_taker_per_unit."},
                 &CommissionTier::taker_per_unit);
    schema.rule({"commission_tier", "venue.commission"}, [](const Settings& s) -> std::string {
        if (!s.venue.tiers.empty() && s.venue.commission != CommissionKind::kMakerTaker)
            return "tiers are of {1} maker_taker; set that, or leave them out";
        for (std::size_t i = 1; i < s.venue.tiers.size(); ++i)
            if (s.venue.tiers[i].from <= s.venue.tiers[i - 1].from)
                return "each [[commission_tier]] begins at more than the one before, and number " +
                       std::to_string(i + 1) + " does not; put them in order";
        return {};
    });
}

void declare_phase_rules(SettingsSchema& schema) {
    schema.rule({"venue.halts"}, [](const Settings& s) { return halts_fault(s.venue); });
    schema.rule({"venue.market", "venue.fill", "venue.halts", "data.bars"},
                [](const Settings& s) -> std::string {
                    if (s.venue.market != MarketModel::kBook) return {};
                    if (s.venue.fill != FillModel::kShown)
                        return "{0} book fills by what is displayed, {1} fills whole; leave it at "
                               "shown";
                    if (!s.venue.halts.empty())
                        return "{0} book knows no {2}; leave them out, or {0} at best";
                    return s.data.bars ? "{0} book is of ticks and levels, {3} of neither; leave "
                                         "one of them out"
                                       : "";
                });
    schema.rule({"venue.auction_exchanges"},
                [](const Settings& s) { return auctions_fault(s.venue); });
    schema.rule({"execution.time_in_force", "venue.opening_conditions", "venue.closing_conditions"},
                [](const Settings& s) -> std::string {
                    const bool closing = s.execution.time_in_force == TimeInForce::kClosing;
                    if (!is_for_auction(s.execution.time_in_force) ||
                        (closing ? s.venue.closing_conditions : s.venue.opening_conditions) != 0)
                        return {};
                    return std::string("with {0} orders fill in auctions, and ") +
                           (closing ? "{2}" : "{1}") +
                           " is 0: no print is one; say which of your data's are";
                });
}

}  // namespace sluice::pipeline
