// Walks the fields of one line and reads them where they stand. Any thread; no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sluice/core/decimal.hpp>

namespace sluice::adapters::lean {

class FieldCursor {
  public:
    explicit FieldCursor(std::string_view line) noexcept
        : at_(line.data()), end_(at_ + line.size()) {}

    // False when there is no further field.
    [[nodiscard]] bool next(std::string_view& field) noexcept {
        if (done_) return false;
        const char* const first = at_;
        while (at_ != end_ && *at_ != ',') ++at_;
        field = {first, static_cast<std::size_t>(at_ - first)};
        leave();
        return true;
    }
    [[nodiscard]] bool exhausted() const noexcept { return done_; }
    // Whether a number had more decimals than its scale.
    [[nodiscard]] bool rounded() const noexcept { return rounded_; }

    enum class Number : std::uint8_t { kOk, kAbsent, kEmpty, kBad };
    // A decimal as a count of 1/scale, rounded half to even when it has more decimals.
    // `scale` is a power of ten.
    [[nodiscard]] Number number(std::int64_t scale, std::int64_t& out) noexcept {
        if (done_) return Number::kAbsent;
        const char* const first = at_;
        std::uint64_t whole = 0;
        for (unsigned digit{}; at_ != end_ && (digit = digit_of(*at_)) <= 9; ++at_)
            whole = whole * 10 + digit;
        const auto digits = static_cast<std::size_t>(at_ - first);
        const bool ends = at_ == end_ || *at_ == ',';
        if (digits == 0 || digits > kSafeDigits || (!ends && *at_ != '.')) [[unlikely]]
            return number_slow(first, scale, out);
        std::int64_t value{};
        if (__builtin_mul_overflow(static_cast<std::int64_t>(whole), scale, &value)) [[unlikely]]
            return number_slow(first, scale, out);
        if (!ends) {
            const char* const point = at_++;
            std::uint64_t fraction = 0;
            for (unsigned digit{}; at_ != end_ && (digit = digit_of(*at_)) <= 9; ++at_)
                fraction = fraction * 10 + digit;
            const auto decimals = static_cast<std::size_t>(at_ - point) - 1;
            if (decimals == 0 || decimals >= kPowers.size() || kPowers[decimals] > scale ||
                (at_ != end_ && *at_ != ',') ||
                __builtin_add_overflow(
                    value, static_cast<std::int64_t>(fraction) * (scale / kPowers[decimals]),
                    &value)) [[unlikely]]
                return number_slow(first, scale, out);
        }
        out = value;
        leave();
        return Number::kOk;
    }

  private:
    static constexpr std::size_t kSafeDigits = 18;  // any 18 digits fit an int64
    static constexpr std::array<std::int64_t, 10> kPowers = {
        1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

    [[nodiscard]] static unsigned digit_of(char c) noexcept {
        return static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    }
    void leave() noexcept {
        if (at_ == end_)
            done_ = true;
        else
            ++at_;
    }
    // A sign, no digits, too many of them: rare, and exact, rounded or refused.
    [[gnu::cold, gnu::noinline]] [[nodiscard]] Number number_slow(const char* first,
                                                                  std::int64_t scale,
                                                                  std::int64_t& out) noexcept {
        at_ = first;
        std::string_view field;
        if (!next(field)) return Number::kAbsent;
        if (field.empty()) return Number::kEmpty;
        core::DecimalError error = core::parse_decimal(field, scale, out);
        if (error == core::DecimalError::kTooPrecise) error = round_half_even(field, scale, out);
        return error == core::DecimalError::kOk ? Number::kOk : Number::kBad;
    }
    // Vendors print binary fractions: 9.342381490000001. Half to even.
    [[nodiscard]] core::DecimalError round_half_even(std::string_view field, std::int64_t scale,
                                                     std::int64_t& out) noexcept {
        std::size_t kept = field.find('.') + 1;
        for (std::int64_t unit = scale; unit > 1; unit /= 10) ++kept;
        const std::string_view rest = field.substr(kept);
        for (const char c : rest)
            if (digit_of(c) > 9) return core::DecimalError::kNotANumber;
        std::int64_t value{};
        const core::DecimalError error = core::parse_decimal(field.substr(0, kept), scale, value);
        if (error != core::DecimalError::kOk || value < 0 || value == INT64_MAX) return error;
        const bool beyond_half =
            rest[0] > '5' ||
            (rest[0] == '5' && rest.find_first_not_of('0', 1) != std::string_view::npos);
        if (beyond_half || (rest[0] == '5' && value % 2 != 0)) ++value;
        out = value;
        rounded_ = true;
        return core::DecimalError::kOk;
    }

    const char* at_;
    const char* end_;
    bool done_ = false;
    bool rounded_ = false;
};

}  // namespace sluice::adapters::lean
