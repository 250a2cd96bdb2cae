// What `sluice optimize` is told on its command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <sluice/research/cross_validation.hpp>
#include <sluice/research/objective.hpp>
#include <sluice/research/search.hpp>
#include <sluice/research/verdict.hpp>
#include <sluice/research/walk_forward.hpp>

#include "farm_search.hpp"
#include "stored_market.hpp"

namespace sluice::tools {

struct OptimizeArguments {
    StoredMarketOptions market;
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::vector<std::string> search;
    std::vector<std::string> require;
    std::string out;
    std::string ledger;
    std::size_t threads = 0;
    std::size_t warm_start = 0;
    std::string cross_validation;
    bool json = false;
    bool trust = false;
    FarmOptions farm;
    research::SearchPlan plan;
    research::Objective objective;
    research::VerdictLimits limits;
    research::WalkForwardPlan windows;
};

void add_optimize_options(CLI::App& command, OptimizeArguments& arguments);

// Of --cross-validation, "6,2"; purge and embargo are those of the windows. UsageError.
[[nodiscard]] std::optional<research::CrossValidationPlan> cross_validation_plan(
    const OptimizeArguments& arguments);

}  // namespace sluice::tools
