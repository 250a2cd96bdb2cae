#include <sluice/adapters/run_folder/weights_file.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/atomic_file.hpp>

namespace sluice::adapters::run_folder {

namespace {

using nlohmann::ordered_json;
constexpr const char* kFormat = "sluice weights 1";

[[noreturn]] void refuse(const std::filesystem::path& name, const std::string& what) {
    throw RunFolderError("the weights cannot be restored, " + what, name,
                         "restore the file, or move it away to begin with equal ones");
}

std::vector<double> gains_of(const ordered_json& row, const std::filesystem::path& name,
                             std::size_t lookback) {
    std::vector<double> gains;
    const auto found = row.find("gains");
    if (found == row.end() || !found->is_array()) refuse(name, "a strategy has no list of gains");
    for (const ordered_json& gain : *found) {
        if (!gain.is_number()) refuse(name, "a gain is no number");
        gains.push_back(gain.get<double>());
        if (!std::isfinite(gains.back())) refuse(name, "a gain is not finite");
    }
    if (gains.size() > lookback)
        gains.erase(gains.begin(), gains.end() - static_cast<std::ptrdiff_t>(lookback));
    return gains;
}

std::string text_of(const ordered_json& row, const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool is_used(const std::string& name, const pipeline::SignalSettings& signals) {
    return std::any_of(signals.strategies.begin(), signals.strategies.end(),
                       [&](const auto& strategy) { return strategy.name == name; });
}

}  // namespace

std::vector<std::vector<double>> parse_weights(std::string_view text,
                                               const std::filesystem::path& name,
                                               const pipeline::SignalSettings& signals) {
    const ordered_json tree = ordered_json::parse(text, nullptr, false);
    if (!tree.is_object() || text_of(tree, "format") != kFormat)
        refuse(name, std::string("it is no file of format \"") + kFormat + "\"");
    const auto rows = tree.find("strategies");
    if (rows == tree.end() || !rows->is_array()) refuse(name, "it has no list of strategies");
    std::vector<std::vector<double>> out(signals.strategies.size());
    std::vector<bool> seen(out.size(), false);
    for (const ordered_json& row : *rows) {
        if (!row.is_object()) refuse(name, "a strategy is no object");
        const std::string strategy = text_of(row, "name");
        std::vector<double> gains =
            gains_of(row, name, static_cast<std::size_t>(signals.performance.lookback));
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (signals.strategies[i].name != strategy) continue;
            if (seen[i]) refuse(name, "it names strategy '" + strategy + "' twice");
            seen[i] = true;
            if (text_of(row, "kind") != to_string(signals.strategies[i].kind))
                refuse(name, "strategy '" + strategy + "' was of kind '" + text_of(row, "kind") +
                                 "' and is now of kind '" + to_string(signals.strategies[i].kind) +
                                 "'");
            out[i] = std::move(gains);
            break;
        }
    }
    return out;
}

std::vector<std::vector<double>> read_weights(const std::filesystem::path& file,
                                              const pipeline::SignalSettings& signals) {
    if (!std::filesystem::exists(file)) return {};
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || !text) refuse(file, "it cannot be read");
    return parse_weights(text.str(), file, signals);
}

std::string weights_text(const std::vector<std::vector<double>>& histories,
                         const pipeline::SignalSettings& signals) {
    ordered_json rows = ordered_json::array();
    for (std::size_t i = 0; i < signals.strategies.size(); ++i)
        rows.push_back({{"name", signals.strategies[i].name},
                        {"kind", to_string(signals.strategies[i].kind)},
                        {"gains", i < histories.size() ? histories[i] : std::vector<double>{}}});
    const ordered_json tree{{"format", kFormat},
                            {"lookback", signals.performance.lookback},
                            {"strategies", std::move(rows)}};
    return tree.dump(1) + "\n";
}

void write_weights(const std::filesystem::path& file, const pipeline::RunRecord& record,
                   const pipeline::SignalSettings& signals) {
    std::vector<std::vector<double>> histories;
    for (const pipeline::StrategyRecord& row : record.by_strategy) histories.push_back(row.gains);
    ordered_json tree = ordered_json::parse(weights_text(histories, signals));
    // Strategies that this run left out keep what they had.
    std::ifstream before{file, std::ios::binary};
    const ordered_json old = ordered_json::parse(before, nullptr, false);
    if (old.is_object() && old.contains("strategies") && old["strategies"].is_array())
        for (const ordered_json& row : old["strategies"])
            if (row.is_object() && !is_used(text_of(row, "name"), signals))
                tree["strategies"].push_back(row);
    AtomicFile out{file};
    out.append(tree.dump(1) + "\n");
    out.commit();
}

}  // namespace sluice::adapters::run_folder
