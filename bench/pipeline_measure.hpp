// The fused pipeline's measurements, for pipeline_bench and for the suite `pipeline`: the common task
// whole and stage by stage, beside the bare loop in the same rounds.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sluice/core/hot/tsc.hpp>

#include "bare_loop.hpp"
#include "burst.hpp"
#include "common_task.hpp"
#include "pipeline_run.hpp"
#include "staged_lane.hpp"

namespace sluice::bench {

inline constexpr std::array<const char*, pipeline::kStageCount + 1> kFirstStages{
    "source + sequencer + venue", "+ bars", "+ signals", "+ risk", "+ orders (whole pipeline)"};

template <std::size_t kLast>
Outcome run_from_memory(std::span<const CommonTick> ticks, const SpinProbe* spin) {
    CommonTaskSource source{ticks};
    if (spin == nullptr) return run_stages<kLast>(source, common_task_instruments());
    const pipeline::Settings settings = common_task_settings();
    const pipeline::InstrumentTable instruments = common_task_instruments();
    SimVenue venue{settings, instruments};
    return run_lane<StagedLane<SimVenue, kLast, const SpinProbe>>(source, instruments, settings,
                                                                  venue, *spin);
}

// The first `stages` stages over ticks in memory; `spin` may be null.
inline Outcome run_first(std::size_t stages, std::span<const CommonTick> ticks,
                         const SpinProbe* spin = nullptr) {
    switch (stages) {
        case 0: return run_from_memory<0>(ticks, spin);
        case 1: return run_from_memory<1>(ticks, spin);
        case 2: return run_from_memory<2>(ticks, spin);
        case 3: return run_from_memory<3>(ticks, spin);
        default: return run_from_memory<4>(ticks, spin);
    }
}

inline double bare_seconds(std::span<const CommonTick> ticks) {
    const auto start = std::chrono::steady_clock::now();
    volatile double profit = BareLoop::run(ticks).profit;
    (void)profit;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The bare loop, then the pipeline with one more stage each.
inline std::vector<Contender> fused_contenders(std::span<const CommonTick> block,
                                               std::optional<SpinProbe> spin = {}) {
    std::vector<Contender> out;
    out.push_back({"bare loop",
                   [block] { return burst(block.size(), [block] { return bare_seconds(block); }); },
                   {}});
    for (std::size_t stages = 0; stages <= pipeline::kStageCount; ++stages) {
        out.push_back({kFirstStages[stages],
                       [block, stages, spin] {
                           return burst(block.size(), [&] {
                               return run_first(stages, block, spin ? &*spin : nullptr).seconds;
                           });
                       },
                       {}});
    }
    return out;
}

// Takes the time at the entry of each stage for one tick in `kEvery`: where a tick's time goes.
class ResidenceProbe {
  public:
    static constexpr std::uint64_t kEvery = 64;

    explicit ResidenceProbe(const core::TscClock& clock) : clock_(clock) {}

    void begin(const Event&) noexcept {
        sampled_ = --until_ == 0;
        if (!sampled_) [[likely]]
            return;
        until_ = kEvery;
        last_ = core::Tsc::now();
    }
    template <std::size_t K>
    SLUICE_ALWAYS_INLINE void entering(const Event& event) noexcept {
        if (sampled_ && pipeline::is_market(event.kind())) [[unlikely]]
            note<K>();
    }
    SLUICE_ALWAYS_INLINE void leaving(const Event& event) noexcept {
        entering<pipeline::kStageCount>(event);
    }
    [[nodiscard]] const std::array<core::Histogram, pipeline::kStageCount + 1>& spent() const {
        return spent_;
    }

  private:
    template <std::size_t K>
    SLUICE_NEVER_INLINE void note() noexcept {
        const std::uint64_t now = core::Tsc::now();
        spent_[K].record(clock_.ns_between(last_, now));
        last_ = core::Tsc::now();
        if constexpr (K == pipeline::kStageCount) sampled_ = false;
    }

    core::TscClock clock_;
    std::uint64_t until_ = 1;
    std::uint64_t last_ = 0;
    bool sampled_ = false;
    std::array<core::Histogram, pipeline::kStageCount + 1> spent_;
};

// Both probes in one: the breakdown of a run with a planted spin.
struct SpinAndResidence {
    ResidenceProbe& residence;
    std::optional<SpinProbe> spin;

    void begin(const Event& event) const noexcept {
        residence.begin(event);
        if (spin) spin->begin(event);
    }
    template <std::size_t K>
    void entering(const Event& event) const noexcept {
        residence.entering<K>(event);
        if (spin) spin->entering<K>(event);
    }
    void leaving(const Event& event) const noexcept { residence.leaving(event); }
};

// spent()[K] is the time from the entry of stage K - 1 to that of stage K, counter reads included;
// [0] from the sequencer's release to the first stage.
inline void measure_residence(std::span<const CommonTick> ticks, ResidenceProbe& residence,
                              std::optional<SpinProbe> spin) {
    CommonTaskSource source{ticks};
    const pipeline::Settings settings = common_task_settings();
    const pipeline::InstrumentTable instruments = common_task_instruments();
    SimVenue venue{settings, instruments};
    SpinAndResidence probe{residence, spin};
    (void)run_lane<StagedLane<SimVenue, pipeline::kStageCount, SpinAndResidence>>(
        source, instruments, settings, venue, probe);
}

}  // namespace sluice::bench
