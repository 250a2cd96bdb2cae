// The report as a table for the terminal.
#include <cstdarg>
#include <cstdio>
#include <ostream>
#include <string>

#include <sluice/bench/report.hpp>

#include "burst.hpp"

namespace sluice::bench {
namespace {

[[gnu::format(printf, 2, 3)]] void line(std::ostream& out, const char* format, ...) {
    char text[512];
    std::va_list arguments;
    va_start(arguments, format);
    (void)std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    out << text << '\n';
}

void print_row(std::ostream& out, const Table& table, const Row& row) {
    const double p50 = quantile(row.ns_p50, 0.5);
    char tail[96] = "";
    if (table.is_latency) {
        const auto ns = [&](double p) { return static_cast<double>(row.all.percentile(p)); };
        // A row that has its rounds alone says no more than they do.
        if (row.all.count() == 0) {
            (void)std::snprintf(tail, sizeof tail, "%9s %9.1f %9s %10s", "-",
                                quantile(row.ns_p99, 0.5), "-", "-");
        } else {
            (void)std::snprintf(tail, sizeof tail, "%9.0f %9.1f %9.0f %10.0f", ns(90),
                                quantile(row.ns_p99, 0.5), ns(99.9),
                                static_cast<double>(row.all.max()));
        }
    } else {
        (void)std::snprintf(tail, sizeof tail, "%9.1f M/s", 1e3 / p50);
    }
    line(out, "  %-42s %9.2f %-40s %6.2f  %.2f..%.2f", row.name.c_str(), p50, tail,
         quantile(row.ratio, 0.5), quantile(row.ratio, 0.1), quantile(row.ratio, 0.9));
}

void print_table(std::ostream& out, const Table& table) {
    line(out, "\n%s", table.name.c_str());
    line(out, "  %-42s %9s %-40s %6s  %s", "", table.is_latency ? "P50 ns" : "ns",
         table.is_latency ? "   P90 ns    P99 ns  P99.9 ns     max ns" : "     rate", "ratio",
         "p10..p90");
    for (const Row& row : table.rows) print_row(out, table, row);
}

// What targets can be set for.
void print_metrics(std::ostream& out, const std::vector<Metric>& metrics) {
    line(out, "\nfigures of the rounds%35s  %s", "median", "p10..p90");
    for (const Metric& m : metrics) {
        if (m.rounds.empty()) continue;
        line(out, "  %-42s %11.2f %-4s %.2f..%.2f", m.name.c_str(), quantile(m.rounds, 0.5),
             m.unit.c_str(), quantile(m.rounds, 0.1), quantile(m.rounds, 0.9));
    }
}

const char* word(Verdict verdict) {
    switch (verdict) {
        case Verdict::kMet: return "met";
        case Verdict::kMissed: return "MISSED";
        case Verdict::kNotMeasured: return "not measured";
        case Verdict::kNotAsked: return "not asked here";
    }
    return "";
}

}  // namespace

void print_host(std::ostream& out, const Run& run) {
    line(out, "%s, kernel %s, g++/clang++ %s, counter %.0f MHz%s", run.host.cpu.c_str(),
         run.host.kernel.c_str(), run.host.compiler.c_str(), run.host.tsc_hz / 1e6,
         run.host.has_invariant_tsc ? "" : " (not invariant)");
    if (!run.host.is_optimised)
        line(out, "This build is not optimised: its figures say nothing about a release.");
    if (!run.plant.stage.empty())
        line(out, "A spin of %llu ns is planted in: %s",
             static_cast<unsigned long long>(run.plant.ns), run.plant.stage.c_str());
    line(out, "\nThe host alone: a pinned loop that reads the counter, gaps a second");
    line(out, "  %-8s %9s %9s %9s %14s %10s", "core", "> 1 us", "> 10 us", "> 100 us", "largest us",
         "time lost");
    for (const Jitter& j : run.jitter) {
        line(out, "  %-8zu %9.0f %9.0f %9.1f %14.1f %8.2f %%", j.core, j.per_second(j.over_1us),
             j.per_second(j.over_10us), j.per_second(j.over_100us),
             static_cast<double>(j.largest_ns) / 1e3, j.lost_share * 100);
    }
}

void print_suite(std::ostream& out, const SuiteResult& suite) {
    line(out, "\n==== %s: %d rounds, %.1f s%s", suite.suite.c_str(), suite.rounds, suite.seconds,
         suite.real_time ? "" : "; real-time priority was refused: expect noise");
    for (const Table& table : suite.tables) print_table(out, table);
    std::string path;
    for (const Hop& hop : suite.hops) {
        if (hop.path != path) {
            path = hop.path;
            line(out, "\n%s: time at each hop, the reading of the counter included", path.c_str());
            line(out, "  %-42s %9s %9s %9s %10s", "", "P50 ns", "P99 ns", "P99.9 ns", "max ns");
        }
        line(out, "  %-42s %9llu %9llu %9llu %10llu", hop.name.c_str(),
             static_cast<unsigned long long>(hop.ns.percentile(50)),
             static_cast<unsigned long long>(hop.ns.percentile(99)),
             static_cast<unsigned long long>(hop.ns.percentile(99.9)),
             static_cast<unsigned long long>(hop.ns.max()));
    }
    print_metrics(out, suite.metrics);
    for (const std::string& note : suite.notes) line(out, "\nNote: %s", note.c_str());
    out.flush();
}

void print_check(std::ostream& out, const Run& run) {
    line(out, "\n==== targets");
    line(out, "  %-10s %-22s %-11s %10s %10s %-5s %s", "suite", "metric", "stage", "measured",
         "target", "unit", "");
    for (const Checked& c : run.checked) {
        char limit[32];
        (void)std::snprintf(limit, sizeof limit, "%s %.4g",
                            c.target.at_least ? ">=" : "<=", c.target.limit);
        char measured[32] = "-";
        if (c.verdict != Verdict::kNotMeasured)
            (void)std::snprintf(measured, sizeof measured, "%.3f", c.measured);
        char allowance[48] = "";
        if (c.target.noise > 0)
            (void)std::snprintf(allowance, sizeof allowance, " (noise: up to %.0f %%)",
                                c.target.noise * 100);
        line(out, "  %-10s %-22s %-11s %10s %10s %-5s %s%s", c.target.suite.c_str(),
             c.target.metric.c_str(), c.stage.c_str(), measured, limit, c.target.unit.c_str(),
             word(c.verdict), allowance);
    }
    const std::string stage = worst_stage(run.checked);
    if (!stage.empty()) line(out, "The stage furthest beyond its target: %s", stage.c_str());
    if (any_missed(run.checked)) {
        line(out, "Targets were missed.");
    } else {
        line(out, "Every target that was asked and measured is met.");
    }
}

}  // namespace sluice::bench
