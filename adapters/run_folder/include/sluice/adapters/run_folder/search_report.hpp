// What a search leaves behind: every set that was tried, the windows of its walk-forward, and the verdict
// with every number behind it. Formats: docs/formats/run-folder.md. Any thread, off the hot path.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/research/cross_validation.hpp>
#include <sluice/research/objective.hpp>
#include <sluice/research/trial.hpp>
#include <sluice/research/verdict.hpp>

namespace sluice::adapters::run_folder {

struct SearchRow {
    std::vector<std::string> values;  // of the keys searched over; the champion's are empty
    research::TrialResult result;
    double score = 0;
    bool feasible = false;
};

// One step of the walk-forward: chosen on the training, looked at in the test.
struct SearchWindow {
    core::StreamTime train_from{};
    core::StreamTime train_to{};
    core::StreamTime test_to{};
    std::vector<std::string> chosen;  // empty: nothing feasible, the champion stayed
    double train_score = 0;
    double challenger_return = 0;  // compounded over the test, as is
    double champion_return = 0;
    std::size_t periods = 0;
};

struct SearchReport {
    std::string method;
    std::uint64_t seed = 0;
    std::uint64_t evaluated = 0;  // sets run by this program; the others were on record
    research::Objective objective;
    std::vector<std::string> symbols;
    core::StreamTime from{};
    core::StreamTime to{};
    std::string data_key;
    bool generated = false;
    std::vector<std::string> keys;
    SearchRow champion;
    std::vector<SearchRow> rows;      // each set once, in the order of their proposal
    std::optional<std::size_t> best;  // of the rows
    std::vector<SearchWindow> windows;
    std::vector<std::pair<std::string, std::pair<double, double>>> stress;  // challenger, champion
    research::VerdictLimits limits;
    research::Verdict verdict;
    std::optional<research::CrossValidation> cross_validation;  // when it was asked for
    research::CrossValidationPlan cross_validation_plan;
    std::string ledger;  // its path
    std::uint64_t ledger_lines = 0;
    std::string ledger_hash;
    std::uint64_t trials = 0;  // ever, on these data
};

[[nodiscard]] std::string trials_csv(const SearchReport& report);
// Schema "sluice.search/1".
[[nodiscard]] std::string search_json(const SearchReport& report);
[[nodiscard]] std::string search_html(const SearchReport& report);
void print_search(std::ostream& out, const SearchReport& report, bool colour);

}  // namespace sluice::adapters::run_folder
