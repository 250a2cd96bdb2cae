// T4 bars: ticks in, bars of several timeframes out, by the clock and by activity.
// Runs on the thread of its group; state is taken at construction; constant time per tick.
//
// A time bar covers [end - timeframe, end), aligned to the UTC epoch; a bar of 1d may instead cover the
// account's day, from one start of it to the next. It closes when the clock's beat
// or a tick of its instrument reaches its end, whichever comes first; empty periods have no bar.
// A tick whose time lies in a bar that has closed is late: that bar stays as it was published, and
// the tick is counted. A tick out of order whose bar is still open is used like any other (it may
// be the new high or low, and it becomes the close, because it arrived last). Bars by activity are in
// activity_bars.hpp; at one tick they come after the time bars.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/hot/activity_bars.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>
#include <sluice/pipeline/hot/top_of_book.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class BarStage {
  public:
    // Throws std::invalid_argument as contract_sizes_of() does.
    BarStage(const BarSettings& settings, const InstrumentTable& instruments)
        : count_(settings.timeframes.size()), from_mid_(settings.price == BarPrice::kMid),
          account_days_(settings.day == DayBars::kAccount),
          bars_(instruments.size() * settings.timeframes.size()),
          books_(from_mid_ ? instruments.size() : 0), closed_(settings.timeframes.size(), 0),
          activity_(activity_bars(settings), instruments, settings.timeframes.size()) {
        by_activity_ = !activity_.empty();
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            const Nanos timeframe = settings.timeframes[i % count_];
            bars_[i].length = account_days_ && timeframe == kDay ? kAccountDay : timeframe;
        }
    }

    // The event itself goes on first, then the bars that it closed.
    template <EventKind kKnown, StageOutput Out>
    SLUICE_ALWAYS_INLINE void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        switch (kind_of<kKnown>(event)) {
            case EventKind::kTrade:
                if (!from_mid_) add(event, event.trade().price, event.trade().quantity, out);
                break;
            case EventKind::kQuote:
                if (from_mid_) add_quote(event, out);
                break;
            case EventKind::kBeat:
                if (event.time() >= next_close_) close_until(event, event.time(), out);
                break;
            case EventKind::kSessionClose: activity_.close_all(event, out); break;
            case EventKind::kDayStart:
                if (account_days_) close_days(event, out);
                break;
            case EventKind::kEnd:
                close_until(event, StreamTime::max(), out);
                activity_.close_all(event, out);
                break;
            default: break;
        }
    }

    // A run stays within the open bars of its instrument, and so changes nothing but them.
    void limit_run(SymbolId symbol, RunLimits& limits) const noexcept {
        if (from_mid_) return;
        const OpenBar* const first = bars_.data() + core::index_of(symbol) * count_;
        for (const OpenBar* open = first; open != first + count_; ++open) {
            if (!open->is_open()) limits.most = 0;
            limits.narrow(open->start, open->end);
        }
        activity_.limit_run(symbol, limits);
    }
    // False when a bar's volume might not fit, or its size be reached: then tick by tick.
    [[nodiscard]] bool bears(const TickRun& run) const noexcept {
        if (from_mid_) return true;
        if (!activity_.empty() && !activity_.bears(run)) return false;
        const OpenBar* const first = bars_.data() + core::index_of(run.symbol) * count_;
        return std::all_of(first, first + count_, [&](const OpenBar& open) {
            return INT64_MAX - open.bar.volume.raw() > run.volume.raw();
        });
    }
    void on_run(const TickRun& run) noexcept {
        if (from_mid_) return;
        OpenBar* const first = bars_.data() + core::index_of(run.symbol) * count_;
        for (OpenBar* open = first; open != first + count_; ++open) {
            open->bar.high = std::max(open->bar.high, run.high);
            open->bar.low = std::min(open->bar.low, run.low);
            open->bar.close = run.last();
            open->bar.volume += run.volume;
        }
        if (!activity_.empty()) activity_.on_run(run);
    }

    // Ticks that missed at least one bar because it had closed.
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
    // Bars by timeframe. Allocates.
    [[nodiscard]] std::vector<std::uint64_t> closed() const {
        std::vector<std::uint64_t> all = closed_;
        all.insert(all.end(), activity_.closed().begin(), activity_.closed().end());
        return all;
    }

  private:
    static constexpr Nanos kDay{86'400'000'000'000};
    // Longer than any: such a bar ends with the day, not by its length.
    static constexpr Nanos kAccountDay = 10'000 * kDay;

    struct OpenBar {
        StreamTime start = StreamTime::max();  // of the open bar; max when none is open
        Nanos length{};                        // of the timeframe
        StreamTime end = StreamTime::min();    // of the open bar, else of the last closed one
        Bar bar{};

        [[nodiscard]] bool is_open() const noexcept { return start != StreamTime::max(); }
        // start <= time < end in one compare, false when none is open.
        [[nodiscard]] bool covers(StreamTime time) const noexcept {
            return static_cast<std::uint64_t>(core::ns_since_epoch(time)) -
                       static_cast<std::uint64_t>(core::ns_since_epoch(start)) <
                   static_cast<std::uint64_t>(length.count());
        }
        // False when the volume does not fit: it then stays at its maximum.
        [[nodiscard]] bool update(Price price, Quantity quantity) noexcept {
            if (price > bar.high) bar.high = price;
            if (price < bar.low) bar.low = price;
            bar.close = price;
            std::int64_t sum{};
            const bool overflow = __builtin_add_overflow(bar.volume.raw(), quantity.raw(), &sum);
            bar.volume = Quantity::from_raw(overflow ? INT64_MAX : sum);
            return !overflow;
        }
    };

    // The straight line updates every open bar that covers the tick; what is rare is done in a
    // second pass, so that the first needs no calls and nothing but registers. Bars by activity are
    // fed there too: a second call here would make every tick save registers.
    template <class Out>
    SLUICE_ALWAYS_INLINE void add(const Event& event, Price price, Quantity quantity,
                                  Out out) noexcept {
        OpenBar* open = bars_.data() + core::index_of(event.symbol()) * count_;
        OpenBar* const last = open + count_;
        bool rare = by_activity_;
        do {
            rare |= !open->covers(event.time()) || !open->update(price, quantity);
        } while (++open != last);
        if (rare) [[unlikely]]
            add_rare(event, price, quantity, out);
    }

    template <class Out>
    SLUICE_NEVER_INLINE void add_rare(const Event& event, Price price, Quantity quantity,
                                      Out out) noexcept {
        const std::size_t first = core::index_of(event.symbol()) * count_;
        bool missed = false;
        for (std::size_t i = 0; i < count_; ++i) {
            OpenBar& open = bars_[first + i];
            if (open.covers(event.time())) {
                if (open.bar.volume == Quantity::max()) overflow(event, quantity, out);
            } else if (event.time() < open.end) {
                missed = true;
            } else {
                if (open.is_open()) close(event, event.symbol(), i, open, out);
                start_bar(open, event.time(), price, quantity);
            }
        }
        late_ += missed ? 1U : 0U;
        if (by_activity_ && !activity_.add(event, price, quantity, out))
            overflow(event, quantity, out);
    }

    template <class Out>
    void add_quote(const Event& event, Out out) noexcept {
        TopOfBook& book = books_[core::index_of(event.symbol())];
        book.update(event.quote());
        if (book.two_sided()) add(event, book.mid(), Quantity{}, out);
    }

    template <class Out>
    [[gnu::cold, gnu::noinline]] void overflow(const Event& event, Quantity quantity,
                                               Out out) noexcept {
        out.emit(Event::incident(event.time(), event.sequence(), event.symbol(),
                                 IncidentKind::kBarVolumeOverflow, {OrderId::kNone, quantity}));
    }

    void start_bar(OpenBar& open, StreamTime time, Price price, Quantity quantity) noexcept {
        Nanos into = time.time_since_epoch() % open.length;
        if (into < Nanos{0}) into += open.length;
        open.start = time - into;
        // The first day of a stream may have begun before it.
        if (open.length == kAccountDay)
            open.start = day_start_ == StreamTime::min() ? time : std::min(day_start_, time);
        open.end = open.start + open.length;
        open.bar = Bar{price, price, price, price, quantity};
        next_close_ = std::min(next_close_, open.end);
    }

    template <class Out>
    void close(const Event& cause, SymbolId symbol, std::size_t timeframe, OpenBar& open,
               Out out) noexcept {
        // Without a start of another day: at the end of the stream.
        if (open.end - open.start == kAccountDay) open.end = open.start + kDay;
        open.start = StreamTime::max();
        ++closed_[timeframe];
        out.template emit<EventKind::kBar>(Event::bar(
            open.end, cause.sequence(), symbol, static_cast<std::uint8_t>(timeframe), open.bar));
    }

    template <class Out>
    SLUICE_NEVER_INLINE void close_until(const Event& cause, StreamTime time, Out out) noexcept {
        StreamTime next = StreamTime::max();
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            OpenBar& open = bars_[i];
            if (!open.is_open()) continue;
            if (open.end <= time) {
                close(cause, static_cast<SymbolId>(i / count_), i % count_, open, out);
            } else {
                next = std::min(next, open.end);
            }
        }
        next_close_ = next;
    }

    template <class Out>
    SLUICE_NEVER_INLINE void close_days(const Event& start, Out out) noexcept {
        day_start_ = start.time();
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            OpenBar& open = bars_[i];
            if (!open.is_open() || open.length != kAccountDay) continue;
            open.end = start.time();
            close(start, static_cast<SymbolId>(i / count_), i % count_, open, out);
        }
    }

    std::size_t count_;  // of timeframes
    bool from_mid_;
    bool account_days_;
    bool by_activity_ = false;
    StreamTime day_start_ = StreamTime::min();
    StreamTime next_close_ = StreamTime::max();  // no later than the first end of an open bar
    std::vector<OpenBar> bars_;                  // by instrument, then timeframe
    std::vector<TopOfBook> books_;
    std::vector<std::uint64_t> closed_;  // time bars, by timeframe
    std::uint64_t late_ = 0;
    ActivityBars activity_;
};

}  // namespace sluice::pipeline
