#include <sluice/accounting/round_trips.hpp>

#include <algorithm>
#include <utility>

namespace sluice::accounting {
namespace {

using core::Money;
using core::Quantity;
using pipeline::RoundTrip;
using pipeline::Side;

Money share(Money whole, Quantity part, Quantity of) {
    return Money::from_raw(
        core::mul_div(whole.raw(), part.raw(), of.raw(), core::Rounding::kTowardZero));
}

}  // namespace

RoundTrips::Lot RoundTrips::split(Lot& from, Quantity quantity) {
    Lot part = from;
    part.quantity = quantity;
    if (quantity != from.quantity) {
        part.value = share(from.value, quantity, from.quantity);
        part.commission = share(from.commission, quantity, from.quantity);
    }
    from.quantity -= part.quantity;
    from.value -= part.value;
    from.commission -= part.commission;
    return part;
}

void RoundTrips::take(const pipeline::FillRecord& fill) {
    const std::size_t symbol = core::index_of(fill.symbol);
    if (symbol >= books_.size() || fill.quantity.is_zero()) return;
    Book& book = books_[symbol];
    const core::Money value = fill.price * sizes_[symbol].underlying(fill.quantity);
    Lot left{fill.time, fill.order, fill.quantity, value, fill.commission};
    while (!left.quantity.is_zero() && !book.lots.empty() && book.side != fill.side) {
        Lot& oldest = book.lots.front();
        const Quantity size = std::min(left.quantity, oldest.quantity);
        const Lot entry = split(oldest, size);
        const Lot exit = split(left, size);
        match(book, fill, entry, exit);
        if (oldest.quantity.is_zero()) book.lots.pop_front();
    }
    if (left.quantity.is_zero()) return;
    book.side = fill.side;
    book.lots.push_back(left);
}

// The parts of one pair of orders follow one another, with first in, first out.
void RoundTrips::match(Book& book, const pipeline::FillRecord& fill, const Lot& entry,
                       const Lot& exit) {
    const bool goes_on = book.last < trips_.size() && trips_[book.last].entry == entry.order &&
                         trips_[book.last].exit == exit.order &&
                         trips_[book.last].side == book.side;
    if (!goes_on) {
        book.last = trips_.size();
        RoundTrip begun;
        begun.opened = entry.opened;
        begun.symbol = fill.symbol;
        begun.side = book.side;
        begun.entry = entry.order;
        begun.exit = exit.order;
        trips_.push_back(begun);
    }
    RoundTrip& trip = trips_[book.last];
    trip.closed = fill.time;
    trip.quantity += entry.quantity;
    const auto in_account = [&](Money amount) {
        return currencies_.to_account(fill.symbol, amount);
    };
    trip.entry_value += in_account(entry.value);
    trip.exit_value += in_account(exit.value);
    trip.commission += in_account(entry.commission + exit.commission);
}

std::vector<RoundTrip> RoundTrips::finish() {
    std::stable_sort(trips_.begin(), trips_.end(),
                     [](const RoundTrip& a, const RoundTrip& b) { return a.closed < b.closed; });
    for (Book& book : books_) book.last = SIZE_MAX;
    return std::exchange(trips_, {});
}

template <class Figure>
Money RoundTrips::open_sum(Figure figure) const {
    Money sum;
    for (std::size_t i = 0; i < books_.size(); ++i) {
        Money own;
        for (const Lot& lot : books_[i].lots) own += figure(books_[i], lot);
        sum += currencies_.to_account(static_cast<core::SymbolId>(i), own);
    }
    return sum;
}

Money RoundTrips::open_value() const {
    return open_sum([](const Book& book, const Lot& lot) {
        return book.side == Side::kBuy ? lot.value : -lot.value;
    });
}

Money RoundTrips::open_commission() const {
    return open_sum([](const Book&, const Lot& lot) { return lot.commission; });
}

}  // namespace sluice::accounting
