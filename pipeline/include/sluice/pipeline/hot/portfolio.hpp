// The books: cash, positions, realised and unrealised profit, commission, charges, peak and drawdown.
// Owned by the risk stage and kept on its thread; all memory at construction.
//
// Everything is exact: no amount is ever rounded, except the one stated split of an average cost
// when a position is partly closed, whose remainder stays in the open part, and a charge that is a share
// of a value (charge.hpp), which is booked as it was rounded. So always, to the last unit of 1e-17:
//
//   equity = cash + sum(position * multiplier * mark)
//   equity - capital = realised + unrealised - commission + charges
//
// Money goes by what a position is of the underlying (contract_size.hpp), which changes with fills only: a
// multiplier costs a tick nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/charge.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>

namespace sluice::pipeline {

class Portfolio {
  public:
    struct Position {
        Quantity quantity;    // signed; negative is short
        Price mark;           // zero until the instrument has a price
        Quantity underlying;  // quantity * multiplier
        std::uint64_t fills = 0;
        Money basis;     // signed cost of what is held: sum of price * signed underlying
        Money realised;  // before commission
        Money commission;

        [[nodiscard]] Money unrealised() const noexcept { return mark * underlying - basis; }
    };

    Portfolio(Money capital, std::size_t instruments)
        : capital_(capital), cash_(capital), equity_(capital), peak_(capital), trough_(capital),
          positions_(instruments), sizes_(instruments), charges_(instruments + 1) {}
    // With their multipliers. Throws std::invalid_argument as contract_size_of().
    Portfolio(Money capital, const InstrumentTable& instruments);

    // A new market price of the instrument; true when that changed the equity. Constant time; next
    // to nothing while the instrument is not held.
    SLUICE_ALWAYS_INLINE bool mark(SymbolId symbol, Price price) noexcept {
        Position& position = positions_[core::index_of(symbol)];
        const Price before = position.mark;
        position.mark = price;
        if (position.underlying.is_zero()) return false;
        equity_ += (price - before) * position.underlying;
        track_peak();
        return true;
    }

    // The same for the ticks of a run: what is left afterwards is as if each had been marked.
    void mark_run(const TickRun& run) noexcept {
        Position& position = positions_[core::index_of(run.symbol)];
        if (!position.underlying.is_zero()) track_run(run, position);
        position.mark = run.last();
    }
    // The lowest equity within the run.
    [[nodiscard]] Money worst_equity(const TickRun& run) const noexcept {
        const Position& p = positions_[core::index_of(run.symbol)];
        return equity_at(p, p.underlying.raw() > 0 ? run.low : run.high);
    }
    [[nodiscard]] bool holds(SymbolId symbol) const noexcept {
        return !position(symbol).quantity.is_zero();
    }

    // One execution: `signed_quantity` bought (positive) or sold (negative) at `price`.
    void apply_fill(SymbolId symbol, Quantity signed_quantity, Price price,
                    Money commission) noexcept {
        Position& p = positions_[core::index_of(symbol)];
        if (p.mark.is_zero()) p.mark = price;
        p.quantity += signed_quantity;
        const Quantity after = underlying(symbol, p.quantity);
        const Quantity bought = after - p.underlying;
        const Money cost = price * bought;
        book_profit(p, bought, price, cost);
        p.underlying = after;
        p.commission += commission;
        ++p.fills;
        cash_ -= cost;
        cash_ -= commission;
        commission_ += commission;
        equity_ += p.mark * bought - cost - commission;
        track_peak();
    }

    // What came of the charge; of the whole account without a symbol. One at a mark that there is not yet
    // comes to nothing, as nothing is held then.
    Charged apply_charge(SymbolId symbol, const Charge& charge) noexcept;

    [[nodiscard]] const Position& position(SymbolId symbol) const noexcept {
        return positions_[core::index_of(symbol)];
    }
    [[nodiscard]] const std::vector<Position>& positions() const noexcept { return positions_; }
    [[nodiscard]] const ContractSize& size(SymbolId symbol) const noexcept {
        return sizes_[core::index_of(symbol)];
    }
    // What a quantity of the instrument is of its underlying.
    [[nodiscard]] Quantity underlying(SymbolId symbol, Quantity quantity) const noexcept {
        return size(symbol).underlying(quantity);
    }
    [[nodiscard]] Money capital() const noexcept { return capital_; }
    [[nodiscard]] Money cash() const noexcept { return cash_; }
    [[nodiscard]] Money equity() const noexcept { return equity_; }
    [[nodiscard]] Money realised() const noexcept { return realised_; }
    [[nodiscard]] Money commission() const noexcept { return commission_; }
    [[nodiscard]] Money unrealised() const noexcept {
        return equity_ - capital_ - realised_ + commission_ - charged_;
    }
    // All that was charged; what was received is positive.
    [[nodiscard]] Money charges() const noexcept { return charged_; }
    // By kind, of an instrument, or of the account as a whole without a symbol.
    using ChargeSums = std::array<Money, kChargeKindCount>;
    [[nodiscard]] const ChargeSums& charges(SymbolId symbol) const noexcept {
        return charges_[slot_of(symbol)];
    }
    [[nodiscard]] Money peak_equity() const noexcept { return peak_; }
    // The largest fall of equity from its peak so far, positive.
    [[nodiscard]] Money max_drawdown() const noexcept { return max_drawdown_; }
    // sum(|position| * multiplier * mark)
    [[nodiscard]] Money gross_exposure() const noexcept {
        Money sum;
        for (const Position& p : positions_) sum += p.mark * p.underlying.abs();
        return sum;
    }

  private:
    [[nodiscard]] std::size_t slot_of(SymbolId symbol) const noexcept {
        const std::size_t index = core::index_of(symbol);
        return index < positions_.size() ? index : positions_.size();
    }
    // One compare each way: the trough is the lowest equity since the peak, so only a new trough can
    // be a new largest drawdown.
    SLUICE_ALWAYS_INLINE void track_peak() noexcept {
        if (equity_ > peak_) {
            peak_ = equity_;
            trough_ = equity_;
        } else if (equity_ < trough_) {
            trough_ = equity_;
            if (peak_ - trough_ > max_drawdown_) max_drawdown_ = peak_ - trough_;
        }
    }

    [[nodiscard]] Money equity_at(const Position& position, Price price) const noexcept {
        return equity_ + (price - position.mark) * position.underlying;
    }
    // Equity rises and falls with the price, so its extremes within a run are at the price's. Only
    // where they bring a new peak does the order of the ticks matter.
    void track_run(const TickRun& run, const Position& position) noexcept {
        const bool is_long = position.underlying.raw() > 0;
        if (equity_at(position, is_long ? run.high : run.low) > peak_) [[unlikely]] {
            track_peaks(run, position);
        } else {
            track_trough(equity_at(position, is_long ? run.low : run.high));
        }
        equity_ = equity_at(position, run.last());
    }
    SLUICE_NEVER_INLINE void track_peaks(const TickRun& run, const Position& position) noexcept;
    void track_trough(Money equity) noexcept {
        if (equity >= trough_) return;
        trough_ = equity;
        if (peak_ - trough_ > max_drawdown_) max_drawdown_ = peak_ - trough_;
    }

    // Moves cost into the basis where the fill opens, and out of it into profit where it closes. All
    // quantities are of the underlying.
    void book_profit(Position& p, Quantity fill, Price price, Money cost) noexcept {
        const bool opens = p.underlying.is_zero() || (p.underlying.raw() > 0) == (fill.raw() > 0);
        if (opens) {
            p.basis += cost;
            return;
        }
        const Quantity held = p.underlying.abs();
        const Quantity closed = fill.abs() < held ? fill.abs() : held;
        const Money closed_basis = Money::from_raw(
            core::mul_div(p.basis.raw(), closed.raw(), held.raw(), core::Rounding::kTowardZero));
        const Quantity signed_closed = p.underlying.raw() > 0 ? closed : -closed;
        const Money profit = price * signed_closed - closed_basis;
        p.realised += profit;
        realised_ += profit;
        p.basis -= closed_basis;
        p.basis += price * (fill + signed_closed);  // what is left of the fill opens the other way
    }

    Money capital_;
    Money cash_;
    Money equity_;
    Money peak_;
    Money trough_;  // lowest equity since the peak
    Money realised_;
    Money commission_;
    Money max_drawdown_;
    std::vector<Position> positions_;
    std::vector<ContractSize> sizes_;
    Money charged_;
    std::vector<ChargeSums> charges_;  // by instrument, then of the account as a whole
};

}  // namespace sluice::pipeline
