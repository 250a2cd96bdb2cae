// The functions that optimisers are compared on, over the unit cube; all are minimised.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sluice/research/space.hpp>

namespace sluice::bench {

struct TestFunction {
    std::string_view name;
    std::size_t dimensions;
    double minimum;
    double noise_sd;
    double (*value)(std::span<const double> cube);  // without the noise
    bool mixed = false;
};

namespace functions {

inline constexpr std::array<double, 4> kHartmannWeights{1.0, 1.2, 3.0, 3.2};
inline constexpr double kHartmann3[4][3] = {{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}};
inline constexpr double kHartmann3Centres[4][3] = {
    {3689, 1170, 2673}, {4699, 4387, 7470}, {1091, 8732, 5547}, {381, 5743, 8828}};
inline constexpr double kHartmann6[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                            {0.05, 10, 17, 0.1, 8, 14},
                                            {3, 3.5, 1.7, 10, 17, 8},
                                            {17, 8, 0.05, 10, 0.1, 14}};
inline constexpr double kHartmann6Centres[4][6] = {{1312, 1696, 5569, 124, 8283, 5886},
                                                   {2329, 4135, 8307, 3736, 1004, 9991},
                                                   {2348, 1451, 3522, 2883, 3047, 6650},
                                                   {4047, 8828, 8732, 5743, 1091, 381}};

template <std::size_t D>
double hartmann(std::span<const double> u, const double (&a)[4][D], const double (&p)[4][D]) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
        double inner = 0.0;
        for (std::size_t j = 0; j < D; ++j) {
            const double step = u[j] - p[i][j] * 1e-4;
            inner += a[i][j] * step * step;
        }
        sum += kHartmannWeights[i] * std::exp(-inner);
    }
    return -sum;
}

inline double branin(std::span<const double> u) {
    constexpr double kPi = std::numbers::pi;
    const double x = 15.0 * u[0] - 5.0;
    const double bowl = 15.0 * u[1] - 5.1 / (4.0 * kPi * kPi) * x * x + 5.0 / kPi * x - 6.0;
    return bowl * bowl + 10.0 * (1.0 - 1.0 / (8.0 * kPi)) * std::cos(x) + 10.0;
}
inline double hartmann3(std::span<const double> u) {
    return hartmann(u, kHartmann3, kHartmann3Centres);
}
inline double hartmann6(std::span<const double> u) {
    return hartmann(u, kHartmann6, kHartmann6Centres);
}
inline double ackley(std::span<const double> u) {
    double squares = 0.0;
    double waves = 0.0;
    for (const double c : u) {
        const double x = 15.0 * c - 5.0;
        squares += x * x;
        waves += std::cos(2.0 * std::numbers::pi * x);
    }
    const auto d = static_cast<double>(u.size());
    return -20.0 * std::exp(-0.2 * std::sqrt(squares / d)) - std::exp(waves / d) + 20.0 +
           std::numbers::e;
}
inline double levy(std::span<const double> u) {
    constexpr double kPi = std::numbers::pi;
    const auto w = [&](std::size_t i) { return 1.0 + (20.0 * u[i] - 11.0) / 4.0; };
    const auto square = [](double x) { return x * x; };
    double sum = square(std::sin(kPi * w(0)));
    for (std::size_t i = 0; i + 1 < u.size(); ++i)
        sum += square(w(i) - 1.0) * (1.0 + 10.0 * square(std::sin(kPi * w(i) + 1.0)));
    const double last = w(u.size() - 1);
    return sum + square(last - 1.0) * (1.0 + square(std::sin(2.0 * kPi * last)));
}

}  // namespace functions

inline constexpr std::array kTestFunctions{
    TestFunction{"branin2", 2, 0.39788735772973816, 0.0, functions::branin},
    TestFunction{"hart3", 3, -3.8627797873327696, 0.0, functions::hartmann3},
    TestFunction{"hart6", 6, -3.3223680114155147, 0.0, functions::hartmann6},
    TestFunction{"ackley5", 5, 0.0, 0.0, functions::ackley},
    TestFunction{"levy4", 4, 0.0, 0.0, functions::levy},
    TestFunction{"nhart6", 6, -3.3223680114155147, 0.2, functions::hartmann6},
    TestFunction{"mixhart6", 6, -3.303634704475469, 0.0, functions::hartmann6, true},
};

inline research::Space space_of(const TestFunction& function) {
    using research::Parameter;
    std::vector<Parameter> out;
    for (std::size_t i = 0; i < function.dimensions; ++i) {
        const std::string name = "x" + std::to_string(i);
        if (function.mixed && i == 0)
            out.push_back(Parameter::integer(name, 0, 10));
        else if (function.mixed && i == 1)
            out.push_back(Parameter::categorical(name, 4));
        else if (function.mixed && i == 3)
            out.push_back(Parameter::integer(name, 0, 4));
        else
            out.push_back(Parameter::real(name, 0.0, 1.0));
    }
    return research::Space{std::move(out)};
}

// The noise-free value at a point of the function's space.
inline double true_value(const TestFunction& function, const research::Point& point) {
    if (!function.mixed) return function.value(point);
    constexpr std::array<double, 4> kCategories{0.75, 0.15, 0.95, 0.45};
    research::Point cube = point;
    cube[0] = point[0] / 10.0;
    cube[1] = kCategories[static_cast<std::size_t>(point[1])];
    cube[3] = point[3] / 4.0;
    return function.value(cube);
}

}  // namespace sluice::bench
