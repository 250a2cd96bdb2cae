#include <sluice/core/hot/local_tsc_clock.hpp>

namespace sluice::core {

void LocalTscClock::read_again_slow() noexcept {
    const std::uint64_t before = Tsc::now();
    anchor_ = read_local_clock();
    anchor_ticks_ = before + (Tsc::now() - before) / 2;
}

}  // namespace sluice::core
