#include <chrono>
#include <optional>

#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/tick_import.hpp>

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

[[nodiscard]] bool days_of(int year, int month, int day, std::int64_t& out) noexcept {
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return false;
    out = std::chrono::sys_days{date}.time_since_epoch().count();
    return true;
}

[[nodiscard]] bool take_date(std::string_view& text, std::int64_t& days) noexcept {
    int year{};
    int month{};
    int day{};
    return take_digits(text, 4, year) && take(text, '-') && take_digits(text, 2, month) &&
           take(text, '-') && take_digits(text, 2, day) && days_of(year, month, day, days);
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

// One to nine digits of a second.
[[nodiscard]] bool take_fraction(std::string_view& text, std::int64_t& ns) noexcept {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == 0 || digits > 9) return false;
    int value{};
    if (!take_digits(text, digits, value)) return false;
    ns = value;
    for (; digits < 9; ++digits) ns *= 10;
    return true;
}

[[nodiscard]] bool take_decimals(std::string_view& text, std::int64_t& ns) noexcept {
    return !take(text, '.') || take_fraction(text, ns);
}

// "Z", "+hh:mm", "-hhmm".
[[nodiscard]] bool take_offset(std::string_view& text, std::int64_t& seconds) noexcept {
    if (take(text, 'Z')) {
        seconds = 0;
        return true;
    }
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return false;
    int hours{};
    int minutes{};
    if (!take_digits(text, 2, hours)) return false;
    (void)take(text, ':');
    if (!take_digits(text, 2, minutes) || hours > 14 || minutes > 59) return false;
    seconds = (std::int64_t{hours} * 60 + minutes) * (west ? -60 : 60);
    return true;
}

// What a text says of a time, its offset only when it carries one.
struct Reading {
    std::int64_t local_ns = 0;
    std::optional<std::int64_t> offset_s;
};

[[nodiscard]] bool assemble(std::int64_t days, std::int64_t seconds, std::int64_t ns,
                            Reading& out) noexcept {
    std::int64_t scaled{};
    return !__builtin_mul_overflow(days * 86'400 + seconds, kNsPerSecond, &scaled) &&
           !__builtin_add_overflow(scaled, ns, &out.local_ns);
}

[[nodiscard]] bool parse_iso8601(std::string_view text, Reading& out) noexcept {
    std::int64_t days{};
    std::int64_t seconds{};
    std::int64_t ns{};
    std::int64_t offset{};
    if (!take_date(text, days) || !(take(text, 'T') || take(text, ' ')) ||
        !take_clock(text, seconds) || !take_decimals(text, ns))
        return false;
    if (!text.empty()) {
        if (!take_offset(text, offset) || !text.empty()) return false;
        out.offset_s = offset;
    }
    return assemble(days, seconds, ns, out);
}

// Up to two digits, as strptime takes them.
[[nodiscard]] bool take_short(std::string_view& text, int& out) noexcept {
    const bool two = text.size() > 1 && text[1] >= '0' && text[1] <= '9';
    return take_digits(text, two ? 2 : 1, out);
}

[[nodiscard]] char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] bool take_month_name(std::string_view& text, int& out) noexcept {
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (text.size() < 3) return false;
    const char name[] = {lower(text[0]), lower(text[1]), lower(text[2])};
    for (std::size_t i = 0; i < kMonths.size(); i += 3)
        if (kMonths.substr(i, 3) == std::string_view(name, 3)) {
            out = static_cast<int>(i / 3) + 1;
            text.remove_prefix(3);
            return true;
        }
    return false;
}

// The parts that a pattern collects.
struct Parts {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int half = -1;  // 0 am, 1 pm
    std::int64_t ns = 0;
    std::optional<std::int64_t> offset_s;
};

[[nodiscard]] bool take_part(std::string_view& text, char letter, Parts& parts) noexcept {
    switch (letter) {
        case 'Y': return take_digits(text, 4, parts.year);
        case 'y':
            if (!take_digits(text, 2, parts.year)) return false;
            parts.year += parts.year < 69 ? 2000 : 1900;  // as POSIX has it
            return true;
        case 'm': return take_short(text, parts.month);
        case 'd': return take_short(text, parts.day);
        case 'b': return take_month_name(text, parts.month);
        case 'H':
        case 'I': return take_short(text, parts.hour);
        case 'M': return take_short(text, parts.minute);
        case 'S': return take_short(text, parts.second);
        case 'p':
            if (text.size() < 2 || lower(text[1]) != 'm') return false;
            parts.half = lower(text[0]) == 'p' ? 1 : (lower(text[0]) == 'a' ? 0 : -1);
            text.remove_prefix(2);
            return parts.half >= 0;
        case 'f': return take_fraction(text, parts.ns);
        case 'z': return take_offset(text, parts.offset_s.emplace());
        case '%': return take(text, '%');
        default: return false;
    }
}

[[nodiscard]] bool parse_pattern(std::string_view text, std::string_view pattern,
                                 Reading& out) noexcept {
    Parts parts;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool part = pattern[i] == '%' && ++i < pattern.size();
        if (part ? !take_part(text, pattern[i], parts) : !take(text, pattern[i])) return false;
    }
    if (!text.empty() || parts.minute > 59 || parts.second > 59) return false;
    if (parts.half >= 0) {
        if (parts.hour < 1 || parts.hour > 12) return false;
        parts.hour = parts.hour % 12 + parts.half * 12;
    }
    std::int64_t days{};
    if (parts.hour > 23 || !days_of(parts.year, parts.month, parts.day, days)) return false;
    out.offset_s = parts.offset_s;
    return assemble(days, (std::int64_t{parts.hour} * 60 + parts.minute) * 60 + parts.second,
                    parts.ns, out);
}

void check_pattern(const std::string& pattern) {
    std::string letters;
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i)
        if (pattern[i] == '%') letters += pattern[++i];
    const auto has = [&letters](char c) { return letters.find(c) != std::string::npos; };
    const char* why = nullptr;
    if (letters.find_first_not_of("YymdbHIpMSfz%") != std::string::npos)
        why = "has a letter that is none of %Y %y %m %d %b %H %I %p %M %S %f %z %%";
    else if (!(has('Y') || has('y')) || !(has('m') || has('b')) || !has('d'))
        why = "has no year, month and day";
    else if (has('I') != has('p'))
        why = "has only one of %I and %p";
    if (why != nullptr)
        throw pipeline::ImportError(
            pipeline::ImportFault::kBadOption,
            "time pattern '" + pipeline::shown_text(pattern) + "' " + why + ".");
}

[[nodiscard]] std::int64_t unit_of(TimeFormat format) noexcept {
    switch (format) {
        case TimeFormat::kMicroseconds: return 1'000;
        case TimeFormat::kMilliseconds: return 1'000'000;
        case TimeFormat::kSeconds: return kNsPerSecond;
        default: return 1;
    }
}

[[nodiscard]] std::string description_of(const CsvMapping& mapping) {
    switch (mapping.time_format) {
        case TimeFormat::kNanoseconds: return "nanoseconds since the epoch";
        case TimeFormat::kMicroseconds: return "microseconds since the epoch";
        case TimeFormat::kMilliseconds: return "milliseconds since the epoch";
        case TimeFormat::kSeconds: return "seconds since the epoch";
        case TimeFormat::kIso8601: return "a time like 2013-10-07T13:30:00.123Z";
        case TimeFormat::kPattern: return "a time of the form " + mapping.time_pattern;
    }
    return "a time";
}

}  // namespace

bool parse_time(std::string_view text, TimeFormat format, std::int64_t& out) noexcept {
    if (format == TimeFormat::kPattern) return false;
    if (format != TimeFormat::kIso8601)
        return core::parse_decimal(text, unit_of(format), out) == core::DecimalError::kOk;
    Reading reading;
    return parse_iso8601(text, reading) &&
           !__builtin_sub_overflow(reading.local_ns, reading.offset_s.value_or(0) * kNsPerSecond,
                                   &out);
}

TimeReader::TimeReader(const CsvMapping& mapping)
    : format_(mapping.time_format), pattern_(mapping.time_pattern), clock_(mapping.time_zone),
      shift_ns_(mapping.time_marks == TimeMarks::kEnd ? mapping.key.period_s * kNsPerSecond : 0),
      expected_(description_of(mapping)) {
    if (format_ == TimeFormat::kPattern) check_pattern(pattern_);
}

bool TimeReader::read(std::string_view text, std::int64_t& out) {
    std::int64_t utc{};
    if (format_ == TimeFormat::kIso8601 || format_ == TimeFormat::kPattern) {
        Reading reading;
        if (!(format_ == TimeFormat::kPattern ? parse_pattern(text, pattern_, reading)
                                              : parse_iso8601(text, reading)))
            return false;
        if (reading.offset_s) {
            if (__builtin_sub_overflow(reading.local_ns, *reading.offset_s * kNsPerSecond, &utc))
                return false;
        } else if (!clock_.to_utc(reading.local_ns, utc)) {
            return false;
        }
    } else if (!parse_time(text, format_, utc)) {
        return false;
    }
    return !__builtin_sub_overflow(utc, shift_ns_, &out);
}

}  // namespace sluice::adapters::csv
