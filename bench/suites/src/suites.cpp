#include "suites_here.hpp"

#include <algorithm>
#include <chrono>

namespace sluice::bench {

const std::vector<Suite>& all_suites() {
    static const std::vector<Suite> suites{
        kRingSuite, kPipelineSuite, kLatencySuite, kReplaySuite, kJournalSuite,
    };
    return suites;
}

const Suite* find_suite(std::string_view name) {
    const auto& suites = all_suites();
    const auto found =
        std::find_if(suites.begin(), suites.end(), [&](const Suite& s) { return s.name == name; });
    return found == suites.end() ? nullptr : &*found;
}

SuiteResult run_suite(const Suite& suite, const SuiteOptions& options) {
    SuiteOptions filled = options;
    if (filled.rounds == 0) filled.rounds = options.quick ? 3 : suite.rounds;
    const auto start = std::chrono::steady_clock::now();
    SuiteResult result = suite.run(filled);
    result.suite = suite.name;
    result.rounds = filled.rounds;
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

const Metric* SuiteResult::find(std::string_view metric) const noexcept {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const Metric& m) { return m.name == metric; });
    return found == metrics.end() ? nullptr : &*found;
}

namespace {

void append(std::vector<double>& to, const std::vector<double>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void pool(SuiteResult& into, const SuiteResult& more) {
    into.rounds += more.rounds;
    into.seconds += more.seconds;
    into.real_time = into.real_time && more.real_time;
    for (std::size_t i = 0; i < into.metrics.size() && i < more.metrics.size(); ++i)
        append(into.metrics[i].rounds, more.metrics[i].rounds);
    for (std::size_t t = 0; t < into.tables.size() && t < more.tables.size(); ++t) {
        auto& rows = into.tables[t].rows;
        for (std::size_t i = 0; i < rows.size() && i < more.tables[t].rows.size(); ++i) {
            const Row& other = more.tables[t].rows[i];
            append(rows[i].ns_p50, other.ns_p50);
            append(rows[i].ns_p99, other.ns_p99);
            append(rows[i].ratio, other.ratio);
            rows[i].all.merge(other.all);
        }
    }
    for (std::size_t i = 0; i < into.hops.size() && i < more.hops.size(); ++i)
        into.hops[i].ns.merge(more.hops[i].ns);
}

}  // namespace sluice::bench
