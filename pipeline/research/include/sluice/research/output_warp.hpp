// Values as the surrogate sees them: warped towards a normal shape, then standardised.
//
// Costs spread over orders of magnitude; a stationary process fitted to them spends itself on the few
// huge ones. The warp is a Yeo-Johnson power (Yeo and Johnson 2000) of the standardised values, its
// exponent the most likely one. It rises strictly, so the best stays the best.
// Values of any finite size are borne.
// Threads: immutable. Cost: some 30 passes over the values.
#pragma once

#include <Eigen/Dense>

namespace sluice::research {

class OutputWarp {
  public:
    enum class Kind { kStandardise, kYeoJohnson };

    OutputWarp(const Eigen::VectorXd& values, Kind kind);

    [[nodiscard]] double operator()(double value) const;
    [[nodiscard]] Eigen::VectorXd operator()(const Eigen::VectorXd& values) const;
    [[nodiscard]] double power() const { return power_; }

  private:
    double unit_ = 1.0;
    double centre_ = 0.0;
    double scale_ = 1.0;
    double power_ = 1.0;  // 1 changes nothing
    double warped_centre_ = 0.0;
    double warped_scale_ = 1.0;
};

}  // namespace sluice::research
