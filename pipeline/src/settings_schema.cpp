#include <sluice/pipeline/settings_schema.hpp>

#include "settings_sections.hpp"

namespace sluice::pipeline {

SettingsSchema make_settings_schema() {
    SettingsSchema schema{"Configuration of Sluice"};
    declare_account(schema);
    declare_clock(schema);
    declare_data(schema);
    declare_bars(schema);
    declare_regime(schema);
    declare_plugins(schema);
    declare_signals(schema);
    declare_quality(schema);
    declare_sizing(schema);
    declare_orders(schema);
    declare_bracket(schema);
    declare_risk(schema);
    declare_sizing_rules(schema);
    declare_quoting_rules(schema);
    declare_venue(schema);
    declare_live(schema);
    declare_journal(schema);
    declare_engine(schema);
    declare_backtest(schema);
    return schema;
}

}  // namespace sluice::pipeline
