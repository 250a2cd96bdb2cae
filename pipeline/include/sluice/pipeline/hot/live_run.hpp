// What the first group of a live session is given, and what it leaves behind.
#pragma once

#include <atomic>
#include <vector>

#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/core/hot/local_tsc_clock.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/admission.hpp>
#include <sluice/pipeline/hot/commission.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>
#include <sluice/pipeline/hot/order_table.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::pipeline {

struct LiveTimes {
    Nanos clock_grace;   // how far the local clock runs ahead of the stream before it drives timers
    Nanos stop_timeout;  // longest wait for open orders at the end
    Nanos stretch;       // of LiveMetrics
};

// A command on its way: it may leave once its record in the journal is safe.
struct WaitingCommand {
    Event command;
    std::uint64_t record = 0;
};
// An order without an answer yet, and when it was sent.
struct SentOrder {
    OrderId id = OrderId::kNone;
    std::uint64_t at = 0;  // TSC
};

struct LiveRun {
    LiveFeed& feed;
    OrderSession& session;
    JournalTap* journal;                      // null: no journal is kept
    const std::atomic<bool>* journal_failed;  // null with it
    Timers timers;
    Admission admission;
    Commission commission;
    std::vector<ContractSize> sizes;  // by instrument
    RunControl& control;
    LiveMetrics& metrics;
    core::TscClock tsc;
    LiveTimes times;
    OnStop on_stop;
    // Rooms, taken before the session starts.
    core::FixedQueue<WaitingCommand> waiting;
    OrderTable<SentOrder> sent;
    HeadResult result{};
    LiveResult live{};
    LiveLatencies recent{};  // of the stretch that runs; the result has those before

    template <CommandTarget V, CutMask kCuts>
    static void run(LaneState<V>& state, LiveRun& head) noexcept;
};

}  // namespace sluice::pipeline
