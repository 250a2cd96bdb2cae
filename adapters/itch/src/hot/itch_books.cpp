#include <sluice/adapters/itch/hot/itch_books.hpp>

namespace sluice::adapters::itch {

using pipeline::Side;

std::size_t ItchBooks::find(std::uint16_t book, std::uint64_t order) const noexcept {
    if (order > kOrderMax) [[unlikely]]
        return kNoSlot;
    const std::size_t slot = slot_of(key_of(book, order));
    return slots_[slot].shares != 0 ? slot : kNoSlot;
}

BookOutcome ItchBooks::add(std::uint16_t book, std::uint64_t order, Side side, std::uint32_t shares,
                           std::uint32_t price) noexcept {
    if (shares == 0 || price == 0 || price > kPriceMax || order > kOrderMax) [[unlikely]]
        return BookOutcome::kIllegal;
    const std::uint64_t key = key_of(book, order);
    const std::size_t slot = slot_of(key);
    if (slots_[slot].shares != 0) [[unlikely]]
        return BookOutcome::kIllegal;
    if (resting_ == order_capacity_) [[unlikely]]
        return BookOutcome::kFull;
    const std::uint32_t level = level_for(book, side, price);
    if (level == kNoLevel || levels_[level].shares + shares > kLevelSharesMax) [[unlikely]]
        return BookOutcome::kFull;  // a level just made holds nothing, so it has room
    levels_[level].shares += shares;
    slots_[slot] = {key, level, shares};
    ++resting_;
    return BookOutcome::kDone;
}

BookOutcome ItchBooks::take(std::uint16_t book, std::uint64_t order, std::uint32_t shares,
                            Order& before) noexcept {
    const std::size_t found = find(book, order);
    if (found == kNoSlot) [[unlikely]]
        return BookOutcome::kUnknownOrder;
    Slot& slot = slots_[found];
    const std::uint32_t left = slot.shares;
    const std::uint32_t level = slot.level;
    before = {levels_[level].price, left, levels_[level].side()};
    if (shares == 0) [[unlikely]]
        return BookOutcome::kIllegal;
    if (shares < left) {
        slot.shares = left - shares;
        reduce(level, shares);
        return BookOutcome::kDone;
    }
    reduce(level, left);
    erase(found);
    return shares == left ? BookOutcome::kDone : BookOutcome::kIllegal;
}

BookOutcome ItchBooks::remove(std::uint16_t book, std::uint64_t order) noexcept {
    const std::size_t found = find(book, order);
    if (found == kNoSlot) [[unlikely]]
        return BookOutcome::kUnknownOrder;
    const Slot slot = slots_[found];
    reduce(slot.level, slot.shares);
    erase(found);
    return BookOutcome::kDone;
}

BookOutcome ItchBooks::replace(std::uint16_t book, std::uint64_t order, std::uint64_t with,
                               std::uint32_t shares, std::uint32_t price) noexcept {
    const std::size_t found = find(book, order);
    if (found == kNoSlot) [[unlikely]]
        return BookOutcome::kUnknownOrder;
    const Side side = levels_[slots_[found].level].side();
    (void)remove(book, order);
    return add(book, with, side, shares, price);
}

// Closes the chain behind the slot, so that nothing is left to slow later probes.
void ItchBooks::erase(std::size_t slot) noexcept {
    std::size_t hole = slot;
    for (std::size_t i = (slot + 1) & mask_; slots_[i].shares != 0; i = (i + 1) & mask_) {
        // Moves back what would no longer be reached from its home across the hole.
        if (((i - home(slots_[i].key)) & mask_) < ((i - hole) & mask_)) continue;
        slots_[hole] = slots_[i];
        hole = i;
    }
    slots_[hole].shares = 0;
    --resting_;
}

std::uint32_t ItchBooks::level_for(std::uint16_t book, Side side, std::uint32_t price) noexcept {
    // Prices are mostly whole cents: 1e-4 would leave most of the hints unused.
    std::uint32_t& hint = books_[book].hints[(price / 100 + price) % kHints];
    const LevelSlot& hinted = levels_[hint];
    if (hinted.price == price && hinted.shares != 0 && hinted.book == book && hinted.side() == side)
        [[likely]]
        return hint;
    Ladder& levels = ladder(book, side);
    const auto place = levels.find(price);
    if (place.found) return hint = levels.at(place);
    if (levels.full()) [[unlikely]]
        return kNoLevel;
    std::uint32_t out = free_level_;
    if (out != kNoLevel)
        free_level_ = levels_[out].price;
    else
        out = ++used_levels_;  // there is room for all ladders
    levels_[out] = {0, price, book, static_cast<std::uint16_t>(side == Side::kSell ? 1 : 0)};
    (void)levels.insert(place, price, out);
    return hint = out;
}

// The level holds at least the shares of each of its orders.
void ItchBooks::reduce(std::uint32_t level, std::uint32_t shares) noexcept {
    if ((levels_[level].shares -= shares) == 0) drop(level);
}

void ItchBooks::drop(std::uint32_t level) noexcept {
    LevelSlot& it = levels_[level];
    Ladder& levels = ladder(it.book, it.side());
    levels.erase(levels.find(it.price));
    it.price = free_level_;
    free_level_ = level;
}

}  // namespace sluice::adapters::itch
