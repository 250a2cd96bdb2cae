// One interface to every method that searches for the least value of a function: ask for points, tell
// their values.
//
// What an optimiser proposes is a function of its space, its options and the calls made so far: the
// same calls give the same points in the same build. Random draws are the same in every build; a
// model's last digits are not (docs/decisions/0013-optimiser.md). `save` and `restore` continue a search
// in another process as if it had not been interrupted.
// Threads: none shared; a pool's threads evaluate, one thread asks and tells. Cost: see the method.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/research/space.hpp>

namespace sluice::research {

struct Observation {
    Point point;
    double value = 0.0;
    std::vector<double> constraints;  // each holds where it is at most zero

    [[nodiscard]] bool feasible() const;
};

struct OptimizerOptions {
    std::uint64_t seed = 1;
    // How many constraints are told with each value.
    std::size_t constraints = 0;
    // Points before the model takes over; 0 leaves the number to the method.
    std::size_t initial = 0;
    // Asked before a point is proposed; empty allows all. It must be pure.
    std::function<bool(const Point&)> allowed;
};

class Optimizer {
  public:
    virtual ~Optimizer() = default;
    Optimizer(const Optimizer&) = delete;
    Optimizer& operator=(const Optimizer&) = delete;

    // The next point to evaluate; those asked for and not yet told are taken into account. Throws
    // std::runtime_error when no allowed point can be found.
    Point ask();
    std::vector<Point> ask(std::size_t count);

    // The value at a point, asked for or not: earlier runs are told like any other. Throws
    // std::invalid_argument for a point outside the space, a number that is not finite, and another
    // number of constraints than the options say.
    void tell(const Point& point, double value, std::span<const double> constraints = {});

    // Gives up a point that was asked for.
    void forget(const Point& point);

    // The feasible observation of the least value.
    [[nodiscard]] std::optional<Observation> best() const;
    [[nodiscard]] const std::vector<Observation>& observations() const { return observations_; }
    [[nodiscard]] const std::vector<Point>& pending() const { return pending_; }
    [[nodiscard]] const Space& space() const { return space_; }

    // Everything but space and options, as text. `restore` throws std::invalid_argument when the text
    // is none of `save`, or of another space, seed or method; the optimiser is then as it was.
    [[nodiscard]] std::string save() const;
    void restore(std::string_view text);

  protected:
    Optimizer(std::string method, Space space, OptimizerOptions options);

    virtual Point propose() = 0;
    virtual void told() {}
    // What the method remembers beside the observations.
    [[nodiscard]] virtual std::vector<double> memory() const { return {}; }
    virtual void set_memory(std::span<const double>) {}

    [[nodiscard]] const OptimizerOptions& options() const { return options_; }
    [[nodiscard]] bool allowed(const Point& point) const;
    // How many points were proposed before: the number of the random stream for the next.
    [[nodiscard]] std::uint64_t proposed() const { return proposed_; }

  private:
    std::string method_;
    Space space_;
    OptimizerOptions options_;
    std::vector<Observation> observations_;
    std::vector<Point> pending_;
    std::uint64_t proposed_ = 0;
};

struct Method {
    std::string_view name;
    std::string_view says;
};

std::span<const Method> methods();

// Throws std::invalid_argument for a name that is no method's.
std::unique_ptr<Optimizer> make_optimizer(std::string_view method, Space space,
                                          OptimizerOptions options);

}  // namespace sluice::research
