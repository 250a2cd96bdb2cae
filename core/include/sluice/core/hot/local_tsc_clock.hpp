// The host's wall clock from the processor's counter: a multiplication instead of a clock read.
// One thread. It reads the real clock again every second (30 ns through the vDSO), so that neither
// the calibration's error (10 parts per million: 10 us a second) nor an adjusted clock adds up. It
// never goes back: when the real clock has, it stands still until that has caught up.
#pragma once

#include <algorithm>
#include <cstdint>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/time.hpp>

namespace sluice::core {

class LocalTscClock {
  public:
    explicit LocalTscClock(TscClock rate) noexcept
        : rate_(rate), second_(static_cast<std::uint64_t>(rate.ticks_per_second())) {
        read_again_slow();
    }

    // `ticks` is a recent Tsc::now().
    [[nodiscard]] LocalTime at(std::uint64_t ticks) noexcept {
        if (ticks - anchor_ticks_ > second_ && ticks > anchor_ticks_) [[unlikely]]
            read_again_slow();
        // A stamp of another core, or one taken before the anchor, may lie a little before it.
        const LocalTime now =
            ticks >= anchor_ticks_
                ? anchor_ + Nanos{static_cast<std::int64_t>(rate_.to_ns(ticks - anchor_ticks_))}
                : anchor_ - Nanos{static_cast<std::int64_t>(rate_.to_ns(anchor_ticks_ - ticks))};
        latest_ = std::max(latest_, now);
        return latest_;
    }
    [[nodiscard]] const TscClock& rate() const noexcept { return rate_; }

  private:
    [[gnu::cold]] void read_again_slow() noexcept;

    TscClock rate_;
    std::uint64_t second_;
    std::uint64_t anchor_ticks_ = 0;
    LocalTime anchor_{};
    LocalTime latest_ = LocalTime::min();
};

}  // namespace sluice::core
