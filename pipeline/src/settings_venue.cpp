// Section of the configuration: the simulated venue.
#include "settings_sections.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kMostLatencies = 4'096;
constexpr std::size_t kMostHalts = 4'096;

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
        .duration("load_latency",
                  {.max = "1s",
                   .fallback = "0s",
                   .doc = "How much longer commands take for each load_ticks ticks of the last "
                          "load_window; 0s: not at all."},
                  &Settings::venue, &VenueSettings::load_latency)
        .integer("load_ticks",
                 {.unit = "ticks",
                  .min = 1,
                  .max = 1'000'000'000,
                  .fallback = 1'000,
                  .doc = "So many ticks cost load_latency once; what is left over costs nothing."},
                 &Settings::venue, &VenueSettings::load_ticks)
        .duration("load_window",
                  {.min = "1ms",
                   .max = "1h",
                   .fallback = "10ms",
                   .doc = "Ticks are counted by intervals of it; the last whole one counts."},
                  &Settings::venue, &VenueSettings::load_window)
        .duration(
            "load_most",
            {.max = "10s", .fallback = "10ms", .doc = "How much longer commands take at most."},
            &Settings::venue, &VenueSettings::load_most)
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
        .choice("market",
                {.options = {{"best", MarketModel::kBest, "prints and best quotes"},
                             {"book", MarketModel::kBook,
                              "prints and every displayed price level, by the store's levels"}},
                 .fallback = MarketModel::kBest,
                 .doc = "What orders fill against."},
                &Settings::venue, &VenueSettings::market)
        .integer("book_levels",
                 {.unit = "price levels",
                  .min = 1,
                  .max = 1'048'576,
                  .fallback = 16'384,
                  .doc = "With market book, of a side of an instrument at most."},
                 &Settings::venue, &VenueSettings::book_levels)
        .texts("halts",
               {.max_count = kMostHalts,
                .doc = "When single instruments do not trade: \"IBM 2013-10-07T15:00:00Z "
                       "2013-10-07T15:05:00Z\", or \"*\" for all of them."},
               &Settings::venue, &VenueSettings::halts)
        .integer("opening_conditions",
                 {.unit = "bits of a print's conditions",
                  .min = 0,
                  .max = UINT32_MAX,
                  .fallback = 0,
                  .doc = "Which prints are of an opening auction; 0: none. 0x40 in LEAN's data."},
                 &Settings::venue, &VenueSettings::opening_conditions)
        .integer("closing_conditions",
                 {.unit = "bits of a print's conditions",
                  .min = 0,
                  .max = UINT32_MAX,
                  .fallback = 0,
                  .doc = "Which prints are of a closing auction; 0: none. 0x80 in LEAN's data."},
                 &Settings::venue, &VenueSettings::closing_conditions)
        .texts("auction_exchanges",
               {.max_count = kMaxInstruments,
                .doc = "The exchange whose auctions an instrument's orders go to, by its letter "
                       "in the data, such as \"IBM=N\"; others: that of the first such print."},
               &Settings::venue, &VenueSettings::auction_exchanges)
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
                 {.unit = "currency of the prices",
                  .min = "0",
                  .max = "1000000",
                  .fallback = "0.005",
                  .doc = "Cost per unit with commission per_unit."},
                 &Settings::venue, &VenueSettings::commission_per_unit)
        .decimal("commission_minimum",
                 {.unit = "currency of the prices",
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
                 {.unit = "currency of the prices",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "With maker_taker, on top of that per unit; a rebate is negative."},
                 &Settings::venue, &VenueSettings::maker_per_unit)
        .decimal("commission_taker_per_unit",
                 {.unit = "currency of the prices",
                  .min = "-1000000",
                  .max = "1000000",
                  .fallback = "0",
                  .doc = "With maker_taker, on top of that per unit; a rebate is negative."},
                 &Settings::venue, &VenueSettings::taker_per_unit)
        .choice("commission_tier_measure",
                {.options = {{"notional", TierMeasure::kNotional, "price times quantity"},
                             {"units", TierMeasure::kUnits, "quantity"}},
                 .fallback = TierMeasure::kNotional,
                 .doc = "What [[commission_tier]] counts."},
                &Settings::venue, &VenueSettings::tier_measure)
        .integer("commission_tier_days",
                 {.unit = "days",
                  .min = 1,
                  .max = 366,
                  .fallback = 30,
                  .doc = "Over how many days before the current one (UTC) it is counted."},
                 &Settings::venue, &VenueSettings::tier_days);
    declare_commission_tiers(schema);
    declare_phase_rules(schema);
}

}  // namespace sluice::pipeline
