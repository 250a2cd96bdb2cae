#include <cstdint>
#include <deque>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/hot/fixed_queue.hpp>

namespace {

using sluice::core::FixedQueue;
using sluice::core::Prefault;

// Even: push; else pop.
RC_GTEST_PROP(FixedQueue, gives_back_what_went_in_first, ()) {
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 9);
    FixedQueue<std::uint64_t> queue{capacity, *rc::gen::element(Prefault::kNo, Prefault::kYes)};
    std::deque<std::uint64_t> model;
    const std::size_t room = queue.room();
    RC_ASSERT(room >= capacity);
    for (const std::uint64_t value : *rc::gen::container<std::vector<std::uint64_t>>(
             rc::gen::inRange<std::uint64_t>(0, 1'000))) {
        if (value % 2 == 0 && queue.room() > 0) {
            queue.push(value);
            model.push_back(value);
        } else if (!queue.empty()) {
            RC_ASSERT(queue.front() == model.front());
            queue.pop();
            model.pop_front();
        }
        RC_ASSERT(queue.empty() == model.empty());
        RC_ASSERT(queue.room() == room - model.size());
    }
}

}  // namespace
