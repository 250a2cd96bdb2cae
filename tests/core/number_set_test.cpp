#include <sluice/core/number_set.hpp>

#include <cstddef>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::core {
namespace {

RC_GTEST_PROP(NumberSet, holds_what_was_put_in_and_nothing_else, ()) {
    NumberSet numbers;
    std::set<std::uint64_t> plain;
    for (const std::uint64_t number : *rc::gen::container<std::vector<std::uint64_t>>(
             rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 30),
                            rc::gen::inRange<std::uint64_t>(UINT64_MAX - 3, UINT64_MAX)))) {
        RC_ASSERT(numbers.contains(number) == (plain.count(number) != 0));
        if (!plain.insert(number).second) continue;
        numbers.insert(number);
    }
    std::size_t intervals = 0;
    for (const std::uint64_t number : plain)
        intervals += number == 0 || !plain.count(number - 1) ? 1U : 0U;
    RC_ASSERT(numbers.intervals() == intervals);
    for (std::uint64_t number = 0; number < 32; ++number)
        RC_ASSERT(numbers.contains(number) == (plain.count(number) != 0));
}

}  // namespace
}  // namespace sluice::core
