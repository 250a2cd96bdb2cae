// A search on a farm: this process proposes, keeps the ledger and works along; others join and run sets.
// What a set does is the same wherever it runs, and results are taken in the order of proposal, so a farm
// finds, records and reports what one process does. docs/guides/farm.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "candidate_runs.hpp"

namespace sluice::tools {

struct FarmOptions {
    std::string take_at;  // "host:port", or "fd:N" of a socket that listens already; empty: no farm
    std::string join;  // "host:port", several separated by commas; empty: this is the search itself
};

// Under mpirun with several ranks, and not yet part of a farm: goes on as `sluice-mpi`, which lets the
// ranks find each other and starts this program anew in each, and does not return. UsageError where the
// build has no such part.
void enter_farm_of_ranks(const FarmOptions& options);

// What the host and its workers have to agree on; `stop` ends the host's part of the work.
[[nodiscard]] std::unique_ptr<SetFarm> make_farm(const FarmOptions& options, std::string task,
                                                 const std::atomic<bool>& stop);

// Works for the search at options.join until it needs no more. Throws what stops it from working.
void work_for_search(const FarmOptions& options, std::string task, const StoredMarketOptions& range,
                     const std::function<pipeline::Settings(const CandidateSet&)>& settings_of,
                     research::Arena& arena, pipeline::RunControl& control);

}  // namespace sluice::tools
