// The report as JSON; the page carries the same.
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include <sluice/bench/report.hpp>

#include "burst.hpp"

namespace sluice::bench {
namespace {

using Json = nlohmann::ordered_json;

Json of_values(const std::vector<double>& values) {
    if (values.empty()) return nullptr;
    return {{"median", quantile(values, 0.5)},
            {"p10", quantile(values, 0.1)},
            {"p90", quantile(values, 0.9)}};
}

// Points for a plot over the nines of the percentile; "counts" tells how far they can be trusted.
Json curve(const core::Histogram& histogram) {
    if (histogram.count() == 0) return nullptr;
    constexpr std::array kPercents{0.0,  10.0, 25.0, 50.0, 75.0,  90.0,  95.0, 98.0,
                                   99.0, 99.5, 99.8, 99.9, 99.95, 99.98, 99.99};
    Json points = Json::array();
    for (const double p : kPercents) points.push_back(Json::array({p, histogram.percentile(p)}));
    return {{"count", histogram.count()},
            {"mean", histogram.mean()},
            {"max", histogram.max()},
            {"percentiles", std::move(points)}};
}

Json of_jitter(const Jitter& j) {
    return {{"core", j.core},
            {"seconds", j.seconds},
            {"over_1us_per_second", j.per_second(j.over_1us)},
            {"over_10us_per_second", j.per_second(j.over_10us)},
            {"over_100us_per_second", j.per_second(j.over_100us)},
            {"largest_ns", j.largest_ns},
            {"lost_share", j.lost_share},
            {"gaps_ns", curve(j.gaps_ns)}};
}

Json of_table(const Table& table) {
    Json rows = Json::array();
    for (const Row& row : table.rows) {
        rows.push_back({{"name", row.name},
                        {"ns_p50", of_values(row.ns_p50)},
                        {"ns_p99", of_values(row.ns_p99)},
                        {"ratio", of_values(row.ratio)},
                        {"all", curve(row.all)}});
    }
    return {{"name", table.name}, {"latency", table.is_latency}, {"rows", std::move(rows)}};
}

Json of_suite(const SuiteResult& suite) {
    Json metrics = Json::array();
    for (const Metric& m : suite.metrics) {
        Json values = of_values(m.rounds);
        metrics.push_back({{"name", m.name},
                           {"unit", m.unit},
                           {"stage", m.stage},
                           {"value", std::move(values)},
                           {"rounds", m.rounds}});
    }
    Json tables = Json::array();
    for (const Table& table : suite.tables) tables.push_back(of_table(table));
    Json hops = Json::array();
    for (const Hop& hop : suite.hops)
        hops.push_back({{"path", hop.path}, {"name", hop.name}, {"ns", curve(hop.ns)}});
    return {{"suite", suite.suite},          {"rounds", suite.rounds},
            {"seconds", suite.seconds},      {"real_time_priority", suite.real_time},
            {"metrics", std::move(metrics)}, {"tables", std::move(tables)},
            {"hops", std::move(hops)},       {"notes", suite.notes}};
}

const char* word(Verdict verdict) {
    switch (verdict) {
        case Verdict::kMet: return "met";
        case Verdict::kMissed: return "missed";
        case Verdict::kNotMeasured: return "not measured";
        case Verdict::kNotAsked: return "not asked";
    }
    return "";
}

Json of_check(const Checked& c) {
    return {{"suite", c.target.suite},
            {"metric", c.target.metric},
            {"stage", c.stage},
            {"limit", c.target.limit},
            {"is", c.target.at_least ? "at least" : "at most"},
            {"unit", c.target.unit},
            {"kind", c.target.kind},
            {"allowed", c.allowed},
            {"measured", c.verdict == Verdict::kNotMeasured ? Json() : Json(c.measured)},
            {"verdict", word(c.verdict)},
            {"why", c.target.why}};
}

}  // namespace

std::string to_json(const Run& run) {
    const Host& h = run.host;
    Json root{{"host",
               {{"cpu", h.cpu},
                {"kernel", h.kernel},
                {"compiler", h.compiler},
                {"optimised", h.is_optimised},
                {"tsc_hz", h.tsc_hz},
                {"invariant_tsc", h.has_invariant_tsc},
                {"cores", h.cores},
                {"isolated_cores", h.has_isolated}}}};
    if (!run.plant.stage.empty())
        root["planted"] = {{"stage", run.plant.stage}, {"ns", run.plant.ns}};
    root["jitter"] = Json::array();
    for (const Jitter& j : run.jitter) root["jitter"].push_back(of_jitter(j));
    root["suites"] = Json::array();
    for (const SuiteResult& s : run.suites) root["suites"].push_back(of_suite(s));
    if (!run.checked.empty()) {
        Json targets = Json::array();
        for (const Checked& c : run.checked) targets.push_back(of_check(c));
        root["check"] = {{"passed", !any_missed(run.checked)},
                         {"worst_stage", worst_stage(run.checked)},
                         {"targets", std::move(targets)}};
    }
    return root.dump(1);
}

}  // namespace sluice::bench
