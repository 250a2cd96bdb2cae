// The side of a farm that works: joins a host and does its jobs until the host is gone.
//
// Threads  One that works; inside, one that tells the host that this lives, and sees when it is gone.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/farm/link.hpp>

namespace sluice::adapters::farm {

struct Joining {
    std::vector<std::string>
        addresses;  // of the host, "host:port": the first that answers is taken
    std::string secret;
    std::string task;  // the host's has to be the same
    int within_seconds = 60;
};

// Does one job; nothing: it was stopped. What it throws ends the work, and the host is told why.
using Job = std::function<std::optional<std::string>(const std::string& job)>;

// Returns when the host needs no more. Sets `stop` when the host goes in the middle of a job, and ends
// when somebody else sets it. FarmError when no host can be joined.
void work_for(const Joining& joining, const Job& job, std::atomic<bool>& stop);

}  // namespace sluice::adapters::farm
