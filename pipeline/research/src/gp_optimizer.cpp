// `gp` and `turbo`: Bayesian optimisation. A few scrambled Sobol points; from then on each proposal is
// where a fresh fit sees the greatest log expected improvement, over the whole space or, with many
// parameters, in a trust region. Over the whole space it begins anew when a valley's ground is reached.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <sluice/research/sobol.hpp>

#include "acquisition_search.hpp"
#include "draws.hpp"
#include "fresh_start.hpp"
#include "methods_here.hpp"
#include "surrogate.hpp"
#include "trust_region.hpp"

namespace sluice::research {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

// From so many parameters on, `gp` keeps to a trust region. TuRBO was shown on 12 to
// 200; where to begin is not measured here.
constexpr std::size_t kManyParameters = 16;
// Candidates in a trust region change about so many coordinates of the best point (TuRBO).
constexpr double kChangedCoordinates = 20.0;
// Exploring proposals keep so far from the ends of real and integer parameters: the faces and corners are
// where a model knows least and most of a cube of many dimensions lies (Siivola et al. 2018). The others
// go there when there is something to find.
constexpr double kExploredMargin = 0.15;
// Draws for a first point that was not proposed before, where a small space may have none left.
constexpr int kTriesForNew = 64;

class GpOptimizer final : public Optimizer {
  public:
    GpOptimizer(const std::string& name, Space space, OptimizerOptions options)
        : Optimizer{name, std::move(space), std::move(options)}, local_{name == "turbo" ||
                                                                        this->space().size() >=
                                                                            kManyParameters},
          initial_{this->options().initial > 0 ? this->options().initial
                                               : this->space().size() + 2},
          sobol_{this->space().size(), this->options().seed}, surrogate_{
                                                                  this->space(),
                                                                  this->options().constraints} {}

  private:
    Point propose() override {
        const std::vector<Observation> seen = since_latest_start();
        if (seen.empty() || seen.size() + pending().size() < initial_) return initial_point();
        const Models models = surrogate_.fit(seen, pending());
        const Acquisition acquisition{models.objective, models.incumbent, models.constraints};
        SearchTask task{
            space(),     acquisition, within(models.explores && !local_ ? kExploredMargin : 0.0),
            models.best, {},          1.0};
        task.admissible = [this](const Point& p) { return is_new(p) && allowed(p); };
        if (local_) {
            const TrustRegion region{observations(), initial_, space().size()};
            task.box = region.box(task.box, models.best.front(),
                                  models.objective.hyperparameters().log_lengths,
                                  models.objective.inputs().categorical);
            task.changed_share =
                std::min(1.0, kChangedCoordinates / static_cast<double>(space().size()));
        }
        core::Random random{options().seed, kSearch, proposed()};
        std::optional<Point> found = search_acquisition(task, SearchSettings{}, random);
        return found ? *std::move(found) : initial_point();
    }

    // A trust region opens again by itself.
    [[nodiscard]] std::vector<Observation> since_latest_start() const {
        const std::size_t start = local_ ? 0 : latest_start(observations(), initial_);
        return {observations().begin() + static_cast<std::ptrdiff_t>(start), observations().end()};
    }

    Point initial_point() {
        std::optional<Point> last;
        int repeated = 0;
        for (int refused = 0; refused < kMostRefused; ++refused) {
            ++drawn_;
            Point point = space().from_cube(sobol_.next());
            if (!allowed(point)) continue;
            if (is_new(point) || ++repeated > kTriesForNew) return point;
            last = std::move(point);
        }
        if (last) return *std::move(last);
        throw std::runtime_error("no allowed point among those drawn");
    }

    // The features of the space, without a margin at both ends of those that are distances.
    [[nodiscard]] Box within(double margin) const {
        const auto d = static_cast<Index>(space().size());
        Box out{VectorXd::Constant(d, margin), VectorXd::Constant(d, 1.0 - margin)};
        for (std::size_t i = 0; i < space().size(); ++i) {
            const bool categorical = space()[i].kind == Parameter::Kind::kCategorical;
            if (!categorical && space()[i].low < space()[i].high) continue;
            out.low(static_cast<Index>(i)) = 0.0;
            out.high(static_cast<Index>(i)) = categorical ? space()[i].high : 0.0;
        }
        return out;
    }

    [[nodiscard]] bool is_new(const Point& point) const {
        const auto told = [&](const Observation& o) { return o.point == point; };
        return std::none_of(observations().begin(), observations().end(), told) &&
               std::find(pending().begin(), pending().end(), point) == pending().end();
    }

    [[nodiscard]] std::vector<double> memory() const override {
        std::vector<double> out{static_cast<double>(drawn_)};
        const std::vector<double> fitted = surrogate_.memory();
        out.insert(out.end(), fitted.begin(), fitted.end());
        return out;
    }
    void set_memory(std::span<const double> numbers) override {
        if (numbers.empty() || !(numbers[0] >= 0.0 && numbers[0] < 0x1p32))
            throw std::invalid_argument("the saved count of draws is damaged");
        surrogate_.set_memory(numbers.subspan(1));
        drawn_ = static_cast<std::uint64_t>(numbers[0]);
        sobol_ = Sobol{space().size(), options().seed};
        sobol_.skip(drawn_);
    }

    bool local_;
    std::size_t initial_;
    Sobol sobol_;
    std::uint64_t drawn_ = 0;
    Surrogate surrogate_;
};

}  // namespace

std::unique_ptr<Optimizer> make_gp_optimizer(const std::string& name, Space space,
                                             OptimizerOptions options) {
    return std::make_unique<GpOptimizer>(name, std::move(space), std::move(options));
}

}  // namespace sluice::research
