#include <sluice/pipeline/live_engine.hpp>

#include <sluice/pipeline/hot/live_run.hpp>

namespace sluice::pipeline {

namespace {

// Commands that can be on their way at once: an order has at most a new, a replacing and a
// cancelling one. Split, a whole ring of them may come back together.
std::size_t outbox_capacity(const Settings& settings) {
    return 4 * static_cast<std::size_t>(settings.execution.max_open_orders) +
           2 * static_cast<std::size_t>(settings.engine.ring_capacity) + kMaxInstruments;
}

// Commands that a split replay may be behind the record by; beyond, it waits for its stages.
constexpr std::size_t kCommandWindow = 65'536;

LiveRecord live_record(const LiveRun& run) {
    const LiveResult& result = run.live;
    LiveRecord live;
    live.feed = result.feed;
    live.session = result.session;
    live.halts = result.halts;
    live.feed_ahead = result.latencies.feed_ahead;
    live.feed_ahead_max_ns = result.latencies.feed_ahead_max;
    live.refused = result.refused;
    live.unanswered = result.unanswered;
    live.journal_records = run.journal != nullptr ? run.journal->records() : 0;
    live.journal_waits = result.journal_waits;
    live.journal_failed = result.journal_failed;
    return live;
}

}  // namespace

RunRecord run_live(const EngineSetup& setup, const LiveDoors& doors, RunControl& control,
                   LiveMetrics& metrics) {
    const Settings& settings = setup.settings;
    Outbox outbox{outbox_capacity(settings)};
    LiveRun run{
        doors.feed,
        doors.session,
        doors.journal,
        doors.journal_failed,
        Timers{setup.timers},
        Admission{settings.bars.use_suspicious, setup.instruments.size()},
        Commission{settings.venue},
        contract_sizes_of(setup.instruments),
        control,
        metrics,
        core::TscClock::calibrate(),
        {settings.live.clock_grace, settings.live.stop_timeout, settings.live.metrics_every},
        settings.engine.on_stop,
        core::FixedQueue<WaitingCommand>{outbox_capacity(settings)},
        OrderTable<SentOrder>{2 * static_cast<std::size_t>(settings.execution.max_open_orders)}};
    RunRecord record = run_groups(setup, outbox, run);
    const LiveLatencies& seen = run.live.latencies;
    record.latency.push_back(
        detail::latency_row("datagram to order sent", seen.tick_to_order, run.tsc));
    record.latency.push_back(detail::latency_row("order to answer", seen.acknowledge, run.tsc));
    record.latency.push_back(detail::latency_row("exchange to local clock", seen.feed_delay));
    record.live = live_record(run);
    return record;
}

RunRecord run_journal(const EngineSetup& setup, JournalSource& source, RunControl& control,
                      JournalCheck& check) {
    Outbox outbox{outbox_capacity(setup.settings)};
    JournalRun run{source, control, core::FixedQueue<Event>{kCommandWindow},
                   core::FixedQueue<Event>{kCommandWindow}};
    run.result.counts.seen.resize(setup.instruments.size());
    RunRecord record = run_groups(setup, outbox, run);
    check = run.check;
    return record;
}

}  // namespace sluice::pipeline
