// Everything a finished run says of itself: what the summary prints and the report draws. Filled by
// the recorder off the hot path; plain values, whose size does not grow with the run's length.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sluice/pipeline/depth_record.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/order_session.hpp>
#include <sluice/pipeline/performance_record.hpp>
#include <sluice/pipeline/run_series.hpp>
#include <sluice/pipeline/signal_quality.hpp>

namespace sluice::pipeline {

// Where every tick went. used + late + refused = total, always.
struct TickCounts {
    std::uint64_t trades = 0;
    std::uint64_t quotes = 0;
    std::uint64_t used = 0;
    std::uint64_t late = 0;  // its bar had been closed already
    std::uint64_t refused_off_session = 0;
    std::uint64_t refused_suspicious = 0;
    std::uint64_t refused_invalid = 0;  // zero or negative price or size, both sides empty
    std::uint64_t out_of_order = 0;     // went back in time; used or late, so counted there too

    [[nodiscard]] std::uint64_t total() const noexcept { return trades + quotes; }
    [[nodiscard]] std::uint64_t refused() const noexcept {
        return refused_off_session + refused_suspicious + refused_invalid;
    }
};

struct StrategyRecord {
    std::string name;
    std::string kind;
    double weight = 0;  // as configured
    std::uint64_t bars = 0;
    std::uint64_t long_bars = 0;
    std::uint64_t short_bars = 0;
    std::uint64_t changes = 0;       // of its stance
    std::uint64_t winning_bars = 0;  // bars over which its stance gained, one unit held
    std::uint64_t losing_bars = 0;
    core::Money stance_profit;  // of holding its stance, one contract an instrument, before costs
    double weight_at_end = 0;   // after changes of it
    double performance_factor = 1;  // that its performance gave that weight at the end
    std::vector<double> gains{};    // what that comes from; see hot/performance_weights.hpp
    bool failed = false;            // a plugin that was taken out
};

// A plugin that the run had.
struct PluginRecord {
    std::string name;
    std::string version;      // the author's
    std::string kit_version;  // that it was built with
    std::string file;
    std::string sha256;
};

[[nodiscard]] inline core::Money sum_of(const Portfolio::ChargeSums& charges) noexcept {
    core::Money sum;
    for (const core::Money each : charges) sum += each;
    return sum;
}

struct InstrumentRecord {
    SymbolId symbol = core::kNoSymbol;
    Quantity position;
    Price mark;
    core::Money realised;  // before commission
    core::Money unrealised;
    core::Money commission;
    Portfolio::ChargeSums charges{};  // what was received is positive
    std::uint64_t trades = 0;         // market events of this instrument
    std::uint64_t quotes = 0;
    std::uint64_t fills = 0;

    [[nodiscard]] core::Money charged() const noexcept { return sum_of(charges); }
    [[nodiscard]] core::Money profit() const noexcept {
        return realised + unrealised - commission + charged();
    }
};

// What the books have of one currency; but for the rates and `in_account` all in it, exactly.
struct CurrencyRecord {
    std::string name;
    Price rate_stated;  // by the configuration, in the account's currency
    Price rate;         // at the end
    core::Money cash;
    core::Money worth;       // cash and positions
    core::Money in_account;  // what that makes of the equity
    core::Money capital;     // what it began with
    core::Money realised;
    core::Money commission;
    Portfolio::ChargeSums charges{};

    [[nodiscard]] core::Money unrealised() const noexcept {
        return worth - capital - realised + commission - sum_of(charges);
    }
};

// One row of a latency table, nanoseconds.
struct LatencyRecord {
    std::string hop;  // "T4 bars", ..., "tick to order"
    std::uint64_t count = 0;
    std::uint64_t p50_ns = 0;
    std::uint64_t p90_ns = 0;
    std::uint64_t p99_ns = 0;
    std::uint64_t p999_ns = 0;
    std::uint64_t max_ns = 0;
};

// What only a live session has.
struct LiveRecord {
    FeedCounts feed;
    SessionCounts session;
    std::array<std::uint64_t, kHaltReasonCount> halts{};
    std::uint64_t feed_ahead = 0;  // datagrams whose time was later than the local clock
    std::int64_t feed_ahead_max_ns = 0;
    std::uint64_t refused = 0;     // commands that the order session did not take
    std::uint64_t unanswered = 0;  // orders still open when the wait for them ended
    std::uint64_t journal_records = 0;
    std::uint64_t journal_waits = 0;  // times the journal's ring was full
    bool journal_failed = false;      // recording ended before the session did
};

struct RunRecord {
    // What was run.
    std::string verb;  // "replay" or "run"
    std::string version;
    std::string build;  // compiler and build type
    std::string store;
    std::string data_label;     // "generated, seed 42" or "recorded"
    std::string configuration;  // the settings as used, TOML
    std::string configuration_hash;
    std::string placement;
    std::string idle;
    std::uint32_t threads = 1;
    std::string host;
    std::uint64_t data_checksum = 0;  // over every admitted tick, in order
    StreamTime from{};
    StreamTime to{};
    bool interrupted = false;
    std::vector<std::string> warnings;
    InstrumentTable instruments;
    std::vector<core::Nanos> timeframes;
    std::vector<std::string> activity_bars;  // "1000 ticks"; their timeframes follow those

    // Counts.
    TickCounts ticks;
    std::vector<std::uint64_t> bars_by_timeframe;
    std::uint64_t beats = 0;
    std::uint64_t events = 0;  // sequenced
    std::uint64_t intents = 0;
    std::uint64_t parameter_changes = 0;
    std::uint64_t regime_changes = 0;
    std::uint64_t charges_booked = 0;
    std::uint64_t rates_taken = 0;
    std::uint64_t orders = 0;  // new orders sent
    std::uint64_t replaces = 0;
    std::uint64_t cancels = 0;
    std::uint64_t fills = 0;
    std::array<std::uint64_t, kExecKindCount> reports{};
    std::array<std::uint64_t, kRefusalReasonCount> refusals{};
    std::array<std::uint64_t, kIncidentKindCount> incidents{};

    // Books, in the account's currency at the rates of the end; figures of an instrument are in its own.
    std::vector<CurrencyRecord> currencies;  // the account's first
    core::Money translation;  // what new rates have done to the equity, by themselves
    core::Money capital;
    core::Money cash;
    core::Money equity;
    core::Money realised;  // before commission
    core::Money unrealised;
    core::Money commission;
    Portfolio::ChargeSums charges{};          // of all, what was received is positive
    Portfolio::ChargeSums account_charges{};  // those of no instrument
    core::Money peak_equity;
    core::Money max_drawdown;  // of equity from its peak, positive
    std::vector<InstrumentRecord> by_instrument;
    std::vector<StrategyRecord> by_strategy;
    std::vector<PluginRecord> plugins;
    std::vector<QualityRecord> signal_quality;  // by strategy, then instrument

    // Speed.
    double wall_seconds = 0;
    std::uint64_t peak_rss_bytes = 0;
    std::uint64_t telemetry_dropped = 0;
    std::vector<LatencyRecord> latency;
    std::optional<LiveRecord> live;
    std::vector<DepthRecord> depth;                // of a run against full books
    std::optional<PerformanceRecord> performance;  // of a backtest

    // What is drawn and listed; whole, the rows are with the RowSink.
    RunSeries series;

    // Hash over every order, refusal, report and the final books; the same for the same input,
    // configuration and binary semantics, whatever the placement, compiler or speed.
    std::string digest;

    [[nodiscard]] core::Money charged() const noexcept { return sum_of(charges); }
    [[nodiscard]] core::Money profit() const noexcept { return equity - capital; }
    [[nodiscard]] double ticks_per_second() const noexcept {
        return wall_seconds > 0 ? static_cast<double>(ticks.total()) / wall_seconds : 0;
    }
};

}  // namespace sluice::pipeline
