// How many messages may leave within a second, and which orders have just been sent.
// Owned by the risk gate; memory at construction; constant time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

// The times of the last `most` messages: a further one fits when the oldest is a second old. 0: any
// number fits. A cancel counts and is never held back.
class MessageRate {
  public:
    explicit MessageRate(std::size_t most) : times_(most, StreamTime::min()) {}

    [[nodiscard]] bool has_room(StreamTime now) const noexcept {
        return times_.empty() || times_[next_] == StreamTime::min() ||
               now - times_[next_] >= kWindow;
    }
    void count(StreamTime now) noexcept {
        if (times_.empty()) return;
        times_[next_] = now;
        next_ = next_ + 1 == times_.size() ? 0 : next_ + 1;
    }

  private:
    static constexpr Nanos kWindow{1'000'000'000};
    std::vector<StreamTime> times_;
    std::size_t next_ = 0;
};

// The orders approved within a window, so that the same one again is noticed. The ring has room for
// all that the order rate lets through within the window, so none is forgotten too soon; orders of
// one hash are chained, youngest first.
class DuplicateFilter {
  public:
    // `rate`: orders a second at most. A window of zero: nothing is a duplicate.
    DuplicateFilter(Nanos window, std::int64_t rate)
        : window_(window), ring_(window.count() > 0 ? capacity(window, rate) : 0),
          heads_(ring_.empty() ? 0 : std::bit_ceil(ring_.size()), 0) {}

    struct Key {
        SymbolId symbol;
        Side side;
        Price limit;
        Quantity quantity;
        friend bool operator==(const Key&, const Key&) = default;
    };
    [[nodiscard]] bool is_enabled() const noexcept { return !ring_.empty(); }
    [[nodiscard]] bool contains(const Key& key, StreamTime now) const noexcept {
        if (ring_.empty()) return false;
        for (std::uint64_t n = heads_[slot_of(key)]; n != 0;) {
            const Entry& entry = ring_[n % ring_.size()];
            if (entry.number != n || now - entry.time >= window_) return false;
            if (entry.key == key) return true;
            n = entry.before;
        }
        return false;
    }
    void add(const Key& key, StreamTime now) noexcept {
        if (ring_.empty()) return;
        std::uint64_t& head = heads_[slot_of(key)];
        const std::uint64_t number = ++last_;
        ring_[number % ring_.size()] = {key, now, number, head};
        head = number;
    }

  private:
    struct Entry {
        Key key{};
        StreamTime time{};
        std::uint64_t number = 0;
        std::uint64_t before = 0;  // of the same hash; 0: none
    };

    [[nodiscard]] static std::size_t capacity(Nanos window, std::int64_t rate) {
        constexpr std::int64_t kSecond = 1'000'000'000;
        return static_cast<std::size_t>((window.count() / kSecond + 2) * rate);
    }
    [[nodiscard]] std::size_t slot_of(const Key& key) const noexcept {
        std::uint64_t hash = static_cast<std::uint64_t>(key.limit.raw()) * 0x9E37'79B9'7F4A'7C15U;
        hash ^= static_cast<std::uint64_t>(key.quantity.raw()) * 0xBF58'476D'1CE4'E5B9U;
        hash ^= (core::index_of(key.symbol) * 2U + static_cast<unsigned>(key.side)) *
                0x94D0'49BB'1331'11EBU;
        return static_cast<std::size_t>(hash >> 20U) & (heads_.size() - 1);
    }

    Nanos window_;
    std::vector<Entry> ring_;
    std::vector<std::uint64_t> heads_;
    std::uint64_t last_ = 0;
};

}  // namespace sluice::pipeline
