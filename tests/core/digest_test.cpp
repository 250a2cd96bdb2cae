// The digest over a stream of values.
#include <sluice/core/digest.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "wide_int.hpp"

namespace sluice::core {
namespace {

std::string digest_of(const std::vector<std::uint64_t>& values) {
    Digest digest;
    for (const std::uint64_t value : values) digest.add(value);
    return digest.hex();
}

// Made with xxhsum 0.8.1 (`xxh128sum`) over the same bytes: the digest is the published XXH3 of
// the little-endian values, so another program can recompute it.
TEST(Digest, is_xxh3_of_the_little_endian_bytes) {
    EXPECT_EQ(Digest{}.hex(), "99aa06d3014798d86001c324468d497f");
    EXPECT_EQ(digest_of({1, 2, 3}), "d0d66ae2837a0117026f21f9c50dcf1f");
    Digest text;
    text.add(std::string_view{"IBM"});
    EXPECT_EQ(text.hex(), "130dd7c16ce8100ade6a4e5ed0f264a7");
}

TEST(Digest, takes_a_negative_number_by_its_bytes) {
    Digest sixty_four;
    sixty_four.add(std::int64_t{-1});
    EXPECT_EQ(sixty_four.hex(), digest_of({~std::uint64_t{0}}));
    Digest wide_one;
    wide_one.add(Int128{-2});
    EXPECT_EQ(wide_one.hex(), digest_of({~std::uint64_t{1}, ~std::uint64_t{0}}));
}

TEST(Digest, keeps_two_texts_apart) {
    const auto of = [](std::string_view a, std::string_view b) {
        Digest digest;
        digest.add(a);
        digest.add(b);
        return digest.hex();
    };
    EXPECT_NE(of("ab", "c"), of("a", "bc"));
    EXPECT_NE(of("", "abc"), of("abc", ""));
}

TEST(Digest, may_be_read_on_the_way) {
    Digest digest;
    digest.add(std::uint64_t{1});
    const std::string first = digest.hex();
    EXPECT_EQ(digest.hex(), first);
    digest.add(std::uint64_t{2});
    EXPECT_NE(digest.hex(), first);
    EXPECT_EQ(digest.hex(), digest_of({1, 2}));
}

RC_GTEST_PROP(Digest, changes_with_any_bit_and_with_the_order, ()) {
    auto values = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::uint64_t>>());
    const std::string before = digest_of(values);
    RC_ASSERT(before.size() == 32U);
    RC_ASSERT(before.find_first_not_of("0123456789abcdef") == std::string::npos);
    const auto at = *rc::gen::inRange<std::size_t>(0, values.size());
    const auto bit = *rc::gen::inRange(0, 64);
    auto changed = values;
    changed[at] ^= std::uint64_t{1} << bit;
    RC_ASSERT(digest_of(changed) != before);
    auto swapped = values;
    std::swap(swapped.front(), swapped[at]);
    RC_ASSERT((digest_of(swapped) == before) == (swapped == values));
    values.push_back(0);
    RC_ASSERT(digest_of(values) != before);
}

}  // namespace
}  // namespace sluice::core
