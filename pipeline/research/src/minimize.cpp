#include "minimize.hpp"

#include <cmath>
#include <exception>
#include <limits>
#include <nlopt.hpp>
#include <vector>

namespace sluice::research {
namespace {

// What NLopt is given for a value that is not finite, which it could not compare.
constexpr double kTooFar = 1e100;

struct Context {
    const Differentiable* objective;
    Minimum best;
    Eigen::VectorXd point;
    Eigen::VectorXd gradient;
};

double call(unsigned size, const double* x, double* gradient, void* data) {
    auto& context = *static_cast<Context*>(data);
    const auto n = static_cast<Eigen::Index>(size);
    context.point = Eigen::Map<const Eigen::VectorXd>(x, n);
    context.gradient.setZero(n);
    const double value = (*context.objective)(context.point, context.gradient);
    const bool usable = std::isfinite(value) && context.gradient.allFinite();
    if (gradient != nullptr) {
        Eigen::Map<Eigen::VectorXd> out{gradient, n};
        if (usable)
            out = context.gradient;
        else
            out.setZero();
    }
    if (!usable) return kTooFar;
    if (value < context.best.value) {
        context.best.value = value;
        context.best.point = context.point;
    }
    return value;
}

std::vector<double> to_vector(const Eigen::VectorXd& v) { return {v.begin(), v.end()}; }

}  // namespace

Minimum minimize(const Differentiable& objective, const Eigen::VectorXd& start, const Box& box,
                 const MinimizeOptions& options) {
    const Eigen::VectorXd inside = start.cwiseMax(box.low).cwiseMin(box.high);
    Context context{&objective, {inside, std::numeric_limits<double>::infinity()}, {}, {}};
    nlopt::opt search{nlopt::LD_LBFGS, static_cast<unsigned>(start.size())};
    search.set_lower_bounds(to_vector(box.low));
    search.set_upper_bounds(to_vector(box.high));
    search.set_maxeval(options.evaluations);
    search.set_ftol_abs(options.tolerance);
    search.set_min_objective(call, &context);
    std::vector<double> x = to_vector(inside);
    double value = 0.0;
    try {
        (void)search.optimize(x, value);
    } catch (const std::exception&) {
        // NLopt reports a line search that found no descent as a failure; the best point seen counts.
    }
    return context.best;
}

}  // namespace sluice::research
