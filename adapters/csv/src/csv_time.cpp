#include <chrono>

#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::csv {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// Takes exactly `count` digits off the front.
[[nodiscard]] bool take_digits(std::string_view& text, std::size_t count, int& out) noexcept {
    if (text.size() < count) return false;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    out = value;
    text.remove_prefix(count);
    return true;
}

[[nodiscard]] bool take(std::string_view& text, char wanted) noexcept {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

[[nodiscard]] bool take_date(std::string_view& text, std::int64_t& days) noexcept {
    int year{};
    int month{};
    int day{};
    if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) ||
        !take(text, '-') || !take_digits(text, 2, day))
        return false;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return false;
    days = std::chrono::sys_days{date}.time_since_epoch().count();
    return true;
}

[[nodiscard]] bool take_clock(std::string_view& text, std::int64_t& seconds) noexcept {
    int hour{};
    int minute{};
    int second{};
    if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute) ||
        !take(text, ':') || !take_digits(text, 2, second))
        return false;
    seconds = (hour * 60 + minute) * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

[[nodiscard]] bool take_decimals(std::string_view& text, std::int64_t& ns) noexcept {
    if (!take(text, '.')) return true;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == 0 || digits > 9) return false;
    int value{};
    if (!take_digits(text, digits, value)) return false;
    ns = value;
    for (; digits < 9; ++digits) ns *= 10;
    return true;
}

// "Z", "+hh:mm", "-hh:mm" or nothing.
[[nodiscard]] bool take_offset(std::string_view text, std::int64_t& seconds) noexcept {
    if (text.empty() || text == "Z") return true;
    const bool west = text.front() == '-';
    if (!west && text.front() != '+') return false;
    text.remove_prefix(1);
    int hours{};
    int minutes{};
    if (!take_digits(text, 2, hours) || !take(text, ':') || !take_digits(text, 2, minutes) ||
        !text.empty() || hours > 14 || minutes > 59)
        return false;
    seconds = (std::int64_t{hours} * 60 + minutes) * (west ? -60 : 60);
    return true;
}

[[nodiscard]] bool parse_iso8601(std::string_view text, std::int64_t& out) noexcept {
    std::int64_t days{};
    std::int64_t seconds{};
    std::int64_t ns{};
    std::int64_t offset{};
    if (!take_date(text, days) || !(take(text, 'T') || take(text, ' ')) ||
        !take_clock(text, seconds) || !take_decimals(text, ns) || !take_offset(text, offset))
        return false;
    std::int64_t scaled{};
    return !__builtin_mul_overflow(days * 86'400 + seconds - offset, kNsPerSecond, &scaled) &&
           !__builtin_add_overflow(scaled, ns, &out);
}

}  // namespace

bool parse_time(std::string_view text, TimeFormat format, std::int64_t& out) noexcept {
    std::int64_t scale = 1;
    switch (format) {
        case TimeFormat::kNanoseconds: scale = 1; break;
        case TimeFormat::kMicroseconds: scale = 1'000; break;
        case TimeFormat::kMilliseconds: scale = 1'000'000; break;
        case TimeFormat::kSeconds: scale = kNsPerSecond; break;
        case TimeFormat::kIso8601: return parse_iso8601(text, out);
    }
    return core::parse_decimal(text, scale, out) == core::DecimalError::kOk;
}

}  // namespace sluice::adapters::csv
