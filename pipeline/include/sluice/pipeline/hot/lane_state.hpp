// What the groups of one engine share: stages, rings, traces. Built before the threads start; which
// thread touches what is said at each member.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <sluice/core/cache_line.hpp>
#include <sluice/core/histogram.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/bar_stage.hpp>
#include <sluice/pipeline/hot/order_stage.hpp>
#include <sluice/pipeline/hot/risk_stage.hpp>
#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/hot/venue_port.hpp>
#include <sluice/pipeline/placement.hpp>

namespace sluice::pipeline {

using EventRing = core::SpscRing<Event>;

// Time from the sequencer to the entry of each stage, and to an order's way out; TSC ticks.
// Each histogram is written by the one thread that runs its stage.
struct Trace {
    struct alignas(core::kDestructivePair) Hop {
        core::Histogram since_ingress;
    };
    std::array<Hop, kStageCount> stage_entry;
    alignas(core::kDestructivePair) core::Histogram tick_to_order;
};

struct Stages {
    Stages(const Settings& settings, const InstrumentTable& instruments)
        : bars(settings.bars, instruments), signals(settings, instruments),
          risk(settings, instruments),
          orders(static_cast<std::size_t>(settings.execution.max_open_orders)) {}

    alignas(core::kDestructivePair) BarStage bars;
    alignas(core::kDestructivePair) SignalStage signals;
    alignas(core::kDestructivePair) RiskStage risk;
    alignas(core::kDestructivePair) OrderStage orders;
};

// All that the groups of one engine share. Built before the threads start.
template <CommandTarget V>
struct LaneState {
    LaneState(const Settings& settings, const InstrumentTable& instruments, V& the_venue,
              const Placement& placement, EventRing& recorder_ring)
        : venue(the_venue), stages(settings, instruments), idle(placement.idle),
          sample_every(static_cast<std::uint64_t>(settings.engine.latency_sample)),
          shortest_bar(
              *std::min_element(settings.bars.timeframes.begin(), settings.bars.timeframes.end())),
          records(recorder_ring) {
        const auto capacity = static_cast<std::size_t>(settings.engine.ring_capacity);
        for (std::size_t k = 0; k < kStageCount; ++k) {
            if ((placement.cuts >> k & 1U) != 0) rings[k] = std::make_unique<EventRing>(capacity);
        }
        if (placement.cuts != kFused) commands = std::make_unique<EventRing>(capacity);
    }

    V& venue;
    Stages stages;
    Trace trace;
    core::IdleStrategy idle;
    std::uint64_t sample_every;
    Nanos shortest_bar;
    EventRing& records;
    // Fused: called when `records` is full, where no other thread empties it. Null: one does.
    void (*take_records)(void* taker) noexcept = nullptr;
    void* records_taker = nullptr;
    std::array<std::unique_ptr<EventRing>, kStageCount> rings;  // rings[k] feeds stage k
    std::unique_ptr<EventRing> commands;                        // last group -> sequencer
    alignas(core::kDestructivePair) std::atomic<std::uint64_t> synced{0};  // kSync seen at the end
};

}  // namespace sluice::pipeline
