#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include <sluice/adapters/lean/lean_reference.hpp>

#include "lean_path.hpp"

namespace sluice::adapters::lean {
namespace {

using nlohmann::json;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::SessionPhase;

constexpr std::int32_t kDay_s = 86'400;
constexpr std::array<const char*, 7> kDays{"sunday",   "monday", "tuesday", "wednesday",
                                           "thursday", "friday", "saturday"};

// A fault within one entry; parse() adds the file and the entry.
struct EntryFault {
    std::string what;
};

// Takes a number up to `end` (or the end of the text) off the front.
[[nodiscard]] bool take_number(std::string_view& text, std::string_view ends, int& out) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || out < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (text.empty()) return true;
    if (ends.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

// "09:30:00"; the end of the day is "1.00:00:00", "1:00:00:00" or "24:00:00".
[[nodiscard]] std::int32_t time_of_day(const std::string& given) {
    std::string_view text = given;
    int days = 0;
    const bool has_days =
        std::count(text.begin(), text.end(), ':') == 3 || text.find('.') != std::string_view::npos;
    int hours{};
    int minutes{};
    int seconds{};
    if ((has_days && !take_number(text, ".:", days)) || !take_number(text, ":", hours) ||
        !take_number(text, ":", minutes) || !take_number(text, "", seconds) || !text.empty() ||
        days > 1 || hours > 24 || minutes > 59 || seconds > 59)
        throw EntryFault{"'" + pipeline::shown_text(given) + "' is no time of day"};
    const std::int32_t out = days * kDay_s + hours * 3600 + minutes * 60 + seconds;
    if (out > kDay_s)
        throw EntryFault{"'" + pipeline::shown_text(given) + "' is beyond the end of the day"};
    return out;
}

// "12/24/2015"
[[nodiscard]] pipeline::Date us_date(const std::string& given) {
    std::string_view text = given;
    int month{};
    int day{};
    int year{};
    if (take_number(text, "/", month) && take_number(text, "/", day) &&
        take_number(text, "", year) && text.empty() && year <= 9999) {
        const pipeline::Date date{std::chrono::year{year},
                                  std::chrono::month{static_cast<unsigned>(month)},
                                  std::chrono::day{static_cast<unsigned>(day)}};
        if (date.ok()) return date;
    }
    throw EntryFault{"'" + pipeline::shown_text(given) + "' is no date like 12/24/2015"};
}

[[nodiscard]] SessionPhase phase_of(const std::string& state) {
    if (state == "premarket") return SessionPhase::kPreMarket;
    if (state == "market") return SessionPhase::kRegular;
    if (state == "postmarket") return SessionPhase::kPostMarket;
    throw EntryFault{"'" + pipeline::shown_text(state) + "' is no state of a market"};
}

[[nodiscard]] std::vector<pipeline::SessionSpan> spans_of(const json& day) {
    std::vector<pipeline::SessionSpan> out;
    for (const json& span : day)
        out.push_back({phase_of(span.at("state").get<std::string>()),
                       time_of_day(span.at("start").get<std::string>()),
                       time_of_day(span.at("end").get<std::string>())});
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.open_s < b.open_s; });
    std::int32_t last = 0;
    for (const pipeline::SessionSpan& span : out) {
        if (span.open_s < last || span.close_s <= span.open_s)
            throw EntryFault{"sessions of a day overlap or are empty"};
        last = span.close_s;
    }
    return out;
}

[[nodiscard]] std::vector<pipeline::SessionException> exceptions_of(const json& entry,
                                                                    const char* name) {
    std::vector<pipeline::SessionException> out;
    const auto found = entry.find(name);
    if (found == entry.end()) return out;
    for (const auto& [date, at] : found->items())
        out.push_back({us_date(date), time_of_day(at.get<std::string>())});
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.date < b.date; });
    return out;
}

// "Future-cme-ES" -> "future-cme-ES", "Equity-usa-[*]" -> "equity-usa".
[[nodiscard]] std::string calendar_name(const std::string& key) {
    std::string out = key.ends_with("-[*]") ? key.substr(0, key.size() - 4) : key;
    const std::size_t dash = out.find('-');
    return lower_case(out.substr(0, dash)) + (dash == std::string::npos ? "" : out.substr(dash));
}

[[nodiscard]] MarketHours::Entry entry_of(const std::string& key, const json& given) {
    MarketHours::Entry out;
    out.data_zone = iana_zone(given.at("dataTimeZone").get<std::string>());
    out.calendar.name = calendar_name(key);
    out.calendar.time_zone = iana_zone(given.at("exchangeTimeZone").get<std::string>());
    for (std::size_t i = 0; i < kDays.size(); ++i)
        if (const auto day = given.find(kDays[i]); day != given.end())
            out.calendar.week[i] = spans_of(*day);
    if (const auto holidays = given.find("holidays"); holidays != given.end())
        for (const json& date : *holidays)
            out.calendar.holidays.push_back(us_date(date.get<std::string>()));
    std::sort(out.calendar.holidays.begin(), out.calendar.holidays.end());
    out.calendar.early_closes = exceptions_of(given, "earlyCloses");
    out.calendar.late_opens = exceptions_of(given, "lateOpens");
    return out;
}

}  // namespace

std::string iana_zone(const std::string& lean_zone) {
    // POSIX counts hours west, LEAN hours east.
    if (lean_zone.size() != 6 || !lean_zone.starts_with("UTC")) return lean_zone;
    const char sign = lean_zone[3];
    const char tens = lean_zone[4];
    const char ones = lean_zone[5];
    if ((sign != '-' && sign != '+') || tens < '0' || tens > '1' || ones < '0' || ones > '9')
        return lean_zone;
    const int hours = (tens - '0') * 10 + (ones - '0');
    if (hours == 0) return "UTC";
    return std::string("Etc/GMT") + (sign == '-' ? "+" : "-") + std::to_string(hours);
}

MarketHours MarketHours::parse(std::string_view text, const std::string& where) {
    MarketHours out;
    std::string key;
    try {
        const json document = json::parse(text, nullptr, true, true);
        for (const auto& [name, entry] : document.at("entries").items()) {
            key = name;
            out.entries_.emplace(lower_case(name), entry_of(name, entry));
        }
    } catch (const EntryFault& fault) {
        throw ImportError(ImportFault::kDamaged,
                          where + ": entry '" + pipeline::shown_text(key) + "': " + fault.what);
    } catch (const json::exception& error) {
        throw ImportError(
            ImportFault::kDamaged,
            where + (key.empty() ? "" : ": entry '" + pipeline::shown_text(key) + "'") +
                ": not a market-hours database: " + pipeline::shown_text(error.what()));
    }
    return out;
}

const MarketHours::Entry* MarketHours::find(std::string_view security, std::string_view market,
                                            std::string_view symbol) const {
    const std::string prefix = lower_case(security) + "-" + lower_case(market) + "-";
    auto found = entries_.find(prefix + lower_case(symbol));
    if (found == entries_.end()) found = entries_.find(prefix + "[*]");
    return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace sluice::adapters::lean
