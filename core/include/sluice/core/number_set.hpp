// NumberSet: numbers that have been used and may not be used again, kept as intervals.
// One thread. Numbers that rise one by one take one interval whatever their count; others take a
// node of a tree each (about 50 bytes). Allocates.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace sluice::core {

class NumberSet {
  public:
    [[nodiscard]] bool contains(std::uint64_t number) const {
        if (spans_.empty() || number > highest_) return false;
        const auto after = spans_.upper_bound(number);
        return after != spans_.begin() && number <= std::prev(after)->second;
    }
    // number is not contained.
    void insert(std::uint64_t number) {
        if (!spans_.empty() && number > highest_) {
            if (number == highest_ + 1)
                std::prev(spans_.end())->second = number;
            else
                spans_.emplace_hint(spans_.end(), number, number);
            highest_ = number;
            return;
        }
        auto after = spans_.upper_bound(number);
        if (after == spans_.end()) highest_ = number;
        const bool joins_next = after != spans_.end() && after->first == number + 1;
        if (after != spans_.begin() && std::prev(after)->second + 1 == number) {
            const auto before = std::prev(after);
            before->second = joins_next ? after->second : number;
            if (joins_next) spans_.erase(after);
        } else if (joins_next) {
            const std::uint64_t last = after->second;
            spans_.emplace_hint(spans_.erase(after), number, last);
        } else {
            spans_.emplace_hint(after, number, number);
        }
    }
    [[nodiscard]] std::size_t intervals() const noexcept { return spans_.size(); }

  private:
    std::map<std::uint64_t, std::uint64_t> spans_;  // first -> last, both included
    std::uint64_t highest_ = 0;
};

}  // namespace sluice::core
