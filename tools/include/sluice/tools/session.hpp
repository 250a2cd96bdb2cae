// One session over the tick store and the simulated venue: what `replay` and `run` have in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::tools {

struct SessionOptions {
    std::string verb;  // "replay" or "run"
    std::filesystem::path store;
    std::vector<std::string> symbols;  // empty: all that the store holds
    core::StreamTime from = core::StreamTime::min();
    core::StreamTime to = core::StreamTime::max();
    pipeline::Settings settings;
    std::filesystem::path parameters;  // planned changes of parameters; empty: none
    double speed = 0;                  // stream seconds per second; 0: as fast as it goes
    bool live = false;                 // idle and placement for a session that waits for time
    bool trust_checksums = false;
};

struct SessionResult {
    pipeline::RunRecord record;
    std::filesystem::path folder;
    bool failed = false;  // a warning in the record says why
};

// Runs to the end of the data or to an interrupt, and leaves the run's folder. Throws the errors of
// the store, the folder and the placement.
[[nodiscard]] SessionResult run_session(const SessionOptions& options);

}  // namespace sluice::tools
