// What every function of this folder takes for granted.
//
// Series    Simple returns per period as fractions (0.01 is one percent), oldest first, unless a
//           parameter says log returns, prices or equity. Two series are of one length and their rows
//           belong together; another length is a std::invalid_argument.
// NaN       A NaN row is a period without a value. It is left out of means, deviations, quantiles
//           and ratios; where two series meet, a row counts when both have a value. It counts as a
//           period of return zero where returns are compounded and where periods are counted:
//           annual_return of nine rows, one of them NaN, is over nine periods.
// Nothing   What cannot be said is NaN, never zero and never an exception: a mean of no value, a
//           deviation or ratio of fewer than two rows, 0 / 0.
// Variance  Values that are all equal have a deviation of exactly zero, however their mean rounds.
//           A ratio over a deviation of zero is an infinity with the sign of its numerator.
// Rates     risk_free and required are per period, as the returns are.
// Losses    Drawdowns, value at risk and expected shortfall are returns: a loss is negative.
// Order     Results do not depend on the machine: strict IEEE arithmetic, sums in row order.
//
// Off the hot path; any thread; no state. Linear in the rows but for quantiles (n log n).
#pragma once

#include <cmath>
#include <limits>

namespace sluice::pipeline::statistics {

inline constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// Periods a year. Stocks and futures trade 252 days of the year, FX 260, crypto every day.
inline constexpr double kDailyPeriods = 252;
inline constexpr double kDailyPeriodsFx = 260;
inline constexpr double kDailyPeriodsCrypto = 365;
inline constexpr double kWeeklyPeriods = 52;
inline constexpr double kMonthlyPeriods = 12;
inline constexpr double kQuarterlyPeriods = 4;
inline constexpr double kYearlyPeriods = 1;

// Periods a year of bars within the day: 252 days of 6.5 hours in one-minute bars are
// intraday_periods(252, 23'400, 60) = 98'280. All positive.
[[nodiscard]] constexpr double intraday_periods(double days_per_year, double session_seconds,
                                                double bar_seconds) noexcept {
    return days_per_year * session_seconds / bar_seconds;
}

// numerator / denominator with the conventions above: 0 / 0 is NaN, x / 0 an infinity.
[[nodiscard]] inline double ratio(double numerator, double denominator) noexcept {
    if (denominator == 0) {
        if (numerator == 0 || std::isnan(numerator)) return kNothing;
        return std::copysign(std::numeric_limits<double>::infinity(), numerator);
    }
    return numerator / denominator;
}

}  // namespace sluice::pipeline::statistics
