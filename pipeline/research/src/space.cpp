#include <sluice/research/space.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

namespace sluice::research {
namespace {

// Whole numbers of this size are exact as doubles, and so is the number of levels between two.
constexpr double kLargestInteger = 0x1p52;

void check(const Parameter& p) {
    const auto refuse = [&](const char* why) {
        throw std::invalid_argument("parameter \"" + p.name + "\": " + why);
    };
    if (!std::isfinite(p.low) || !std::isfinite(p.high)) refuse("its range is not finite");
    if (p.is_discrete() ? p.low > p.high : !(p.low < p.high)) refuse("its range is empty");
    if (!std::isfinite(p.high - p.low)) refuse("its range is too wide");
    if (p.log_scaled && p.low <= 0.0) refuse("a log scale needs a range above zero");
    if (p.kind == Parameter::Kind::kInteger &&
        std::max(std::abs(p.low), std::abs(p.high)) > kLargestInteger)
        refuse("its range exceeds 2^52");
}

}  // namespace

Parameter Parameter::real(std::string name, double low, double high) {
    return {std::move(name), Kind::kReal, low, high, false};
}
Parameter Parameter::log_real(std::string name, double low, double high) {
    return {std::move(name), Kind::kReal, low, high, true};
}
Parameter Parameter::integer(std::string name, std::int64_t low, std::int64_t high) {
    return {std::move(name), Kind::kInteger, static_cast<double>(low), static_cast<double>(high),
            false};
}
Parameter Parameter::log_integer(std::string name, std::int64_t low, std::int64_t high) {
    return {std::move(name), Kind::kInteger, static_cast<double>(low), static_cast<double>(high),
            true};
}
Parameter Parameter::categorical(std::string name, std::size_t categories) {
    return {std::move(name), Kind::kCategorical, 0.0, static_cast<double>(categories) - 1.0, false};
}

Space::Space(std::vector<Parameter> parameters) : parameters_{std::move(parameters)} {
    if (parameters_.empty()) throw std::invalid_argument("a space needs a parameter");
    if (parameters_.size() > kMaxParameters)
        throw std::invalid_argument("a space holds at most " + std::to_string(kMaxParameters) +
                                    " parameters");
    std::set<std::string> names;
    for (const Parameter& p : parameters_) {
        check(p);
        if (!names.insert(p.name).second)
            throw std::invalid_argument("two parameters are named \"" + p.name + "\"");
        (p.is_discrete() ? has_discretes_ : has_reals_) = true;
    }
}

double Space::feature(std::size_t i, double value) const {
    const Parameter& p = parameters_[i];
    if (p.kind == Parameter::Kind::kCategorical) return value;
    if (p.low == p.high) return 0.0;
    if (p.log_scaled) return std::log(value / p.low) / std::log(p.high / p.low);
    return (value - p.low) / (p.high - p.low);
}

double Space::value(std::size_t i, double feature) const {
    const Parameter& p = parameters_[i];
    if (p.kind == Parameter::Kind::kCategorical)
        return std::clamp(std::round(feature), p.low, p.high);
    double out = p.log_scaled ? p.low * std::pow(p.high / p.low, feature)
                              : p.low + feature * (p.high - p.low);
    if (p.is_discrete()) out = std::round(out);
    return std::clamp(out, p.low, p.high);
}

Point Space::from_cube(std::span<const double> cube) const {
    Point out(size());
    for (std::size_t i = 0; i < size(); ++i) {
        const Parameter& p = parameters_[i];
        const double u = std::clamp(cube[i], 0.0, 1.0);
        if (!p.is_discrete()) {
            out[i] = value(i, u);
        } else if (p.log_scaled) {
            // From half a step below the lowest value to half a step above the highest.
            const double low = p.low - 0.5;
            const double drawn = std::round(low * std::pow((p.high + 0.5) / low, u));
            out[i] = std::clamp(drawn, p.low, p.high);
        } else {
            out[i] = std::min(p.high, p.low + std::floor(u * p.levels()));
        }
    }
    return out;
}

bool Space::contains(const Point& point) const {
    if (point.size() != size()) return false;
    for (std::size_t i = 0; i < size(); ++i) {
        const Parameter& p = parameters_[i];
        if (!(point[i] >= p.low && point[i] <= p.high)) return false;
        if (p.is_discrete() && point[i] != std::round(point[i])) return false;
    }
    return true;
}

}  // namespace sluice::research
