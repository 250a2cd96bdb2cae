// The models behind a proposal: the objective's process and one a constraint, fitted to what was told.
//
// Most fits warp the objective's values; every third explores: it takes them as they are, expects less of
// a known value for its neighbourhood than it was fitted to (shorter lengths), and asks for an improvement
// worth the name. A warp shows the ground of a deep valley and may keep a search in one that is not the
// deepest; a model fitted to points that crowd in one valley is too sure of the rest. Measured in
// perf/optimizer.md.
//
// It remembers the hyperparameters of the last fit, from which the next begins; that is part of what an
// optimiser saves. Above kFewRows observations a fit takes fewer steps, above kMostRows it sees the best
// half and the latest half of so many: the cost of a proposal is bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <sluice/research/acquisition.hpp>
#include <sluice/research/gaussian_process.hpp>
#include <sluice/research/optimizer.hpp>

namespace sluice::research {

struct Models {
    bool explores;
    GaussianProcess objective;
    std::optional<double> incumbent;
    std::vector<ConstraintModel> constraints;
    // The features of the most promising observations, the best first.
    std::vector<Eigen::VectorXd> best;
};

class Surrogate {
  public:
    Surrogate(const Space& space, std::size_t constraints);

    // At least one observation. The models believe that pending points will give what they expect
    // there (the kriging believer of Ginsbourger et al. 2010).
    Models fit(const std::vector<Observation>& observations, const std::vector<Point>& pending);

    [[nodiscard]] Eigen::VectorXd features(const Point& point) const;

    [[nodiscard]] std::vector<double> memory() const;
    // Throws std::invalid_argument for what `memory` cannot have given.
    void set_memory(std::span<const double> numbers);

  private:
    GaussianProcess fit_one(const Inputs& inputs, const Eigen::VectorXd& values,
                            std::optional<Hyperparameters>& last);

    const Space& space_;
    // The objective's, warped and plain, then the constraints'.
    std::vector<std::optional<Hyperparameters>> last_;
};

}  // namespace sluice::research
