#include <sluice/bench/targets.hpp>

#include <algorithm>
#include <sstream>
#include <utility>

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "burst.hpp"
#include "page.hpp"

namespace sluice::bench {
namespace {

class Reader {
  public:
    explicit Reader(std::string file) : file_(std::move(file)) {}

    [[nodiscard]] std::vector<Target> read(const toml::table& root) const {
        const toml::array* list = root["target"].as_array();
        if (list == nullptr || list->empty())
            throw TargetsError(file_ + ": holds no [[target]]; perf/targets.toml is an example");
        std::vector<Target> out;
        for (const toml::node& node : *list) {
            const toml::table* table = node.as_table();
            if (table == nullptr) fail(node, "a target is a table: [[target]]");
            out.push_back(one(*table));
        }
        return out;
    }

  private:
    [[noreturn]] void fail(const toml::node& at, const std::string& what) const {
        throw TargetsError(file_ + ", line " + std::to_string(at.source().begin.line) + ": " +
                           what);
    }
    [[nodiscard]] std::string text(const toml::table& table, const char* key) const {
        const auto value = table[key].value<std::string>();
        if (!value) fail(table, std::string("\"") + key + "\" is missing or is no text");
        return *value;
    }
    [[nodiscard]] double number(const toml::table& table, const char* key, double otherwise) const {
        const auto node = table[key];
        if (!node) return otherwise;
        const auto value = node.value<double>();
        if (!value) fail(table, std::string("\"") + key + "\" is no number");
        return *value;
    }
    [[nodiscard]] Target one(const toml::table& table) const {
        for (const auto& [key, value] : table) {
            constexpr std::string_view kKnown[] = {"suite", "metric", "at_most", "at_least",
                                                   "unit",  "kind",   "noise",   "quantile",
                                                   "hosts", "why"};
            if (std::find(std::begin(kKnown), std::end(kKnown), key.str()) == std::end(kKnown))
                fail(value, "\"" + std::string(key.str()) + "\" is not a key of a target");
        }
        Target target;
        target.suite = text(table, "suite");
        target.metric = text(table, "metric");
        target.unit = text(table, "unit");
        target.kind = text(table, "kind");
        target.why = table["why"].value_or(std::string());
        if (target.kind != "ratio" && target.kind != "difference" && target.kind != "absolute")
            fail(table, "\"kind\" is \"ratio\", \"difference\" or \"absolute\"");
        target.at_least = table.contains("at_least");
        if (target.at_least == table.contains("at_most"))
            fail(table, "a target has either \"at_most\" or \"at_least\"");
        target.limit = number(table, target.at_least ? "at_least" : "at_most", 0);
        if (!(target.limit > 0)) fail(table, "a limit is above 0");
        target.quantile = number(table, "quantile", 0.5);
        target.noise = number(table, "noise", 0);
        if (!(target.quantile >= 0 && target.quantile <= 1))
            fail(table, "\"quantile\" is from 0 to 1");
        if (!(target.noise >= 0 && target.noise <= 1)) fail(table, "\"noise\" is from 0 to 1");
        const std::string hosts = table["hosts"].value_or(std::string("any"));
        if (hosts != "any" && hosts != "tuned") fail(table, "\"hosts\" is \"any\" or \"tuned\"");
        target.tuned_only = hosts == "tuned";
        return target;
    }

    std::string file_;
};

template <class Parse>
std::vector<Target> read_with(const std::string& file, Parse&& parse) {
    try {
        return Reader(file).read(parse());
    } catch (const toml::parse_error& error) {
        std::ostringstream out;
        out << file << ", line " << error.source().begin.line << ": " << error.description();
        throw TargetsError(out.str());
    }
}

}  // namespace

std::vector<Target> read_targets(const std::string& file) {
    return read_with(file, [&] { return toml::parse_file(file); });
}

std::vector<Target> built_in_targets() {
    return read_with("perf/targets.toml (built in)",
                     [] { return toml::parse(built_in_targets_text()); });
}

Checked check(const Target& target, const SuiteResult& result, const Host& host) {
    Checked out;
    out.target = target;
    out.allowed = target.limit * (target.at_least ? 1 - target.noise : 1 + target.noise);
    const Metric* metric = result.find(target.metric);
    if (metric == nullptr || metric->rounds.empty()) return out;
    out.stage = metric->stage;
    out.measured =
        quantile(metric->rounds, target.at_least ? 1 - target.quantile : target.quantile);
    // A stage may cost nothing that can be told from the noise: then it is no multiple of anything.
    const double measured = std::max(out.measured, 1e-9);
    out.excess = target.at_least ? target.limit / measured : measured / target.limit;
    const bool met = target.at_least ? out.measured >= out.allowed : out.measured <= out.allowed;
    out.verdict = met ? Verdict::kMet : Verdict::kMissed;
    if (target.tuned_only && !host.has_isolated) out.verdict = Verdict::kNotAsked;
    return out;
}

bool any_missed(const std::vector<Checked>& checked) {
    return std::any_of(checked.begin(), checked.end(),
                       [](const Checked& c) { return c.verdict == Verdict::kMissed; });
}

std::string worst_stage(const std::vector<Checked>& checked) {
    const Checked* worst = nullptr;
    for (const Checked& c : checked) {
        if (c.verdict != Verdict::kMissed || c.stage.empty()) continue;
        if (worst == nullptr || c.excess > worst->excess) worst = &c;
    }
    return worst == nullptr ? std::string() : worst->stage;
}

}  // namespace sluice::bench
