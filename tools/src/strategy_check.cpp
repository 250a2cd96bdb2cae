// `sluice strategy check`: what a plugin is, and how it does over generated bars.
#include <cstdio>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/adapters/plugin/plugin_check.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>

#include "strategy_verbs.hpp"

namespace sluice::tools {

namespace {

using adapters::plugin::CheckReport;
using adapters::plugin::Plugin;
using nlohmann::ordered_json;
using pipeline::StrategyKind;

struct CheckArguments {
    std::string file;
    std::vector<std::string> set;
    std::uint64_t bars = adapters::plugin::kCheckBars;
    std::uint64_t seed = adapters::plugin::kCheckSeed;
    bool json = false;
};

// A strategy of that kind with the parameters that were given, read as a configuration's are.
pipeline::StrategySettings strategy_of(StrategyKind kind, const CheckArguments& arguments) {
    const std::string name = to_string(kind);
    std::vector<std::string> overrides;
    for (const std::string& given : arguments.set) overrides.push_back("strategy[0]." + given);
    return pipeline::make_settings_schema()
        .load_text("[[strategy]]\nkind = \"" + name + "\"\nname = \"" + name + "\"\n",
                   arguments.file, overrides)
        .settings.signals.strategies.front();
}

std::vector<std::string> faults_of(const CheckReport& report) {
    std::vector<std::string> out = report.faults();
    if (!report.threw_at && !report.ready_at)
        out.push_back("it is not ready after " + std::to_string(report.bars) +
                      " bars: see ready(), or give it more with --bars");
    return out;
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

void print_json(const Plugin& plugin, const CheckReport& report) {
    const SluicePlugin& table = plugin.table();
    const ordered_json out{{"schema", "sluice.strategy_check/1"},
                           {"name", table.name},
                           {"version", table.version},
                           {"kit_version", table.kit_version},
                           {"abi_version", table.abi_version},
                           {"file", plugin.path().string()},
                           {"sha256", plugin.sha256()},
                           {"passed", report.passed()},
                           {"faults", faults_of(report)},
                           {"bars", report.bars},
                           {"ready_at", or_null(report.ready_at)},
                           {"threw_at", or_null(report.threw_at)},
                           {"heap_counted", report.heap_counted},
                           {"heap_calls", report.heap_calls},
                           {"allocated_at", or_null(report.allocated_at)},
                           {"bad_strengths", report.non_finite + report.out_of_range},
                           {"bad_strength_at", or_null(report.bad_strength_at)},
                           {"long_bars", report.long_bars},
                           {"short_bars", report.short_bars},
                           {"deterministic", report.deterministic},
                           {"ns_per_bar", report.ns_per_bar},
                           {"bytes_per_instrument", report.bytes_per_instrument}};
    std::cout << out.dump(2) << "\n";
}

void print(const Plugin& plugin, StrategyKind kind, const CheckArguments& arguments,
           const CheckReport& report) {
    const SluicePlugin& table = plugin.table();
    std::cout << table.name << " " << table.version << "  " << table.doc << "\n    file "
              << plugin.path().string() << "\n    sha256 " << plugin.sha256() << "\n    kit "
              << table.kit_version << ", " << report.bytes_per_instrument
              << " bytes an instrument\n\n";
    print_parameters(declaration_of(kind));
    char each[32];
    std::snprintf(each, sizeof each, "%.0f", report.ns_per_bar);
    std::cout << "\n"
              << report.bars << " generated bars, seed " << arguments.seed << ": "
              << (report.ready_at ? "ready on bar " + std::to_string(*report.ready_at + 1)
                                  : std::string("never ready"))
              << ", long on " << report.long_bars << ", short on " << report.short_bars << ", "
              << (report.heap_counted ? std::to_string(report.heap_calls) + " heap calls"
                                      : std::string("heap calls not counted by this build"))
              << ", " << each << " ns a bar\n";
    if (report.passed()) {
        std::cout << "Fine.\n";
        return;
    }
    std::cout << "Refused:\n";
    for (const std::string& fault : faults_of(report)) std::cout << "    " << fault << "\n";
}

int check(const CheckArguments& arguments) {
    try {
        const Plugin plugin{arguments.file};
        const StrategyKind kind = add_plugin_kind(plugin.kind(heap_counter()));
        const auto values = strategy_of(kind, arguments).resolved();
        const CheckReport report = adapters::plugin::check(
            *plugin_of(kind), values, adapters::plugin::check_bars(arguments.bars, arguments.seed));
        if (arguments.json)
            print_json(plugin, report);
        else
            print(plugin, kind, arguments, report);
        return report.passed() ? 0 : 1;
    } catch (const pipeline::PluginError& error) {
        throw UsageError(error.what());
    }
}

}  // namespace

void add_strategy_check(CLI::App& strategy, Action& action) {
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* command =
        strategy.add_subcommand("check",
                                "Load a plugin and run it over generated bars: what it is, whether "
                                "it throws, takes memory or "
                                "gives strengths that are none. Exits 1 where it would harm a run");
    command->add_option("file", arguments->file, "The library, or its name without .so")
        ->required();
    command->add_option("--set", arguments->set,
                        "A parameter: name=value; the default of those left out");
    command->add_option("--bars", arguments->bars, "How many bars")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "The same seed makes the same bars")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback([&action, arguments] { action = [arguments] { return check(*arguments); }; });
}

}  // namespace sluice::tools
