// Hyperparameters by maximum a posteriori: the marginal likelihood of the observations, the priors, the
// analytic gradient, and the search.
//
// Threads: none shared; an object belongs to one thread. Cost: an evaluation takes about 2 n^3 flops,
// 0.4 ms at 100 observations; a fit takes 15 to 80 evaluations.
#pragma once

#include <Eigen/Dense>
#include <optional>

#include <sluice/research/gaussian_process.hpp>

namespace sluice::research {

// Normal priors on the logarithms, for values that are standardised. Other lengths were tried and were
// no better (perf/optimizer.md). A noise that is expected to be small keeps a model of few points from
// taking all it sees for noise.
struct Priors {
    double length_mean = -0.75;
    double length_sd = 1.0;
    double signal_mean = 0.0;
    double signal_sd = 1.0;
    double noise_mean = -10.0;
    double noise_sd = 3.0;
    double mean_sd = 1.0;

    // Longer lengths for more dimensions, where distances grow with the root of their number (Hvarfner,
    // Hellsten and Nardi 2024).
    static Priors of_dimensions(Eigen::Index dimensions);
};

// The negative logarithm of the posterior density of packed hyperparameters, up to a constant.
class Posterior {
  public:
    Posterior(const Inputs& inputs, const Eigen::VectorXd& values, const Priors& priors);

    // Infinite where the covariance cannot be factored. `gradient` may be null.
    double operator()(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient);
    // The same without the priors.
    double likelihood(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient);

  private:
    double add_priors(const Eigen::VectorXd& packed, Eigen::VectorXd* gradient) const;

    const Eigen::VectorXd& values_;
    Priors priors_;
    Eigen::Index rows_;
    Eigen::MatrixXd squares_;  // a pair of observations a row, a parameter a column
    // Kept between evaluations to spare the allocations.
    Eigen::ArrayXd scaled_;
    Eigen::ArrayXd kernel_;
    Eigen::ArrayXd slope_;
    Eigen::MatrixXd covariance_;
    Eigen::MatrixXd inverse_;
};

struct FitOptions {
    Priors priors;
    std::optional<Hyperparameters> start;  // from an earlier fit; the priors' means beside it
    int evaluations = 40;                  // for each start
    bool only_start = false;               // trust the start
};

struct Fit {
    Hyperparameters hyper;
    double negative_log_posterior = 0.0;
    int evaluations = 0;
};

Fit fit_hyperparameters(const Inputs& inputs, const Eigen::VectorXd& values,
                        const FitOptions& options);

}  // namespace sluice::research
