// `sluice strategy`: the kinds of strategies there are, with their parameters; of plugins, those that a
// configuration names.
#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/pipeline/plugin_kind.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>

#include "strategy_verbs.hpp"

namespace sluice::tools {

namespace {

using nlohmann::ordered_json;
using pipeline::ParameterType;
using pipeline::StrategyDeclaration;
using pipeline::StrategyParameter;

ordered_json number(const StrategyParameter& p, double value) {
    if (p.type == ParameterType::kInteger) return static_cast<std::int64_t>(value);
    return value;
}

ordered_json kind_json(const StrategyDeclaration& kind) {
    ordered_json parameters = ordered_json::array();
    for (const StrategyParameter& p : kind.parameters)
        parameters.push_back({{"name", p.name},
                              {"type", p.type == ParameterType::kInteger ? "integer" : "real"},
                              {"unit", p.unit},
                              {"min", number(p, p.min)},
                              {"max", number(p, p.max)},
                              {"default", number(p, p.fallback)},
                              {"changes", p.changes},
                              {"meaning", p.doc}});
    ordered_json orders = ordered_json::array();
    for (const pipeline::ParameterOrder& order : kind.orders)
        orders.push_back({{"lower", kind.parameters[order.lower].name},
                          {"upper", kind.parameters[order.upper].name}});
    return {{"kind", kind.name},
            {"title", kind.doc},
            {"manual", kind.manual},
            {"parameters", std::move(parameters)},
            {"smaller", std::move(orders)}};
}

// At most `width` columns, each line indented.
void print_wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (column != 0 && column + 1 + space > width) {
            std::cout << "\n";
            column = 0;
        }
        if (column == 0) {
            std::cout << std::string(indent, ' ');
            column = indent;
        } else {
            std::cout << ' ';
            ++column;
        }
        std::cout << text.substr(0, space);
        column += space;
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    std::cout << "\n";
}

void print_manual(const StrategyDeclaration& kind) {
    std::cout << kind.name << "  " << kind.doc << "\n\n";
    print_wrapped(kind.manual, 4, 96);
    std::cout << "\n";
    print_parameters(kind);
}

std::vector<const StrategyDeclaration*> all_kinds() {
    const auto built_in = pipeline::strategy_declarations();
    const auto plugins = pipeline::plugin_declarations();
    std::vector<const StrategyDeclaration*> all{built_in.begin(), built_in.end()};
    all.insert(all.end(), plugins.begin(), plugins.end());
    return all;
}

struct Given {
    std::string name;
    std::string config;
    bool json = false;
    bool markdown = false;
};

int show(const Given& given) {
    const std::string& name = given.name;
    if (given.markdown) {
        std::cout << pipeline::strategy_tables_markdown();
        return 0;
    }
    if (!given.config.empty()) (void)load_settings(given.config, {});
    std::vector<const StrategyDeclaration*> kinds;
    if (name.empty()) {
        kinds = all_kinds();
    } else if (const StrategyDeclaration* kind = pipeline::find_strategy(name)) {
        kinds.push_back(kind);
    } else {
        std::string known;
        for (const StrategyDeclaration* each : all_kinds())
            known += (known.empty() ? "" : ", ") + std::string(each->name);
        throw UsageError("there is no kind of strategy '" + name + "'; there are " + known);
    }
    if (given.json) {
        ordered_json all = ordered_json::array();
        for (const StrategyDeclaration* kind : kinds) all.push_back(kind_json(*kind));
        std::cout << all.dump(2) << "\n";
    } else if (name.empty()) {
        for (const StrategyDeclaration* kind : kinds)
            std::cout << kind->name
                      << std::string(18 - std::min<std::size_t>(17, kind->name.size()), ' ')
                      << kind->doc << "\n";
        std::cout << "\nsluice strategy KIND says how one works and what its parameters are.\n";
    } else {
        print_manual(*kinds.front());
    }
    return 0;
}

void add_listing_options(CLI::App& command, const std::shared_ptr<Given>& given) {
    command.add_flag("--json", given->json, "Print them as JSON");
    command.add_option("--config", given->config,
                       "Of this configuration's plugins too, beside the built-in kinds");
}

}  // namespace

void print_parameters(const StrategyDeclaration& kind) {
    for (const StrategyParameter& p : kind.parameters)
        std::cout << "    " << p.name << " = " << value_text(p, p.fallback) << "  " << p.doc << " ("
                  << range_text(p) << (p.unit.empty() ? "" : " ") << p.unit
                  << (p.changes ? "" : "; not while it runs") << ")\n";
}

void add_strategy(CLI::App& app, Action& action) {
    auto given = std::make_shared<Given>();
    CLI::App* command =
        app.add_subcommand("strategy", "List the kinds of strategies, or the manual of one");
    command->add_option("kind", given->name, "A kind, such as momentum");
    add_listing_options(*command, given);
    command->add_flag("--markdown", given->markdown,
                      "Print the tables of docs/guides/strategies.md");
    command->callback([&action, command, given] {
        if (command->get_subcommands().empty()) action = [given] { return show(*given); };
    });

    auto listed = std::make_shared<Given>();
    CLI::App* list = command->add_subcommand("list", "List the kinds of strategies");
    add_listing_options(*list, listed);
    list->callback([&action, listed] { action = [listed] { return show(*listed); }; });
    add_strategy_check(*command, action);
}

}  // namespace sluice::tools
