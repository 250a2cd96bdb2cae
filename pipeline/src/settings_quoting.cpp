// Of the configuration's strategies: what market making has beside its parameters.
#include "settings_sections.hpp"

#include <map>
#include <string>

#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

void declare_market_making(core::config::Tables<StrategySettings>& strategies) {
    strategies.when(declaration_of(StrategyKind::kMarketMaking).name)
        .texts("symbols",
               {.max_count = kMaxInstruments,
                .doc = "The instruments that it quotes; empty: all. What other strategies say of "
                       "them is not traded on."},
               &StrategySettings::symbols);
}

void declare_quoting_rules(SettingsSchema& schema) {
    schema.rule({"strategy"}, [](const Settings& s) -> std::string {
        const StrategySettings* before = nullptr;
        std::map<std::string, std::string> by_symbol;
        for (const StrategySettings& strategy : s.signals.strategies) {
            if (strategy.kind != StrategyKind::kMarketMaking) continue;
            if (before != nullptr && (before->symbols.empty() || strategy.symbols.empty()))
                return "strategies '" + before->name + "' and '" + strategy.name +
                       "' would quote the same instruments; name different symbols in each";
            before = &strategy;
            for (const std::string& symbol : strategy.symbols) {
                const auto [at, is_new] = by_symbol.emplace(symbol, strategy.name);
                if (!is_new)
                    return "'" + symbol + "' is quoted by strategy '" + at->second +
                           "' already, and named in the symbols of '" + strategy.name + "' again";
            }
        }
        return {};
    });
    schema.rule({"strategy", "risk.max_order_quantity"}, [](const Settings& s) -> std::string {
        for (const StrategySettings& strategy : s.signals.strategies)
            if (strategy.kind == StrategyKind::kMarketMaking &&
                strategy.get("size") > s.risk.max_order_quantity.to_double())
                return "the size of strategy '" + strategy.name +
                       "' is larger than {1}: its quotes would always be refused";
        return {};
    });
}

}  // namespace sluice::pipeline
