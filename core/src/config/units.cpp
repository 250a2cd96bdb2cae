#include <sluice/core/config/units.hpp>

#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace sluice::core::config {

namespace {

constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
constexpr int kMaxExponent = 400;  // beyond every double and every int64; bounds the loops below

struct Unit {
    std::string_view name;
    std::int64_t nanos;
};
constexpr std::array<Unit, 7> kUnits{{{"d", kNanosPerDay},
                                      {"h", 3'600 * kNanosPerSecond},
                                      {"m", 60 * kNanosPerSecond},
                                      {"s", kNanosPerSecond},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A signed integer accumulated by its negative, whose range is the larger one.
class Accumulator {
  public:
    bool append(int digit) noexcept {
        return !__builtin_mul_overflow(negative_, std::int64_t{10}, &negative_) &&
               !__builtin_sub_overflow(negative_, std::int64_t{digit}, &negative_);
    }
    std::optional<std::int64_t> value(bool minus) const noexcept {
        if (minus) return negative_;
        if (negative_ == kInt64Min) return std::nullopt;
        return -negative_;
    }

  private:
    std::int64_t negative_ = 0;
};

bool take_sign(std::string_view& text) noexcept {
    if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
    const bool minus = text.front() == '-';
    text.remove_prefix(1);
    return minus;
}

/// The integer behind an 'e' or 'E'; nullopt where there is none.
std::optional<int> parse_exponent(std::string_view text) noexcept {
    const bool minus = take_sign(text);
    if (text.empty()) return std::nullopt;
    int exponent = 0;
    for (const char c : text) {
        if (c == '_') continue;
        if (!is_digit(c)) return std::nullopt;
        if (exponent < kMaxExponent) exponent = exponent * 10 + (c - '0');
    }
    return minus ? -exponent : exponent;
}

/// Two digits at `at`, or -1.
int two_digits(std::string_view text, std::size_t at) noexcept {
    if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return -1;
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

void append_two_digits(std::string& text, std::int64_t value) {
    text += static_cast<char>('0' + value / 10);
    text += static_cast<char>('0' + value % 10);
}

}  // namespace

int decimal_places(std::int64_t scale) noexcept {
    int places = 0;
    for (; scale > 1 && scale % 10 == 0; scale /= 10) ++places;
    return scale == 1 ? places : -1;
}

ParsedInt parse_decimal(std::string_view text, std::int64_t scale) noexcept {
    const bool minus = take_sign(text);
    int exponent = 0;
    if (const auto mark = text.find_first_of("eE"); mark != std::string_view::npos) {
        const auto parsed = parse_exponent(text.substr(mark + 1));
        if (!parsed) return {};
        exponent = *parsed;
        text = text.substr(0, mark);
    }
    // `shift` is the power of ten of the digit last read, counted in units of 1/scale.
    const int places = decimal_places(scale);
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && part.empty())) return {};
    int whole_digits = 0;
    for (const char c : whole) whole_digits += is_digit(c) ? 1 : 0;
    std::int64_t shift = std::int64_t{whole_digits} + exponent + places;

    Accumulator number;
    bool lost = false;
    bool overflow = false;
    bool any = false;
    for (const std::string_view digits : {whole, part}) {
        for (const char c : digits) {
            if (c == '_') continue;
            if (!is_digit(c)) return {};
            --shift;
            any = any || c != '0';
            if (shift < 0) {
                lost = lost || c != '0';
            } else if (!overflow) {
                overflow = !number.append(c - '0');
            }
        }
    }
    if (!any) return {0, ParseStatus::kOk};
    for (; shift > 0 && !overflow; --shift) overflow = !number.append(0);
    if (overflow) return {0, ParseStatus::kOverflow};
    if (lost) return {0, ParseStatus::kTooPrecise};
    const auto value = number.value(minus);
    return value ? ParsedInt{*value, ParseStatus::kOk} : ParsedInt{0, ParseStatus::kOverflow};
}

ParsedInt parse_duration(std::string_view text) noexcept {
    const bool minus = take_sign(text);
    Accumulator number;
    std::size_t digits = 0;
    bool overflow = false;
    for (; digits < text.size() && is_digit(text[digits]); ++digits) {
        overflow = overflow || !number.append(text[digits] - '0');
    }
    if (digits == 0) return {};
    for (const auto& unit : kUnits) {
        if (text.substr(digits) != unit.name) continue;
        const auto count = number.value(minus);
        std::int64_t nanos = 0;
        if (overflow || !count || __builtin_mul_overflow(*count, unit.nanos, &nanos)) {
            return {0, ParseStatus::kOverflow};
        }
        return {nanos, ParseStatus::kOk};
    }
    return {};
}

std::string format_duration(std::int64_t nanos) {
    if (nanos == 0) return "0s";
    for (const auto& unit : kUnits) {
        if (nanos % unit.nanos == 0) {
            return std::to_string(nanos / unit.nanos) + std::string(unit.name);
        }
    }
    return std::to_string(nanos) + "ns";
}

ParsedInt parse_time_of_day(std::string_view text) noexcept {
    const int hour = two_digits(text, 0);
    const int minute = two_digits(text, 3);
    if (hour < 0 || minute < 0 || text[2] != ':') return {};
    int second = 0;
    std::int64_t nanos = 0;
    if (text.size() > 5) {
        second = two_digits(text, 6);
        if (second < 0 || text[5] != ':') return {};
        if (text.size() > 8) {
            if (text[8] != '.' || text.size() == 9) return {};
            if (text.size() > 18) return {0, ParseStatus::kTooPrecise};
            std::int64_t digit_nanos = kNanosPerSecond / 10;
            for (const char c : text.substr(9)) {
                if (!is_digit(c)) return {};
                nanos += (c - '0') * digit_nanos;
                digit_nanos /= 10;
            }
        }
    }
    if (minute > 59 || second > 59) return {};
    const std::int64_t total =
        (std::int64_t{hour} * 3'600 + std::int64_t{minute} * 60 + second) * kNanosPerSecond + nanos;
    return total <= kNanosPerDay ? ParsedInt{total, ParseStatus::kOk} : ParsedInt{};
}

std::string format_time_of_day(std::int64_t nanos) {
    const std::int64_t seconds = nanos / kNanosPerSecond;
    const std::int64_t part = nanos % kNanosPerSecond;
    std::string text;
    append_two_digits(text, seconds / 3'600);
    text += ':';
    append_two_digits(text, seconds / 60 % 60);
    if (seconds % 60 == 0 && part == 0) return text;
    text += ':';
    append_two_digits(text, seconds % 60);
    if (part != 0) text += format_decimal(part, kNanosPerSecond).substr(1);
    return text;
}

std::string format_real(double value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

}  // namespace sluice::core::config
