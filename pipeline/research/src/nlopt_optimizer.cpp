// NLopt's global algorithms behind ask and tell.
//
// NLopt calls the function; here the function is not there to be called. So each ask runs the
// algorithm from its start, answers from the observations as long as it asks for points that are known,
// and stops it at the first one that is not: that is the proposal. With the generator seeded alike, the
// run repeats itself, and the observations are all the state there is. Cost: an ask repeats n look-ups
// and the algorithm's own work; below a millisecond at 100 observations.
#include <cmath>
#include <exception>
#include <map>
#include <nlopt.hpp>
#include <stdexcept>
#include <utility>

#include "draws.hpp"
#include "methods_here.hpp"

namespace sluice::research {
namespace {

nlopt::algorithm algorithm_of(const std::string& name) {
    if (name == "direct-l") return nlopt::GN_DIRECT_L_RAND;
    if (name == "crs2") return nlopt::GN_CRS2_LM;
    if (name == "isres") return nlopt::GN_ISRES;
    if (name == "esch") return nlopt::GN_ESCH;
    return nlopt::G_MLSL_LDS;
}

// Runs of other seeds are tried when an algorithm ends, or asks for known points only (with discrete
// parameters it may do so for ever).
constexpr std::uint64_t kMostRuns = 20;
constexpr int kCallsBeyondObservations = 2'000;

class NloptOptimizer final : public Optimizer {
  public:
    NloptOptimizer(const std::string& name, Space space, OptimizerOptions options)
        : Optimizer{name, std::move(space), std::move(options)}, algorithm_{algorithm_of(name)} {}

  private:
    struct Context {
        const NloptOptimizer* owner;
        std::map<Point, double> known;
        double worst = 0.0;
        int refused = 0;
        std::optional<Point> found;
    };

    // A pending point counts as the worst value seen, and so does one that the caller's predicate or a
    // constraint forbids: these algorithms are not told why.
    static double call(unsigned size, const double* x, double*, void* data) {
        auto& context = *static_cast<Context*>(data);
        const Optimizer& owner = *context.owner;
        Point point = owner.space().from_cube({x, size});
        const auto found = context.known.find(point);
        if (found != context.known.end()) return found->second;
        if (context.owner->allowed(point)) context.found = std::move(point);
        if (context.found || ++context.refused > kMostRefused) throw nlopt::forced_stop();
        return context.worst;
    }

    [[nodiscard]] Context context() const {
        Context out{this, {}, 0.0, 0, {}};
        bool any = false;
        for (const Observation& o : observations()) {
            out.worst = any ? std::max(out.worst, o.value) : o.value;
            any = true;
        }
        for (const Observation& o : observations())
            out.known.try_emplace(o.point, o.feasible() ? o.value : out.worst);
        for (const Point& p : pending()) out.known.try_emplace(p, out.worst);
        return out;
    }

    Point propose() override {
        const std::size_t d = space().size();
        Context shared = context();
        for (std::uint64_t run = 0; run < kMostRuns; ++run) {
            core::Random random{options().seed, kRuns, run};
            nlopt::srand(static_cast<unsigned long>(random.next() >> 33U));
            nlopt::opt search{algorithm_, static_cast<unsigned>(d)};
            search.set_lower_bounds(0.0);
            search.set_upper_bounds(1.0);
            search.set_min_objective(call, &shared);
            search.set_maxeval(static_cast<int>(observations().size()) + kCallsBeyondObservations);
            if (algorithm_ == nlopt::G_MLSL_LDS) {
                // BOBYQA needs two dimensions.
                nlopt::opt local{d > 1 ? nlopt::LN_BOBYQA : nlopt::LN_COBYLA,
                                 static_cast<unsigned>(d)};
                local.set_ftol_abs(1e-6);
                search.set_local_optimizer(local);
            }
            std::vector<double> x(d);
            for (double& u : x) u = random.uniform();
            double value = 0.0;
            try {
                (void)search.optimize(x, value);
            } catch (const std::exception&) {
                // Stopped at a new point, or ended without one.
            }
            if (shared.found) return *std::move(shared.found);
        }
        return any_point();
    }

    [[nodiscard]] Point any_point() const {
        core::Random random{options().seed, kFallback, proposed()};
        std::vector<double> u(space().size());
        for (int refused = 0; refused < kMostRefused; ++refused) {
            for (double& coordinate : u) coordinate = random.uniform();
            Point point = space().from_cube(u);
            if (allowed(point)) return point;
        }
        throw std::runtime_error("no allowed point among those drawn");
    }

    nlopt::algorithm algorithm_;
};

}  // namespace

std::unique_ptr<Optimizer> make_nlopt_optimizer(const std::string& name, Space space,
                                                OptimizerOptions options) {
    return std::make_unique<NloptOptimizer>(name, std::move(space), std::move(options));
}

}  // namespace sluice::research
