// T4 bars: ticks in, time bars of several timeframes out.
// Runs on the thread of its group; state is taken at construction; constant time per tick.
//
// A bar covers [end - timeframe, end), aligned to the UTC epoch. It closes when the clock's beat
// or a tick of its instrument reaches its end, whichever comes first; empty periods have no bar.
// A tick whose time lies in a bar that has closed is late: that bar stays as it was published, and
// the tick is counted. A tick out of order whose bar is still open is used like any other (it may
// be the new high or low, and it becomes the close, because it arrived last).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/top_of_book.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class BarStage {
  public:
    BarStage(const BarSettings& settings, std::size_t instruments)
        : timeframes_(settings.timeframes),
          count_(settings.timeframes.size()),
          from_mid_(settings.price == BarPrice::kMid),
          bars_(instruments * settings.timeframes.size()),
          books_(from_mid_ ? instruments : 0),
          closed_(settings.timeframes.size(), 0) {}

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
            case EventKind::kEnd: close_until(event, StreamTime::max(), out); break;
            default: break;
        }
    }

    // Ticks that missed at least one bar because it had closed.
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
    [[nodiscard]] const std::vector<std::uint64_t>& closed() const noexcept { return closed_; }

  private:
    struct OpenBar {
        StreamTime start = StreamTime::max();    // of the open bar; max when none is open
        StreamTime end = StreamTime::min();      // of the open bar, else of the last closed one
        Bar bar{};

        [[nodiscard]] bool is_open() const noexcept { return start != StreamTime::max(); }
    };

    template <class Out>
    SLUICE_ALWAYS_INLINE void add(const Event& event, Price price, Quantity quantity, Out out) noexcept {
        const std::size_t count = count_;
        const StreamTime time = event.time();
        OpenBar* const bars = bars_.data() + core::index_of(event.symbol()) * count;
        bool missed = false;
        for (std::size_t i = 0; i < count; ++i) {
            OpenBar& open = bars[i];
            if (time >= open.start && time < open.end) [[likely]] {
                open.bar.high = std::max(open.bar.high, price);
                open.bar.low = std::min(open.bar.low, price);
                open.bar.close = price;
                if (!add_volume(open.bar, quantity)) [[unlikely]] overflow(event, quantity, out);
                continue;
            }
            missed |= time < open.end;
            if (time >= open.end) turn(event, i, open, price, quantity, out);
        }
        late_ += missed ? 1 : 0;
    }

    // The tick is past the open bar, or opens the first one.
    template <class Out>
    SLUICE_NEVER_INLINE void turn(const Event& event, std::size_t timeframe, OpenBar& open,
                                  Price price, Quantity quantity, Out out) noexcept {
        if (open.is_open()) close(event, event.symbol(), timeframe, open, out);
        start_bar(open, timeframe, event.time(), price, quantity);
    }

    template <class Out>
    void add_quote(const Event& event, Out out) noexcept {
        TopOfBook& book = books_[core::index_of(event.symbol())];
        book.update(event.quote());
        if (book.two_sided()) add(event, book.mid(), Quantity{}, out);
    }

    // Saturates, and then returns false.
    [[nodiscard]] static bool add_volume(Bar& bar, Quantity quantity) noexcept {
        std::int64_t sum{};
        const bool overflow = __builtin_add_overflow(bar.volume.raw(), quantity.raw(), &sum);
        bar.volume = overflow ? Quantity::max() : Quantity::from_raw(sum);
        return !overflow;
    }
    template <class Out>
    [[gnu::cold, gnu::noinline]] void overflow(const Event& event, Quantity quantity,
                                               Out out) noexcept {
        out.emit(Event::incident(event.time(), event.sequence(), event.symbol(),
                                 IncidentKind::kBarVolumeOverflow, {OrderId::kNone, quantity}));
    }

    void start_bar(OpenBar& open, std::size_t timeframe, StreamTime time, Price price,
                   Quantity quantity) noexcept {
        const std::int64_t length = timeframes_[timeframe].count();
        const std::int64_t ns = core::ns_since_epoch(time);
        std::int64_t remainder = ns % length;
        if (remainder < 0) remainder += length;
        open.start = time - Nanos{remainder};
        open.end = open.start + Nanos{length};
        open.bar = Bar{price, price, price, price, quantity};
        next_close_ = std::min(next_close_, open.end);
    }

    template <class Out>
    void close(const Event& cause, SymbolId symbol, std::size_t timeframe, OpenBar& open,
               Out out) noexcept {
        open.start = StreamTime::max();
        ++closed_[timeframe];
        out.emit(Event::bar(open.end, cause.sequence(), symbol,
                            static_cast<std::uint8_t>(timeframe), open.bar));
    }

    template <class Out>
    SLUICE_NEVER_INLINE void close_until(const Event& cause, StreamTime time, Out out) noexcept {
        StreamTime next = StreamTime::max();
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            OpenBar& open = bars_[i];
            if (!open.is_open()) continue;
            if (open.end <= time) {
                close(cause, static_cast<SymbolId>(i / timeframes_.size()), i % timeframes_.size(),
                      open, out);
            } else {
                next = std::min(next, open.end);
            }
        }
        next_close_ = next;
    }

    std::vector<Nanos> timeframes_;
    std::size_t count_;  // of timeframes
    bool from_mid_;
    StreamTime next_close_ = StreamTime::max();  // no later than the first end of an open bar
    std::vector<OpenBar> bars_;                  // by instrument, then timeframe
    std::vector<TopOfBook> books_;
    std::vector<std::uint64_t> closed_;          // bars, by timeframe
    std::uint64_t late_ = 0;
};

}  // namespace sluice::pipeline
