// Section of the configuration: the simulated venue.
#include "settings_sections.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kMostLatencies = 4'096;

}  // namespace

void declare_venue(SettingsSchema& schema) {
    schema.section("venue", "The simulated exchange of a paper session or replay.")
        .duration("order_latency",
                  {.max = "10s",
                   .fallback = "250us",
                   .doc = "From sending a command to its arrival at the venue."},
                  &Settings::venue, &VenueSettings::order_latency)
        .duration("response_latency",
                  {.max = "10s",
                   .fallback = "250us",
                   .doc = "From an execution to its report reaching the engine."},
                  &Settings::venue, &VenueSettings::response_latency)
        .duration("feed_latency",
                  {.max = "10s",
                   .fallback = "0s",
                   .doc = "From a tick's time at the venue to its reaching the engine."},
                  &Settings::venue, &VenueSettings::feed_latency)
        .durations("order_latencies",
                   {.max = "10s",
                    .max_count = kMostLatencies,
                    .fallback = {},
                    .doc = "Recorded latencies of commands, one of them drawn for each; empty: "
                           "order_latency."},
                   &Settings::venue, &VenueSettings::order_latencies)
        .durations("response_latencies",
                   {.max = "10s",
                    .max_count = kMostLatencies,
                    .fallback = {},
                    .doc = "The same of reports; empty: response_latency."},
                   &Settings::venue, &VenueSettings::response_latencies)
        .integer("latency_seed",
                 {.min = 0,
                  .max = INT64_MAX,
                  .fallback = 1,
                  .doc = "The same seed draws the same latencies."},
                 &Settings::venue, &VenueSettings::latency_seed)
        .duration("order_interval",
                  {.max = "1s",
                   .fallback = "0s",
                   .doc = "Between the arrivals of two commands at least, so that a burst waits."},
                  &Settings::venue, &VenueSettings::order_interval)
        .choice("queue",
                {.options = {{"back", QueueModel::kBack, "behind all that is displayed"},
                             {"front", QueueModel::kFront, "before it, the optimistic bound"},
                             {"proportional", QueueModel::kProportional,
                              "behind it; what is cancelled there leaves from before and behind "
                              "alike"}},
                 .fallback = QueueModel::kBack,
                 .doc = "Place of a new resting order among the displayed size at its price."},
                &Settings::venue, &VenueSettings::queue)
        .choice("fill",
                {.options = {{"shown", FillModel::kShown,
                              "against what the data show, no more than its size"},
                             {"last", FillModel::kLast,
                              "whole on arrival, at the last price: the other side's, without "
                              "quotes the last trade's"},
                             {"next", FillModel::kNext, "whole at the first price after arrival"}},
                 .fallback = FillModel::kShown,
                 .doc = "How market orders fill."},
                &Settings::venue, &VenueSettings::fill)
        .choice(
            "commission",
            {.options = {{"none", CommissionKind::kNone, "free"},
                         {"basis_points", CommissionKind::kBasisPoints, "a share of the notional"},
                         {"per_unit", CommissionKind::kPerUnit, "an amount per unit"},
                         {"maker_taker", CommissionKind::kMakerTaker,
                          "one rate where the order stood in the book, another where it took"}},
             .fallback = CommissionKind::kPerUnit,
             .doc = "What an execution costs."},
            &Settings::venue, &VenueSettings::commission)
        .decimal("commission_bps",
                 {.unit = "1/100 % of the notional",
                  .min = "0",
                  .max = "1000",
                  .fallback = "1",
                  .scale = 10'000,
                  .doc = "Cost with commission basis_points."},
                 &Settings::venue, &VenueSettings::commission_bps_e4)
        .decimal("commission_per_unit",
                 {.unit = "account currency",
                  .min = "0",
                  .max = "1000000",
                  .fallback = "0.005",
                  .doc = "Cost per unit with commission per_unit."},
                 &Settings::venue, &VenueSettings::commission_per_unit)
        .decimal("commission_minimum",
                 {.unit = "account currency",
                  .min = "0",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "Least cost of one execution, unless commission is none."},
                 &Settings::venue, &VenueSettings::commission_minimum)
        .decimal("commission_maximum",
                 {.unit = "% of the notional",
                  .min = "0",
                  .max = "100",
                  .fallback = "0",
                  .scale = 10'000,
                  .doc = "Greatest cost of one execution that costs more than the least; 0: none."},
                 &Settings::venue, &VenueSettings::commission_maximum_e4)
        .decimal("commission_maker_bps",
                 {.unit = "1/100 % of the notional",
                  .min = "-1000",
                  .max = "1000",
                  .fallback = "0",
                  .scale = 10'000,
                  .doc = "With maker_taker, of an order that stood in the book and filled at its "
                         "limit; a rebate is negative."},
                 &Settings::venue, &VenueSettings::maker_bps_e4)
        .decimal("commission_taker_bps",
                 {.unit = "1/100 % of the notional",
                  .min = "-1000",
                  .max = "1000",
                  .fallback = "0",
                  .scale = 10'000,
                  .doc = "With maker_taker, of any other; a rebate is negative."},
                 &Settings::venue, &VenueSettings::taker_bps_e4)
        .decimal("commission_maker_per_unit",
                 {.unit = "account currency",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "With maker_taker, on top of that per unit; a rebate is negative."},
                 &Settings::venue, &VenueSettings::maker_per_unit)
        .decimal("commission_taker_per_unit",
                 {.unit = "account currency",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "With maker_taker, on top of that per unit; a rebate is negative."},
                 &Settings::venue, &VenueSettings::taker_per_unit);
}

}  // namespace sluice::pipeline
