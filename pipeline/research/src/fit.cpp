#include <sluice/research/fit.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "matern.hpp"
#include "minimize.hpp"

namespace sluice::research {
namespace {

// Bounds of the search. Lengths from a hundredth of a parameter's range, below which the model would
// explain nothing between its points, to a hundred ranges, where the parameter has no influence.
constexpr double kLeastLogLength = -4.6;
constexpr double kMostLogLength = 4.6;
constexpr double kLeastLogSignal = -6.0;
constexpr double kMostLogSignal = 9.0;
constexpr double kLeastLogNoise = -18.4;  // a standard deviation of 10^-4
constexpr double kMostLogNoise = 2.0;
constexpr double kMostMean = 10.0;
// A thousandth of a unit of log posterior moves no proposal.
constexpr double kTolerance = 1e-3;

Hyperparameters prior_mode(const Priors& priors, Eigen::Index dimensions) {
    Hyperparameters out;
    out.log_lengths = Eigen::VectorXd::Constant(dimensions, priors.length_mean);
    out.log_signal = priors.signal_mean;
    out.log_noise = priors.noise_mean;
    return out;
}

Box bounds_of(Eigen::Index dimensions) {
    Box box;
    box.low = Eigen::VectorXd::Constant(dimensions + 3, kLeastLogLength);
    box.high = Eigen::VectorXd::Constant(dimensions + 3, kMostLogLength);
    box.low.tail(3) << kLeastLogSignal, kLeastLogNoise, -kMostMean;
    box.high.tail(3) << kMostLogSignal, kMostLogNoise, kMostMean;
    return box;
}

}  // namespace

Priors Priors::of_dimensions(Eigen::Index dimensions) {
    Priors out;
    out.length_mean += 0.5 * std::log(static_cast<double>(dimensions));
    return out;
}

Posterior::Posterior(const Inputs& inputs, const Eigen::VectorXd& values, const Priors& priors)
    : values_{values}, priors_{priors}, rows_{inputs.rows()} {
    squares_.resize(rows_ * (rows_ - 1) / 2, inputs.columns());
    for (Eigen::Index j = 0; j < inputs.columns(); ++j) {
        const auto column = inputs.features.col(j).array();
        const bool categorical = inputs.categorical[static_cast<std::size_t>(j)];
        Eigen::Index pair = 0;
        for (Eigen::Index a = 0; a + 1 < rows_; ++a) {
            const Eigen::Index below = rows_ - a - 1;
            auto out = squares_.col(j).segment(pair, below).array();
            if (categorical)
                out = (column.tail(below) != column(a)).cast<double>();
            else
                out = (column.tail(below) - column(a)).square();
            pair += below;
        }
    }
}

double Posterior::add_priors(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient) const {
    const Eigen::Index d = squares_.cols();
    double sum = 0.0;
    const auto add = [&](Eigen::Index i, double mean, double sd) {
        const double z = (packed(i) - mean) / sd;
        sum += 0.5 * z * z;
        if (gradient != nullptr) (*gradient)(i) += z / sd;
    };
    for (Eigen::Index j = 0; j < d; ++j) add(j, priors_.length_mean, priors_.length_sd);
    add(d, priors_.signal_mean, priors_.signal_sd);
    add(d + 1, priors_.noise_mean, priors_.noise_sd);
    add(d + 2, 0.0, priors_.mean_sd);
    return sum;
}

double Posterior::operator()(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient) {
    const double value = likelihood(packed, gradient);
    return std::isfinite(value) ? value + add_priors(packed, gradient) : value;
}

double Posterior::likelihood(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient) {
    const Eigen::Index d = squares_.cols();
    const Eigen::VectorXd weights = (-2.0 * packed.head(d).array()).exp().matrix();
    const double signal = std::exp(packed(d));
    const double noise = std::exp(packed(d + 1));
    scaled_ = (squares_ * weights).array();
    matern_with_slope(scaled_, kernel_, slope_);

    covariance_.resize(rows_, rows_);
    Eigen::Index pair = 0;
    for (Eigen::Index a = 0; a < rows_; ++a) {
        const Eigen::Index below = rows_ - a - 1;
        covariance_(a, a) = signal + noise;
        covariance_.col(a).tail(below) = (signal * kernel_.segment(pair, below)).matrix();
        pair += below;
    }
    Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor{covariance_};
    if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();

    const Eigen::VectorXd residuals = (values_.array() - packed(d + 2)).matrix();
    const Eigen::VectorXd solved = factor.solve(residuals);
    double value = 0.5 * residuals.dot(solved) + covariance_.diagonal().array().log().sum();
    if (gradient == nullptr) return value;

    // d/dt = tr((K^-1 - a a') dK/dt)/2 with a = K^-1 r (Rasmussen and Williams 2006, eq. 5.9).
    const Eigen::MatrixXd inverse_factor =
        factor.matrixL().solve(Eigen::MatrixXd::Identity(rows_, rows_));
    inverse_.setZero(rows_, rows_);
    inverse_.selfadjointView<Eigen::Lower>().rankUpdate(inverse_factor.transpose());
    inverse_.selfadjointView<Eigen::Lower>().rankUpdate(solved, -1.0);
    gradient->setZero(d + 3);
    Eigen::VectorXd pull(squares_.rows());
    double signal_part = signal * inverse_.trace();
    pair = 0;
    for (Eigen::Index a = 0; a + 1 < rows_; ++a) {
        const Eigen::Index below = rows_ - a - 1;
        const auto column = inverse_.col(a).tail(below).array();
        pull.segment(pair, below) = (column * slope_.segment(pair, below)).matrix();
        signal_part += 2.0 * signal * (column * kernel_.segment(pair, below)).sum();
        pair += below;
    }
    // Pairs stand for both of a and b, hence no half.
    gradient->head(d) = (signal * (squares_.transpose() * pull).array() * weights.array()).matrix();
    (*gradient)(d) = 0.5 * signal_part;
    (*gradient)(d + 1) = 0.5 * noise * inverse_.trace();
    (*gradient)(d + 2) = -solved.sum();
    return value;
}

Fit fit_hyperparameters(const Inputs& inputs, const Eigen::VectorXd& values,
                        const FitOptions& options) {
    const Eigen::Index d = inputs.columns();
    Posterior posterior{inputs, values, options.priors};
    std::vector<Hyperparameters> starts;
    if (options.start) starts.push_back(*options.start);
    if (!options.start || !options.only_start) starts.push_back(prior_mode(options.priors, d));

    Fit best;
    best.hyper = starts.front();
    best.negative_log_posterior = std::numeric_limits<double>::infinity();
    const auto objective = [&](const Eigen::VectorXd& packed, Eigen::VectorXd& gradient) {
        ++best.evaluations;
        return posterior(packed, &gradient);
    };
    for (const Hyperparameters& start : starts) {
        const Minimum found =
            minimize(objective, start.packed(), bounds_of(d), {options.evaluations, kTolerance});
        if (!(found.value < best.negative_log_posterior)) continue;
        best.negative_log_posterior = found.value;
        best.hyper = Hyperparameters::unpacked(found.point);
    }
    return best;
}

}  // namespace sluice::research
