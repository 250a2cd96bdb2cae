// A series for drawing, thinned while it grows: of each stretch of neighbours the lowest and the
// highest point stay, and so do the first and the last of all. When the room is used up, stretches
// become twice as long, so what is kept is spread evenly whatever the length turns out to be.
//
// Threads   One.
// Bounds    `limit` points, whose memory is taken at construction; all are kept up to limit - 2 of
//           them, then between a half and all of the limit.
// Cost      Two comparisons a point; each halving is paid for by as many points as it halves.
//
//   |lo hi|lo hi|lo hi|lo hi|   full: neighbours are merged   |lo    hi|lo    hi|.....|.....|
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice::core {

// ValueOf()(point): what is compared.
template <class Point, class ValueOf>
class ThinSeries {
  public:
    // A limit below 4 counts as 4.
    explicit ThinSeries(std::size_t limit)
        : stretches_max_((std::max<std::size_t>(limit, 4) - 2) / 2), stretches_(stretches_max_) {
        stretches_.clear();  // the memory stays, and has been touched
    }

    void add(const Point& point) {
        const Numbered added{size_++, point};
        if (added.index == 0) first_ = added;
        last_ = added;
        if (in_last_ == length_ && stretches_.size() == stretches_max_) halve();
        if (!stretches_.empty() && in_last_ < length_) {
            ++in_last_;
            return join(stretches_.back(), {added, added});
        }
        stretches_.push_back({added, added});
        in_last_ = 1;
    }

    // Of all points that were added.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    // Those kept, in their order.
    [[nodiscard]] std::vector<Point> points() const {
        std::vector<Point> out;
        std::uint64_t next = 0;  // index after the last one put out
        const auto put = [&](const Numbered& point) {
            if (point.index < next || size_ == 0) return;
            out.push_back(point.point);
            next = point.index + 1;
        };
        put(first_);
        for (const Stretch& s : stretches_) {
            put(s.lowest.index < s.highest.index ? s.lowest : s.highest);
            put(s.lowest.index < s.highest.index ? s.highest : s.lowest);
        }
        put(last_);
        return out;
    }

  private:
    struct Numbered {
        std::uint64_t index = 0;
        Point point{};
    };
    struct Stretch {
        Numbered lowest;
        Numbered highest;
    };

    static void join(Stretch& into, const Stretch& later) {
        const ValueOf value_of;
        if (value_of(later.lowest.point) < value_of(into.lowest.point)) into.lowest = later.lowest;
        // Of equal ones the lowest is the first and the highest the last, so that two equal points
        // are both kept.
        if (!(value_of(later.highest.point) < value_of(into.highest.point)))
            into.highest = later.highest;
    }
    // An odd last one stays as it is, half filled.
    void halve() {
        const std::size_t half = stretches_.size() / 2;
        for (std::size_t i = 0; i < half; ++i) {
            stretches_[i] = stretches_[2 * i];
            join(stretches_[i], stretches_[2 * i + 1]);
        }
        in_last_ = 2 * length_;
        if (stretches_.size() % 2 != 0) {
            stretches_[half] = stretches_.back();
            in_last_ = length_;
        }
        stretches_.resize(half + stretches_.size() % 2);
        length_ *= 2;
    }

    std::size_t stretches_max_;
    std::uint64_t length_ = 2;  // points of a full stretch: at first, all of them are kept
    std::uint64_t in_last_ = 2;
    std::uint64_t size_ = 0;
    Numbered first_;
    Numbered last_;
    std::vector<Stretch> stretches_;
};

}  // namespace sluice::core
