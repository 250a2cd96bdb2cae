// The fused pipeline's measurements, for pipeline_bench and for the suite `pipeline`: the common task
// whole and stage by stage, beside the bare loop in the same rounds.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>

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

// What is on record of a run: every sequenced event and every command, as live.
class JournaledVenue : public SimVenue {
  public:
    JournaledVenue(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments,
                   pipeline::JournalTap& tap)
        : SimVenue(settings, instruments), tap_(tap) {}
    void take(const Event& command) noexcept {
        while (!tap_.record(command)) {}
        SimVenue::take(command);
    }

  private:
    pipeline::JournalTap& tap_;
};

template <class Inner>
class JournaledLane {
  public:
    static constexpr bool kSplit = false;
    template <class State, class... More>
    JournaledLane(State& state, pipeline::JournalTap& tap, More&... more)
        : inner_(state, more...), tap_(tap) {}

    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void release(Event& event) noexcept {
        while (!tap_.record(event)) [[unlikely]] {
            }
        inner_.template release<kKnown>(event);
    }
    std::size_t take_commands() noexcept { return 0; }
    void sync() noexcept {}
    [[nodiscard]] bool flat() const noexcept { return inner_.flat(); }

  private:
    Inner inner_;
    pipeline::JournalTap& tap_;
};

// The whole pipeline, fused, with the journal's hot end on; a thread on the other core takes the
// records away in batches and sleeps in between, as the journal's does.
class JournaledRun {
  public:
    JournaledRun(std::size_t core_a, std::size_t core_b, std::optional<SpinProbe> spin)
        : duo_(core_a, core_b), spin_(spin) {}

    Sample block(std::span<const CommonTick> ticks) {
        pipeline::EventRing ring{1U << 16U};
        std::atomic<bool> done{false};
        double seconds = 0;
        duo_.run(
            [&] {
                seconds = pass(ticks, ring);
                // release: the last record is in the ring
                done.store(true, std::memory_order_release);
            },
            [&] {
                const auto batch = std::make_unique<std::array<Event, 64>>();
                core::Idler idler{core::IdleStrategy::kBackoff};
                bool last = false;
                for (;;) {
                    if (ring.try_pop_n(*batch) != 0) {
                        idler.reset();
                        continue;
                    }
                    if (last) return;
                    // acquire: pairs with the release above; one more look after it
                    last = done.load(std::memory_order_acquire);
                    idler.idle(0);
                }
            });
        const double ns = seconds * 1e9 / static_cast<double>(ticks.size());
        return {ns, ns};
    }
    [[nodiscard]] bool has_priority() const noexcept { return duo_.has_priority(); }

  private:
    double pass(std::span<const CommonTick> ticks, pipeline::EventRing& ring) {
        pipeline::JournalTap tap{ring, nullptr};
        const pipeline::Settings settings = common_task_settings();
        const pipeline::InstrumentTable instruments = common_task_instruments();
        JournaledVenue venue{settings, instruments, tap};
        CommonTaskSource source{ticks};
        constexpr std::size_t kAll = pipeline::kStageCount;
        if (!spin_) {
            using Inner = pipeline::Lane<JournaledVenue, pipeline::kFused, kAll>;
            return run_lane<JournaledLane<Inner>>(source, instruments, settings, venue, tap)
                .seconds;
        }
        using Inner = StagedLane<JournaledVenue, kAll, const SpinProbe>;
        const SpinProbe spin = *spin_;
        return run_lane<JournaledLane<Inner>>(source, instruments, settings, venue, tap, spin)
            .seconds;
    }

    Duo duo_;
    std::optional<SpinProbe> spin_;
};

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
