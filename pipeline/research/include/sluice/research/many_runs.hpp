// Many backtests over one pass of the data: a chunk of ticks is read once and goes through an engine of
// its own for each set of parameters. Each decides what it would decide alone, whatever the number of
// threads, because the engines share nothing but the chunk, which nobody writes to.
//
// Threads   The arena's take the sets, to make them and to run them, and one of them reads the next chunk
//           meanwhile; the caller's drives.
// Bounds    An engine a set, and two chunks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
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
            sets[i].report.signal_quality = false;       // nobody reads it here,
            sets[i].engine.latency_sample = kNoLatency;  // nor these
            sets_[i] = std::make_unique<Set>(sets[i], instruments, timers);
        });
    }

    // Once; by set. Stops early, with no results, when `control.stop` is set.
    [[nodiscard]] std::vector<SetResult> run(pipeline::MarketSource& source,
                                             pipeline::RunControl& control) {
        std::uint64_t taken = 0;
        Piece now;
        Piece next;
        read(source, now);
        for (; now.size() != 0; std::swap(now, next)) {
            // relaxed: the flag stands alone
            if (control.stop.load(std::memory_order_relaxed)) return {};
            const bool in_source = now.columns.size != 0;  // so its memory is still read
            arena_.each(1 + sets_.size(), [&](std::size_t i) {
                if (i == 0) return in_source ? void() : read(source, next);
                thread_local std::vector<pipeline::Event> scratch;
                pipeline::Chunk chunk{now.columns, now.events, scratch};
                sets_[i - 1]->engine.take(chunk);
            });
            if (in_source) read(source, next);
            taken += now.size();
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
    static constexpr std::int64_t kNoLatency = std::int64_t{1} << 40U;

    // Of the stream: columns, which lie in the source's memory until it is asked for more, or events.
    struct Piece {
        pipeline::TickColumns columns;
        std::vector<pipeline::Event> events;
        [[nodiscard]] std::size_t size() const noexcept { return columns.size + events.size(); }
    };
    static void read(pipeline::MarketSource& source, Piece& into) {
        into.columns = source.next_columns();
        into.events.clear();
        if (into.columns.size != 0) return;
        const std::span<const pipeline::Event> block = source.next_block();
        into.events.assign(block.begin(), block.end());
    }

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
