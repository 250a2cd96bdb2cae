// The refs that one client has used up, kept for the session: no ref may name two orders.
// One thread. Refs that rise one by one, as clients' do, take one interval whatever their number;
// others take a node of a tree each (about 50 bytes). Allocates.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace sluice::adapters::exchange {

class UsedRefs {
  public:
    [[nodiscard]] bool contains(std::uint64_t ref) const {
        if (spans_.empty() || ref > highest_) return false;
        const auto after = spans_.upper_bound(ref);
        return after != spans_.begin() && ref <= std::prev(after)->second;
    }
    // ref is not contained.
    void insert(std::uint64_t ref) {
        if (!spans_.empty() && ref > highest_) {
            if (ref == highest_ + 1)
                std::prev(spans_.end())->second = ref;
            else
                spans_.emplace_hint(spans_.end(), ref, ref);
            highest_ = ref;
            return;
        }
        auto after = spans_.upper_bound(ref);
        if (after == spans_.end()) highest_ = ref;
        const bool joins_next = after != spans_.end() && after->first == ref + 1;
        if (after != spans_.begin() && std::prev(after)->second + 1 == ref) {
            const auto before = std::prev(after);
            before->second = joins_next ? after->second : ref;
            if (joins_next) spans_.erase(after);
        } else if (joins_next) {
            const std::uint64_t last = after->second;
            spans_.emplace_hint(spans_.erase(after), ref, last);
        } else {
            spans_.emplace_hint(after, ref, ref);
        }
    }
    [[nodiscard]] std::size_t intervals() const noexcept { return spans_.size(); }

  private:
    std::map<std::uint64_t, std::uint64_t> spans_;  // first -> last, both included
    std::uint64_t highest_ = 0;
};

}  // namespace sluice::adapters::exchange
