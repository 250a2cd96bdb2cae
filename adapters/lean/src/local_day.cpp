#include "local_day.hpp"

#include <chrono>
#include <exception>

#include <date/tz.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

[[nodiscard]] const date::time_zone* locate(const std::string& zone) {
    try {
        return date::locate_zone(zone);
    } catch (const std::exception& error) {
        throw pipeline::ImportError(pipeline::ImportFault::kBadOption,
                                    "time zone '" + zone + "': " + error.what());
    }
}

}  // namespace

LocalDay::LocalDay(const std::string& zone, pipeline::Date day) : zone_(locate(zone)) {
    const std::chrono::sys_days days{day};
    const seconds midnight = days.time_since_epoch();
    midnight_local_ns_ = nanoseconds{midnight}.count();
    const date::local_seconds first{midnight};
    const date::local_info begin = zone_->get_info(first);
    const date::local_info end = zone_->get_info(first + std::chrono::hours{24} - seconds{1});
    if (begin.result != date::local_info::unique || end.result != date::local_info::unique) return;
    steady_ = begin.first.offset == end.first.offset;
    midnight_utc_ns_ = nanoseconds{midnight - begin.first.offset}.count();
}

bool LocalDay::to_utc_slow(std::int64_t since_midnight_ns, std::int64_t& out) const {
    const std::int64_t local = midnight_local_ns_ + since_midnight_ns;
    const auto at = std::chrono::floor<seconds>(date::local_time<nanoseconds>{nanoseconds{local}});
    const date::local_info info = zone_->get_info(at);
    if (info.result == date::local_info::nonexistent) return false;
    out = local - nanoseconds{info.first.offset}.count();
    return true;
}

}  // namespace sluice::adapters::lean
