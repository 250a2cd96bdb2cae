// Every placement of the stage graph for one venue, as plain functions that a thread can run.
// A venue's hot/placements.cpp instantiates placement_entry<V>() and with it all of them.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <sluice/pipeline/hot/lane.hpp>

namespace sluice::pipeline {

// What the sequencer's thread needs beside the shared state, and what it leaves behind.
struct HeadRun {
    MarketSource& source;
    Timers timers;
    Admission admission;
    Pacer pacer;
    RunControl& control;
    OnStop on_stop;

    AdmissionCounts counts{};
    std::uint64_t checksum = 0;
    std::uint64_t events = 0;
    std::uint64_t beats = 0;
    StreamTime first{};
    StreamTime last{};
};

template <Venue V>
struct PlacementEntry {
    void (*head)(LaneState<V>&, HeadRun&) noexcept = nullptr;
    std::array<void (*)(LaneState<V>&) noexcept, kStageCount> group{};  // null: no cut there
};

template <Venue V, CutMask kCuts>
[[gnu::hot]] void run_head(LaneState<V>& state, HeadRun& head) noexcept {
    Lane<V, kCuts> lane{state};
    Sequencer<V, Lane<V, kCuts>> sequencer{
        state.venue,  lane,        std::move(head.timers), std::move(head.admission), head.pacer,
        head.control, head.on_stop};
    sequencer.run(head.source);
    head.counts = sequencer.take_counts();
    head.checksum = sequencer.checksum();
    head.events = sequencer.events();
    head.beats = sequencer.beats();
    head.first = sequencer.first_time();
    head.last = sequencer.now();
}

template <Venue V, CutMask kCuts, std::size_t K>
[[gnu::hot]] void run_group(LaneState<V>& state) noexcept {
    Lane<V, kCuts> lane{state};
    lane.template run_group<K>();
}

template <Venue V, CutMask kCuts>
[[nodiscard]] constexpr PlacementEntry<V> make_placement_entry() noexcept {
    PlacementEntry<V> entry;
    entry.head = &run_head<V, kCuts>;
    if constexpr ((kCuts & 1U) != 0) entry.group[0] = &run_group<V, kCuts, 0>;
    if constexpr ((kCuts & 2U) != 0) entry.group[1] = &run_group<V, kCuts, 1>;
    if constexpr ((kCuts & 4U) != 0) entry.group[2] = &run_group<V, kCuts, 2>;
    if constexpr ((kCuts & 8U) != 0) entry.group[3] = &run_group<V, kCuts, 3>;
    return entry;
}

template <Venue V>
[[nodiscard]] PlacementEntry<V> placement_entry(CutMask cuts) noexcept {
    constexpr auto kTable = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
        return std::array{make_placement_entry<V, static_cast<CutMask>(kIndex)>()...};
    }
    (std::make_index_sequence<kPlacementCount>{});
    return kTable[cuts];
}

}  // namespace sluice::pipeline
