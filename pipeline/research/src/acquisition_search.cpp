#include "acquisition_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "draws.hpp"

namespace sluice::research {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

// Steps of a discrete parameter of more levels than this are tried near its value and at random.
constexpr double kFewLevels = 12.0;
// Below this many, a candidate near another takes any level of an integer.
constexpr double kVeryFewLevels = 6.0;
constexpr std::size_t kSureStarts = 2;
// How much the lot weighs against a value that lies a standard deviation above the mean.
constexpr double kLot = 0.5;
// A climb ends when a step gains less; expected improvement then moves by a hundred-thousandth.
constexpr double kClimbTolerance = 1e-5;

class Search {
  public:
    Search(const SearchTask& task, const SearchSettings& settings, core::Random& random)
        : task_{task}, settings_{settings}, random_{random}, dimensions_{static_cast<Index>(
                                                                 task.space.size())} {}

    std::optional<Point> run() {
        std::optional<Point> out;
        double most = -std::numeric_limits<double>::infinity();
        for (VectorXd& start : best_starts()) {
            double value = -std::numeric_limits<double>::infinity();
            for (int round = 0; round < settings_.rounds; ++round) {
                climb(start, value);
                if (!task_.space.has_discretes() || !step(start, value)) break;
            }
            if (out && !(value > most)) continue;
            most = value;
            out = to_point(start);
        }
        return out;
    }

  private:
    [[nodiscard]] Point to_point(const VectorXd& features) const {
        Point out(task_.space.size());
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = task_.space.value(i, features(static_cast<Index>(i)));
        return out;
    }

    // To the nearest features of a point inside the box.
    void settle(VectorXd& features) const {
        features = features.cwiseMax(task_.box.low).cwiseMin(task_.box.high);
        for (std::size_t i = 0; i < task_.space.size(); ++i) {
            if (!task_.space[i].is_discrete()) continue;
            auto& f = features(static_cast<Index>(i));
            f = task_.space.feature(i, task_.space.value(i, f));
        }
    }

    double uniform_feature(Index j) {
        const Parameter& p = task_.space[static_cast<std::size_t>(j)];
        const double u = random_.uniform();
        if (p.kind == Parameter::Kind::kCategorical) return std::floor(u * p.levels());
        return task_.box.low(j) + u * (task_.box.high(j) - task_.box.low(j));
    }

    // Around a centre: some coordinates move by a step whose size is drawn over orders of magnitude.
    VectorXd near(const VectorXd& centre) {
        VectorXd out = centre;
        const double sd = std::pow(10.0, -3.5 + 3.0 * random_.uniform());
        const double share = std::max(1.0 / static_cast<double>(dimensions_), random_.uniform());
        for (Index j = 0; j < dimensions_; ++j) {
            if (random_.uniform() > share) continue;
            const Parameter& p = task_.space[static_cast<std::size_t>(j)];
            if (p.is_discrete() &&
                (p.kind == Parameter::Kind::kCategorical || p.levels() < kVeryFewLevels))
                out(j) = uniform_feature(j);
            else if (p.is_discrete())
                out(j) += std::max(sd, 1.5 / p.levels()) * standard_normal(random_);
            else
                out(j) += sd * standard_normal(random_);
        }
        return out;
    }

    VectorXd spread() {
        VectorXd out(dimensions_);
        const bool some = task_.changed_share < 1.0 && !task_.centres.empty();
        if (some) out = task_.centres.front();
        for (Index j = 0; j < dimensions_; ++j) {
            if (!some || random_.uniform() < task_.changed_share) out(j) = uniform_feature(j);
        }
        return out;
    }

    std::vector<VectorXd> candidates() {
        std::vector<VectorXd> out;
        const auto add = [&](VectorXd features) {
            settle(features);
            if (task_.admissible(to_point(features))) out.push_back(std::move(features));
        };
        for (std::size_t i = 0; i < settings_.spread; ++i) add(spread());
        for (std::size_t i = 0; i < settings_.near && !task_.centres.empty(); ++i)
            add(near(task_.centres[i % task_.centres.size()]));
        return out;
    }

    [[nodiscard]] VectorXd values_of(const std::vector<VectorXd>& points) const {
        Eigen::MatrixXd rows(std::ssize(points), dimensions_);
        for (std::size_t i = 0; i < points.size(); ++i)
            rows.row(static_cast<Index>(i)) = points[i].transpose();
        return task_.acquisition(rows);
    }

    // The two best candidates, then others by lot, the better the likelier: climbs shall not all begin
    // on one hill.
    std::vector<VectorXd> best_starts() {
        const std::vector<VectorXd> drawn = candidates();
        if (drawn.empty()) return {};
        const VectorXd values = values_of(drawn);
        const double sd = std::sqrt((values.array() - values.mean()).square().mean());
        // The greatest of a value plus a Gumbel number is a draw by the exponential of the value.
        VectorXd lots(values.size());
        for (Index i = 0; i < lots.size(); ++i) {
            const double gumbel = -std::log(-std::log(open_uniform(random_)));
            lots(i) = values(i) / std::max(sd, 1e-9) + kLot * gumbel;
        }
        const auto ranked = [&](const VectorXd& keys) {
            std::vector<std::size_t> order(drawn.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                return keys(static_cast<Index>(a)) > keys(static_cast<Index>(b));
            });
            return order;
        };
        std::vector<std::size_t> chosen = ranked(values);
        chosen.resize(std::min(chosen.size(), kSureStarts));
        for (const std::size_t i : ranked(lots)) {
            if (chosen.size() >= settings_.climbs) break;
            if (std::find(chosen.begin(), chosen.end(), i) == chosen.end()) chosen.push_back(i);
        }
        std::vector<VectorXd> out;
        for (const std::size_t i : chosen) out.push_back(drawn[i]);
        return out;
    }

    // Along the real parameters.
    void climb(VectorXd& features, double& value) {
        VectorXd gradient;
        if (!task_.space.has_reals()) {
            value = task_.acquisition(features, gradient);
            return;
        }
        std::vector<Index> reals;
        for (Index j = 0; j < dimensions_; ++j) {
            if (!task_.space[static_cast<std::size_t>(j)].is_discrete()) reals.push_back(j);
        }
        VectorXd full = features;
        const auto objective = [&](const VectorXd& point, VectorXd& slope) {
            full(reals) = point;
            const double found = task_.acquisition(full, gradient);
            slope = -gradient(reals);
            return -found;
        };
        const Box box{task_.box.low(reals), task_.box.high(reals)};
        const Minimum found = minimize(objective, features(reals), box,
                                       {settings_.climb_evaluations, kClimbTolerance});
        full = features;
        full(reals) = found.point;
        if (!task_.admissible(to_point(full))) {
            // The candidate itself was admissible.
            if (!std::isfinite(value)) value = task_.acquisition(features, gradient);
            return;
        }
        features = full;
        value = -found.value;
    }

    // The values of a discrete parameter to try beside this one.
    std::vector<double> levels_near(std::size_t i, double here) {
        const Parameter& p = task_.space[i];
        std::vector<double> out;
        if (p.levels() <= kFewLevels) {
            for (double v = p.low; v <= p.high; v += 1.0) out.push_back(v);
        } else {
            for (const double by : {1.0, 2.0, 5.0}) out.insert(out.end(), {here - by, here + by});
            for (int k = 0; k < 4; ++k)
                out.push_back(task_.space.value(i, uniform_feature(static_cast<Index>(i))));
        }
        return out;
    }

    // To the best neighbour that differs in one discrete parameter; false when none is better.
    bool step(VectorXd& features, double& value) {
        std::vector<VectorXd> neighbours;
        for (Index j = 0; j < dimensions_; ++j) {
            const auto i = static_cast<std::size_t>(j);
            const Parameter& p = task_.space[i];
            if (!p.is_discrete()) continue;
            const double here = task_.space.value(i, features(j));
            for (const double there : levels_near(i, here)) {
                if (there < p.low || there > p.high || there == here) continue;
                VectorXd moved = features;
                moved(j) = task_.space.feature(i, there);
                if (moved(j) < task_.box.low(j) || moved(j) > task_.box.high(j)) continue;
                if (task_.admissible(to_point(moved))) neighbours.push_back(std::move(moved));
            }
        }
        if (neighbours.empty()) return false;
        const VectorXd values = values_of(neighbours);
        Index best = 0;
        const double found = values.maxCoeff(&best);
        if (!(found > value)) return false;
        value = found;
        features = neighbours[static_cast<std::size_t>(best)];
        return true;
    }

    const SearchTask& task_;
    const SearchSettings& settings_;
    core::Random& random_;
    Index dimensions_;
};

}  // namespace

std::optional<Point> search_acquisition(const SearchTask& task, const SearchSettings& settings,
                                        core::Random& random) {
    return Search{task, settings, random}.run();
}

}  // namespace sluice::research
