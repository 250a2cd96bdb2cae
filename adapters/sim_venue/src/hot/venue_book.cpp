#include <sluice/adapters/sim_venue/hot/venue_book.hpp>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::adapters::sim_venue {

using core::Price;
using core::Quantity;
using pipeline::LevelOutcome;
using pipeline::Side;

namespace {

// What a row's side is called in the store; neither flag: refused by the book.
std::uint8_t letter_of(std::uint8_t flags) noexcept {
    if ((flags & pipeline::kFlagBidLevel) != 0) return 'B';
    return (flags & pipeline::kFlagAskLevel) != 0 ? 'A' : std::uint8_t{0};
}

}  // namespace

VenueBook::Change VenueBook::apply(const pipeline::Event& event) noexcept {
    const pipeline::LevelUpdate& update = event.level();
    const std::uint8_t letter = letter_of(event.flags());
    const std::uint64_t snapshots = book_.counts().snapshots;
    const LevelOutcome outcome =
        book_.apply({core::ns_since_epoch(event.time()), update.price.raw(), update.quantity.raw(),
                     update.sequence, update.previous, 0, letter, event.flags()});
    Change change;
    change.ended = (event.flags() & pipeline::kRowEventEnd) != 0;
    change.level = outcome == LevelOutcome::kSet || outcome == LevelOutcome::kDeleted;
    change.replaced = book_.counts().snapshots != snapshots;
    in_event_ = !change.ended;
    if (outcome == LevelOutcome::kDeleted) {
        Ladder& gone = taken_[letter == 'B' ? 0 : 1];
        if (const auto place = gone.find(update.price.raw()); place.found) gone.erase(place);
    }
    if (change.replaced) {
        forget_gone(Side::kBuy);
        forget_gone(Side::kSell);
    }
    return change;
}

// After a snapshot: levels that stand no more, as far down as it reaches.
void VenueBook::forget_gone(Side side) noexcept {
    Ladder& ladder = taken_[side == Side::kBuy ? 0 : 1];
    for (std::size_t n = ladder.size(); n-- > 0;) {
        const Price price = Price::from_raw(ladder.price_raw(n));
        if (!shown_at(side, price).is_zero() || is_beyond(side, price)) continue;
        ladder.erase(ladder.find(price.raw()));
    }
}

Quantity VenueBook::available(Side side, Price price, Quantity shown) const noexcept {
    const Ladder& ladder = taken(side);
    if (ladder.empty()) return shown;
    const auto place = ladder.find(price.raw());
    if (!place.found) return ladder.full() ? Quantity{} : shown;
    const Quantity gone = Quantity::from_raw(ladder.at(place));
    return shown > gone ? shown - gone : Quantity{};
}

void VenueBook::take(Side side, Price price, Quantity quantity) noexcept {
    Ladder& ladder = taken_[side == Side::kBuy ? 0 : 1];
    const auto place = ladder.find(price.raw());
    if (place.found) {
        ladder.at(place) += quantity.raw();
    } else {
        (void)ladder.insert(place, price.raw(), quantity.raw());  // available(): there is room
    }
}

}  // namespace sluice::adapters::sim_venue
