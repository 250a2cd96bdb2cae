// When a search has reached the ground of a valley, it begins anew: first points, models and all, with
// what came before forgotten. A model that knows one valley well hardly looks for another, and which
// valley a search falls into is close to a coin's toss; a second toss finds what the first missed.
// Measured in perf/optimizer.md.
//
// Ground is reached once kGround different values lie within kSame of the least; noise keeps values apart, so a
// noisy search goes on as it is.
#pragma once

#include <cstddef>
#include <vector>

#include <sluice/research/optimizer.hpp>

namespace sluice::research {

// Where the latest start begins among the observations; follows from them alone. No start ends before
// it has twice `initial` observations. Cost: a sort of the values, by insertion.
std::size_t latest_start(const std::vector<Observation>& observations, std::size_t initial);

}  // namespace sluice::research
