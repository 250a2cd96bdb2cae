#include <sluice/pipeline/table_key.hpp>

#include <array>
#include <charconv>
#include <cstdio>

namespace sluice::pipeline {
namespace {

[[nodiscard]] std::optional<unsigned> parse_digits(std::string_view text) noexcept {
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

constexpr std::array<std::string_view, kTableKindCount> kNames = {
    "trades", "quotes", "levels", "orders", "bars", "quote_bars", "open_interest", "truth"};

[[nodiscard]] constexpr bool has_period(TableKind kind) noexcept {
    return kind == TableKind::kBars || kind == TableKind::kQuoteBars;
}

}  // namespace

std::string table_name(TableKey key) {
    std::string out{kNames[static_cast<std::size_t>(key.kind)]};
    if (has_period(key.kind)) out += "_" + std::to_string(key.period_s) + "s";
    return out;
}

std::optional<TableKey> parse_table_name(std::string_view name) noexcept {
    for (std::size_t i = kNames.size(); i-- > 0;) {
        const auto kind = static_cast<TableKind>(i);
        if (!has_period(kind)) {
            if (name == kNames[i]) return TableKey{kind};
            continue;
        }
        if (!name.starts_with(kNames[i]) || name.size() < kNames[i].size() + 3) continue;
        const char* const first = name.data() + kNames[i].size() + 1;
        const char* const last = name.data() + name.size() - 1;
        std::int32_t period = 0;
        const auto [stop, error] = std::from_chars(first, last, period);
        if (first[-1] == '_' && *last == 's' && *first != '0' && error == std::errc{} &&
            stop == last && period > 0)
            return TableKey{kind, period};
    }
    return std::nullopt;
}

std::string iso_date(Date date) {
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

std::optional<Date> parse_iso_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_digits(text.substr(0, 4));
    const auto month = parse_digits(text.substr(5, 2));
    const auto day = parse_digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const Date date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                    std::chrono::day{*day}};
    return date.ok() ? std::optional<Date>{date} : std::nullopt;
}

}  // namespace sluice::pipeline
