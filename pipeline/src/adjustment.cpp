#include <sluice/pipeline/adjustment.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace sluice::pipeline {
namespace {

using Wide = core::Uint128;

// Two 32-bit halves of a number times one of 84 bits, and a remainder of 84 bits shifted by 32,
// stay within 128 bits: see Ratio::scale().
constexpr Wide kMost = Wide{1} << 84U;
constexpr unsigned kHalf = 32;

[[nodiscard]] Wide common_divisor(Wide a, Wide b) noexcept {
    while (b != 0) {
        const Wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

}  // namespace

Ratio Ratio::reduced(Wide over, Wide under) {
    const Wide divisor = common_divisor(over, under);
    over /= divisor;
    under /= divisor;
    if (over >= kMost || under >= kMost)
        throw std::invalid_argument("a factor with too many digits to be held exactly");
    return {over, under};
}

Ratio Ratio::of(std::int64_t factor) {
    if (factor <= 0) throw std::invalid_argument("a factor that is not above zero");
    return reduced(static_cast<Wide>(factor), static_cast<Wide>(kFactorScale));
}

Ratio Ratio::times(const Ratio& other) const {
    // Crosswise first, so that the products stay small.
    const Wide a = common_divisor(over_, other.under_);
    const Wide b = common_divisor(other.over_, under_);
    Wide over{};
    Wide under{};
    if (__builtin_mul_overflow(over_ / a, other.over_ / b, &over) ||
        __builtin_mul_overflow(under_ / b, other.under_ / a, &under))
        throw std::invalid_argument("a factor with too many digits to be held exactly");
    return reduced(over, under);
}

bool Ratio::scale(std::int64_t raw, std::int64_t& out) const noexcept {
    if (is_one()) {
        out = raw;
        return true;
    }
    const bool negative = raw < 0;
    const std::uint64_t size = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(raw)
                                        : static_cast<std::uint64_t>(raw);
    const Wide high = (size >> kHalf) * over_;
    const Wide whole_high = high / under_;
    const Wide low = ((high % under_) << kHalf) + (size & 0xFFFF'FFFFU) * over_;
    Wide whole = low / under_;
    const Wide rest = low % under_;
    if (whole_high >= Wide{1} << kHalf) return false;
    whole += whole_high << kHalf;
    const Wide twice = rest * 2;
    if (twice > under_ || (twice == under_ && (whole & 1U) != 0)) ++whole;
    const Wide most = static_cast<Wide>(std::numeric_limits<std::int64_t>::max());
    if (whole > most) return false;
    const auto fits = static_cast<std::int64_t>(whole);
    out = negative ? -fits : fits;
    return true;
}

Adjustment::Adjustment(const std::vector<AdjustmentRow>& rows, AdjustmentMode mode) {
    if (mode == AdjustmentMode::kNone) return;
    stretches_.reserve(rows.size());
    for (const AdjustmentRow& row : rows) {
        try {
            if (!stretches_.empty() && !(stretches_.back().last < row.date))
                throw std::invalid_argument("dates do not ascend");
            const Ratio split = Ratio::of(row.split_factor);
            const Ratio dividends = Ratio::of(row.price_factor);
            const bool all = mode == AdjustmentMode::kAll;
            stretches_.push_back(
                {row.date, {all ? split.times(dividends) : split, split.inverse()}});
        } catch (const std::invalid_argument& error) {
            throw std::invalid_argument("corporate actions of " + iso_date(row.date) + ": " +
                                        error.what());
        }
    }
}

const DayFactors& Adjustment::on(Date date) const noexcept {
    const auto found = std::lower_bound(stretches_.begin(), stretches_.end(), date,
                                        [](const Stretch& s, Date d) { return s.last < d; });
    return found == stretches_.end() ? today_ : found->factors;
}

std::vector<AdjustmentRow> known_on(const std::vector<AdjustmentRow>& rows, Date date) {
    const auto later = std::find_if(
        rows.begin(), rows.end(), [date](const AdjustmentRow& row) { return !(row.date < date); });
    std::vector<AdjustmentRow> out(rows.begin(), later);
    if (later == rows.end()) return out;
    const auto in_shares_of_the_day = [](std::int64_t factor, std::int64_t base) {
        if (base <= 0) return factor;  // refused where the rows are used
        const auto scaled = static_cast<core::Int128>(factor) * kFactorScale;
        return static_cast<std::int64_t>((scaled + base / 2) / base);
    };
    for (AdjustmentRow& row : out) {
        row.price_factor = in_shares_of_the_day(row.price_factor, later->price_factor);
        row.split_factor = in_shares_of_the_day(row.split_factor, later->split_factor);
    }
    return out;
}

}  // namespace sluice::pipeline
