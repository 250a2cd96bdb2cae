#include <sluice/pipeline/local_time.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>

#include <date/tz.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::pipeline {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// What nanoseconds in 64 bits hold, less the largest offset of a zone.
constexpr std::int64_t kFirstSecond = std::numeric_limits<std::int64_t>::min() / kNsPerSecond;
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / kNsPerSecond;
constexpr std::int64_t kSecondsPerDay = 86'400;

[[nodiscard]] std::int64_t floor_seconds(std::int64_t ns) noexcept {
    return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
}
// A bound of the database, which reaches beyond what nanoseconds hold, in nanoseconds.
[[nodiscard]] std::int64_t clamped_ns(std::int64_t at_s) noexcept {
    return std::clamp(at_s, kFirstSecond + kSecondsPerDay, kLastSecond - kSecondsPerDay) *
           kNsPerSecond;
}
[[nodiscard]] std::int64_t count_s(date::sys_seconds at) noexcept {
    return at.time_since_epoch().count();
}

}  // namespace

const date::time_zone* find_time_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::exception& error) {
        throw ImportError(ImportFault::kBadOption,
                          "time zone '" + shown_text(name) + "': " + error.what() +
                              ". Give an IANA name like America/New_York.");
    }
}

LocalClock::LocalClock(const std::string& zone) : zone_(find_time_zone(zone)) {}

bool LocalClock::to_utc_slow(std::int64_t local_ns, std::int64_t& out) {
    const date::local_info info =
        zone_->get_info(date::local_seconds{seconds{floor_seconds(local_ns)}});
    if (info.result == date::local_info::nonexistent) return false;
    const std::int64_t offset_s = seconds{info.first.offset}.count();
    if (info.result == date::local_info::unique) {
        // A day off both ends: whatever the change is, times inside are unique.
        offset_ns_ = offset_s * kNsPerSecond;
        first_local_ns_ = clamped_ns(count_s(info.first.begin)) + kNsPerDay;
        end_local_ns_ = clamped_ns(count_s(info.first.end)) - kNsPerDay;
    }
    return !__builtin_sub_overflow(local_ns, offset_s * kNsPerSecond, &out);
}

std::int64_t LocalClock::to_utc_nearest(std::int64_t local_ns) {
    std::int64_t out{};
    if (to_utc(local_ns, out)) return out;
    const date::local_info info =
        zone_->get_info(date::local_seconds{seconds{floor_seconds(local_ns)}});
    return count_s(info.first.end) * kNsPerSecond;
}

LocalDates::LocalDates(const std::string& zone) : zone_(find_time_zone(zone)) {}

void LocalDates::look_up(std::int64_t utc_ns) {
    const date::sys_info info = zone_->get_info(date::sys_seconds{seconds{floor_seconds(utc_ns)}});
    first_utc_ns_ = clamped_ns(count_s(info.begin));
    end_utc_ns_ = clamped_ns(count_s(info.end));
    offset_ns_ = seconds{info.offset}.count() * kNsPerSecond;
}

Date LocalDates::of(std::int64_t utc_ns) {
    if (utc_ns < first_utc_ns_ || utc_ns >= end_utc_ns_) look_up(utc_ns);
    std::int64_t local{};
    if (__builtin_add_overflow(utc_ns, offset_ns_, &local)) local = utc_ns;
    const std::int64_t day = local / kNsPerDay - (local % kNsPerDay < 0 ? 1 : 0);
    if (day != day_) {
        day_ = day;
        date_ = Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
    }
    return date_;
}

}  // namespace sluice::pipeline
