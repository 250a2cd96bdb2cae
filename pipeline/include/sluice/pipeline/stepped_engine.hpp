// One fused engine over the simulated venue that is fed a chunk at a time and records on the same
// thread, so that a thousand of them cost a thousand states and no threads. What it decides is what
// run_engine() decides over the same stream.
//
// Threads   One at a time.
// Bounds    The stages' own, and a ring of kRecords events. What stages and venue hold for the worst case
//           takes memory when it is first used: no thread here must not fault, and hundreds of engines
//           lie side by side.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/hot/stepped_head.hpp>

namespace sluice::pipeline {

// A chunk of a stream for one of several readers, once. What it hands out as events is a copy in
// `scratch`, because each reader numbers them in place; columns are read only, and shared.
class Chunk final : public MarketSource {
  public:
    Chunk() = default;  // of nothing
    Chunk(const TickColumns& columns, std::span<const Event> events, std::vector<Event>& scratch)
        : columns_(columns) {
        scratch.assign(events.begin(), events.end());
        events_ = scratch;
    }
    [[nodiscard]] std::span<Event> next_block() noexcept override {
        return std::exchange(events_, {});
    }
    [[nodiscard]] TickColumns next_columns() noexcept override {
        return std::exchange(columns_, {});
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return 0; }

  private:
    TickColumns columns_;
    std::span<Event> events_;
};

template <Venue V>
class SteppedEngine {
  public:
    // Whoever `rows` and `observers` are, and the instruments, they outlive the engine.
    SteppedEngine(const Settings& settings, const InstrumentTable& instruments, TimerPlan timers,
                  RowSink* rows, std::vector<RecordObserver*> observers)
        : settings_(settings), setup_{settings_, instruments,          {},  {},
                                      {},        std::move(observers), rows},
          records_(kRecords), venue_(settings_, instruments, core::Prefault::kNo),
          state_(settings_, instruments, venue_, setup_.placement, records_),
          head_(state_, Timers{std::move(timers)},
                Admission{settings_.bars.use_suspicious, instruments.size()}, control_,
                settings_.engine.on_stop),
          recorder_(settings_, instruments, rows, Recorder::Curves::kNone) {
        state_.records_taker = this;
        state_.take_records = [](void* engine) noexcept {
            static_cast<SteppedEngine*>(engine)->take_records();
        };
    }
    SteppedEngine(const SteppedEngine&) = delete;
    SteppedEngine& operator=(const SteppedEngine&) = delete;

    void take(MarketSource& chunk) {
        head_.take(chunk);
        take_records();
    }

    // The end of the stream; once. Latencies and what a report draws are not in the record.
    [[nodiscard]] RunRecord finish() {
        Chunk nothing;
        head_.finish(nothing);
        take_records();
        const HeadResult result = head_.result();
        RunRecord record;
        recorder_.finish(state_.stages.risk.portfolio(), result.checksum, record);
        detail::collect(record, setup_, state_.stages, result);
        return record;
    }

  private:
    static constexpr std::size_t kRecords = 1024;

    void take_records() {
        Event event;
        while (records_.try_pop(event)) {
            recorder_.take(event);
            for (RecordObserver* observer : setup_.observers) observer->take(event);
        }
    }

    Settings settings_;
    EngineSetup setup_;
    RunControl control_;
    EventRing records_;
    V venue_;
    LaneState<V> state_;
    SteppedHead<V> head_;
    Recorder recorder_;
};

}  // namespace sluice::pipeline
