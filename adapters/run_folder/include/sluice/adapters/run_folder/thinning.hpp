// Thins a series for drawing without losing what the eye looks for: of each bucket of neighbours
// the lowest and the highest point stay, and so do the first and the last of all.
// Any thread. O(n) time, O(limit) memory; `value_of(i)` is called a few times for each i.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sluice::adapters::run_folder {

// Indices to keep, ascending, without repeats, at most `limit` of them (limit below 4 counts as 4).
// All indices when `size <= limit`.
template <class ValueOf>
[[nodiscard]] std::vector<std::size_t> thin(std::size_t size, std::size_t limit, ValueOf value_of) {
    std::vector<std::size_t> kept;
    limit = std::max<std::size_t>(limit, 4);
    kept.reserve(std::min(size, limit));
    if (size <= limit) {
        for (std::size_t i = 0; i < size; ++i) kept.push_back(i);
        return kept;
    }
    kept.push_back(0);
    // Between the first and the last, buckets of equal count give two points each.
    const std::size_t inner = size - 2;
    const std::size_t buckets = (limit - 2) / 2;
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
        const std::size_t begin = 1 + inner * bucket / buckets;
        const std::size_t end = 1 + inner * (bucket + 1) / buckets;
        std::size_t lowest = begin;
        std::size_t highest = begin;
        for (std::size_t i = begin; i < end; ++i) {
            if (value_of(i) < value_of(lowest)) lowest = i;
            if (value_of(highest) < value_of(i)) highest = i;
        }
        kept.push_back(std::min(lowest, highest));
        if (lowest != highest) kept.push_back(std::max(lowest, highest));
    }
    kept.push_back(size - 1);
    return kept;
}

}  // namespace sluice::adapters::run_folder
