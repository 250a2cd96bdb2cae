#include <sluice/research/gaussian_process.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "matern.hpp"

namespace sluice::research {
namespace {

// Rounding can leave a variance at or below zero where a point is observed.
constexpr double kLeastVariance = 1e-14;
// Jitter tried in turn, as shares of the signal.
constexpr double kFirstJitter = 1e-12;
constexpr double kLastJitter = 1e-3;

}  // namespace

Eigen::VectorXd Hyperparameters::packed() const {
    Eigen::VectorXd out(log_lengths.size() + 3);
    out << log_lengths, log_signal, log_noise, mean;
    return out;
}

Hyperparameters Hyperparameters::unpacked(const Eigen::VectorXd& packed) {
    const Eigen::Index d = packed.size() - 3;
    return {packed.head(d), packed(d), packed(d + 1), packed(d + 2)};
}

GaussianProcess::GaussianProcess(Inputs inputs, const Eigen::VectorXd& values,
                                 Hyperparameters hyper)
    : inputs_{std::move(inputs)}, residuals_{(values.array() - hyper.mean).matrix()},
      hyper_{std::move(hyper)}, inverse_lengths_{(-hyper_.log_lengths.array()).exp().matrix()},
      signal_{std::exp(hyper_.log_signal)}, noise_{std::exp(hyper_.log_noise)} {
    factor();
    solve();
}

void GaussianProcess::factor() {
    const Eigen::Index n = size();
    Eigen::MatrixXd covariance(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Eigen::VectorXd row = inputs_.features.row(i).transpose();
        covariance.col(i) = (signal_ * matern(distances(row))).matrix();
    }
    covariance.diagonal().array() += noise_;
    Eigen::LLT<Eigen::MatrixXd> factor{covariance};
    for (double share = kFirstJitter; factor.info() != Eigen::Success; share *= 10.0) {
        if (share > kLastJitter)
            throw std::runtime_error("the covariance is not positive definite");
        jitter_ = share * signal_;
        Eigen::MatrixXd jittered = covariance;
        jittered.diagonal().array() += jitter_;
        factor.compute(jittered);
    }
    inverse_factor_ = factor.matrixL().solve(Eigen::MatrixXd::Identity(n, n));
}

void GaussianProcess::solve() {
    const auto lower = inverse_factor_.triangularView<Eigen::Lower>();
    const Eigen::VectorXd half = lower * residuals_;
    weights_ = inverse_factor_.transpose().triangularView<Eigen::Upper>() * half;
}

Eigen::ArrayXd GaussianProcess::distances(const Eigen::VectorXd& features) const {
    Eigen::ArrayXd out = Eigen::ArrayXd::Zero(size());
    for (Eigen::Index j = 0; j < inputs_.columns(); ++j) {
        const double scale = inverse_lengths_(j) * inverse_lengths_(j);
        const auto column = inputs_.features.col(j).array();
        if (inputs_.categorical[static_cast<std::size_t>(j)])
            out += (column != features(j)).cast<double>() * scale;
        else
            out += (column - features(j)).square() * scale;
    }
    return out;
}

Prediction GaussianProcess::predict(const Eigen::VectorXd& features) const {
    const Eigen::VectorXd cross = (signal_ * matern(distances(features))).matrix();
    const Eigen::VectorXd half = inverse_factor_.triangularView<Eigen::Lower>() * cross;
    Prediction out;
    out.mean = hyper_.mean + cross.dot(weights_);
    out.variance = std::max(signal_ - half.squaredNorm(), kLeastVariance * signal_);
    return out;
}

Prediction GaussianProcess::predict_with_gradient(const Eigen::VectorXd& features) const {
    Eigen::ArrayXd kernel;
    Eigen::ArrayXd slope;
    matern_with_slope(distances(features), kernel, slope);
    const Eigen::VectorXd cross = (signal_ * kernel).matrix();
    const auto lower = inverse_factor_.triangularView<Eigen::Lower>();
    const Eigen::VectorXd half = lower * cross;
    const Eigen::VectorXd solved =
        inverse_factor_.transpose().triangularView<Eigen::Upper>() * half;
    Prediction out;
    out.mean = hyper_.mean + cross.dot(weights_);
    out.variance = std::max(signal_ - half.squaredNorm(), kLeastVariance * signal_);
    out.mean_gradient = Eigen::VectorXd::Zero(inputs_.columns());
    out.variance_gradient = Eigen::VectorXd::Zero(inputs_.columns());
    const Eigen::ArrayXd mean_part = slope * weights_.array();
    const Eigen::ArrayXd variance_part = slope * solved.array();
    for (Eigen::Index j = 0; j < inputs_.columns(); ++j) {
        if (inputs_.categorical[static_cast<std::size_t>(j)]) continue;
        const double scale = signal_ * inverse_lengths_(j) * inverse_lengths_(j);
        const Eigen::ArrayXd step = features(j) - inputs_.features.col(j).array();
        out.mean_gradient(j) = -scale * (mean_part * step).sum();
        out.variance_gradient(j) = 2.0 * scale * (variance_part * step).sum();
    }
    return out;
}

void GaussianProcess::predict(const Eigen::MatrixXd& features, Eigen::VectorXd& means,
                              Eigen::VectorXd& variances) const {
    Eigen::MatrixXd cross(size(), features.rows());
    for (Eigen::Index i = 0; i < features.rows(); ++i) {
        const Eigen::VectorXd row = features.row(i).transpose();
        cross.col(i) = (signal_ * matern(distances(row))).matrix();
    }
    const Eigen::MatrixXd half = inverse_factor_.triangularView<Eigen::Lower>() * cross;
    means = ((cross.transpose() * weights_).array() + hyper_.mean).matrix();
    variances = (signal_ - half.colwise().squaredNorm().transpose().array())
                    .max(kLeastVariance * signal_)
                    .matrix();
}

// A new last row of the factor; the inverse's new row follows from it by one product.
void GaussianProcess::append(const Eigen::VectorXd& features, double value) {
    const Eigen::Index n = size();
    const Eigen::VectorXd cross = (signal_ * matern(distances(features))).matrix();
    const auto lower = inverse_factor_.triangularView<Eigen::Lower>();
    const Eigen::VectorXd half = lower * cross;
    const double own = signal_ + noise_ + jitter_;
    const double pivot = std::sqrt(std::max(own - half.squaredNorm(), kLeastVariance * signal_));
    const Eigen::VectorXd solved =
        inverse_factor_.transpose().triangularView<Eigen::Upper>() * half;
    inverse_factor_.conservativeResize(n + 1, n + 1);
    inverse_factor_.col(n).setZero();
    inverse_factor_.row(n).head(n) = -solved.transpose() / pivot;
    inverse_factor_(n, n) = 1.0 / pivot;
    inputs_.features.conservativeResize(n + 1, Eigen::NoChange);
    inputs_.features.row(n) = features.transpose();
    residuals_.conservativeResize(n + 1);
    residuals_(n) = value - hyper_.mean;
    solve();
}

}  // namespace sluice::research
