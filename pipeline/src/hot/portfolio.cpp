#include <sluice/pipeline/hot/portfolio.hpp>

namespace sluice::pipeline {

Charged Portfolio::apply_charge(SymbolId symbol, const Charge& charge) noexcept {
    const std::size_t index = core::index_of(symbol);
    const Position* held = index < positions_.size() ? &positions_[index] : nullptr;
    const CurrencyId currency = held != nullptr ? currencies_.of(symbol) : charge.currency;
    Charged out{{}, charge.price, 0, charge.kind, charge.basis, charge.parts, currency};
    if (currency >= books_.size()) return out;
    const bool shares = charge.basis == ChargeBasis::kValue || charge.basis == ChargeBasis::kShort;
    if (shares) {
        out.rate = charge.rate();
        if (out.price.is_zero() && held != nullptr) out.price = held->mark;
    }
    const Money amount =
        amount_of(charge, out.price, held != nullptr ? held->underlying : Quantity{});
    out.amount = PackedMoney{amount};
    const auto kind = static_cast<std::size_t>(charge.kind);
    charges_[slot_of(symbol, currency)][kind] += amount;
    books_[currency].charges[kind] += amount;
    books_[currency].cash += amount;
    move(currency, amount);
    return out;
}

void Portfolio::set_rate(CurrencyId currency, Price rate) noexcept {
    if (currency == kAccountCurrency || currency >= books_.size() || rate.raw() <= 0) return;
    currencies_.set_rate(currency, rate);
    translation_ += convert(currency);
    track_peak();
}

void Portfolio::move_foreign(CurrencyId currency, Money by) noexcept {
    books_[currency].worth += by;
    (void)convert(currency);
    track_peak();
}

Money Portfolio::convert(CurrencyId currency) noexcept {
    Book& book = books_[currency];
    const Money before = book.in_account;
    book.in_account = currencies_.to_account(currency, book.worth);
    equity_ += book.in_account - before;
    return book.in_account - before;
}

Money Portfolio::equity_after(CurrencyId currency, Money moved) const noexcept {
    if (currency == kAccountCurrency) return equity_ + moved;
    const Book& book = books_[currency];
    return equity_ + (currencies_.to_account(currency, book.worth + moved) - book.in_account);
}

Money Portfolio::worth(CurrencyId currency) const noexcept {
    if (currency != kAccountCurrency) return books_[currency].worth;
    Money rest = equity_;
    for (const Book& book : books_) rest -= book.in_account;  // of the account's own: zero
    return rest;
}

Money Portfolio::total_slow(Money Book::*figure) const noexcept {
    Money sum;
    for (std::size_t i = 0; i < books_.size(); ++i)
        sum += currencies_.to_account(static_cast<CurrencyId>(i), books_[i].*figure);
    return sum;
}

Money Portfolio::cash_slow() const noexcept {
    Money sum;
    for (std::size_t i = 0; i < books_.size(); ++i)
        sum += currencies_.at_least(static_cast<CurrencyId>(i), books_[i].cash);
    return sum;
}

Portfolio::ChargeSums Portfolio::charges_by_kind() const noexcept {
    ChargeSums out{};
    for (std::size_t i = 0; i < books_.size(); ++i)
        for (std::size_t k = 0; k < kChargeKindCount; ++k)
            out[k] += currencies_.to_account(static_cast<CurrencyId>(i), books_[i].charges[k]);
    return out;
}

// Equity never falls where a price rises that is held long, so its extremes are still at the price's; but
// two falls of the same height may come to a unit more or less, so a new peak is made tick by tick.
void Portfolio::track_foreign_run(const TickRun& run, const Position& position) noexcept {
    const CurrencyId currency = currencies_.of(run.symbol);
    const bool is_long = position.underlying.raw() > 0;
    const auto worth_at = [&, before = books_[currency].worth](Price price) {
        return before + (price - position.mark) * position.underlying;
    };
    if (equity_at(run.symbol, position, is_long ? run.high : run.low) > peak_) {
        Book& book = books_[currency];
        for (std::size_t i = 0; i < run.size; ++i)
            move_foreign(currency, worth_at(Price::from_raw(run.price[i])) - book.worth);
        return;
    }
    track_trough(equity_at(run.symbol, position, is_long ? run.low : run.high));
    move_foreign(currency, (run.last() - position.mark) * position.underlying);
}

// In prices, and turned into equity where a record was made: a scan of 64-bit numbers.
void Portfolio::track_peaks(const TickRun& run, const Position& position) noexcept {
    const bool is_short = position.underlying.raw() < 0;
    const Quantity held = position.underlying.abs();
    const std::int64_t mark = is_short ? -position.mark.raw() : position.mark.raw();
    const auto equity_of = [&](std::int64_t height) {
        return equity_ + PriceDelta::from_raw(height - mark) * held;
    };
    // Rounded down: the greatest height that is no new peak. It is below the run's highest.
    const auto room = static_cast<std::int64_t>((peak_ - equity_).raw() / held.raw());
    const PricePath path = follow_path(run, is_short, mark + room);
    if (path.low_before != INT64_MAX) track_trough(equity_of(path.low_before));
    peak_ = equity_of(path.high);
    trough_ = equity_of(path.low);
    const Money fall = PriceDelta::from_raw(path.depth) * held;
    if (fall > max_drawdown_) max_drawdown_ = fall;
}

}  // namespace sluice::pipeline
