// One instrument's displayed levels, and what our own orders have taken of them (venue.market = "book").
//
// The book is a LevelBook, which has the rule of sequence. It is whole while it is live, between complete
// events, and its best prices do not meet; only then is anything displayed. What was taken at a level is
// gone: an update of that level gives back only what exceeds it, until the level goes. What a snapshot does
// not reach down to stays taken.
//
// Sequencer's thread only. Bounds: the levels a side given at construction, and kTakenMost prices a side of
// which something is taken; at other levels nothing is available then. Cost: that of LevelBook.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/book_ladder.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/level_book.hpp>

namespace sluice::adapters::sim_venue {

class VenueBook {
  public:
    static constexpr std::size_t kTakenMost = 1024;

    // What an update has changed.
    struct Change {
        bool level = false;     // what stands at its price
        bool replaced = false;  // a snapshot is complete: all of it
        bool ended = false;     // its event: the book may be whole
    };
    struct Level {
        core::Price price;
        core::Quantity available;
    };

    explicit VenueBook(std::size_t levels);

    [[gnu::hot]] Change apply(const pipeline::Event& event) noexcept;

    [[nodiscard]] bool is_whole() const noexcept {
        return !in_event_ && book_.state() == pipeline::BookState::kLive && !crossed();
    }
    // Zero: none, or the book is not whole.
    [[nodiscard]] core::Price best(pipeline::Side side) const noexcept {
        return is_whole() && depth(side) != 0 ? book_.level(side, 0).price : core::Price{};
    }
    [[nodiscard]] std::size_t depth(pipeline::Side side) const noexcept {
        return book_.depth(side);
    }
    // The n-th best, from 0, less what was taken; n < depth(side).
    [[nodiscard]] Level level(pipeline::Side side, std::size_t n) const noexcept {
        const pipeline::BookLevel shown = book_.level(side, n);
        return {shown.price, available(side, shown.price, shown.quantity)};
    }
    [[nodiscard]] core::Quantity shown_at(pipeline::Side side, core::Price price) const noexcept {
        return book_.quantity_at(side, price);
    }
    // Whether nothing is known of the price: it lies behind the last level.
    [[nodiscard]] bool is_beyond(pipeline::Side side, core::Price price) const noexcept {
        if (depth(side) == 0) return true;
        const core::Price last = book_.level(side, depth(side) - 1).price;
        return side == pipeline::Side::kBuy ? price < last : price > last;
    }
    // No more than is available there.
    void take(pipeline::Side side, core::Price price, core::Quantity quantity) noexcept;

    // An order came while the book was not whole.
    void count_unready() noexcept { ++unready_; }
    [[nodiscard]] std::uint64_t unready() const noexcept { return unready_; }
    [[nodiscard]] const pipeline::LevelBook& book() const noexcept { return book_; }

  private:
    using Ladder = pipeline::BookLadder<std::int64_t>;

    [[nodiscard]] bool crossed() const noexcept {
        return book_.two_sided() && book_.level(pipeline::Side::kBuy, 0).price >=
                                        book_.level(pipeline::Side::kSell, 0).price;
    }
    [[nodiscard]] const Ladder& taken(pipeline::Side side) const noexcept {
        return taken_[side == pipeline::Side::kBuy ? 0 : 1];
    }
    [[nodiscard]] core::Quantity available(pipeline::Side side, core::Price price,
                                           core::Quantity shown) const noexcept;
    void forget_gone(pipeline::Side side) noexcept;

    pipeline::LevelBook book_;
    std::array<Ladder, 2> taken_;  // by price, of bids and of asks
    bool in_event_ = false;
    std::uint64_t unready_ = 0;
};

}  // namespace sluice::adapters::sim_venue
