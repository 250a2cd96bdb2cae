#include <sluice/bench/recorded.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <utility>

#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "burst.hpp"

namespace sluice::bench {
namespace {

constexpr const char* kHostKey = "recorded_on";
constexpr double kWorst = 0.9;  // of the rounds, counted from the good side
constexpr double kFloor = 0.1;  // of the target's limit

// Empty: nobody recorded it. The file has been read as targets before, so it is TOML.
std::string recorded_on(const std::string& file) {
    return toml::parse_file(file)[kHostKey].value_or(std::string());
}
void require_same(const std::string& file, const std::string& cpu, const Host& host,
                  const std::string& mend) {
    if (cpu != host.cpu)
        throw TargetsError(file + ": \"" + kHostKey + "\" says it was recorded on " + cpu +
                           ", and this is " + host.cpu + "; " + mend);
}

std::string asked(const Target& target) {
    char limit[64];
    (void)std::snprintf(limit, sizeof limit, "%s %.4g ", target.at_least ? "at least" : "at most",
                        target.limit);
    return "recorded; asked " + (limit + target.unit);
}

Target recorded_of(const Checked& checked, const Metric& metric) {
    Target out = checked.target;
    const double worst = quantile(metric.rounds, out.at_least ? 1 - kWorst : kWorst);
    out.limit = out.at_least ? worst : std::max(worst, kFloor * out.limit);
    out.why = asked(checked.target);
    return out;
}

bool is_same(const Target& a, const Target& b) {
    return a.suite == b.suite && a.metric == b.metric && a.at_least == b.at_least;
}

const Metric* metric_of(const Run& run, const Target& target) {
    for (const SuiteResult& suite : run.suites) {
        if (suite.suite == target.suite) return suite.find(target.metric);
    }
    return nullptr;
}

std::string quoted(const std::string& text) {
    std::ostringstream out;
    out << toml::value<std::string>{text};
    return out.str();
}
// The fewest digits that are read back as the same number.
std::string shortest(double value) {
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), value);
    return {std::begin(text), end.ptr};
}

// Keys in the order of perf/targets.toml.
void put(std::ostream& out, const Target& target) {
    out << "\n[[target]]\n"
        << "suite = " << quoted(target.suite) << "\n"
        << "metric = " << quoted(target.metric) << "\n"
        << (target.at_least ? "at_least = " : "at_most = ") << shortest(target.limit) << "\n"
        << "unit = " << quoted(target.unit) << "\n"
        << "kind = " << quoted(target.kind) << "\n"
        << "quantile = " << shortest(target.quantile) << "\n"
        << "noise = " << shortest(target.noise) << "\n"
        << "hosts = " << quoted(target.tuned_only ? "tuned" : "any") << "\n"
        << "why = " << quoted(target.why) << "\n";
}

}  // namespace

std::vector<Target> read_targets_here(const std::string& file, const Host& host) {
    std::vector<Target> out = read_targets(file);
    const std::string cpu = recorded_on(file);
    if (!cpu.empty())
        require_same(file, cpu, host,
                     "record this one with `sluice bench --record OTHER.toml` and check against "
                     "that");
    return out;
}

std::optional<Recorded> read_recorded(const std::string& file, const Host& host) {
    if (!std::filesystem::exists(file)) return std::nullopt;
    Recorded out{{}, read_targets(file)};
    out.cpu = recorded_on(file);
    if (out.cpu.empty())
        throw TargetsError(file + ": holds targets that somebody set; record to another file");
    require_same(file, out.cpu, host, "record to another file");
    return out;
}

Recorded record(const Run& run, const std::optional<Recorded>& before) {
    Recorded out{run.host.cpu, {}};
    for (const Checked& checked : run.checked) {
        const Metric* metric = metric_of(run, checked.target);
        const bool counts = checked.verdict == Verdict::kMet || checked.verdict == Verdict::kMissed;
        if (counts && metric != nullptr) out.targets.push_back(recorded_of(checked, *metric));
    }
    if (!before) return out;
    for (const Target& old : before->targets) {
        const auto now = std::find_if(out.targets.begin(), out.targets.end(),
                                      [&](const Target& t) { return is_same(t, old); });
        if (now == out.targets.end()) {
            out.targets.push_back(old);
        } else {
            now->limit =
                old.at_least ? std::min(now->limit, old.limit) : std::max(now->limit, old.limit);
        }
    }
    return out;
}

std::string to_toml(const Recorded& recorded) {
    std::ostringstream out;
    out << "# What one host measured, for `sluice bench --check=FILE`. Recorded again, the worse "
           "counts.\n"
        << kHostKey << " = " << quoted(recorded.cpu) << "\n";
    for (const Target& target : recorded.targets) put(out, target);
    return out.str();
}

}  // namespace sluice::bench
