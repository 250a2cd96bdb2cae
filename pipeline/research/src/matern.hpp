// The Matern 5/2 kernel of unit variance, as a function of the squared scaled distance r^2, on arrays.
#pragma once

#include <Eigen/Dense>
#include <cmath>

namespace sluice::research {

// (1 + s + s^2/3) e^-s with s = sqrt(5 r^2).
inline Eigen::ArrayXd matern(const Eigen::ArrayXd& squared) {
    const Eigen::ArrayXd s = (5.0 * squared).sqrt();
    return (1.0 + s + s.square() / 3.0) * (-s).exp();
}

// Also minus twice its derivative by r^2: (5/3)(1 + s) e^-s, which is smooth at r = 0.
inline void matern_with_slope(const Eigen::ArrayXd& squared, Eigen::ArrayXd& kernel,
                              Eigen::ArrayXd& slope) {
    const Eigen::ArrayXd s = (5.0 * squared).sqrt();
    const Eigen::ArrayXd decay = (-s).exp();
    kernel = (1.0 + s + s.square() / 3.0) * decay;
    slope = (5.0 / 3.0) * (1.0 + s) * decay;
}

}  // namespace sluice::research
