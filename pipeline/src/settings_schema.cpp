#include <sluice/pipeline/settings_schema.hpp>

#include <algorithm>

namespace sluice::pipeline {

const char* to_string(StrategyKind kind) noexcept {
    return kind == StrategyKind::kTrendFollowing ? "trend_following" : "mean_reversion";
}

namespace {

void declare_account(SettingsSchema& schema) {
    schema.section("account", "The money the session starts with.")
        .decimal("capital",
                 {.unit = "account currency",
                  .min = "1",
                  .max = "1000000000000",
                  .fallback = "100000",
                  .doc = "Cash at the start."},
                 &Settings::account, &AccountSettings::capital)
        .text("currency",
              {.min_bytes = 3,
               .max_bytes = 5,
               .fallback = "USD",
               .doc = "Account currency; every instrument of a run must be priced in it."},
              &Settings::account, &AccountSettings::currency);
}

void declare_clock(SettingsSchema& schema) {
    schema.section("clock", "Timers in the stream: beats, the trading day and the session.")
        .duration("beat",
                  {.min = "1ms",
                   .max = "1h",
                   .fallback = "1s",
                   .doc = "Period of the clock event that closes bars and drives timeouts."},
                  &Settings::clock, &ClockSettings::beat)
        .text(
            "day_zone",
            {.min_bytes = 1, .fallback = "America/New_York", .doc = "IANA time zone of day_start."},
            &Settings::clock, &ClockSettings::day_zone)
        .time_of_day("day_start",
                     {.fallback = "00:00", .doc = "Time of day at which daily limits reset."},
                     &Settings::clock, &ClockSettings::day_start)
        .boolean("session_enabled",
                 {.fallback = false,
                  .doc = "Use ticks and send orders on weekdays inside the session only."},
                 &Settings::clock, &ClockSettings::session_enabled)
        .text("session_zone",
              {.min_bytes = 1,
               .fallback = "America/New_York",
               .doc = "IANA time zone of session_open and session_close."},
              &Settings::clock, &ClockSettings::session_zone)
        .time_of_day("session_open", {.fallback = "09:30", .doc = "Start of the session."},
                     &Settings::clock, &ClockSettings::session_open)
        .time_of_day("session_close",
                     {.fallback = "16:00", .doc = "End of the session; DAY orders expire."},
                     &Settings::clock, &ClockSettings::session_close)
        .text("session_calendar",
              {.fallback = "",
               .doc = "Calendar of the store that gives the sessions, holidays and half days "
                      "instead; auto: by instrument; empty: session_open to session_close."},
              &Settings::clock, &ClockSettings::session_calendar)
        .boolean("session_extended",
                 {.fallback = false,
                  .doc = "With a calendar: pre-market and post-market are session too."},
                 &Settings::clock, &ClockSettings::session_extended)
        .rule({"session_open", "session_close"},
              "{0} is not before {1}: the session must open before it closes on the same day",
              [](const Settings& s) { return s.clock.session_open < s.clock.session_close; });
}

void declare_data(SettingsSchema& schema) {
    schema.section("data", "What a replay reads from the store.")
        .choice("adjust",
                {.options = {{"none", AdjustmentMode::kNone, "prices as they were traded"},
                             {"splits", AdjustmentMode::kSplits, "in the shares of today"},
                             {"all", AdjustmentMode::kAll, "and with dividends taken out"}},
                 .fallback = AdjustmentMode::kNone,
                 .doc = "Adjustment of prices and sizes by the store's corporate actions."},
                &Settings::data, &DataSettings::adjust)
        .boolean("bars",
                 {.fallback = false,
                  .doc = "Replay the bars of bar_period as the ticks they speak of, whatever ticks "
                         "there are. Without: ticks, and the shortest bars where there are none."},
                 &Settings::data, &DataSettings::bars)
        .duration("bar_period", {.min = "1s", .max = "1d", .fallback = "1m", .doc = "Which bars."},
                  &Settings::data, &DataSettings::bar_period);
}

void declare_bars(SettingsSchema& schema) {
    schema.section("bars", "Ticks to time bars.")
        .durations("timeframes",
                   {.min = "1ms",
                    .max = "1d",
                    .min_count = 1,
                    .max_count = kMaxTimeframes,
                    .fallback = {"1m"},
                    .doc = "Lengths of the bars that are built side by side, aligned to UTC."},
                   &Settings::bars, &BarSettings::timeframes)
        .choice("price",
                {.options = {{"trade", BarPrice::kTrade, "prices of trades"},
                             {"mid", BarPrice::kMid, "midpoint of the best bid and ask"}},
                 .fallback = BarPrice::kTrade,
                 .doc = "What bars and the mark of a position are made of."},
                &Settings::bars, &BarSettings::price)
        .boolean("use_suspicious",
                 {.fallback = false, .doc = "Use ticks that the data's vendor has flagged."},
                 &Settings::bars, &BarSettings::use_suspicious)
        .rule({"timeframes"}, "{0} lists the same length twice", [](const Settings& s) {
            auto sorted = s.bars.timeframes;
            std::sort(sorted.begin(), sorted.end());
            return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
        });
}

void declare_signals(SettingsSchema& schema) {
    schema.section("signals", "How the stances of the strategies become a wanted position.")
        .real("threshold",
              {.min = 0.01,
               .max = 1.0,
               .fallback = 0.5,
               .doc = "Weighted mean stance, in [-1, 1], from which on a position is wanted."},
              &Settings::signals, &SignalSettings::threshold)
        .boolean("allow_short",
                 {.fallback = true, .doc = "Want short positions, or be flat instead."},
                 &Settings::signals, &SignalSettings::allow_short);

    auto strategies = schema.tables("strategy", "A strategy; each runs on every instrument.",
                                    {.min_count = 1, .max_count = kMaxStrategies},
                                    &Settings::signals, &SignalSettings::strategies);
    strategies.kind("kind",
                    {.options = {{"trend_following", StrategyKind::kTrendFollowing,
                                  "crossing of two simple moving averages"},
                                 {"mean_reversion", StrategyKind::kMeanReversion,
                                  "reversal at Bollinger bands"}},
                     .doc = "What the strategy does."},
                    &StrategySettings::kind);
    strategies
        .text("name",
              {.min_bytes = 1,
               .max_bytes = 40,
               .fallback = "trend",
               .required = true,
               .doc = "Its name in reports."},
              &StrategySettings::name)
        .duration("timeframe",
                  {.min = "1ms",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "The bars it sees; one of bars.timeframes."},
                  &StrategySettings::timeframe)
        .real("weight",
              {.min = 0.0,
               .max = 1000.0,
               .fallback = 1.0,
               .doc = "Its share in the decision, relative to the other strategies'."},
              &StrategySettings::weight);
    strategies.unique("name");
    constexpr auto kLongest = static_cast<std::int64_t>(kMaxAveragePeriod);
    strategies.when("trend_following")
        .integer("fast",
                 {.unit = "bars",
                  .min = 1,
                  .max = kLongest,
                  .fallback = 10,
                  .doc = "Length of the fast average."},
                 &StrategySettings::fast)
        .integer("slow",
                 {.unit = "bars",
                  .min = 2,
                  .max = kLongest,
                  .fallback = 30,
                  .doc = "Length of the slow average."},
                 &StrategySettings::slow)
        .rule({"fast", "slow"}, "{0} must be shorter than {1}",
              [](const StrategySettings& s) { return s.fast < s.slow; });
    strategies.when("mean_reversion")
        .integer("period",
                 {.unit = "bars",
                  .min = 2,
                  .max = kLongest,
                  .fallback = 20,
                  .doc = "Bars in the mean and the deviation."},
                 &StrategySettings::period)
        .real("entry_deviations",
              {.unit = "standard deviations",
               .min = 0.1,
               .max = 10.0,
               .fallback = 2.0,
               .doc = "Distance from the mean at which it takes a stance against the move."},
              &StrategySettings::entry_deviations)
        .real("exit_deviations",
              {.unit = "standard deviations",
               .min = 0.0,
               .max = 10.0,
               .fallback = 0.5,
               .doc = "Distance from the mean within which it gives the stance up."},
              &StrategySettings::exit_deviations)
        .rule({"exit_deviations", "entry_deviations"}, "{0} must be smaller than {1}",
              [](const StrategySettings& s) { return s.exit_deviations < s.entry_deviations; });
    strategies.entry("kind = \"trend_following\"\nname = \"trend\"\n");
    strategies.entry("kind = \"mean_reversion\"\nname = \"reversion\"\n");

    schema.rule({"strategy", "bars.timeframes"}, [](const Settings& s) -> std::string {
        for (const StrategySettings& strategy : s.signals.strategies) {
            if (std::find(s.bars.timeframes.begin(), s.bars.timeframes.end(), strategy.timeframe) ==
                s.bars.timeframes.end())
                return "strategy '" + strategy.name +
                       "' has a timeframe that {1} does not list; add it there";
        }
        return {};
    });
}

void declare_orders(SettingsSchema& schema) {
    schema.section("sizing", "How large a wanted position is.")
        .choice("mode",
                {.options = {{"quantity", SizingMode::kQuantity, "a fixed quantity"},
                             {"notional", SizingMode::kNotional,
                              "whole lots worth a fixed amount of money"}},
                 .fallback = SizingMode::kQuantity,
                 .doc = "What fixes the size."},
                &Settings::sizing, &SizingSettings::mode)
        .decimal("quantity",
                 {.unit = "units",
                  .min = "0.00000001",
                  .max = "1000000000",
                  .fallback = "100",
                  .doc = "Size of a position with mode quantity."},
                 &Settings::sizing, &SizingSettings::quantity)
        .decimal("notional",
                 {.unit = "account currency",
                  .min = "0.01",
                  .max = "1000000000",
                  .fallback = "10000",
                  .doc = "Worth of a position with mode notional."},
                 &Settings::sizing, &SizingSettings::notional);

    schema.section("execution", "How a wanted position becomes orders.")
        .choice("order_type",
                {.options = {{"market", OrderType::kMarket, "at what the market shows"},
                             {"limit", OrderType::kLimit, "at a price or better"}},
                 .fallback = OrderType::kMarket,
                 .doc = "Type of the orders."},
                &Settings::execution, &ExecutionSettings::order_type)
        .choice("time_in_force",
                {.options = {{"gtc", TimeInForce::kGtc, "until cancelled"},
                             {"day", TimeInForce::kDay, "until the session closes"},
                             {"ioc", TimeInForce::kIoc, "what fills at once, cancel the rest"},
                             {"fok", TimeInForce::kFok, "all at once or nothing"}},
                 .fallback = TimeInForce::kGtc,
                 .doc = "How long an order lives."},
                &Settings::execution, &ExecutionSettings::time_in_force)
        .integer("limit_offset_ticks",
                 {.unit = "ticks",
                  .min = -1000,
                  .max = 1000,
                  .fallback = 0,
                  .doc = "Limit price relative to the mark; positive is towards the market."},
                 &Settings::execution, &ExecutionSettings::limit_offset_ticks)
        .duration("reprice_after",
                  {.max = "1d",
                   .fallback = "0s",
                   .doc = "Replace a limit order at the current price after so long; 0s: never."},
                  &Settings::execution, &ExecutionSettings::reprice_after)
        .duration("retry_after",
                  {.max = "1d",
                   .fallback = "0s",
                   .doc = "Order the rest again so long after the venue let it expire; 0s: never."},
                  &Settings::execution, &ExecutionSettings::retry_after)
        .integer("max_open_orders",
                 {.unit = "orders",
                  .min = 1,
                  .max = 65536,
                  .fallback = 256,
                  .doc = "Open orders at a time, rounded up to a power of two."},
                 &Settings::execution, &ExecutionSettings::max_open_orders);
}

void declare_risk(SettingsSchema& schema) {
    schema.section("risk", "Limits of the one gate that every order passes.")
        .decimal("max_position",
                 {.unit = "units",
                  .min = "0.00000001",
                  .max = "10000000000",
                  .fallback = "1000",
                  .doc = "Largest position per instrument, long or short, open orders included."},
                 &Settings::risk, &RiskSettings::max_position)
        .decimal("max_order_quantity",
                 {.unit = "units",
                  .min = "0.00000001",
                  .max = "10000000000",
                  .fallback = "1000",
                  .doc = "Largest single order."},
                 &Settings::risk, &RiskSettings::max_order_quantity)
        .decimal("max_order_notional",
                 {.unit = "account currency",
                  .min = "0.01",
                  .max = "1000000000000",
                  .fallback = "1000000",
                  .doc = "Largest single order in money."},
                 &Settings::risk, &RiskSettings::max_order_notional)
        .integer("max_price_distance_bps",
                 {.unit = "1/100 %",
                  .min = 1,
                  .max = 10000,
                  .fallback = 500,
                  .doc = "Largest distance of a limit price from the market."},
                 &Settings::risk, &RiskSettings::max_price_distance_bps)
        .integer("max_orders_per_second",
                 {.unit = "orders",
                  .min = 1,
                  .max = 100000,
                  .fallback = 100,
                  .doc = "New orders and replacements within any second."},
                 &Settings::risk, &RiskSettings::max_orders_per_second)
        .decimal("daily_loss",
                 {.unit = "account currency",
                  .min = "0.01",
                  .max = "1000000000000",
                  .fallback = "5000",
                  .doc = "Loss since the day's start from which on positions may only shrink."},
                 &Settings::risk, &RiskSettings::daily_loss)
        .choice("on_daily_loss",
                {.options = {{"halt", OnDailyLoss::kHalt, "keep positions, open no new ones"},
                             {"flatten", OnDailyLoss::kFlatten, "close all positions"}},
                 .fallback = OnDailyLoss::kHalt,
                 .doc = "What the daily loss limit does."},
                &Settings::risk, &RiskSettings::on_daily_loss)
        .boolean(
            "require_funds",
            {.fallback = true, .doc = "Refuse what would make gross exposure larger than equity."},
            &Settings::risk, &RiskSettings::require_funds);
    schema.rule({"risk.max_order_quantity", "risk.max_position"},
                "{0} is larger than twice {1}: no such order could ever pass; lower it",
                [](const Settings& s) {
                    return s.risk.max_order_quantity <= s.risk.max_position + s.risk.max_position;
                });
    schema.rule({"sizing.quantity", "risk.max_position"},
                "{0} is larger than {1}: the wanted position would always be refused",
                [](const Settings& s) {
                    return s.sizing.mode != SizingMode::kQuantity ||
                           s.sizing.quantity <= s.risk.max_position;
                });
    schema.rule({"sizing.quantity", "risk.max_order_quantity"},
                "{0} is larger than {1}: the order for it would always be refused",
                [](const Settings& s) {
                    return s.sizing.mode != SizingMode::kQuantity ||
                           s.sizing.quantity <= s.risk.max_order_quantity;
                });
    schema.rule({"risk.daily_loss", "account.capital"},
                "{0} is larger than {1}: the limit could never be reached",
                [](const Settings& s) { return s.risk.daily_loss <= s.account.capital; });
}

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
        .choice("queue",
                {.options = {{"back", QueueModel::kBack, "behind all that is displayed"},
                             {"front", QueueModel::kFront, "before it, the optimistic bound"}},
                 .fallback = QueueModel::kBack,
                 .doc = "Place of a new resting order among the displayed size at its price."},
                &Settings::venue, &VenueSettings::queue)
        .choice(
            "commission",
            {.options = {{"none", CommissionKind::kNone, "free"},
                         {"basis_points", CommissionKind::kBasisPoints, "a share of the notional"},
                         {"per_unit", CommissionKind::kPerUnit, "an amount per unit"}},
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
                 &Settings::venue, &VenueSettings::commission_minimum);
}

void declare_engine(SettingsSchema& schema) {
    schema.section("engine", "Threads, rings and the end of a run.")
        .text(
            "placement",
            {.fallback = "auto",
             .doc = "auto, fused, split, or stages to cut in front of: bars,signals,risk,orders."},
            &Settings::engine, &EngineSettings::placement)
        .text("idle",
              {.fallback = "auto",
               .doc = "What a thread without work does: auto, spin, spin_pause, yield, backoff."},
              &Settings::engine, &EngineSettings::idle)
        .text("cores",
              {.fallback = "auto",
               .doc = "Cores to pin to: auto, none, or one per thread such as \"2,3\"."},
              &Settings::engine, &EngineSettings::cores)
        .integer("ring_capacity",
                 {.unit = "events",
                  .min = 64,
                  .max = 1048576,
                  .fallback = 4096,
                  .doc = "Slots of each ring between two threads; a power of two."},
                 &Settings::engine, &EngineSettings::ring_capacity)
        .integer("latency_sample",
                 {.unit = "events",
                  .min = 1,
                  .max = 1048576,
                  .fallback = 64,
                  .doc = "Time one market event in so many through the stages."},
                 &Settings::engine, &EngineSettings::latency_sample)
        .choice("on_stop",
                {.options = {{"cancel", OnStop::kCancel, "cancel open orders, keep positions"},
                             {"leave", OnStop::kLeave, "leave open orders as they are"},
                             {"flatten", OnStop::kFlatten, "cancel open orders, close positions"}},
                 .fallback = OnStop::kCancel,
                 .doc = "What happens when a run ends or is stopped."},
                &Settings::engine, &EngineSettings::on_stop)
        .rule({"ring_capacity"}, "{0} must be a power of two", [](const Settings& s) {
            const std::int64_t n = s.engine.ring_capacity;
            return (n & (n - 1)) == 0;
        });
    schema.section("report", "What a run leaves behind.")
        .duration("equity_every",
                  {.min = "1s",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "Distance between two points of the equity curve."},
                  &Settings::report, &ReportSettings::equity_every)
        .text("folder",
              {.min_bytes = 1,
               .fallback = "runs",
               .doc = "Each run makes a folder of its own in here."},
              &Settings::report, &ReportSettings::folder);
}

}  // namespace

SettingsSchema make_settings_schema() {
    SettingsSchema schema{"Configuration of Sluice"};
    declare_account(schema);
    declare_clock(schema);
    declare_data(schema);
    declare_bars(schema);
    declare_signals(schema);
    declare_orders(schema);
    declare_risk(schema);
    declare_venue(schema);
    declare_engine(schema);
    return schema;
}

}  // namespace sluice::pipeline
