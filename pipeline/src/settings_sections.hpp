// The sections of the configuration, each declared in one function.
#pragma once

#include <sluice/pipeline/settings_schema.hpp>

namespace sluice::pipeline {

// settings_market.cpp
void declare_account(SettingsSchema& schema);
void declare_clock(SettingsSchema& schema);
void declare_data(SettingsSchema& schema);
void declare_bars(SettingsSchema& schema);
// settings_signals.cpp
void declare_signals(SettingsSchema& schema);
void declare_quality(SettingsSchema& schema);
// settings_plugins.cpp
void declare_plugins(SettingsSchema& schema);
// settings_sizing.cpp
void declare_sizing(SettingsSchema& schema);
void declare_sizing_rules(SettingsSchema& schema);  // once bars and risk are declared
// settings_trading.cpp
void declare_orders(SettingsSchema& schema);
void declare_risk(SettingsSchema& schema);
void declare_book_limits(SettingsSchema& schema);  // the rest of [risk]
// settings_bracket.cpp
void declare_bracket(SettingsSchema& schema);
// settings_backtest.cpp
void declare_backtest(SettingsSchema& schema);
// settings_regime.cpp
void declare_regime(SettingsSchema& schema);
// settings_quoting.cpp
void declare_market_making(core::config::Tables<StrategySettings>& strategies);
void declare_quoting_rules(SettingsSchema& schema);  // once strategies and risk are declared
// settings_session.cpp
void declare_venue(SettingsSchema& schema);
void declare_commission_tiers(SettingsSchema& schema);
void declare_phase_rules(SettingsSchema& schema);
void declare_live(SettingsSchema& schema);
void declare_journal(SettingsSchema& schema);
void declare_engine(SettingsSchema& schema);

}  // namespace sluice::pipeline
