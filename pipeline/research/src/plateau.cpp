#include <sluice/research/plateau.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>

namespace sluice::research {

namespace statistics = pipeline::statistics;

Plateau plateau_around(std::span<const double> points, std::size_t dimensions,
                       std::span<const double> values, std::size_t centre, double radius) {
    if (dimensions == 0 || points.size() / dimensions != values.size() ||
        points.size() % dimensions != 0)
        throw std::invalid_argument("a plateau takes one value for each point");
    if (centre >= values.size() || std::isnan(values[centre]))
        throw std::invalid_argument("a plateau's centre is one of the points that have a value");
    if (!(radius > 0)) throw std::invalid_argument("a plateau's radius is positive");
    const auto middle = points.subspan(centre * dimensions, dimensions);
    std::vector<double> near;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i == centre || std::isnan(values[i])) continue;
        const auto point = points.subspan(i * dimensions, dimensions);
        const bool inside =
            std::equal(point.begin(), point.end(), middle.begin(),
                       [radius](double a, double b) { return std::abs(a - b) <= radius; });
        if (inside) near.push_back(values[i]);
    }
    Plateau out;
    out.neighbours = near.size();
    out.best = values[centre];
    out.baseline = statistics::quantile(values, 0.5);
    out.median = statistics::quantile(near, 0.5);
    out.worst = near.empty() ? statistics::kNothing : *std::min_element(near.begin(), near.end());
    out.flatness = out.best == out.baseline
                       ? statistics::kNothing
                       : (out.median - out.baseline) / (out.best - out.baseline);
    return out;
}

}  // namespace sluice::research
