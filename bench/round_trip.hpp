// Two threads, from a tick to its order: a driver sends book updates over one ring; the engine's
// thread keeps the book, journals, sequences, makes bars, signals, risk and orders, and sends the
// order back over another. A trip ends when the driver has the order; it answers with the venue's
// reports, untimed, before it sends the next tick.
//
// Every tick of a trip ends a bar, and prices alternate, so every one of them leads to an order.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/admission.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>
#include <sluice/pipeline/hot/lane.hpp>
#include <sluice/pipeline/hot/order_book.hpp>

#include "common_task.hpp"
#include "staged_lane.hpp"

namespace sluice::bench::trip {

using pipeline::EventRing;

// A line from the driver: an update of the book, or the venue's answer to an order.
struct alignas(64) Inbound {
    enum Kind : std::uint32_t { kUpdate, kAccepted, kFilled, kEnd };
    pipeline::OrderRow row;
    std::uint32_t ring_stamp;
    Kind kind;
};
static_assert(sizeof(Inbound) == 64 && core::RingStamped<Inbound>);

// Stamps of one trip, TSC: sent, taken, released, entry of each stage, order handed over, order back.
inline constexpr std::size_t kStamps = 9;
inline constexpr std::array<const char*, kStamps - 1> kHops{"T1 tick across the ring",
                                                            "T2 T3 book, journal, sequence",
                                                            "T3 released",
                                                            "T4 bars",
                                                            "T5 signals",
                                                            "T6 risk",
                                                            "T7 orders",
                                                            "T9 order across the ring"};
using Stamps = std::array<std::uint64_t, kStamps>;

// The rings between the two, and all that both sides touch.
struct Wire {
    core::SpscRing<Inbound> in{4096};
    EventRing out{4096};
    EventRing journal{1U << 15U};
    EventRing records{1U << 15U};
};

[[nodiscard]] inline pipeline::Settings settings() {
    pipeline::Settings s = common_task_settings();
    s.bars.timeframes = {core::Nanos{1'000'000'000}};
    s.bars.price = pipeline::BarPrice::kMid;
    s.signals.strategies.front().timeframe = core::Nanos{1'000'000'000};
    s.signals.strategies.front().set("fast", 1);
    s.signals.strategies.front().set("slow", 2);
    s.signals.allow_short = true;
    return s;
}

// Where the stages' commands go: on record, then back to the driver.
struct Way {
    EventRing& out;
    pipeline::JournalTap* tap;  // null: no journal
    bool answered = false;
    std::uint64_t handed_over = 0;
    bool is_stamped = false;

    void take(const Event& command) noexcept {
        if (is_stamped) handed_over = core::Tsc::now();
        if (tap != nullptr) {
            while (!tap->record(command)) {}
        }
        while (out.try_push(command) != core::PushResult::kOk) {}
        answered = true;
    }
};

// What a probe may do: nothing, spin, or note when the event on a tick's way to its order enters.
struct StampProbe {
    Stamps* stamps = nullptr;  // of the trip at work
    const SpinProbe* spin = nullptr;

    void begin(const Event& event) const noexcept {
        if (!is_market(event.kind())) return;
        if (stamps != nullptr) (*stamps)[2] = core::Tsc::now();
        if (spin != nullptr) spin->begin(event);
    }
    template <std::size_t K>
    void entering(const Event& event) const noexcept {
        constexpr std::array kOnTheWay{EventKind::kQuote, EventKind::kBar, EventKind::kIntent,
                                       EventKind::kApproved};
        if (event.kind() != kOnTheWay[K]) return;
        if (stamps != nullptr) (*stamps)[3 + K] = core::Tsc::now();
        if (spin != nullptr) spin->entering<K>(event);
    }
    void leaving(const Event&) const noexcept {}
};

// The engine's side. Lane is pipeline::Lane<Way, kFused> or a StagedLane with a StampProbe.
template <class BenchLane>
class EngineSide {
  public:
    EngineSide(Wire& wire, bool journal, StampProbe probe)
        : wire_(wire), tap_(wire.journal, nullptr),
          probe_(probe), way_{wire.out, journal ? &tap_ : nullptr}, settings_(settings()),
          instruments_(common_task_instruments()),
          state_(std::make_unique<pipeline::LaneState<Way>>(settings_, instruments_, way_,
                                                            pipeline::Placement{}, wire.records)),
          admission_(false, instruments_.size()), book_({1024, 256}) {
        way_.is_stamped = probe.stamps != nullptr;
    }
    // The lane's own: none is taken after the first event's. Nothing else differs.
    void leave_out_stamps() noexcept {
        state_->sample_every = std::uint64_t{1} << 40U;
        // What the lane takes for a bar's end, where it stamps; the bars themselves have their own.
        state_->shortest_bar = core::Nanos{std::int64_t{1} << 62U};  // 146 years
    }

    [[gnu::hot]] void run() noexcept {
        if constexpr (std::is_constructible_v<BenchLane, pipeline::LaneState<Way>&, StampProbe&>) {
            BenchLane lane{*state_, probe_};
            run_with(lane);
        } else {
            BenchLane lane{*state_};
            run_with(lane);
        }
    }

  private:
    void run_with(BenchLane& lane) noexcept {
        for (;;) {
            const Inbound* const line = wire_.in.peek();
            if (line == nullptr) {
                core::cpu_pause();
                continue;
            }
            if (line->kind == Inbound::kEnd) return;
            way_.answered = false;
            if (line->kind == Inbound::kUpdate) {
                tick(lane, line->row);
            } else {
                report(lane, *line);
            }
            wire_.in.release();
            // No order came of it: the driver must not wait for one.
            if (!way_.answered)
                (void)wire_.out.try_push(Event::timer(core::StreamTime{}, EventKind::kSync));
        }
    }

    void tick(BenchLane& lane, const pipeline::OrderRow& row) noexcept {
        const std::uint64_t taken = core::Tsc::now();
        (void)book_.apply(row);
        if (!book_.two_sided()) return;
        const pipeline::BookLevel bid = book_.level(pipeline::Side::kBuy, 0);
        const pipeline::BookLevel ask = book_.level(pipeline::Side::kSell, 0);
        Event event =
            Event::quote(core::time_from_ns<core::StreamTime>(row.time_ns), core::SymbolId{0},
                         {bid.price, ask.price, bid.quantity, ask.quantity, taken});
        if (!admission_.admit<EventKind::kQuote>(event)) return;
        event.place(static_cast<core::Sequence>(++sequence_), 0);
        checksum_.add<EventKind::kQuote>(event);
        if (way_.tap != nullptr) {
            while (!tap_.record(event)) {}
        }
        if (probe_.stamps != nullptr) (*probe_.stamps)[1] = taken;
        lane.template release<EventKind::kQuote>(event);
        lane.let_go();
        if (probe_.stamps != nullptr) (*probe_.stamps)[7] = way_.handed_over;
    }

    void report(BenchLane& lane, const Inbound& line) noexcept {
        const auto kind = line.kind == Inbound::kAccepted ? pipeline::ExecKind::kAccepted
                                                          : pipeline::ExecKind::kFill;
        Event event = Event::report(core::time_from_ns<core::StreamTime>(line.row.time_ns),
                                    core::SymbolId{0}, kind, pipeline::RejectReason::kNone,
                                    {static_cast<core::OrderId>(line.row.order),
                                     core::Price::from_raw(line.row.price_raw),
                                     core::Quantity::from_raw(line.row.quantity_raw),
                                     {}});
        event.place(static_cast<core::Sequence>(++sequence_), 0);
        if (way_.tap != nullptr) {
            while (!tap_.record(event)) {}
        }
        lane.template release<EventKind::kNone>(event);
        lane.let_go();
    }

    Wire& wire_;
    pipeline::JournalTap tap_;
    StampProbe probe_;
    Way way_;
    pipeline::Settings settings_;
    pipeline::InstrumentTable instruments_;
    std::unique_ptr<pipeline::LaneState<Way>> state_;
    pipeline::Admission admission_;
    pipeline::OrderBook book_;
    pipeline::StreamChecksum checksum_;
    std::uint64_t sequence_ = 0;
};

// The driver's side: sends, waits, answers; one duration a trip into `trips` (TSC ticks).
class Driver {
  public:
    explicit Driver(Wire& wire) : wire_(wire), batch_(std::make_unique<std::array<Event, 64>>()) {}

    // A book of sixteen levels a side, and bars enough for the strategy; then the measured trips.
    // `stamps` has room for one trip and is the engine's while it works; null without stamps.
    void run(std::vector<std::uint64_t>& trips, Stamps* stamps,
             std::vector<Stamps>* kept) noexcept {
        for (std::int64_t level = 0; level < 16; ++level) {
            (void)trip(add('B', 1 + level, kMiddle - (level + 2) * kStep));
            (void)trip(add('A', 101 + level, kMiddle + (level + 2) * kStep));
        }
        for (std::size_t n = 0; n < kWarmUp; ++n) (void)trip(move(n));
        std::size_t orders = 0;
        for (std::size_t n = 0; n < trips.size(); ++n) {
            trips[n] = trip(move(n));
            orders += was_order_ ? 1U : 0U;
            if (stamps != nullptr) {
                (*stamps)[0] = sent_;
                (*stamps)[kStamps - 1] = sent_ + trips[n];
                (*kept)[n] = *stamps;
            }
        }
        Inbound end{};
        end.kind = Inbound::kEnd;
        send(end);
        if (orders != trips.size()) {
            std::fprintf(stderr, "pipeline: only %zu of %zu ticks led to an order\n", orders,
                         trips.size());
            std::abort();
        }
    }

  private:
    static constexpr std::size_t kWarmUp = 512;
    // The threads behind these rings sleep when there is little to do; they do not poll each slot.
    static constexpr std::size_t kDrainEvery = 128;
    static constexpr int kThinkPauses = 8;             // ~100 ns
    static constexpr std::int64_t kStep = 10'000'000;  // a cent
    static constexpr std::int64_t kMiddle = 100'000'000'000;
    static constexpr std::int64_t kSize = 100 * core::Quantity::kScale;

    [[nodiscard]] Inbound add(char side, std::int64_t order, std::int64_t price) noexcept {
        return line('A', side, order, price);
    }
    // The best bid steps up and down, so the midpoint does.
    [[nodiscard]] Inbound move(std::size_t n) noexcept {
        return line('M', 'B', 1, kMiddle - (n % 2 == 0 ? 1 : 2) * kStep);
    }
    [[nodiscard]] Inbound line(char action, char side, std::int64_t order,
                               std::int64_t price) noexcept {
        Inbound out{};
        time_ns_ += 1'000'000'000;
        out.row = {time_ns_,
                   order,
                   price,
                   kSize,
                   0,
                   0,
                   static_cast<std::uint8_t>(action),
                   static_cast<std::uint8_t>(side),
                   pipeline::kRowEventEnd};
        out.kind = Inbound::kUpdate;
        return out;
    }
    void send(const Inbound& line) noexcept {
        while (wire_.in.try_push(line) != core::PushResult::kOk) {}
    }
    void await(Event& answer) noexcept {
        while (!wire_.out.try_pop(answer)) core::cpu_pause();
    }

    // TSC ticks until the order was here.
    std::uint64_t trip(const Inbound& tick) noexcept {
        Event answer;
        // The line is copied from memory, not from stores that are still on their way there.
        for (int i = 0; i < kThinkPauses; ++i) core::cpu_pause();
        sent_ = core::Tsc::now();
        send(tick);
        await(answer);
        const std::uint64_t took = core::Tsc::now() - sent_;
        was_order_ = answer.kind() == EventKind::kApproved;
        if (was_order_) fill(answer.approved());
        if (++trips_ % kDrainEvery == 0) {
            drain(wire_.journal);
            drain(wire_.records);
        }
        return took;
    }
    void fill(const pipeline::ApprovedOrder& order) noexcept {
        Event done;
        Inbound report{};
        report.row.time_ns = time_ns_;
        report.row.order = static_cast<std::int64_t>(order.id());
        report.row.price_raw = kMiddle;
        report.row.quantity_raw = order.quantity().raw();
        for (const auto kind : {Inbound::kAccepted, Inbound::kFilled}) {
            report.kind = kind;
            send(report);
            await(done);
        }
    }
    void drain(EventRing& ring) noexcept {
        while (ring.try_pop_n(*batch_) != 0) {}
    }

    Wire& wire_;
    std::unique_ptr<std::array<Event, 64>> batch_;
    std::int64_t time_ns_ = 1'704'067'200'000'000'000;
    std::uint64_t sent_ = 0;
    std::size_t trips_ = 0;
    bool was_order_ = false;
};

}  // namespace sluice::bench::trip
