#include <sluice/research/optimizer.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "methods_here.hpp"
#include "saved_text.hpp"

namespace sluice::research {

bool Observation::feasible() const {
    return std::all_of(constraints.begin(), constraints.end(), [](double c) { return c <= 0.0; });
}

Optimizer::Optimizer(std::string method, Space space, OptimizerOptions options)
    : method_{std::move(method)}, space_{std::move(space)}, options_{std::move(options)} {}

bool Optimizer::allowed(const Point& point) const {
    return !options_.allowed || options_.allowed(point);
}

Point Optimizer::ask() {
    Point point = propose();
    ++proposed_;
    pending_.push_back(point);
    return point;
}

std::vector<Point> Optimizer::ask(std::size_t count) {
    std::vector<Point> out;
    out.reserve(count);
    while (out.size() < count) out.push_back(ask());
    return out;
}

void Optimizer::tell(const Point& point, double value, std::span<const double> constraints) {
    if (!space_.contains(point)) throw std::invalid_argument("the point lies outside the space");
    if (!std::isfinite(value))
        throw std::invalid_argument(
            "the objective's value is not finite; forget the point instead");
    if (constraints.size() != options_.constraints)
        throw std::invalid_argument("told " + std::to_string(constraints.size()) +
                                    " constraints instead of " +
                                    std::to_string(options_.constraints));
    for (const double c : constraints) {
        if (!std::isfinite(c)) throw std::invalid_argument("a constraint's value is not finite");
    }
    forget(point);
    observations_.push_back({point, value, {constraints.begin(), constraints.end()}});
    told();
}

void Optimizer::forget(const Point& point) {
    const auto found = std::find(pending_.begin(), pending_.end(), point);
    if (found != pending_.end()) pending_.erase(found);
}

std::optional<Observation> Optimizer::best() const {
    const Observation* out = nullptr;
    for (const Observation& o : observations_) {
        if (o.feasible() && (out == nullptr || o.value < out->value)) out = &o;
    }
    return out == nullptr ? std::nullopt : std::optional{*out};
}

std::string Optimizer::save() const {
    SavedText text;
    text.line("sluice-optimizer-1", {});
    text.line(method_, {});
    text.line("seed", {options_.seed});
    text.line("shape", {space_.size(), options_.constraints});
    text.line("proposed", {proposed_});
    text.line("memory", memory());
    for (const Observation& o : observations_) {
        std::vector<double> numbers{o.value};
        numbers.insert(numbers.end(), o.point.begin(), o.point.end());
        numbers.insert(numbers.end(), o.constraints.begin(), o.constraints.end());
        text.line("told", numbers);
    }
    for (const Point& p : pending_) text.line("pending", p);
    return text.take();
}

void Optimizer::restore(std::string_view saved) {
    SavedReader reader{saved};
    reader.expect("sluice-optimizer-1", 0);
    reader.expect(method_, 0);
    if (reader.integers("seed", 1)[0] != options_.seed)
        throw std::invalid_argument("the saved optimiser has another seed");
    const auto shape = reader.integers("shape", 2);
    if (shape[0] != space_.size() || shape[1] != options_.constraints)
        throw std::invalid_argument("the saved optimiser has another space");
    const std::uint64_t proposed = reader.integers("proposed", 1)[0];
    const std::vector<double> remembered = reader.numbers("memory");
    std::vector<Observation> observations;
    std::vector<Point> pending;
    const auto dimensions = static_cast<std::ptrdiff_t>(space_.size());
    const std::size_t width = 1 + space_.size() + options_.constraints;
    while (!reader.done()) {
        if (reader.next_is("told")) {
            const std::vector<double> n = reader.numbers("told");
            if (n.size() != width) throw std::invalid_argument("a saved observation is damaged");
            observations.push_back({Point{n.begin() + 1, n.begin() + 1 + dimensions},
                                    n[0],
                                    {n.begin() + 1 + dimensions, n.end()}});
            if (!space_.contains(observations.back().point))
                throw std::invalid_argument("a saved point lies outside the space");
        } else {
            pending.push_back(reader.numbers("pending"));
            if (!space_.contains(pending.back()))
                throw std::invalid_argument("a saved point lies outside the space");
        }
    }
    set_memory(remembered);
    observations_ = std::move(observations);
    pending_ = std::move(pending);
    proposed_ = proposed;
}

namespace {

constexpr std::array kMethods{
    Method{"gp", "Gaussian process with log expected improvement, a trust region where it is wide"},
    Method{"turbo", "the same within a trust region throughout"},
    Method{"sobol", "a scrambled Sobol sequence"},
    Method{"random", "independent uniform points"},
    Method{"direct-l", "NLopt's DIRECT-L, randomised"},
    Method{"crs2", "NLopt's controlled random search with local mutation"},
    Method{"isres", "NLopt's improved stochastic ranking evolution strategy"},
    Method{"esch", "NLopt's evolutionary algorithm ESCH"},
    Method{"mlsl", "NLopt's multi-level single linkage with BOBYQA"},
};

}  // namespace

std::span<const Method> methods() { return kMethods; }

std::unique_ptr<Optimizer> make_optimizer(std::string_view method, Space space,
                                          OptimizerOptions options) {
    const std::string name{method};
    if (name == "gp" || name == "turbo")
        return make_gp_optimizer(name, std::move(space), std::move(options));
    if (name == "sobol" || name == "random")
        return make_sampling_optimizer(name, std::move(space), std::move(options));
    for (const Method& known : kMethods) {
        if (known.name == method)
            return make_nlopt_optimizer(name, std::move(space), std::move(options));
    }
    throw std::invalid_argument("\"" + name + "\" is no method");
}

}  // namespace sluice::research
