// Prices and quantities of the past in the shares of today, exactly: dividends and splits as the
// rows of AdjustmentRow state them (reference.hpp). Built once, read-only afterwards: any thread.
// A look-up is a binary search over at most a few hundred rows; a conversion is two divisions.
#pragma once

#include <cstdint>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/reference.hpp>

namespace sluice::pipeline {

enum class AdjustmentMode : std::uint8_t {
    kNone,
    kSplits,  // prices and quantities in today's shares
    kAll,     // dividends taken out of the prices as well
};

// A positive fraction in lowest terms.
class Ratio {
  public:
    constexpr Ratio() noexcept = default;
    // a / b of factors in 1/kFactorScale, each above zero; throws std::invalid_argument for a
    // fraction that takes more than 84 bits above or below the line.
    [[nodiscard]] static Ratio of(std::int64_t factor);
    [[nodiscard]] Ratio times(const Ratio& other) const;
    [[nodiscard]] constexpr Ratio inverse() const noexcept {
        Ratio out;
        out.over_ = under_;
        out.under_ = over_;
        return out;
    }
    [[nodiscard]] constexpr bool is_one() const noexcept { return over_ == under_; }

    // raw times this fraction, rounded half to even; false, `out` untouched, when it does not fit.
    [[nodiscard]] bool scale(std::int64_t raw, std::int64_t& out) const noexcept;
    // For display: in 1/kFactorScale, rounded half to even.
    [[nodiscard]] bool in_factor_units(std::int64_t& out) const noexcept {
        return scale(kFactorScale, out);
    }
    friend constexpr bool operator==(const Ratio&, const Ratio&) = default;

  private:
    using Wide = core::Uint128;
    constexpr Ratio(Wide over, Wide under) noexcept : over_(over), under_(under) {}
    [[nodiscard]] static Ratio reduced(Wide over, Wide under);

    Wide over_ = 1;
    Wide under_ = 1;
};

// What a row of one day is multiplied by.
struct DayFactors {
    Ratio price;
    Ratio quantity;
    friend constexpr bool operator==(const DayFactors&, const DayFactors&) = default;
};

class Adjustment {
  public:
    // No corporate actions: every factor is one.
    Adjustment() = default;
    // `rows` as CorporateActions has them. Throws std::invalid_argument, naming the row, for dates
    // that do not ascend and factors that are not above zero or too fine.
    Adjustment(const std::vector<AdjustmentRow>& rows, AdjustmentMode mode);

    // Factors of a day in the exchange's zone; one after the last row.
    [[nodiscard]] const DayFactors& on(Date date) const noexcept;

  private:
    struct Stretch {
        Date last;  // inclusive
        DayFactors factors;
    };
    std::vector<Stretch> stretches_;
    DayFactors today_;
};

// The rows as whoever looked on that day had them: actions that came after the close of the day
// before are not among them, and factors are of the shares of that day, rounded half away from
// zero. What follows the last row is the same rows.
[[nodiscard]] std::vector<AdjustmentRow> known_on(const std::vector<AdjustmentRow>& rows,
                                                  Date date);

}  // namespace sluice::pipeline
