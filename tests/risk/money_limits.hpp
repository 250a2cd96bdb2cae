// Each limit that judges money, set so that two books which are worth the same meet it alike: for tests that
// hold one way of counting beside another.
#pragma once

#include <ostream>

#include <sluice/pipeline/settings.hpp>

namespace sluice::tests::trade_path {

struct MoneyLimit {
    const char* name;
    void (*set)(pipeline::Settings&);
    friend void PrintTo(const MoneyLimit& limit, std::ostream* out) { *out << limit.name; }
};

inline void margin_of(pipeline::Settings& s, pipeline::MarginModel model) {
    s.risk.require_funds = true;
    s.risk.margin_model = model;
}

inline constexpr MoneyLimit kMoneyLimits[] = {
    {"order",
     [](pipeline::Settings& s) { s.risk.max_order_notional = core::Money::from_units(400'000); }},
    {"gross", [](pipeline::Settings& s) { margin_of(s, pipeline::MarginModel::kGross); }},
    {"cash", [](pipeline::Settings& s) { margin_of(s, pipeline::MarginModel::kCash); }},
    {"reg_t", [](pipeline::Settings& s) { margin_of(s, pipeline::MarginModel::kRegT); }},
    {"leveraged",
     [](pipeline::Settings& s) {
         margin_of(s, pipeline::MarginModel::kLeveraged);
         s.risk.initial_margin_bps = 3'000;
         s.risk.liquidation_distance_bps = 2'000;
     }},
    {"concentration", [](pipeline::Settings& s) { s.risk.max_concentration_bps = 4'000; }},
    {"gross_notional",
     [](pipeline::Settings& s) { s.risk.max_gross_notional = core::Money::from_units(500'000); }},
    {"net_notional",
     [](pipeline::Settings& s) { s.risk.max_net_notional = core::Money::from_units(250'000); }},
    {"daily_loss", [](pipeline::Settings& s) { s.risk.daily_loss = core::Money::from_units(5); }},
    {"drawdown", [](pipeline::Settings& s) { s.risk.max_drawdown_bps = 100; }},
};

}  // namespace sluice::tests::trade_path
