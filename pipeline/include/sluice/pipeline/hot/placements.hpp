// Every placement of the stage graph for one target of commands, as plain functions that a thread can
// run. A hot/placements.cpp instantiates placement_entry<V, Run>() and with it all of them.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <sluice/pipeline/hot/lane.hpp>

namespace sluice::pipeline {

// What the first group leaves behind.
struct HeadResult {
    AdmissionCounts counts{};
    std::uint64_t checksum = 0;  // of the market data
    std::uint64_t events = 0;    // sequenced
    std::uint64_t beats = 0;
    StreamTime first{};
    StreamTime last{};
};

// What the first group of a replay or a paper session needs beside the shared state.
struct HeadRun {
    MarketSource& source;
    Timers timers;
    Admission admission;
    Pacer pacer;
    RunControl& control;
    OnStop on_stop;
    HeadResult result{};

    template <Venue V, CutMask kCuts>
    static void run(LaneState<V>& state, HeadRun& head) noexcept;
};

template <Venue V, CutMask kCuts>
[[gnu::hot]] void HeadRun::run(LaneState<V>& state, HeadRun& head) noexcept {
    Lane<V, kCuts> lane{state};
    Sequencer<V, Lane<V, kCuts>> sequencer{
        state.venue,  lane,        std::move(head.timers), std::move(head.admission), head.pacer,
        head.control, head.on_stop};
    sequencer.run(head.source);
    head.result = {sequencer.take_counts(), sequencer.checksum(),   sequencer.events(),
                   sequencer.beats(),       sequencer.first_time(), sequencer.now()};
}

template <CommandTarget V, CutMask kCuts, std::size_t K>
[[gnu::hot]] void run_group(LaneState<V>& state) noexcept {
    Lane<V, kCuts> lane{state};
    lane.template run_group<K>();
}

// Run: what the head is given; Run::run() is its life.
template <CommandTarget V, class Run>
struct PlacementEntry {
    void (*head)(LaneState<V>&, Run&) noexcept = nullptr;
    std::array<void (*)(LaneState<V>&) noexcept, kStageCount> group{};  // null: no cut there
};

template <CommandTarget V, class Run, CutMask kCuts>
[[nodiscard]] constexpr PlacementEntry<V, Run> make_placement_entry() noexcept {
    PlacementEntry<V, Run> entry;
    entry.head = &Run::template run<V, kCuts>;
    if constexpr ((kCuts & 1U) != 0) entry.group[0] = &run_group<V, kCuts, 0>;
    if constexpr ((kCuts & 2U) != 0) entry.group[1] = &run_group<V, kCuts, 1>;
    if constexpr ((kCuts & 4U) != 0) entry.group[2] = &run_group<V, kCuts, 2>;
    if constexpr ((kCuts & 8U) != 0) entry.group[3] = &run_group<V, kCuts, 3>;
    return entry;
}

template <CommandTarget V, class Run = HeadRun>
[[nodiscard]] PlacementEntry<V, Run> placement_entry(CutMask cuts) noexcept {
    constexpr auto kTable = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
        return std::array{make_placement_entry<V, Run, static_cast<CutMask>(kIndex)>()...};
    }
    (std::make_index_sequence<kPlacementCount>{});
    return kTable[cuts];
}

}  // namespace sluice::pipeline
