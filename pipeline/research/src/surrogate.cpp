#include "surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <sluice/research/fit.hpp>
#include <sluice/research/output_warp.hpp>

namespace sluice::research {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr std::size_t kFewRows = 150;
constexpr std::size_t kMostRows = 400;
constexpr int kStepsBeyondFew = 15;
constexpr std::size_t kCentres = 5;
constexpr std::size_t kExploreEvery = 3;
// Of the lengths fitted; the same idea as in Berkenkamp, Schoellig and Krause (2019), where a bound on
// regret needs lengths that are not too long.
constexpr double kExploredLengths = 0.7;
// In standard deviations of the values seen.
constexpr double kWorthwhile = 0.1;
constexpr std::size_t kWarpedView = 0;
constexpr std::size_t kPlainView = 1;
constexpr std::size_t kViews = 2;

// The observations that the models see, in the order in which they were told.
std::vector<std::size_t> chosen(const std::vector<Observation>& observations) {
    std::vector<std::size_t> all(observations.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (all.size() <= kMostRows) return all;
    const auto latest = static_cast<std::ptrdiff_t>(kMostRows / 2);
    std::vector<std::size_t> out(all.end() - latest, all.end());
    all.resize(all.size() - kMostRows / 2);
    std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
        return observations[a].value < observations[b].value;
    });
    out.insert(out.end(), all.begin(), all.begin() + latest);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

Surrogate::Surrogate(const Space& space, std::size_t constraints)
    : space_{space}, last_(kViews + constraints) {}

VectorXd Surrogate::features(const Point& point) const {
    VectorXd out(static_cast<Index>(point.size()));
    for (std::size_t i = 0; i < point.size(); ++i)
        out(static_cast<Index>(i)) = space_.feature(i, point[i]);
    return out;
}

GaussianProcess Surrogate::fit_one(const Inputs& inputs, const VectorXd& values,
                                   std::optional<Hyperparameters>& last) {
    FitOptions options;
    options.priors = Priors::of_dimensions(inputs.columns());
    options.start = last;
    if (static_cast<std::size_t>(inputs.rows()) > kFewRows) {
        options.only_start = true;
        options.evaluations = kStepsBeyondFew;
    }
    last = fit_hyperparameters(inputs, values, options).hyper;
    return GaussianProcess{inputs, values, *last};
}

Models Surrogate::fit(const std::vector<Observation>& observations,
                      const std::vector<Point>& pending) {
    const std::vector<std::size_t> rows = chosen(observations);
    const auto n = static_cast<Index>(rows.size());
    Inputs inputs;
    inputs.features.resize(n, static_cast<Index>(space_.size()));
    for (std::size_t i = 0; i < space_.size(); ++i)
        inputs.categorical.push_back(space_[i].kind == Parameter::Kind::kCategorical);
    VectorXd values(n);
    for (Index i = 0; i < n; ++i) {
        const Observation& o = observations[rows[static_cast<std::size_t>(i)]];
        inputs.features.row(i) = features(o.point).transpose();
        values(i) = o.value;
    }
    const bool explores = (observations.size() + pending.size()) % kExploreEvery == 0;
    const OutputWarp warp{
        values, explores ? OutputWarp::Kind::kStandardise : OutputWarp::Kind::kYeoJohnson};
    const VectorXd warped = warp(values);
    const std::size_t view = explores ? kPlainView : kWarpedView;
    Models out{explores, fit_one(inputs, warped, last_[view]), {}, {}, {}};
    if (explores) {
        Hyperparameters shorter = *last_[view];
        shorter.log_lengths.array() += std::log(kExploredLengths);
        out.objective = GaussianProcess{inputs, warped, std::move(shorter)};
    }

    for (std::size_t c = 0; c + kViews < last_.size(); ++c) {
        VectorXd measured(n);
        for (Index i = 0; i < n; ++i)
            measured(i) = observations[rows[static_cast<std::size_t>(i)]].constraints[c];
        const OutputWarp scale{measured, OutputWarp::Kind::kYeoJohnson};
        out.constraints.push_back(
            {fit_one(inputs, scale(measured), last_[c + kViews]), scale(0.0)});
    }

    // Noise makes the least value seen a lucky one; the model's belief at the points is not.
    VectorXd means;
    VectorXd variances;
    out.objective.predict(inputs.features, means, variances);
    const auto feasible = [&](std::size_t i) { return observations[rows[i]].feasible(); };
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (feasible(a) != feasible(b)) return feasible(a);
        return means(static_cast<Index>(a)) < means(static_cast<Index>(b));
    });
    if (feasible(order.front()))
        out.incumbent = means(static_cast<Index>(order.front())) - (explores ? kWorthwhile : 0.0);
    for (std::size_t i = 0; i < std::min(order.size(), kCentres); ++i)
        out.best.emplace_back(inputs.features.row(static_cast<Index>(order[i])).transpose());

    for (const Point& point : pending) {
        const VectorXd there = features(point);
        out.objective.append(there, out.objective.predict(there).mean);
        for (ConstraintModel& constraint : out.constraints)
            constraint.process.append(there, constraint.process.predict(there).mean);
    }
    return out;
}

// Each model's hyperparameters behind a 1, or a 0 for one that was not fitted yet.
std::vector<double> Surrogate::memory() const {
    std::vector<double> out;
    for (const std::optional<Hyperparameters>& last : last_) {
        out.push_back(last ? 1.0 : 0.0);
        if (!last) continue;
        const VectorXd packed = last->packed();
        out.insert(out.end(), packed.begin(), packed.end());
    }
    return out;
}

void Surrogate::set_memory(std::span<const double> numbers) {
    const std::size_t width = space_.size() + 3;
    std::vector<std::optional<Hyperparameters>> read;
    while (!numbers.empty() && read.size() < last_.size()) {
        const bool fitted = numbers.front() == 1.0;
        numbers = numbers.subspan(1);
        read.emplace_back();
        if (!fitted) continue;
        if (numbers.size() < width) break;
        read.back() = Hyperparameters::unpacked(
            Eigen::Map<const VectorXd>(numbers.data(), static_cast<Index>(width)));
        numbers = numbers.subspan(width);
    }
    if (!numbers.empty() || read.size() != last_.size())
        throw std::invalid_argument("the saved hyperparameters are damaged");
    last_ = std::move(read);
}

}  // namespace sluice::research
