// The parameters to search over, and their places in the unit cube.
//
// A point holds one number a parameter in its own unit: a real, a whole number, or a category's index.
// The cube is what methods draw from: [0,1)^d with equal shares for equal ranges, levels or, for a
// log-scaled parameter, ratios. Features are what the surrogate sees: the cube's coordinate of a real
// or an integer (from 0 at its low end to 1 at its high end), and the index of a category, which is a
// name and no distance.
// Threads: immutable once built. Bounds: 1 to kMaxParameters parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sluice::research {

inline constexpr std::size_t kMaxParameters = 512;

using Point = std::vector<double>;

struct Parameter {
    enum class Kind { kReal, kInteger, kCategorical };

    static Parameter real(std::string name, double low, double high);
    static Parameter log_real(std::string name, double low, double high);
    static Parameter integer(std::string name, std::int64_t low, std::int64_t high);
    static Parameter log_integer(std::string name, std::int64_t low, std::int64_t high);
    static Parameter categorical(std::string name, std::size_t categories);

    [[nodiscard]] bool is_discrete() const { return kind != Kind::kReal; }
    // Of a discrete parameter: how many values it has.
    [[nodiscard]] double levels() const { return high - low + 1.0; }

    std::string name;
    Kind kind = Kind::kReal;
    double low = 0.0;
    double high = 1.0;
    bool log_scaled = false;
};

class Space {
  public:
    // Throws std::invalid_argument: no parameters or too many, an empty or endless range, a range that
    // reaches below zero on a log scale, two of one name.
    explicit Space(std::vector<Parameter> parameters);

    [[nodiscard]] std::size_t size() const { return parameters_.size(); }
    [[nodiscard]] const Parameter& operator[](std::size_t i) const { return parameters_[i]; }
    [[nodiscard]] bool has_reals() const { return has_reals_; }
    [[nodiscard]] bool has_discretes() const { return has_discretes_; }

    [[nodiscard]] Point from_cube(std::span<const double> cube) const;
    [[nodiscard]] double feature(std::size_t i, double value) const;
    // The value nearest to a feature. The inverse of `feature`, exactly so for discrete parameters.
    [[nodiscard]] double value(std::size_t i, double feature) const;
    [[nodiscard]] bool contains(const Point& point) const;

  private:
    std::vector<Parameter> parameters_;
    bool has_reals_ = false;
    bool has_discretes_ = false;
};

}  // namespace sluice::research
