#include <sluice/tools/arguments.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::tools {

core::StreamTime parse_time(const std::string& text, const std::string& option) {
    const bool date_only = pipeline::parse_iso_date(text).has_value();
    std::int64_t ns = 0;
    if (!adapters::csv::parse_time(date_only ? text + "T00:00:00Z" : text,
                                   adapters::csv::TimeFormat::kIso8601, ns))
        throw UsageError(option + ": '" + text +
                         "' is no time; write 2013-10-07 or 2013-10-07T13:30:00 (UTC)");
    return core::time_from_ns<core::StreamTime>(ns);
}

adapters::csv::TimeFormat parse_time_format(const std::string& name) {
    using adapters::csv::TimeFormat;
    if (name == "ns") return TimeFormat::kNanoseconds;
    if (name == "us") return TimeFormat::kMicroseconds;
    if (name == "ms") return TimeFormat::kMilliseconds;
    if (name == "s") return TimeFormat::kSeconds;
    return TimeFormat::kIso8601;
}

void map_column(adapters::csv::CsvColumns& columns, const std::string& mapping) {
    const std::size_t equals = mapping.find('=');
    const std::string field = mapping.substr(0, equals);
    const std::pair<const char*, std::string*> fields[] = {
        {"time", &columns.time},        {"price", &columns.price}, {"quantity", &columns.quantity},
        {"bid", &columns.bid},          {"ask", &columns.ask},     {"bid_size", &columns.bid_size},
        {"ask_size", &columns.ask_size}};
    for (const auto& [name, target] : fields) {
        if (field != name || equals == std::string::npos || equals + 1 == mapping.size()) continue;
        *target = mapping.substr(equals + 1);
        return;
    }
    throw UsageError("--column: '" + mapping +
                     "' must be field=name with a field of time, price, quantity, bid, ask, "
                     "bid_size or ask_size");
}

double parse_speed(const std::string& text) {
    if (text == "full") return 0;
    std::size_t used = 0;
    double speed = 0;
    try {
        speed = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != text.size() || text.empty() || !std::isfinite(speed) || speed <= 0 || speed > 1e9)
        throw UsageError("--speed: '" + text +
                         "' is no speed; write full, or a factor such as 1 or 60");
    return speed;
}

std::vector<std::string> parse_list(const std::string& text, const std::string& option) {
    std::vector<std::string> out;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, ',');) {
        const std::size_t first = part.find_first_not_of(' ');
        const std::size_t last = part.find_last_not_of(' ');
        if (first == std::string::npos)
            throw UsageError(option + ": an empty name in '" + text + "'");
        out.push_back(part.substr(first, last - first + 1));
    }
    return out;
}

void select_strategies(pipeline::Settings& settings, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return;
    std::vector<pipeline::StrategySettings> kept;
    for (const std::string& name : wanted) {
        bool found = false;
        for (const pipeline::StrategySettings& s : settings.signals.strategies) {
            if (s.name != name && to_string(s.kind) != name) continue;
            found = true;
            const bool twice = std::any_of(kept.begin(), kept.end(),
                                           [&](const auto& k) { return k.name == s.name; });
            if (!twice) kept.push_back(s);
        }
        if (found) continue;
        std::string known;
        for (const pipeline::StrategySettings& s : settings.signals.strategies)
            known += (known.empty() ? "" : ", ") + s.name + " (" + to_string(s.kind) + ")";
        throw UsageError("--strategy: the configuration has no strategy '" + name + "'; it has " +
                         known);
    }
    settings.signals.strategies = std::move(kept);
}

}  // namespace sluice::tools
