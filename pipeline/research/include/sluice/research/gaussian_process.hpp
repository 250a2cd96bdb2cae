// A Gaussian process with constant mean and a Matern 5/2 kernel of one length scale a parameter.
//
// Distances of real and integer parameters are differences of their features; two categories are one
// apart or none. A model is built from observations and hyperparameters; finding the latter is
// fit.hpp's work.
// Threads: immutable once built, but for `append`. Bounds: memory 2 n^2 numbers. Cost: n^3/2 to build, n^2 for a
// prediction and another n^2 for its gradient, n^2 to append an observation.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

namespace sluice::research {

// Rows are observations, columns parameters.
struct Inputs {
    Eigen::MatrixXd features;
    std::vector<bool> categorical;

    [[nodiscard]] Eigen::Index rows() const { return features.rows(); }
    [[nodiscard]] Eigen::Index columns() const { return features.cols(); }
};

struct Hyperparameters {
    Eigen::VectorXd log_lengths;
    double log_signal = 0.0;  // of the variance
    double log_noise = 0.0;   // of the variance
    double mean = 0.0;

    // The lengths, then signal, noise and mean.
    [[nodiscard]] Eigen::VectorXd packed() const;
    static Hyperparameters unpacked(const Eigen::VectorXd& packed);
};

struct Prediction {
    double mean = 0.0;
    double variance = 0.0;  // of the noise-free value
    Eigen::VectorXd mean_gradient;
    Eigen::VectorXd variance_gradient;  // zero for categories, as the mean's
};

class GaussianProcess {
  public:
    // Throws std::runtime_error when no jitter makes the covariance positive definite.
    GaussianProcess(Inputs inputs, const Eigen::VectorXd& values, Hyperparameters hyper);

    [[nodiscard]] Prediction predict(const Eigen::VectorXd& features) const;
    [[nodiscard]] Prediction predict_with_gradient(const Eigen::VectorXd& features) const;
    // Many at once, a point a row: several times cheaper each.
    void predict(const Eigen::MatrixXd& features, Eigen::VectorXd& means,
                 Eigen::VectorXd& variances) const;

    // Adds an observation and keeps the hyperparameters.
    void append(const Eigen::VectorXd& features, double value);

    [[nodiscard]] const Hyperparameters& hyperparameters() const { return hyper_; }
    [[nodiscard]] const Inputs& inputs() const { return inputs_; }
    [[nodiscard]] Eigen::Index size() const { return inputs_.rows(); }
    [[nodiscard]] double jitter() const { return jitter_; }

  private:
    void factor();
    void solve();
    // Squared scaled distances of one point to all observations.
    [[nodiscard]] Eigen::ArrayXd distances(const Eigen::VectorXd& features) const;

    Inputs inputs_;
    Eigen::VectorXd residuals_;  // values less the mean
    Hyperparameters hyper_;
    Eigen::VectorXd inverse_lengths_;
    double signal_;
    double noise_;
    double jitter_ = 0.0;
    Eigen::MatrixXd inverse_factor_;  // of the lower Cholesky factor
    Eigen::VectorXd weights_;         // covariance^-1 residuals
};

}  // namespace sluice::research
