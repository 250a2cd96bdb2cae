#include <sluice/research/output_warp.hpp>

#include <cmath>
#include <limits>

namespace sluice::research {
namespace {

// Exponents beyond these would make steps of single points.
constexpr double kLeastPower = -2.0;
constexpr double kMostPower = 2.0;
constexpr int kPowerSteps = 32;
// Larger values are divided first: their squares would not be finite.
constexpr double kLargestSquared = 1e100;

double yeo_johnson(double y, double power) {
    const double p = y < 0.0 ? 2.0 - power : power;
    const double warped =
        std::abs(p) < 1e-9 ? std::log1p(std::abs(y)) : std::expm1(p * std::log1p(std::abs(y))) / p;
    return y < 0.0 ? -warped : warped;
}

double deviation(const Eigen::ArrayXd& values) {
    return std::sqrt((values - values.mean()).square().mean());
}

// Log likelihood of a normal shape after the warp, up to a constant.
double likelihood(const Eigen::ArrayXd& standard, double power) {
    const Eigen::ArrayXd warped =
        standard.unaryExpr([power](double y) { return yeo_johnson(y, power); });
    const double sd = deviation(warped);
    if (!(sd > 0.0) || !std::isfinite(sd)) return -std::numeric_limits<double>::infinity();
    const double jacobian =
        (power - 1.0) *
        standard.unaryExpr([](double y) { return std::copysign(std::log1p(std::abs(y)), y); })
            .sum();
    return -static_cast<double>(standard.size()) * std::log(sd) + jacobian;
}

}  // namespace

OutputWarp::OutputWarp(const Eigen::VectorXd& told, Kind kind) {
    const double largest = told.cwiseAbs().maxCoeff();
    if (largest > kLargestSquared) unit_ = largest;
    const Eigen::VectorXd values = told / unit_;
    centre_ = values.mean();
    const double sd = deviation(values.array());
    // Equal values: only the shift; their differences are rounding.
    if (!(sd > 1e-12 * (1.0 + std::abs(centre_)))) return;
    scale_ = sd;
    if (kind == Kind::kStandardise) return;
    const Eigen::ArrayXd standard = (values.array() - centre_) / scale_;
    double most = -std::numeric_limits<double>::infinity();
    for (int i = 0; i <= kPowerSteps; ++i) {
        const double power = kLeastPower + (kMostPower - kLeastPower) * i / kPowerSteps;
        const double found = likelihood(standard, power);
        if (found <= most) continue;
        most = found;
        power_ = power;
    }
    const Eigen::ArrayXd warped =
        standard.unaryExpr([this](double y) { return yeo_johnson(y, power_); });
    warped_centre_ = warped.mean();
    warped_scale_ = deviation(warped);
}

double OutputWarp::operator()(double value) const {
    const double standard = (value / unit_ - centre_) / scale_;
    return (yeo_johnson(standard, power_) - warped_centre_) / warped_scale_;
}

Eigen::VectorXd OutputWarp::operator()(const Eigen::VectorXd& values) const {
    return values.unaryExpr([this](double y) { return (*this)(y); });
}

}  // namespace sluice::research
