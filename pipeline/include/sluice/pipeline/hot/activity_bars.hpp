// Bars that end when so much was traded: after so many ticks, units or money, or when buying and
// selling are further out of balance than expected. Part of the bar stage; its thread only. State
// is taken at construction; constant time per tick and definition.
//
// The tick that reaches a bar's size belongs to it whole and ends it: a trade larger than the size
// makes a bar of its own size, nothing is split, and the next bar begins at nothing. Money counts a
// contract by its multiplier. A bar ends with the session at the latest. Ticks count in the order of their arrival, so none is late; a
// bar's time is the latest of its ticks, or the end of the session that cut it short.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/tick_imbalance.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::pipeline {

class ActivityBars {
  public:
    // `first_timeframe`: the timeframe of the first definition.
    ActivityBars(const std::vector<ActivityBar>& definitions, const InstrumentTable& instruments,
                 std::size_t first_timeframe);

    [[nodiscard]] bool empty() const noexcept { return definitions_.empty(); }
    [[nodiscard]] const std::vector<std::uint64_t>& closed() const noexcept { return closed_; }

    // False when the volume of a bar did not fit: it then stays at its maximum.
    template <StageOutput Out>
    [[nodiscard]] bool add(const Event& cause, Price price, Quantity quantity, Out out) noexcept {
        bool fits = true;
        OpenBar* const first = bars_of(cause.symbol());
        for (std::size_t i = 0; i < definitions_.size(); ++i) {
            fits &= first[i].take(definitions_[i], price, quantity, cause.time());
            if (ends(definitions_[i], first[i]))
                close(cause.sequence(), cause.symbol(), i, true, out);
        }
        return fits;
    }

    // The open bars end where the session or the stream does.
    template <StageOutput Out>
    SLUICE_NEVER_INLINE void close_all(const Event& cause, Out out) noexcept {
        const std::size_t count = definitions_.size();
        for (std::size_t i = 0; i < open_.size(); ++i) {
            OpenBar& open = open_[i];
            if (open.ticks == 0) continue;
            open.last = std::max(open.last, cause.time());
            close(cause.sequence(), static_cast<SymbolId>(i / count), i % count, false, out);
        }
    }

    // A run stays within open bars. Where units or money end them, how many ticks that takes is
    // guessed, from the ticks that the open bar took for what it has; bears() knows.
    void limit_run(SymbolId symbol, RunLimits& limits) const noexcept {
        const OpenBar* const first = bars_of(symbol);
        for (std::size_t i = 0; i < definitions_.size(); ++i)
            limits.most = std::min(limits.most, run_most(definitions_[i], first[i]));
    }
    [[nodiscard]] bool bears(const TickRun& run) const noexcept;
    void on_run(const TickRun& run) noexcept;

  private:
    struct OpenBar {
        Bar bar{};
        std::int64_t ticks = 0;  // 0: none is open
        core::Int128 notional =
            0;                  // price * quantity, in units of Money::raw(), where it ends the bar
        core::Int128 full = 0;  // at so much of it
        StreamTime last = StreamTime::min();
        TickImbalance imbalance{};

        // False when the volume does not fit.
        [[nodiscard]] bool take(const ActivityBar& definition, Price price, Quantity quantity,
                                StreamTime time) noexcept {
            if (ticks++ == 0) bar = Bar{price, price, price, price, Quantity{}};
            bar.high = std::max(bar.high, price);
            bar.low = std::min(bar.low, price);
            bar.close = price;
            last = std::max(last, time);
            std::int64_t sum{};
            const bool overflow = __builtin_add_overflow(bar.volume.raw(), quantity.raw(), &sum);
            bar.volume = Quantity::from_raw(overflow ? INT64_MAX : sum);
            // Less than a bar's size and one trade: below 10^29 + 2^126.
            if (definition.kind == ActivityKind::kNotional)
                notional += core::widening_mul(price.raw(), quantity.raw());
            if (definition.kind == ActivityKind::kImbalance) imbalance.add(price);
            return !overflow;
        }
    };

    [[nodiscard]] static bool ends(const ActivityBar& definition, const OpenBar& open) noexcept {
        switch (definition.kind) {
            case ActivityKind::kTicks: return open.ticks >= definition.ticks;
            case ActivityKind::kUnits: return open.bar.volume >= definition.units;
            case ActivityKind::kNotional: return open.notional >= open.full;
            case ActivityKind::kImbalance: return open.imbalance.room(open.ticks) == 0;
        }
        return false;
    }
    [[nodiscard]] static std::size_t run_most(const ActivityBar& definition,
                                              const OpenBar& open) noexcept;

    template <class Out>
    SLUICE_NEVER_INLINE void close(Sequence cause, SymbolId symbol, std::size_t definition,
                                   bool whole, Out out) noexcept {
        OpenBar& open = bars_of(symbol)[definition];
        ++closed_[definition];
        if (definitions_[definition].kind == ActivityKind::kImbalance)
            open.imbalance.end_bar(open.ticks, whole);
        open.ticks = 0;
        open.notional = 0;
        out.emit(Event::bar(open.last, cause, symbol,
                            static_cast<std::uint8_t>(first_timeframe_ + definition), open.bar));
    }

    [[nodiscard]] OpenBar* bars_of(SymbolId symbol) noexcept {
        return open_.data() + core::index_of(symbol) * definitions_.size();
    }
    [[nodiscard]] const OpenBar* bars_of(SymbolId symbol) const noexcept {
        return open_.data() + core::index_of(symbol) * definitions_.size();
    }

    std::vector<ActivityBar> definitions_;
    std::size_t first_timeframe_;
    std::vector<OpenBar> open_;          // by instrument, then definition
    std::vector<std::uint64_t> closed_;  // bars, by definition
};

}  // namespace sluice::pipeline
