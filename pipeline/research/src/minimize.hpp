// Local minimisation in a box by gradient: L-BFGS of NLopt behind one function.
#pragma once

#include <Eigen/Dense>
#include <functional>

namespace sluice::research {

struct Box {
    Eigen::VectorXd low;
    Eigen::VectorXd high;
};

struct Minimum {
    Eigen::VectorXd point;
    double value = 0.0;  // the best that was seen; infinite when nothing was finite
};

struct MinimizeOptions {
    int evaluations = 50;
    double tolerance = 1e-4;  // ends when a step changes the value by less, absolutely
};

// Fills the gradient and returns the value; a value that is not finite is a step too far.
using Differentiable =
    std::function<double(const Eigen::VectorXd& point, Eigen::VectorXd& gradient)>;

Minimum minimize(const Differentiable& objective, const Eigen::VectorXd& start, const Box& box,
                 const MinimizeOptions& options);

}  // namespace sluice::research
