// What a point is worth trying: the logarithm of the expected improvement, times the probability that
// the constraints hold.
//
// Before any point is feasible, the probability alone counts.
// Threads: immutable once built. Cost: a prediction of each model a point.
#pragma once

#include <Eigen/Dense>
#include <optional>
#include <vector>

#include <sluice/research/gaussian_process.hpp>

namespace sluice::research {

struct ConstraintModel {
    GaussianProcess process;
    double bound;  // holds where the process is at most this
};

class Acquisition {
  public:
    // `incumbent`: the value to improve on; nothing when no point is feasible.
    Acquisition(GaussianProcess objective, std::optional<double> incumbent,
                std::vector<ConstraintModel> constraints);

    [[nodiscard]] double operator()(const Eigen::VectorXd& features,
                                    Eigen::VectorXd& gradient) const;
    // A point a row.
    [[nodiscard]] Eigen::VectorXd operator()(const Eigen::MatrixXd& features) const;

  private:
    GaussianProcess objective_;
    std::optional<double> incumbent_;
    std::vector<ConstraintModel> constraints_;
};

}  // namespace sluice::research
