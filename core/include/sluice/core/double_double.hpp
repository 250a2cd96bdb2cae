// DoubleDouble: an unevaluated sum of two doubles, about 106 bits, for sums that may not drift.
// Plain value, any thread; 6 to 15 flops an operation. Every step is an IEEE operation in a fixed
// order (std::fma is asked for by name, never left to contraction), so all builds agree to the bit.
//
// Error-free steps: D. E. Knuth, The Art of Computer Programming 2, 4.2.2 (two_sum); T. J. Dekker,
// "A floating-point technique for extending the available precision", 1971 (quick_two_sum,
// two_product).
#pragma once

#include <cmath>

namespace sluice::core {

struct DoubleDouble {
    double high = 0;
    double low = 0;

    [[nodiscard]] double value() const noexcept { return high + low; }
};

// a + b exactly.
[[nodiscard]] inline DoubleDouble two_sum(double a, double b) noexcept {
    const double sum = a + b;
    const double b_part = sum - a;
    return {sum, (a - (sum - b_part)) + (b - b_part)};
}
// The same where |a| >= |b|.
[[nodiscard]] inline DoubleDouble quick_two_sum(double a, double b) noexcept {
    const double sum = a + b;
    return {sum, b - (sum - a)};
}
// a * b exactly, short of underflow.
[[nodiscard]] inline DoubleDouble two_product(double a, double b) noexcept {
    const double product = a * b;
    return {product, std::fma(a, b, -product)};
}

[[nodiscard]] inline DoubleDouble operator-(DoubleDouble a) noexcept { return {-a.high, -a.low}; }
[[nodiscard]] inline DoubleDouble operator+(DoubleDouble a, double b) noexcept {
    const DoubleDouble sum = two_sum(a.high, b);
    return quick_two_sum(sum.high, sum.low + a.low);
}
// Off by at most a few 2^-106 of |a| + |b|, also where they nearly cancel.
[[nodiscard]] inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) noexcept {
    const DoubleDouble sum = two_sum(a.high, b.high);
    return quick_two_sum(sum.high, sum.low + (a.low + b.low));
}
[[nodiscard]] inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) noexcept {
    return a + -b;
}
[[nodiscard]] inline DoubleDouble operator-(DoubleDouble a, double b) noexcept { return a + -b; }
[[nodiscard]] inline DoubleDouble operator*(DoubleDouble a, double b) noexcept {
    const DoubleDouble product = two_product(a.high, b);
    return quick_two_sum(product.high, std::fma(a.low, b, product.low));
}
[[nodiscard]] inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) noexcept {
    const DoubleDouble product = two_product(a.high, b.high);
    return quick_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

}  // namespace sluice::core
