#include <sluice/pipeline/plugin_kind.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <sluice/kit/abi.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

namespace {

static_assert(kit::kMaxParameters == kMaxStrategyParameters);

constexpr auto kFirst = static_cast<std::size_t>(StrategyKind::kPlugin);
constexpr std::size_t kMaxPluginKinds = std::numeric_limits<std::uint8_t>::max() - kFirst + 1;

// A plugin and what the configuration reads of it; at an address of its own, because its declaration
// points into it.
struct Known {
    PluginKind plugin;
    std::string manual;
    std::vector<StrategyParameter> parameters;
    StrategyDeclaration declaration;
};

struct Kinds {
    std::vector<std::unique_ptr<const Known>> known;
    std::vector<const StrategyDeclaration*> declarations;
};
Kinds& kinds() {
    static Kinds all;
    return all;
}

std::string where(const PluginKind& plugin) { return "plugin '" + plugin.file + "': "; }

std::vector<StrategyParameter> parameters_of(const PluginKind& plugin) {
    std::vector<StrategyParameter> out;
    for (std::size_t i = 0; i < plugin.table->parameter_count; ++i) {
        const SluiceParameter& p = plugin.table->parameters[i];
        if (std::find(kStrategyKeys.begin(), kStrategyKeys.end(), p.name) != kStrategyKeys.end())
            throw PluginError(where(plugin) + "its parameter '" + p.name +
                              "' has the name of a key that every strategy has; give it another");
        for (const StrategyParameter& other : out)
            if (other.name == p.name)
                throw PluginError(where(plugin) + "two of its parameters are named '" + p.name +
                                  "'; rename one");
        out.push_back(
            {.name = p.name,
             .type = p.type == kSluiceInteger ? ParameterType::kInteger : ParameterType::kReal,
             .unit = p.unit,
             .min = p.min,
             .max = p.max,
             .fallback = p.fallback,
             .doc = p.doc,
             .changes = false});
    }
    return out;
}

}  // namespace

StrategyKind add_plugin_kind(PluginKind plugin) {
    const std::string name = plugin.table->name;
    if (const StrategyDeclaration* const other = find_strategy(name)) {
        const PluginKind* const loaded = plugin_of(other->kind);
        if (loaded == nullptr)
            throw PluginError(where(plugin) + "its name, '" + name +
                              "', is that of a built-in kind of strategy; give it another kName");
        if (loaded->sha256 != plugin.sha256)
            throw PluginError(where(plugin) + "its name, '" + name + "', is that of the plugin '" +
                              loaded->file + "' too; give one of them another kName");
        return other->kind;
    }
    Kinds& all = kinds();
    if (all.known.size() == kMaxPluginKinds)
        throw PluginError(where(plugin) + std::to_string(kMaxPluginKinds) +
                          " plugins are loaded already, which is the most there can be");
    auto known = std::make_unique<Known>();
    known->parameters = parameters_of(plugin);
    known->plugin = std::move(plugin);
    const SluicePlugin& table = *known->plugin.table;
    known->manual = "A plugin, version " + std::string(table.version) + ": " + known->plugin.file +
                    ". Its parameters are read at the start and do not change while it runs.";
    const auto kind = static_cast<StrategyKind>(kFirst + all.known.size());
    known->declaration = {.kind = kind,
                          .name = table.name,
                          .doc = table.doc,
                          .manual = known->manual,
                          .parameters = known->parameters};
    all.declarations.push_back(&known->declaration);
    all.known.push_back(std::move(known));
    return kind;
}

const PluginKind* plugin_of(StrategyKind kind) noexcept {
    const auto number = static_cast<std::size_t>(kind);
    return number < kFirst ? nullptr : &kinds().known[number - kFirst]->plugin;
}

std::span<const StrategyDeclaration* const> plugin_declarations() noexcept {
    return kinds().declarations;
}

}  // namespace sluice::pipeline
