// Wall-clock times of a time zone as UTC and back, for importers and calendars. The zones are those
// of the system's time zone database, rules of the past included. One thread a value; a conversion
// is an addition within a stretch of constant offset and a look-up outside it.
#pragma once

#include <cstdint>
#include <string>

#include <sluice/pipeline/table_key.hpp>

namespace date {
class time_zone;
}

namespace sluice::pipeline {

inline constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

// A zone of the database by its IANA name. Throws ImportError (kBadOption) for one it lacks.
[[nodiscard]] const date::time_zone* find_time_zone(const std::string& name);

// Local times of one zone as UTC. A time that occurs twice is the first of the two.
class LocalClock {
  public:
    explicit LocalClock(const std::string& zone);

    // `local_ns` counts from the epoch as if the wall clock showed UTC. False for a time that the
    // clock skips.
    [[nodiscard]] bool to_utc(std::int64_t local_ns, std::int64_t& out) {
        if (local_ns < first_local_ns_ || local_ns >= end_local_ns_) [[unlikely]]
            return to_utc_slow(local_ns, out);
        out = local_ns - offset_ns_;
        return true;
    }
    // The same, but a skipped time is the moment of the change.
    [[nodiscard]] std::int64_t to_utc_nearest(std::int64_t local_ns);

  private:
    [[nodiscard]] bool to_utc_slow(std::int64_t local_ns, std::int64_t& out);

    const date::time_zone* zone_;
    // Local times within [first, end) are unique and have this offset.
    std::int64_t first_local_ns_ = 0;
    std::int64_t end_local_ns_ = 0;
    std::int64_t offset_ns_ = 0;
};

// The date that a UTC time falls on in one zone.
class LocalDates {
  public:
    explicit LocalDates(const std::string& zone);
    [[nodiscard]] Date of(std::int64_t utc_ns);

  private:
    void look_up(std::int64_t utc_ns);

    const date::time_zone* zone_;
    std::int64_t first_utc_ns_ = 0;  // an empty stretch: the first call looks up
    std::int64_t end_utc_ns_ = 0;
    std::int64_t offset_ns_ = 0;
    std::int64_t day_ = INT64_MIN;
    Date date_{};
};

}  // namespace sluice::pipeline
