// Many backtests over one pass of the data: a chunk of ticks is read once and goes through an engine of
// its own for each set of parameters. Each decides what it would decide alone, whatever the number of
// threads, because the engines share nothing but the chunk, which nobody writes to.
//
// Threads   The arena's take the sets, to make them and to run them; the caller's drives.
// Bounds    An engine a set, and one chunk.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/row_sink.hpp>
#include <sluice/pipeline/stepped_engine.hpp>
#include <sluice/research/arena.hpp>
#include <sluice/research/performance.hpp>
#include <sluice/research/performance_watch.hpp>
#include <sluice/research/set_result.hpp>

namespace sluice::research {

namespace detail {

struct NoRows final : pipeline::RowSink {
    void take(const pipeline::OrderRecord& /*row*/) noexcept override {}
    void take(const pipeline::FillRecord& /*row*/) noexcept override {}
    void take(const pipeline::RefusalRecord& /*row*/) noexcept override {}
    void take(const pipeline::IncidentRecord& /*row*/) noexcept override {}
    void take(const pipeline::EquityPoint& /*row*/) noexcept override {}
    void take(const pipeline::IntentRecord& /*row*/) noexcept override {}
    void take(const pipeline::ParameterRecord& /*row*/) noexcept override {}
    void take(const pipeline::RegimeRecord& /*row*/) noexcept override {}
    void take(const pipeline::ChargeRecord& /*row*/) noexcept override {}
    void take(const pipeline::RateRecord& /*row*/) noexcept override {}
};

}  // namespace detail

template <pipeline::Venue V>
class ManyRuns {
  public:
    // The timers are of the stream, so of all sets. The instruments outlive this. The arena's threads
    // share the making of the engines: each takes its memory up front, and that takes its time.
    ManyRuns(std::vector<pipeline::Settings> sets, const pipeline::InstrumentTable& instruments,
             const pipeline::TimerPlan& timers, Arena& arena)
        : arena_(arena), sets_(sets.size()) {
        arena_.each(sets.size(), [&](std::size_t i) {
            sets[i].report.signal_quality = false;  // nobody reads it here
            sets_[i] = std::make_unique<Set>(sets[i], instruments, timers);
        });
    }

    // Once; by set. Stops early, with no results, when `control.stop` is set.
    [[nodiscard]] std::vector<SetResult> run(pipeline::MarketSource& source,
                                             pipeline::RunControl& control) {
        std::uint64_t taken = 0;
        for (;;) {
            // relaxed: the flag stands alone
            if (control.stop.load(std::memory_order_relaxed)) return {};
            const pipeline::TickColumns columns = source.next_columns();
            std::span<const pipeline::Event> events;
            if (columns.size == 0) events = source.next_block();
            if (columns.size + events.size() == 0) break;
            arena_.each(sets_.size(), [&](std::size_t i) {
                thread_local std::vector<pipeline::Event> scratch;
                pipeline::Chunk chunk{columns, events, scratch};
                sets_[i]->engine.take(chunk);
            });
            taken += columns.size + events.size();
            // relaxed: read for display only
            control.ticks_taken.store(taken, std::memory_order_relaxed);
        }
        std::vector<SetResult> out(sets_.size());
        arena_.each(sets_.size(), [&](std::size_t i) {
            out[i] = sets_[i]->finish();
            sets_[i].reset();
        });
        return out;
    }

  private:
    struct Set {
        Set(const pipeline::Settings& of, const pipeline::InstrumentTable& instruments,
            const pipeline::TimerPlan& timers)
            : settings(of), watch(settings, instruments, no_rows),
              engine(settings, instruments, timers, &watch, {&watch}) {}

        [[nodiscard]] SetResult finish() {
            pipeline::RunRecord record = engine.finish();
            record.performance = measure(watch.finish(), nullptr, settings.backtest);
            SetResult out;
            out.figures = fill_case("expected", settings, 1.0, record);
            out.performance = std::move(*record.performance);
            out.data_checksum = record.data_checksum;
            keep_periods(out.performance.periods, out);
            out.performance.periods = {};
            out.performance.round_trips = {};
            return out;
        }

        pipeline::Settings settings;
        detail::NoRows no_rows;
        PerformanceWatch watch;
        pipeline::SteppedEngine<V> engine;
    };

    Arena& arena_;
    std::vector<std::unique_ptr<Set>> sets_;
};

}  // namespace sluice::research
