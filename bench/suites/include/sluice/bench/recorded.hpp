// What a host measured, kept as targets: so that a slower build shows on a host that cannot hold the
// project's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sluice/bench/report.hpp>
#include <sluice/bench/targets.hpp>

namespace sluice::bench {

struct Recorded {
    std::string cpu;
    std::vector<Target> targets;
};

// What --check=FILE holds a build to. Throws TargetsError as read_targets() does, and where the file was
// recorded on another processor.
[[nodiscard]] std::vector<Target> read_targets_here(const std::string& file, const Host& host);

// What the file holds; nothing where there is none. Throws TargetsError where it holds targets that were
// not recorded, or another processor's.
[[nodiscard]] std::optional<Recorded> read_recorded(const std::string& file, const Host& host);

// Each target that was asked of `run` and measured, with what the worst tenth of the rounds began at for
// a limit, and the target's own noise. A limit is at least a tenth of the target's: what costs next to
// nothing may double. Where `before` holds the same metric the wider limit stays: a host has good and bad
// hours, and recording in both tells it so. What `run` did not measure stays as it was.
[[nodiscard]] Recorded record(const Run& run, const std::optional<Recorded>& before);

// As read_targets_here() and read_recorded() take it: each number in the fewest digits that are read back
// as the same.
[[nodiscard]] std::string to_toml(const Recorded& recorded);

}  // namespace sluice::bench
