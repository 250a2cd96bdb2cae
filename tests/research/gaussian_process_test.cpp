#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <sluice/research/acquisition.hpp>
#include <sluice/research/fit.hpp>
#include <sluice/research/gaussian_process.hpp>

#include "draws.hpp"

namespace sluice::research {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double matern_of(double r) {
    const double s = std::sqrt(5.0) * r;
    return (1.0 + s + s * s / 3.0) * std::exp(-s);
}

Hyperparameters hyper_of(Index dimensions, double length, double signal, double noise,
                         double mean) {
    return {VectorXd::Constant(dimensions, std::log(length)), std::log(signal), std::log(noise),
            mean};
}

// Observations of three parameters, the last a category.
struct Sample {
    Inputs inputs;
    VectorXd values;
};
Sample sample(std::uint64_t seed, Index rows) {
    core::Random random{seed, 0, 0};
    Sample out{{MatrixXd(rows, 3), {false, false, true}}, VectorXd(rows)};
    for (Index i = 0; i < rows; ++i) {
        out.inputs.features.row(i) << random.uniform(), random.uniform(),
            static_cast<double>(random.below(3));
        out.values(i) = standard_normal(random);
    }
    return out;
}

VectorXd numeric_gradient(const std::function<double(const VectorXd&)>& f, const VectorXd& x,
                          double step) {
    VectorXd out(x.size());
    for (Index i = 0; i < x.size(); ++i) {
        VectorXd up = x;
        VectorXd down = x;
        up(i) += step;
        down(i) -= step;
        out(i) = (f(up) - f(down)) / (2.0 * step);
    }
    return out;
}

// One observation: mean m + k (y - m)/(s + n), variance s - k^2/(s + n).
TEST(GaussianProcess, predicts_one_observation_in_closed_form) {
    const Hyperparameters hyper = hyper_of(1, 0.5, 2.0, 0.1, 0.3);
    const GaussianProcess model{
        {MatrixXd::Constant(1, 1, 0.2), {false}}, VectorXd::Constant(1, 1.5), hyper};
    const double k = 2.0 * matern_of(0.4 / 0.5);
    const Prediction p = model.predict(VectorXd::Constant(1, 0.6));
    EXPECT_NEAR(0.3 + k * 1.2 / 2.1, p.mean, 1e-14);
    EXPECT_NEAR(2.0 - k * k / 2.1, p.variance, 1e-14);
}

// Two observations and the inverse of a matrix of two by two; a category is one apart from another.
TEST(GaussianProcess, predicts_two_observations_in_closed_form) {
    MatrixXd x(2, 2);
    x << 0.1, 0.0, 0.7, 1.0;
    VectorXd y(2);
    y << 1.0, -2.0;
    const GaussianProcess model{{x, {false, true}}, y, hyper_of(2, 0.8, 1.5, 0.01, 0.0)};
    const auto kernel = [](double step, bool differs) {
        return 1.5 * matern_of(std::hypot(step, differs ? 1.0 : 0.0) / 0.8);
    };
    VectorXd at(2);
    at << 0.4, 1.0;
    const double a = 1.51;
    const double b = kernel(0.6, true);
    const double k0 = kernel(0.3, true);
    const double k1 = kernel(0.3, false);
    const double det = a * a - b * b;
    const Prediction p = model.predict(at);
    EXPECT_NEAR((k0 * (a * 1.0 + b * 2.0) + k1 * (-b * 1.0 - a * 2.0)) / det, p.mean, 1e-13);
    EXPECT_NEAR(1.5 - (a * k0 * k0 - 2.0 * b * k0 * k1 + a * k1 * k1) / det, p.variance, 1e-13);
}

TEST(GaussianProcess, says_the_same_one_by_one_and_all_at_once) {
    const Sample s = sample(3, 12);
    const GaussianProcess model{s.inputs, s.values, hyper_of(3, 0.7, 1.0, 1e-4, 0.0)};
    const Sample other = sample(4, 5);
    VectorXd means;
    VectorXd variances;
    model.predict(other.inputs.features, means, variances);
    for (Index i = 0; i < 5; ++i) {
        const Prediction p = model.predict(other.inputs.features.row(i).transpose());
        EXPECT_NEAR(p.mean, means(i), 1e-11);
        EXPECT_NEAR(p.variance, variances(i), 1e-11);
    }
}

TEST(GaussianProcess, appends_as_if_built_anew) {
    const Sample s = sample(5, 10);
    const Hyperparameters hyper = hyper_of(3, 0.6, 1.3, 1e-3, 0.2);
    const Inputs first{s.inputs.features.topRows(7), s.inputs.categorical};
    GaussianProcess grown{first, s.values.head(7), hyper};
    for (Index i = 7; i < 10; ++i) grown.append(s.inputs.features.row(i).transpose(), s.values(i));
    const GaussianProcess whole{s.inputs, s.values, hyper};
    VectorXd at(3);
    at << 0.3, 0.6, 1.0;
    EXPECT_EQ(10, grown.size());
    EXPECT_NEAR(whole.predict(at).mean, grown.predict(at).mean, 1e-10);
    EXPECT_NEAR(whole.predict(at).variance, grown.predict(at).variance, 1e-10);
}

TEST(GaussianProcess, bears_equal_points) {
    const MatrixXd x = MatrixXd::Constant(20, 2, 0.5);
    const GaussianProcess model{
        {x, {false, false}}, VectorXd::Constant(20, 1.0), hyper_of(2, 1.0, 1e3, 1e-18, 0.0)};
    EXPECT_GT(model.jitter(), 0.0);
    EXPECT_NEAR(1.0, model.predict(VectorXd::Constant(2, 0.5)).mean, 1e-3);
}

RC_GTEST_PROP(GaussianProcess, has_the_gradients_that_differences_have, ()) {
    const Sample s = sample(*rc::gen::arbitrary<std::uint64_t>(), 9);
    const GaussianProcess model{s.inputs, s.values, hyper_of(3, 0.5, 1.2, 1e-2, 0.1)};
    VectorXd at = sample(*rc::gen::arbitrary<std::uint64_t>(), 1).inputs.features.row(0);
    const Prediction p = model.predict_with_gradient(at);
    const auto real = [&](auto&& f) {
        return numeric_gradient(
            [&](const VectorXd& head) {
                VectorXd full = at;
                full.head(2) = head;
                return f(full);
            },
            at.head(2), 1e-5);
    };
    const VectorXd mean = real([&](const VectorXd& x) { return model.predict(x).mean; });
    const VectorXd variance = real([&](const VectorXd& x) { return model.predict(x).variance; });
    RC_ASSERT((mean - p.mean_gradient.head(2)).norm() < 1e-6);
    RC_ASSERT((variance - p.variance_gradient.head(2)).norm() < 1e-6);
    RC_ASSERT(p.mean_gradient(2) == 0.0);
}

RC_GTEST_PROP(Acquisition, has_the_gradient_that_differences_have, ()) {
    const Sample s = sample(*rc::gen::arbitrary<std::uint64_t>(), 8);
    const Sample c = sample(*rc::gen::arbitrary<std::uint64_t>(), 8);
    const Hyperparameters hyper = hyper_of(3, 0.5, 1.0, 1e-2, 0.0);
    // An incumbent far below what the model expects: the tail.
    const double incumbent = s.values.minCoeff() - *rc::gen::inRange(0, 20);
    const Acquisition acquisition{GaussianProcess{s.inputs, s.values, hyper},
                                  incumbent,
                                  {{GaussianProcess{s.inputs, c.values, hyper}, -0.5}}};
    VectorXd at = sample(*rc::gen::arbitrary<std::uint64_t>(), 1).inputs.features.row(0);
    VectorXd gradient;
    const double value = acquisition(at, gradient);
    const VectorXd numeric = numeric_gradient(
        [&](const VectorXd& head) {
            VectorXd full = at;
            full.head(2) = head;
            VectorXd ignored;
            return acquisition(full, ignored);
        },
        at.head(2), 1e-6);
    RC_ASSERT((numeric - gradient.head(2)).norm() < 1e-4 * std::max(1.0, gradient.norm()));
    const MatrixXd row = at.transpose();
    RC_ASSERT(std::abs(acquisition(row)(0) - value) < 1e-9 * std::max(1.0, std::abs(value)));
}

RC_GTEST_PROP(Posterior, has_the_gradient_that_differences_have, ()) {
    const Sample s = sample(*rc::gen::arbitrary<std::uint64_t>(), 10);
    Posterior posterior{s.inputs, s.values, Priors::of_dimensions(3)};
    VectorXd packed(6);
    for (double& p : packed) p = *rc::gen::inRange(-1500, 1500) * 1e-3;
    VectorXd gradient;
    const double value = posterior(packed, &gradient);
    const VectorXd numeric =
        numeric_gradient([&](const VectorXd& at) { return posterior(at, nullptr); }, packed, 1e-5);
    RC_ASSERT(std::abs(value - posterior(packed, nullptr)) < 1e-9);
    RC_ASSERT((numeric - gradient).norm() < 1e-5 * std::max(1.0, gradient.norm()));
}

// One observation: (log(s + n) + (y - m)^2/(s + n))/2.
TEST(Posterior, knows_the_likelihood_of_one_observation) {
    const Inputs x{MatrixXd::Constant(1, 1, 0.4), {false}};
    const VectorXd y = VectorXd::Constant(1, 1.7);
    Posterior posterior{x, y, Priors{}};
    const VectorXd packed = hyper_of(1, 0.5, 2.0, 0.5, 0.2).packed();
    EXPECT_NEAR(0.5 * (std::log(2.5) + 2.25 / 2.5), posterior.likelihood(packed, nullptr), 1e-14);
}

TEST(Fit, finds_which_parameter_matters) {
    core::Random random{8, 0, 0};
    Inputs x{MatrixXd(30, 2), {false, false}};
    VectorXd y(30);
    for (Index i = 0; i < 30; ++i) {
        x.features.row(i) << random.uniform(), random.uniform();
        y(i) = std::sin(9.0 * x.features(i, 0));
    }
    FitOptions options;
    options.priors = Priors::of_dimensions(2);
    const Fit fit = fit_hyperparameters(x, y, options);
    EXPECT_GT(fit.hyper.log_lengths(1), fit.hyper.log_lengths(0) + 1.0);
    EXPECT_LT(std::exp(fit.hyper.log_noise), 1e-2);
    EXPECT_TRUE(std::isfinite(fit.negative_log_posterior));
}

}  // namespace
}  // namespace sluice::research
