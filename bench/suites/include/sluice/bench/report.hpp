// What a run of suites says: a table for the terminal, JSON, and one HTML page that needs nothing
// beside itself.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <sluice/bench/jitter.hpp>
#include <sluice/bench/suite.hpp>
#include <sluice/bench/targets.hpp>

namespace sluice::bench {

struct Run {
    Host host;
    Plant plant;
    std::vector<Jitter> jitter;  // one a core, before the suites
    std::vector<SuiteResult> suites;
    std::vector<Checked> checked;  // empty without --check
};

void print_host(std::ostream& out, const Run& run);
void print_suite(std::ostream& out, const SuiteResult& suite);
void print_check(std::ostream& out, const Run& run);
[[nodiscard]] std::string to_json(const Run& run);
[[nodiscard]] std::string to_html(const Run& run);

}  // namespace sluice::bench
