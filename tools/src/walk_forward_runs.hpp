// A walk-forward over the store: in each window a search of its own on the training, then what it chose
// beside the champion on the test that follows.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <sluice/adapters/run_folder/search_report.hpp>
#include <sluice/research/objective.hpp>
#include <sluice/research/search.hpp>
#include <sluice/research/verdict.hpp>
#include <sluice/research/walk_forward.hpp>

#include "candidate_runs.hpp"
#include "searched_keys.hpp"

namespace sluice::tools {

// One search: what is proposed, evaluated and how it is judged.
struct CandidateSearch {
    const SearchedKeys& searched;
    research::SearchPlan plan;
    research::Objective objective;
    // What is evaluated first on those data; empty: nothing is known.
    std::function<std::vector<research::Point>(const research::TrialData&)> first;
};

struct SearchedSets {
    std::vector<adapters::run_folder::SearchRow> rows;  // each set once
    std::vector<research::Point> points;                // of the rows
    std::optional<std::size_t> best;
};

// Nothing when it was stopped. `show` is told how many of the budget are done.
[[nodiscard]] std::optional<SearchedSets> search_sets(const CandidateSearch& search,
                                                      CandidateRuns& runs,
                                                      const std::function<void(std::size_t)>& show);

struct WalkForwardRuns {
    std::vector<adapters::run_folder::SearchWindow> windows;
    research::OutOfSample out_of_sample;
};

// Over the periods that end at `ends`, of `range`. In a test the sets run on from the training, so they are as
// warm as live, and only the test's periods count.
[[nodiscard]] std::optional<WalkForwardRuns> walk_forward(
    const CandidateSearch& search, CandidateContext& context, const StoredMarketOptions& range,
    std::span<const core::StreamTime> ends, std::span<const research::WalkForwardWindow> windows,
    const std::function<void(std::size_t)>& show);

}  // namespace sluice::tools
