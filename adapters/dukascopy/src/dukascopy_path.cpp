#include <sluice/adapters/dukascopy/dukascopy_path.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

namespace sluice::adapters::dukascopy {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

struct Shape {
    std::string_view ending;  // of the file's name
    std::int32_t period_s;
    std::size_t folders;  // year, month, day
};
constexpr Shape kTicks{"h_ticks.bi5", 0, 3};
constexpr Shape kCandles[] = {{"_candles_min_1.bi5", 60, 3},
                              {"_candles_hour_1.bi5", 3'600, 2},
                              {"_candles_day_1.bi5", 86'400, 1}};

// Exactly `digits` of them.
[[nodiscard]] std::optional<unsigned> number(std::string_view text, std::size_t digits) noexcept {
    if (text.size() != digits) return std::nullopt;
    unsigned out = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + static_cast<unsigned>(c - '0');
    }
    return out;
}

[[nodiscard]] bool read_name(std::string_view name, Bi5File& file, Shape& shape) {
    if (name.ends_with(kTicks.ending)) {
        const auto hour = number(name.substr(0, name.size() - kTicks.ending.size()), 2);
        if (!hour || *hour > 23) return false;
        file.content = Content::kTicks;
        file.hour = static_cast<int>(*hour);
        shape = kTicks;
        return true;
    }
    for (const Shape& candles : kCandles) {
        if (!name.ends_with(candles.ending)) continue;
        const std::string_view side = name.substr(0, name.size() - candles.ending.size());
        if (side != "BID" && side != "ASK") return false;
        file.content = side == "BID" ? Content::kBidCandles : Content::kAskCandles;
        file.period_s = candles.period_s;
        shape = candles;
        return true;
    }
    return false;
}

// Of the day, month or year that begins on `date`.
[[nodiscard]] sys_days end_of(pipeline::Date date, std::size_t folders) {
    if (folders == 3) return sys_days{date} + days{1};
    return sys_days{folders == 2 ? date + std::chrono::months{1} : date + std::chrono::years{1}};
}

}  // namespace

std::optional<Bi5File> parse_path(const std::filesystem::path& path) {
    Bi5File file;
    Shape shape{};
    if (!read_name(path.filename().string(), file, shape)) return std::nullopt;
    std::vector<std::string> folders;
    for (const auto& part : path.lexically_normal().parent_path()) folders.push_back(part.string());
    if (folders.size() <= shape.folders) return std::nullopt;
    const std::size_t first = folders.size() - shape.folders;
    const auto year = number(folders[first], 4);
    const auto month = shape.folders > 1 ? number(folders[first + 1], 2) : std::optional{0U};
    const auto day = shape.folders > 2 ? number(folders[first + 2], 2) : std::optional{1U};
    if (!year || !month || !day) return std::nullopt;
    // The vendor counts months from 0.
    file.date = {std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month + 1},
                 std::chrono::day{*day}};
    // Times outside are beyond what a table holds.
    if (!file.date.ok() || *year < 1970 || *year > 2100) return std::nullopt;
    file.path = path;
    file.instrument = folders[first - 1];
    for (char& c : file.instrument)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool plain =
        !file.instrument.empty() && file.instrument.size() <= 32 &&
        std::all_of(file.instrument.begin(), file.instrument.end(), [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        });
    if (!plain || file.instrument.front() == '.') return std::nullopt;
    using std::chrono::seconds;
    const seconds start = sys_days{file.date}.time_since_epoch();
    const seconds length = end_of(file.date, shape.folders) - sys_days{file.date};
    const bool ticks = file.content == Content::kTicks;
    file.start_ns = (start.count() + (ticks ? file.hour * 3'600 : 0)) * 1'000'000'000;
    file.length_s = ticks ? 3'600 : length.count();
    return file;
}

}  // namespace sluice::adapters::dukascopy
