// Sections of the configuration: how a signal becomes an order.
#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_orders(SettingsSchema& schema) {
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
                             {"fok", TimeInForce::kFok, "all at once or nothing"},
                             {"opening", TimeInForce::kOpening,
                              "in the next opening auction, cancel the rest"},
                             {"closing", TimeInForce::kClosing, "in the next closing auction"}},
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
    schema.rule({"risk.daily_loss", "account.capital"},
                "{0} is larger than {1}: the limit could never be reached",
                [](const Settings& s) { return s.risk.daily_loss <= s.account.capital; });
}

}  // namespace sluice::pipeline
