// What the first group of a live session is given, and what it leaves behind.
#pragma once

#include <atomic>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/admission.hpp>
#include <sluice/pipeline/hot/commission.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::pipeline {

struct LiveTimes {
    Nanos clock_grace;   // how far the local clock runs ahead of the stream before it drives timers
    Nanos stop_timeout;  // longest wait for open orders at the end
};

struct LiveRun {
    LiveFeed& feed;
    OrderSession& session;
    JournalTap* journal;                      // null: no journal is kept
    const std::atomic<bool>* journal_failed;  // null with it
    Timers timers;
    Admission admission;
    Commission commission;
    RunControl& control;
    LiveMetrics& metrics;
    core::TscClock tsc;
    LiveTimes times;
    OnStop on_stop;
    std::size_t open_orders;  // most at a time
    HeadResult result{};
    LiveResult live{};

    template <CommandTarget V, CutMask kCuts>
    static void run(LaneState<V>& state, LiveRun& head) noexcept;
};

}  // namespace sluice::pipeline
