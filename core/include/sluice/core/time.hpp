// Time as nanoseconds since the Unix epoch, UTC, on clocks that do not mix.
// A time_point of one clock cannot be subtracted from another's: a skew between two clocks is
// always asked for by name.
#pragma once

#include <chrono>
#include <cstdint>

namespace sluice::core {

using Nanos = std::chrono::nanoseconds;

// A clock that only labels time points; it cannot be read, so a stage cannot read it either.
template <class Tag>
struct LabelClock {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = Nanos;
    using time_point = std::chrono::time_point<LabelClock>;
    static constexpr bool is_steady = false;
};

// The event's own time: what the exchange (or the timer) says, and what every stage goes by.
using StreamClock = LabelClock<struct StreamTag>;
using StreamTime = StreamClock::time_point;

// The host's wall clock, read at the edge.
using LocalClock = LabelClock<struct LocalTag>;
using LocalTime = LocalClock::time_point;

template <class TimePoint>
[[nodiscard]] constexpr TimePoint time_from_ns(std::int64_t ns_since_epoch) noexcept {
    return TimePoint{Nanos{ns_since_epoch}};
}
template <class TimePoint>
[[nodiscard]] constexpr std::int64_t ns_since_epoch(TimePoint time) noexcept {
    return time.time_since_epoch().count();
}

// Wall clock in nanoseconds since the epoch; a system call or vDSO read, never on the hot path.
[[nodiscard]] inline LocalTime read_local_clock() noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return LocalTime{std::chrono::duration_cast<Nanos>(now)};
}

static_assert(sizeof(StreamTime) == 8);

}  // namespace sluice::core
