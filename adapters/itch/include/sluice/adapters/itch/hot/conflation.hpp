// Conflation: what becomes of trades and quotes when more has arrived than can be handed on one by
// one. Of each instrument the last quote stays, and of its trades the first, the highest, the
// lowest and the last, whose quantities add up to all that was traded.
//
// Threads   One.
// Bounds    Five events an instrument; memory at construction.
// Cost      Some compares a trade; at the end a sort of what is kept, so that it leaves in the order
//           of the exchange's messages.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::adapters::itch {

class Conflation {
  public:
    static constexpr std::size_t kEventsPerBook = 5;
    static constexpr std::uint64_t kVolumeMax = 90'000'000'000;  // what a Quantity holds

    struct Print {
        std::uint64_t place = 0;  // in the order of the messages
        std::int64_t time_ns = 0;
        std::uint64_t stamp = 0;
        std::uint64_t shares = 0;
        std::uint32_t price = 0;
    };
    // One event to hand on: a trade, or (shares 0) that the top of the book has changed.
    struct Kept {
        Print print;
        std::uint16_t book = 0;
        bool merged = false;  // stands for several
    };

    explicit Conflation(std::size_t books)
        : bursts_(books), touched_(books), kept_(books * kEventsPerBook) {}

    [[nodiscard]] bool empty() const noexcept { return touched_count_ == 0; }

    // False when so many shares cannot have been traded: the trade is not taken.
    [[nodiscard]] bool trade(std::uint16_t book, const Print& print) noexcept {
        Burst& burst = touch(book);
        if (burst.volume + print.shares > kVolumeMax) [[unlikely]]
            return false;
        if (burst.trades == 0) burst.first = burst.high = burst.low = print;
        if (print.price > burst.high.price) burst.high = print;
        if (print.price < burst.low.price) burst.low = print;
        burst.last = print;
        burst.volume += print.shares;
        ++burst.trades;
        return true;
    }
    // The top of the book has changed.
    void quote(std::uint16_t book, std::uint64_t place, std::int64_t time_ns,
               std::uint64_t stamp) noexcept {
        Burst& burst = touch(book);
        burst.quote = {place, time_ns, stamp, 0, 0};
        ++burst.quotes;
    }

    // Calls fn(kept) for each event in order, forgets all, and returns how many trades and quotes
    // were merged into another.
    template <class Fn>
    std::uint64_t flush(Fn&& fn) noexcept {
        std::size_t count = 0;
        std::uint64_t merged = 0;
        for (std::size_t i = 0; i < touched_count_; ++i) merged += collect(touched_[i], count);
        touched_count_ = 0;
        std::sort(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(count),
                  [](const Kept& a, const Kept& b) { return a.print.place < b.print.place; });
        for (std::size_t i = 0; i < count; ++i) fn(kept_[i]);
        return merged;
    }

  private:
    struct Burst {
        std::uint64_t trades = 0;
        std::uint64_t quotes = 0;
        std::uint64_t volume = 0;
        Print first;
        Print high;
        Print low;
        Print last;
        Print quote;
    };

    Burst& touch(std::uint16_t book) noexcept {
        Burst& burst = bursts_[book];
        if (burst.trades == 0 && burst.quotes == 0) touched_[touched_count_++] = book;
        return burst;
    }
    // Appends the burst's events to kept_ and empties it.
    std::uint64_t collect(std::uint16_t book, std::size_t& count) noexcept {
        Burst& burst = bursts_[book];
        std::uint64_t merged = 0;
        if (burst.trades != 0) {
            std::uint64_t others = 0;  // shares of all kept but the last
            std::uint64_t prints = 1;
            const std::array<const Print*, 3> early{&burst.first, &burst.high, &burst.low};
            for (std::size_t i = 0; i < early.size(); ++i) {
                bool again = early[i]->place == burst.last.place;
                for (std::size_t j = 0; j < i; ++j) again |= early[j]->place == early[i]->place;
                if (again) continue;
                kept_[count++] = {*early[i], book, false};
                others += early[i]->shares;
                ++prints;
            }
            merged += burst.trades - prints;
            burst.last.shares = burst.volume - others;
            kept_[count++] = {burst.last, book, burst.trades != prints};
        }
        if (burst.quotes != 0) {
            merged += burst.quotes - 1;
            kept_[count++] = {burst.quote, book, burst.quotes != 1};
        }
        burst.trades = burst.quotes = burst.volume = 0;
        return merged;
    }

    std::vector<Burst> bursts_;
    std::vector<std::uint16_t> touched_;
    std::size_t touched_count_ = 0;
    std::vector<Kept> kept_;
};

}  // namespace sluice::adapters::itch
