#include <sluice/research/acquisition.hpp>

#include <cmath>
#include <utility>

#include <sluice/research/log_improvement.hpp>

namespace sluice::research {
namespace {

struct Term {
    double value;
    double by_mean;
    double by_variance;
};

// log EI of a normal belief below `incumbent`, and its derivatives.
Term log_ei(double mean, double variance, double incumbent) {
    const double sd = std::sqrt(variance);
    const double z = (incumbent - mean) / sd;
    const ValueAndSlope h = log_improvement(z);
    // d sigma / d variance = 1/(2 sigma); z falls with the mean and shrinks with sigma.
    return {std::log(sd) + h.value, -h.slope / sd, (1.0 - h.slope * z) / (2.0 * variance)};
}

Term log_feasible(double mean, double variance, double bound) {
    const double sd = std::sqrt(variance);
    const double z = (bound - mean) / sd;
    const ValueAndSlope p = log_normal_cdf(z);
    return {p.value, -p.slope / sd, -p.slope * z / (2.0 * variance)};
}

}  // namespace

Acquisition::Acquisition(GaussianProcess objective, std::optional<double> incumbent,
                         std::vector<ConstraintModel> constraints)
    : objective_{std::move(objective)}, incumbent_{incumbent}, constraints_{
                                                                   std::move(constraints)} {}

double Acquisition::operator()(const Eigen::VectorXd& features, Eigen::VectorXd& gradient) const {
    gradient.setZero(features.size());
    double value = 0.0;
    const auto add = [&](const Prediction& p, const Term& term) {
        value += term.value;
        gradient += term.by_mean * p.mean_gradient + term.by_variance * p.variance_gradient;
    };
    if (incumbent_) {
        const Prediction p = objective_.predict_with_gradient(features);
        add(p, log_ei(p.mean, p.variance, *incumbent_));
    }
    for (const ConstraintModel& constraint : constraints_) {
        const Prediction p = constraint.process.predict_with_gradient(features);
        add(p, log_feasible(p.mean, p.variance, constraint.bound));
    }
    return value;
}

Eigen::VectorXd Acquisition::operator()(const Eigen::MatrixXd& features) const {
    Eigen::VectorXd out = Eigen::VectorXd::Zero(features.rows());
    Eigen::VectorXd means;
    Eigen::VectorXd variances;
    if (incumbent_) {
        objective_.predict(features, means, variances);
        for (Eigen::Index i = 0; i < out.size(); ++i)
            out(i) += log_ei(means(i), variances(i), *incumbent_).value;
    }
    for (const ConstraintModel& constraint : constraints_) {
        constraint.process.predict(features, means, variances);
        for (Eigen::Index i = 0; i < out.size(); ++i)
            out(i) += log_feasible(means(i), variances(i), constraint.bound).value;
    }
    return out;
}

}  // namespace sluice::research
