#include <sluice/adapters/run_folder/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include <sluice/core/overflow.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::Nanos;
using std::chrono::days;
using std::chrono::seconds;

struct Civil {
    int year;
    unsigned month;
    unsigned day;
    int hour;
    int minute;
    int second;
    long nanosecond;
};

// Floors, so that times before 1970 read right as well.
Civil civil_from(Nanos since_epoch) {
    const auto day = std::chrono::floor<days>(since_epoch);
    const std::chrono::year_month_day date{std::chrono::sys_days{day}};
    const std::chrono::hh_mm_ss<Nanos> clock{since_epoch - day};
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<long>(clock.subseconds().count())};
}

std::string group_digits(std::string digits) {
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string three_digits(double value, const char* unit) {
    std::array<char, 48> text{};
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    std::snprintf(text.data(), text.size(), "%.*f %s", decimals, value, unit);
    return text.data();
}

}  // namespace

std::string iso8601(core::StreamTime time) {
    const Civil c = civil_from(time.time_since_epoch());
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09ldZ", c.year, c.month,
                  c.day, c.hour, c.minute, c.second, c.nanosecond);
    return text.data();
}

std::string date_and_time(core::StreamTime time) {
    std::string text = iso8601(time);
    text.resize(text.find('.'));
    text[text.find('T')] = ' ';
    return text;
}

std::string file_stamp(core::LocalTime time) {
    const Civil c = civil_from(time.time_since_epoch());
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d%02u%02u-%02d%02d%02d", c.year, c.month, c.day,
                  c.hour, c.minute, c.second);
    return text.data();
}

std::string shortest(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

std::string grouped(std::uint64_t value) { return group_digits(std::to_string(value)); }

std::string rounded_money(core::Money money) {
    constexpr std::int64_t kCent = core::Money::kScale / 100;
    const core::Int128 raw = money.raw();
    const core::Uint128 magnitude = raw < 0 ? core::Uint128{0} - static_cast<core::Uint128>(raw)
                                            : static_cast<core::Uint128>(raw);
    core::Uint128 cents =
        (magnitude + static_cast<core::Uint128>(kCent / 2)) / static_cast<core::Uint128>(kCent);
    const bool negative = raw < 0 && cents != 0;
    std::string digits;  // least significant first
    for (; cents != 0 || digits.size() < 3; cents /= 10)
        digits.push_back(static_cast<char>('0' + static_cast<int>(cents % 10)));
    std::reverse(digits.begin(), digits.end());
    const std::string fraction = digits.substr(digits.size() - 2);
    digits.resize(digits.size() - 2);
    std::string out = negative ? "-" : "";
    return out.append(group_digits(digits)).append(".").append(fraction);
}

std::string short_duration(std::uint64_t ns) {
    const auto value = static_cast<double>(ns);
    if (ns < 1'000) return std::to_string(ns) + " ns";
    if (ns < 999'500) return three_digits(value / 1e3, "us");
    if (ns < 999'500'000) return three_digits(value / 1e6, "ms");
    return three_digits(value / 1e9, "s");
}

std::string timeframe_name(core::Nanos timeframe) {
    struct Unit {
        std::int64_t ns;
        const char* name;
    };
    static constexpr std::array<Unit, 7> kUnits{{{86'400'000'000'000, "d"},
                                                 {3'600'000'000'000, "h"},
                                                 {60'000'000'000, "m"},
                                                 {1'000'000'000, "s"},
                                                 {1'000'000, "ms"},
                                                 {1'000, "us"},
                                                 {1, "ns"}}};
    const std::int64_t ns = timeframe.count();
    for (const Unit& unit : kUnits)
        if (ns != 0 && ns % unit.ns == 0) return std::to_string(ns / unit.ns) + unit.name;
    return std::to_string(ns) + "ns";
}

std::vector<std::string> bar_names(const pipeline::RunRecord& record) {
    std::vector<std::string> names;
    for (const core::Nanos timeframe : record.timeframes)
        names.push_back(timeframe_name(timeframe));
    names.insert(names.end(), record.activity_bars.begin(), record.activity_bars.end());
    return names;
}

std::string symbol_name(const pipeline::InstrumentTable& instruments, core::SymbolId symbol) {
    if (symbol == core::kNoSymbol) return "-";
    const std::size_t index = core::index_of(symbol);
    if (index >= instruments.size()) return std::string{"#"}.append(std::to_string(index));
    return instruments[index].symbol;
}

bool is_generated(const pipeline::RunRecord& record) {
    return record.data_label.rfind("generated", 0) == 0 ||
           std::any_of(record.instruments.begin(), record.instruments.end(),
                       [](const pipeline::Instrument& i) { return i.generated; });
}

std::string account_currency(const pipeline::RunRecord& record) {
    if (!record.currencies.empty()) return record.currencies.front().name;
    if (record.instruments.empty()) return {};
    const std::string& first = record.instruments.front().currency;
    const bool same =
        std::all_of(record.instruments.begin(), record.instruments.end(),
                    [&](const pipeline::Instrument& i) { return i.currency == first; });
    return same ? first : std::string{};
}

std::string printable(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    return out;
}

}  // namespace sluice::adapters::run_folder
