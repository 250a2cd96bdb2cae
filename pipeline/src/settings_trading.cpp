// Sections of the configuration: how a signal becomes an order.
#include "settings_sections.hpp"

#include <algorithm>

namespace sluice::pipeline {

const char* to_string(StrategyKind kind) noexcept {
    return kind == StrategyKind::kTrendFollowing ? "trend_following" : "mean_reversion";
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
        .integer("max_drawdown_bps",
                 {.unit = "1/100 %",
                  .min = 0,
                  .max = 10000,
                  .fallback = 0,
                  .doc = "Fall of equity from its highest value ever, over all sessions of the "
                         "state folder, from which on positions may only shrink; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_drawdown_bps)
        .integer("window_drawdown_bps",
                 {.unit = "1/100 %",
                  .min = 0,
                  .max = 10000,
                  .fallback = 0,
                  .doc = "The same from the highest value of the last drawdown_window_days; 0: no "
                         "limit."},
                 &Settings::risk, &RiskSettings::window_drawdown_bps)
        .integer("drawdown_window_days",
                 {.unit = "days",
                  .min = 1,
                  .max = 366,
                  .fallback = 30,
                  .doc = "UTC days in the window, today included."},
                 &Settings::risk, &RiskSettings::drawdown_window_days)
        .integer("drawdown_recovery_percent",
                 {.unit = "%",
                  .min = 0,
                  .max = 99,
                  .fallback = 80,
                  .doc = "A drawdown limit, once reached, holds until the drawdown is down to so "
                         "much of it."},
                 &Settings::risk, &RiskSettings::drawdown_recovery_percent)
        .choice("on_drawdown",
                {.options = {{"halt", OnDrawdown::kHalt, "keep positions, open no new ones"},
                             {"flatten", OnDrawdown::kFlatten, "close all positions"}},
                 .fallback = OnDrawdown::kHalt,
                 .doc = "What a drawdown limit does."},
                &Settings::risk, &RiskSettings::on_drawdown)
        .choice("on_kill",
                {.options = {{"cancel", OnKill::kCancel, "cancel open orders, keep positions"},
                             {"flatten", OnKill::kFlatten, "cancel open orders, close positions"}},
                 .fallback = OnKill::kCancel,
                 .doc = "What the emergency stop does."},
                &Settings::risk, &RiskSettings::on_kill)
        .boolean("require_funds",
                 {.fallback = true, .doc = "Refuse what margin_model does not cover."},
                 &Settings::risk, &RiskSettings::require_funds);
    declare_book_limits(schema);
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

}  // namespace sluice::pipeline
