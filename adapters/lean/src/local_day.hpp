// Local times of one date as UTC. Built per file; a conversion is an addition on the days (all but
// two a year) whose offset does not change, and a look-up on the others.
#pragma once

#include <cstdint>
#include <string>

#include <sluice/pipeline/tick_sink.hpp>

namespace date {
class time_zone;
}

namespace sluice::adapters::lean {

class LocalDay {
  public:
    // Throws ImportError (kBadOption) for a zone that the system does not know.
    LocalDay(const std::string& zone, pipeline::Date date);

    // `since_midnight_ns` as the wall clock shows it -> ns since the epoch, UTC. A time that
    // occurs twice is the first of the two; false for one that the clock skips.
    [[nodiscard]] bool to_utc(std::int64_t since_midnight_ns, std::int64_t& out) const {
        if (!steady_) return to_utc_slow(since_midnight_ns, out);
        out = midnight_utc_ns_ + since_midnight_ns;
        return true;
    }

  private:
    [[nodiscard]] bool to_utc_slow(std::int64_t since_midnight_ns, std::int64_t& out) const;

    const date::time_zone* zone_;
    std::int64_t midnight_local_ns_;  // as if local time were UTC
    std::int64_t midnight_utc_ns_ = 0;
    bool steady_ = false;
};

}  // namespace sluice::adapters::lean
