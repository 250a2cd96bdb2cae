// Section [risk] of the configuration, second half: the whole book, and what leaves within a moment.
#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_book_limits(SettingsSchema& schema) {
    schema.section("book", "Limits over all positions together, and over messages.")
        .choice("margin_model",
                {.options = {{"gross", MarginModel::kGross, "all positions within equity"},
                             {"cash", MarginModel::kCash, "no short sales, buys within cash"},
                             {"reg_t", MarginModel::kRegT, "half of every position within equity"},
                             {"leveraged", MarginModel::kLeveraged, "initial_margin_bps of it"},
                             {"futures", MarginModel::kFutures, "contract_margin a unit"}},
                 .fallback = MarginModel::kGross,
                 .doc = "What has to cover positions and open orders, with risk.require_funds."},
                &Settings::risk, &RiskSettings::margin_model)
        .integer("initial_margin_bps",
                 {.unit = "1/100 %",
                  .min = 1,
                  .max = 10000,
                  .fallback = 5000,
                  .doc = "Share of a position that equity has to cover, model leveraged."},
                 &Settings::risk, &RiskSettings::initial_margin_bps)
        .integer("maintenance_margin_bps",
                 {.unit = "1/100 %",
                  .min = 0,
                  .max = 10000,
                  .fallback = 2500,
                  .doc = "Share below which a position is liquidated, model leveraged."},
                 &Settings::risk, &RiskSettings::maintenance_margin_bps)
        .integer("liquidation_distance_bps",
                 {.unit = "1/100 %",
                  .min = 0,
                  .max = 10000,
                  .fallback = 0,
                  .doc = "Least distance of the price from that of liquidation, model leveraged."},
                 &Settings::risk, &RiskSettings::liquidation_distance_bps)
        .decimal("contract_margin",
                 {.unit = "account currency",
                  .min = "0",
                  .max = "1000000000",
                  .fallback = "0",
                  .doc = "Margin of one unit, model futures."},
                 &Settings::risk, &RiskSettings::contract_margin)
        .integer("max_concentration_bps",
                 {.unit = "1/100 %",
                  .min = 0,
                  .max = 1000000,
                  .fallback = 0,
                  .doc = "Largest position of an instrument as a share of equity; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_concentration_bps)
        .decimal("max_gross_notional",
                 {.unit = "account currency",
                  .min = "0",
                  .max = "1000000000000",
                  .fallback = "0",
                  .doc = "Largest sum of all positions' sizes in money; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_gross_notional)
        .decimal("max_net_notional",
                 {.unit = "account currency",
                  .min = "0",
                  .max = "1000000000000",
                  .fallback = "0",
                  .doc = "Largest long less short positions in money, either way; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_net_notional)
        .duration(
            "duplicate_window",
            {.max = "1m",
             .fallback = "0s",
             .doc = "No second order of the same instrument, side, price and size within it."},
            &Settings::risk, &RiskSettings::duplicate_window)
        .integer("max_messages_per_second",
                 {.unit = "messages",
                  .min = 0,
                  .max = 100000,
                  .fallback = 0,
                  .doc = "Orders, replacements and cancels within any second, cancels never held "
                         "back; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_messages_per_second)
        .integer("max_instrument_messages_per_second",
                 {.unit = "messages",
                  .min = 0,
                  .max = 10000,
                  .fallback = 0,
                  .doc = "The same of one instrument; 0: no limit."},
                 &Settings::risk, &RiskSettings::max_instrument_messages_per_second)
        .boolean("prevent_self_trade",
                 {.fallback = true, .doc = "Refuse an order that would meet an own one."},
                 &Settings::risk, &RiskSettings::prevent_self_trade);
    schema.rule({"book.margin_model", "book.contract_margin"},
                "{0} is futures, which needs {1} above zero", [](const Settings& s) {
                    return s.risk.margin_model != MarginModel::kFutures ||
                           !s.risk.contract_margin.is_zero();
                });
}

}  // namespace sluice::pipeline
