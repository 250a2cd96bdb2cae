// The books: cash, positions, realised and unrealised profit, commission, charges, peak and drawdown.
// Owned by the risk stage and kept on its thread; all memory at construction.
//
// Everything is exact: no amount is ever rounded, except the one stated split of an average cost
// when a position is partly closed, whose remainder stays in the open part, and a charge that is a share
// of a value (charge.hpp), which is booked as it was rounded. So always, to the last unit of 1e-17:
//
//   worth = cash + sum(position * multiplier * mark)
//   worth - capital = realised + unrealised - commission + charges
//
// in each currency by itself. Equity is the sum of their worth in the account's currency, each rounded
// towards zero once (currencies.hpp); so are all totals, at the rates of now, and the unrealised profit of
// the account has what rounding leaves. The figures of a position are in the currency of its prices.
//
// Money goes by what a position is of the underlying (contract_size.hpp), which changes with fills only: a
// multiplier costs a tick nothing. In a run of one currency worth is equity, and nothing is converted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/charge.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/currencies.hpp>
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

    using ChargeSums = std::array<Money, kChargeKindCount>;
    // What there is, and was made, of one currency; exact in it.
    struct Book {
        Money cash;
        Money worth;       // cash and positions at their marks; not of the account's currency
        Money in_account;  // what that makes of the equity
        Money realised;
        Money commission;
        ChargeSums charges;  // by kind

        [[nodiscard]] Money charged() const noexcept {
            Money sum;
            for (const Money each : charges) sum += each;
            return sum;
        }
    };

    Portfolio(Money capital, std::size_t instruments)
        : capital_(capital), equity_(capital), peak_(capital), trough_(capital),
          positions_(instruments), sizes_(instruments), books_(1), charges_(instruments + 1) {
        books_.front().cash = capital;
    }
    // With their multipliers. Throws std::invalid_argument as contract_size_of().
    Portfolio(Money capital, const InstrumentTable& instruments, Currencies currencies = {});

    // A new market price of the instrument; true when that changed the equity. Constant time; next
    // to nothing while the instrument is not held.
    SLUICE_ALWAYS_INLINE bool mark(SymbolId symbol, Price price) noexcept {
        Position& position = positions_[core::index_of(symbol)];
        const Price before = position.mark;
        position.mark = price;
        if (position.underlying.is_zero()) return false;
        const Money moved = (price - before) * position.underlying;
        if (!currencies_.is_one()) [[unlikely]]
            return move_slow(symbol, moved);
        equity_ += moved;
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
        return equity_at(run.symbol, p, p.underlying.raw() > 0 ? run.low : run.high);
    }
    [[nodiscard]] bool holds(SymbolId symbol) const noexcept {
        return !position(symbol).quantity.is_zero();
    }

    // One execution: `signed_quantity` bought (positive) or sold (negative) at `price`; all in the currency
    // of the instrument's prices.
    void apply_fill(SymbolId symbol, Quantity signed_quantity, Price price,
                    Money commission) noexcept {
        Position& p = positions_[core::index_of(symbol)];
        if (p.mark.is_zero()) p.mark = price;
        p.quantity += signed_quantity;
        const Quantity after = underlying(symbol, p.quantity);
        const Quantity bought = after - p.underlying;
        const Money cost = price * bought;
        const CurrencyId currency = currencies_.of(symbol);
        Book& book = books_[currency];
        book_profit(p, book, bought, price, cost);
        p.underlying = after;
        p.commission += commission;
        ++p.fills;
        book.cash -= cost;
        book.cash -= commission;
        book.commission += commission;
        move(currency, p.mark * bought - cost - commission);
    }

    // What came of the charge; of the whole account without a symbol. One at a mark that there is not yet
    // comes to nothing, as nothing is held then; nor does one in a currency that the run has not.
    Charged apply_charge(SymbolId symbol, const Charge& charge) noexcept;
    // What one unit of a currency is worth from now on. Nothing happens where it is the account's, none of
    // the run, or the rate is not above zero.
    void set_rate(CurrencyId currency, Price rate) noexcept;

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
    [[nodiscard]] const Currencies& currencies() const noexcept { return currencies_; }
    [[nodiscard]] const Book& book(CurrencyId currency) const noexcept { return books_[currency]; }
    // Cash and positions of a currency, in it.
    [[nodiscard]] Money worth(CurrencyId currency) const noexcept;

    // All that follows is in the account's currency, at the rates of now.
    [[nodiscard]] Money capital() const noexcept { return capital_; }
    // Each currency's rounded down: what is borrowed is never less.
    [[nodiscard]] Money cash() const noexcept {
        return currencies_.is_one() ? books_.front().cash : cash_slow();
    }
    [[nodiscard]] Money equity() const noexcept { return equity_; }
    [[nodiscard]] Money realised() const noexcept { return total(&Book::realised); }
    [[nodiscard]] Money commission() const noexcept { return total(&Book::commission); }
    [[nodiscard]] Money unrealised() const noexcept {
        return equity_ - capital_ - realised() + commission() - charges();
    }
    // All that was charged; what was received is positive.
    [[nodiscard]] Money charges() const noexcept {
        Money sum;
        for (const Money each : charges_by_kind()) sum += each;
        return sum;
    }
    [[nodiscard]] ChargeSums charges_by_kind() const noexcept;
    // What new rates have done to the equity, by themselves.
    [[nodiscard]] Money translation() const noexcept { return translation_; }

    // By kind, of an instrument, in its currency, or of the account as a whole without a symbol.
    [[nodiscard]] const ChargeSums& charges(SymbolId symbol,
                                            CurrencyId currency = kAccountCurrency) const noexcept {
        return charges_[slot_of(symbol, currency)];
    }
    [[nodiscard]] Money peak_equity() const noexcept { return peak_; }
    // The largest fall of equity from its peak so far, positive.
    [[nodiscard]] Money max_drawdown() const noexcept { return max_drawdown_; }
    // sum(|position| * multiplier * mark), of other currencies rounded up.
    [[nodiscard]] Money gross_exposure() const noexcept {
        Money sum;
        for (std::size_t i = 0; i < positions_.size(); ++i) {
            const Position& p = positions_[i];
            sum += currencies_.at_most(static_cast<SymbolId>(i), p.mark * p.underlying.abs());
        }
        return sum;
    }

  private:
    [[nodiscard]] std::size_t slot_of(SymbolId symbol, CurrencyId currency) const noexcept {
        const std::size_t index = core::index_of(symbol);
        return index < positions_.size() ? index : positions_.size() + currency;
    }
    [[nodiscard]] Money total(Money Book::*figure) const noexcept {
        if (currencies_.is_one()) [[likely]]
            return books_.front().*figure;
        return total_slow(figure);
    }
    [[nodiscard]] SLUICE_NEVER_INLINE Money total_slow(Money Book::*figure) const noexcept;
    [[nodiscard]] SLUICE_NEVER_INLINE Money cash_slow() const noexcept;

    // The worth of a currency moves, and with it the equity.
    void move(CurrencyId currency, Money by) noexcept {
        if (currency != kAccountCurrency) [[unlikely]]
            return move_foreign(currency, by);
        equity_ += by;
        track_peak();
    }
    SLUICE_NEVER_INLINE bool move_slow(SymbolId symbol, Money by) noexcept {
        move(currencies_.of(symbol), by);
        return true;
    }
    void move_foreign(CurrencyId currency, Money by) noexcept;
    // Counts a currency's worth at its rate again; by how much the equity has moved.
    Money convert(CurrencyId currency) noexcept;
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

    [[nodiscard]] Money equity_at(SymbolId symbol, const Position& position,
                                  Price price) const noexcept {
        const Money moved = (price - position.mark) * position.underlying;
        if (!currencies_.is_one()) [[unlikely]]
            return equity_after(currencies_.of(symbol), moved);
        return equity_ + moved;
    }
    // If a currency's worth moved by so much.
    [[nodiscard]] SLUICE_NEVER_INLINE Money equity_after(CurrencyId currency,
                                                         Money moved) const noexcept;
    // Equity rises and falls with the price, so its extremes within a run are at the price's. Only
    // where they bring a new peak does the order of the ticks matter.
    void track_run(const TickRun& run, const Position& position) noexcept {
        const SymbolId symbol = run.symbol;
        if (currencies_.of(symbol) != kAccountCurrency) [[unlikely]]
            return track_foreign_run(run, position);
        const bool is_long = position.underlying.raw() > 0;
        if (equity_at(symbol, position, is_long ? run.high : run.low) > peak_) [[unlikely]] {
            track_peaks(run, position);
        } else {
            track_trough(equity_at(symbol, position, is_long ? run.low : run.high));
        }
        equity_ = equity_at(symbol, position, run.last());
    }
    SLUICE_NEVER_INLINE void track_foreign_run(const TickRun& run,
                                               const Position& position) noexcept;
    SLUICE_NEVER_INLINE void track_peaks(const TickRun& run, const Position& position) noexcept;
    void track_trough(Money equity) noexcept {
        if (equity >= trough_) return;
        trough_ = equity;
        if (peak_ - trough_ > max_drawdown_) max_drawdown_ = peak_ - trough_;
    }

    // Moves cost into the basis where the fill opens, and out of it into profit where it closes. All
    // quantities are of the underlying.
    void book_profit(Position& p, Book& book, Quantity fill, Price price, Money cost) noexcept {
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
        book.realised += profit;
        p.basis -= closed_basis;
        p.basis += price * (fill + signed_closed);  // what is left of the fill opens the other way
    }

    Money capital_;
    Money equity_;
    Money peak_;
    Money trough_;  // lowest equity since the peak
    Money max_drawdown_;
    std::vector<Position> positions_;
    Currencies currencies_;
    std::vector<ContractSize> sizes_;
    std::vector<Book> books_;  // by currency
    Money translation_;
    // By instrument, then of the account as a whole by currency.
    std::vector<ChargeSums> charges_;
};

}  // namespace sluice::pipeline
