// Is an optimum a plateau or a needle? A parameter set that is worth something stays good when it is
// moved a little; one that fits noise falls off at once.
#pragma once

#include <cstddef>
#include <span>

namespace sluice::research {

struct Plateau {
    std::size_t neighbours = 0;  // other points within the radius
    double best = 0;             // value at the optimum
    double median = 0;           // of the neighbours' values; NaN without any
    double worst = 0;            // of them; NaN likewise
    double baseline = 0;         // median of all values
    // (median - baseline) / (best - baseline): 1 a plateau, 0 and less a needle: next to it nothing
    // is better than anywhere. NaN without neighbours, or when the best is the baseline.
    double flatness = 0;
};

// `points` holds count rows of `dimensions` coordinates in the unit cube, `values` what is maximised
// at each (NaN: failed; left out), `centre` the number of the point asked about. Neighbours are the
// points that differ by at most `radius` in every coordinate. std::invalid_argument when sizes do
// not fit, the centre is none or failed, or the radius is not positive.
[[nodiscard]] Plateau plateau_around(std::span<const double> points, std::size_t dimensions,
                                     std::span<const double> values, std::size_t centre,
                                     double radius);

}  // namespace sluice::research
