// Sections of the configuration: the venue, the threads, and what a run leaves behind.
#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_live(SettingsSchema& schema) {
    schema.section("live", "The exchange of a live session; addresses are numeric, host:port.")
        .text("feed_a",
              {.fallback = "127.0.0.1:26400",
               .doc = "Where the first line of the market data arrives (MoldUDP64, ITCH 5.0)."},
              &Settings::live, &LiveSettings::feed_a)
        .text("feed_b",
              {.fallback = "127.0.0.1:26401", .doc = "The second line; empty: there is one only."},
              &Settings::live, &LiveSettings::feed_b)
        .text("feed_requests",
              {.fallback = "127.0.0.1:26402",
               .doc = "Who sends missing messages again; empty: nobody."},
              &Settings::live, &LiveSettings::feed_requests)
        .text("feed_interface",
              {.fallback = "",
               .doc = "Address of this host's interface on which multicast groups are joined, such "
                      "as 192.0.2.1; empty: the one that the routes choose."},
              &Settings::live, &LiveSettings::feed_interface)
        .text("orders",
              {.fallback = "127.0.0.1:26410", .doc = "Where orders go (SoupBinTCP, OUCH)."},
              &Settings::live, &LiveSettings::orders)
        .choice("order_protocol",
                {.options = {{"ouch42", OrderProtocol::kOuch42, "OUCH 4.2"},
                             {"ouch50", OrderProtocol::kOuch50, "OUCH 5.0"}},
                 .fallback = OrderProtocol::kOuch42,
                 .doc = "The protocol of the order session."},
                &Settings::live, &LiveSettings::order_protocol)
        .text("user", {.min_bytes = 1, .max_bytes = 6, .fallback = "SLUICE", .doc = "Log-in name."},
              &Settings::live, &LiveSettings::user)
        .text("password", {.max_bytes = 10, .fallback = "", .doc = "Its password."},
              &Settings::live, &LiveSettings::password)
        .text("zone",
              {.min_bytes = 1,
               .fallback = "UTC",
               .doc = "IANA time zone from whose midnight the exchange counts its times; UTC for "
                      "the simulated one, America/New_York for Nasdaq."},
              &Settings::live, &LiveSettings::zone)
        .choice("sockets",
                {.options = {{"recv", SocketKind::kRecv, "recv in a loop: the least latency"},
                             {"uring", SocketKind::kUring, "io_uring: fewer system calls"}},
                 .fallback = SocketKind::kRecv,
                 .doc = "How the market data are received."},
                &Settings::live, &LiveSettings::sockets)
        .duration("silence",
                  {.min = "10ms",
                   .max = "1m",
                   .fallback = "3s",
                   .doc = "Without a message or heartbeat of the feed for so long, entries halt."},
                  &Settings::live, &LiveSettings::silence)
        .integer("conflate_after",
                 {.unit = "datagrams",
                  .min = 1,
                  .max = 65536,
                  .fallback = 64,
                  .doc = "With more of them waiting, ticks of an instrument are merged."},
                 &Settings::live, &LiveSettings::conflate_after)
        .duration("clock_grace",
                  {.max = "10s",
                   .fallback = "2ms",
                   .doc = "How far the local clock runs ahead of the stream before it closes bars "
                          "and drives timers by itself: the feed's longest delay."},
                  &Settings::live, &LiveSettings::clock_grace)
        .duration("stop_timeout",
                  {.min = "10ms",
                   .max = "10m",
                   .fallback = "5s",
                   .doc = "At the end, the longest wait for open orders to be cancelled."},
                  &Settings::live, &LiveSettings::stop_timeout)
        .duration("metrics_every",
                  {.min = "1s",
                   .max = "1h",
                   .fallback = "1m",
                   .doc = "Distance between two rows of metrics.csv: counts and latencies of the "
                          "session while it runs."},
                  &Settings::live, &LiveSettings::metrics_every)
        .boolean("lock_memory",
                 {.fallback = true, .doc = "Keep all memory resident, where the limits allow it."},
                 &Settings::live, &LiveSettings::lock_memory);
}

void declare_journal(SettingsSchema& schema) {
    schema.section("journal", "The record of a live session's stream.")
        .choice(
            "durability",
            {.options = {{"async", JournalDurability::kAsync, "written soon after"},
                         {"process", JournalDurability::kProcess,
                          "outlives the process before an order leaves"},
                         {"disk", JournalDurability::kDisk, "on the disk before an order leaves"}},
             .fallback = JournalDurability::kProcess,
             .doc = "What is known to be recorded when an order leaves."},
            &Settings::journal, &JournalSettings::durability)
        .integer("ring_capacity",
                 {.unit = "events",
                  .min = 1024,
                  .max = 16777216,
                  .fallback = 65536,
                  .doc = "Slots between the sequencer and the journal's thread; a power of two. "
                         "Three quarters full, entries halt."},
                 &Settings::journal, &JournalSettings::ring_capacity)
        .rule({"ring_capacity"}, "{0} must be a power of two", [](const Settings& s) {
            const std::int64_t n = s.journal.ring_capacity;
            return (n & (n - 1)) == 0;
        });
}

void declare_engine(SettingsSchema& schema) {
    schema.section("engine", "Threads, rings and the end of a run.")
        .text(
            "placement",
            {.fallback = "auto",
             .doc = "auto, fused, split, or stages to cut in front of: bars,signals,risk,orders."},
            &Settings::engine, &EngineSettings::placement)
        .text("idle",
              {.fallback = "auto",
               .doc = "What a thread without work does: auto, spin, spin_pause, yield, backoff."},
              &Settings::engine, &EngineSettings::idle)
        .text("cores",
              {.fallback = "auto",
               .doc = "Cores to pin to: auto, none, or one per thread such as \"2,3\"."},
              &Settings::engine, &EngineSettings::cores)
        .integer("ring_capacity",
                 {.unit = "events",
                  .min = 64,
                  .max = 1048576,
                  .fallback = 4096,
                  .doc = "Slots of each ring between two threads; a power of two."},
                 &Settings::engine, &EngineSettings::ring_capacity)
        .integer("latency_sample",
                 {.unit = "events",
                  .min = 1,
                  .max = 1048576,
                  .fallback = 64,
                  .doc = "Time one market event in so many through the stages; at full speed from "
                         "the store, one in sixteen times as many."},
                 &Settings::engine, &EngineSettings::latency_sample)
        .choice("on_stop",
                {.options = {{"cancel", OnStop::kCancel, "cancel open orders, keep positions"},
                             {"leave", OnStop::kLeave, "leave open orders as they are"},
                             {"flatten", OnStop::kFlatten, "cancel open orders, close positions"}},
                 .fallback = OnStop::kCancel,
                 .doc = "What happens when a run ends or is stopped."},
                &Settings::engine, &EngineSettings::on_stop)
        .rule({"ring_capacity"}, "{0} must be a power of two", [](const Settings& s) {
            const std::int64_t n = s.engine.ring_capacity;
            return (n & (n - 1)) == 0;
        });
    schema.section("report", "What a run leaves behind.")
        .duration("equity_every",
                  {.min = "1s",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "Distance between two points of the equity curve."},
                  &Settings::report, &ReportSettings::equity_every)
        .text("folder",
              {.min_bytes = 1,
               .fallback = "runs",
               .doc = "Each run makes a folder of its own in here."},
              &Settings::report, &ReportSettings::folder)
        .text("state_folder",
              {.fallback = "",
               .doc = "Where what stops trading is kept over restarts, and where it is stopped by "
                      "hand; empty: state in the report folder for a live session, none for one on "
                      "paper."},
              &Settings::report, &ReportSettings::state_folder)
        .text("ledger",
              {.fallback = "",
               .doc = "The ledger on which backtests, sweeps and searches put every set that they "
                      "evaluate; empty: trials.ledger in the report folder for searches, none for "
                      "the others."},
              &Settings::report, &ReportSettings::ledger)
        .boolean("signal_quality",
                 {.fallback = true,
                  .doc = "Measure the signals of each strategy on each instrument: hit rate, "
                         "information coefficients, turnover, costs."},
                 &Settings::report, &ReportSettings::signal_quality);
}

}  // namespace sluice::pipeline
