// Finds the point of the greatest acquisition in a box of features: many candidates at once, then
// gradient climbs from the best of them, with steps over the discrete parameters in between.
// Cost: n^2 flops a candidate and 2 n^2 a step of a climb; 3 ms at 100 observations.
#pragma once

#include <Eigen/Dense>
#include <functional>
#include <optional>
#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/research/acquisition.hpp>
#include <sluice/research/space.hpp>

#include "minimize.hpp"

namespace sluice::research {

struct SearchSettings {
    std::size_t spread = 400;  // candidates all over the box
    std::size_t near = 200;    // candidates around the best observations
    std::size_t climbs = 5;
    int climb_evaluations = 40;
    int rounds = 3;  // of climbing and stepping
};

struct SearchTask {
    const Space& space;
    const Acquisition& acquisition;
    Box box;
    // Where candidates near something are drawn around, the best first.
    std::vector<Eigen::VectorXd> centres;
    // Whether a point may be proposed: allowed by the caller, and new.
    std::function<bool(const Point&)> admissible;
    // The share of coordinates that a candidate of a wide trust region changes; 1 for all.
    double changed_share = 1.0;
};

// Nothing when no admissible point was found.
std::optional<Point> search_acquisition(const SearchTask& task, const SearchSettings& settings,
                                        core::Random& random);

}  // namespace sluice::research
