// The store's column codec: every input comes back, the bytes are those of the specification, both
// decoders agree, and damaged bytes do no harm.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace sluice::tests {
namespace {

using adapters::tick_store::CodecPath;
using adapters::tick_store::ColumnCursor;
using adapters::tick_store::ColumnHeader;
using adapters::tick_store::ColumnWidth;
using adapters::tick_store::decode_column;
using adapters::tick_store::encode_bound;
using adapters::tick_store::encode_column;
using adapters::tick_store::kBlockValues;
using adapters::tick_store::kChunkValues;
using Bytes = std::vector<std::byte>;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

template <class T>
Bytes packed(const std::vector<T>& values) {
    Bytes out(encode_bound(values.size(), static_cast<ColumnWidth>(sizeof(T))));
    const std::size_t bytes = encode_column(std::span<const T>{values}, std::span{out});
    EXPECT_GT(bytes, 0U);
    EXPECT_LE(bytes, out.size());
    out.resize(bytes);
    out.shrink_to_fit();  // so that a sanitizer sees one byte beyond
    return out;
}

template <class T>
bool comes_back(const std::vector<T>& values) {
    const Bytes bytes = packed(values);
    for (const CodecPath path : {CodecPath::kFastest, CodecPath::kPortable}) {
        std::vector<T> out(values.size());
        if (!decode_column(std::span<const std::byte>{bytes}, std::span{out}, path)) return false;
        if (out != values) return false;
    }
    return true;
}

// Bits a value, without the header.
template <class T>
double bits_each(const std::vector<T>& values) {
    return 8.0 * static_cast<double>(packed(values).size() - 8) /
           static_cast<double>(values.size());
}

// Runs, ramps, walks and noise of every width, one after the other, as columns are.
template <class T>
std::vector<T> patchwork(std::mt19937_64& random, std::size_t size) {
    std::vector<T> out;
    while (out.size() < size) {
        const std::uint64_t divisor = std::array<std::uint64_t, 6>{
            1, 3, 1'000'000, 100'000'000, 10'000'000'000, std::uint64_t{1} << 40U}[random() % 6];
        const std::uint64_t range = random() >> random() % 64;
        const std::uint64_t kind = random() % 4;
        std::uint64_t value = random() >> random() % 64;
        const std::size_t run = std::min<std::size_t>(size - out.size(), 1 + random() % 3000);
        for (std::size_t i = 0; i < run; ++i) {
            const std::uint64_t noise = range == 0 ? 0 : random() % range * divisor;
            const std::uint64_t steps[] = {value, value + noise, value += noise,
                                           value += range * divisor};
            out.push_back(static_cast<T>(steps[kind]));
        }
    }
    return out;
}

template <class T>
class ColumnCodec : public testing::Test {};
using Types = testing::Types<std::int64_t, std::uint32_t, std::uint8_t>;
TYPED_TEST_SUITE(ColumnCodec, Types);

TYPED_TEST(ColumnCodec, returns_any_column_of_any_length) {
    std::mt19937_64 random{1};
    for (int i = 0; i < 300; ++i) {
        const std::size_t size = random() % 20'001;
        ASSERT_TRUE(comes_back(patchwork<TypeParam>(random, size))) << "round " << i;
    }
    for (std::size_t size = 0; size < 2100; size += size < 300 || size > 1000 ? 1 : 97) {
        ASSERT_TRUE(comes_back(patchwork<TypeParam>(random, size))) << size << " values";
    }
}

TYPED_TEST(ColumnCodec, returns_every_number_of_bits) {
    std::mt19937_64 random{2};
    for (unsigned bits = 0; bits <= 64; ++bits) {
        std::vector<TypeParam> values(kBlockValues * 2);
        for (TypeParam& value : values) {
            value = static_cast<TypeParam>(bits == 0 ? 7 : random() >> (64 - bits));
        }
        ASSERT_TRUE(comes_back(values)) << bits;
        std::partial_sum(values.begin(), values.end(), values.begin(),
                         [](TypeParam a, TypeParam b) {
                             return static_cast<TypeParam>(static_cast<std::uint64_t>(a) +
                                                           static_cast<std::uint64_t>(b));
                         });
        ASSERT_TRUE(comes_back(values)) << bits;
    }
}

TYPED_TEST(ColumnCodec, returns_its_least_and_greatest_values) {
    using Limits = std::numeric_limits<TypeParam>;
    std::vector<TypeParam> values(1500, Limits::max());
    ASSERT_TRUE(comes_back(values));
    for (std::size_t i = 0; i < values.size(); i += 1 + i % 3) values[i] = Limits::min();
    EXPECT_TRUE(comes_back(values));
    values[700] = 0;
    values[701] = 1;
    EXPECT_TRUE(comes_back(values));
    std::fill(values.begin(), values.end(), Limits::min());
    EXPECT_TRUE(comes_back(values));
}

RC_GTEST_PROP(ColumnCodecProperty, int64_values_come_back, (const std::vector<std::int64_t>& v)) {
    RC_ASSERT(comes_back(v));
}
RC_GTEST_PROP(ColumnCodecProperty, uint32_values_come_back, (const std::vector<std::uint32_t>& v)) {
    RC_ASSERT(comes_back(v));
}
RC_GTEST_PROP(ColumnCodecProperty, uint8_values_come_back, (const std::vector<std::uint8_t>& v)) {
    RC_ASSERT(comes_back(v));
}
RC_GTEST_PROP(ColumnCodecProperty, scaled_values_come_back, ()) {
    const auto scale = *rc::gen::element<std::int64_t>(1, 7, 1'000'000, 9'999'999'967, kMost);
    const auto offset = *rc::gen::arbitrary<std::int64_t>();
    std::vector<std::int64_t> values = *rc::gen::container<std::vector<std::int64_t>>(
        *rc::gen::inRange<std::size_t>(0, 3000), rc::gen::inRange<std::int64_t>(0, 1 << 20));
    for (std::int64_t& value : values) {
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) *
                                              static_cast<std::uint64_t>(scale) +
                                          static_cast<std::uint64_t>(offset));
    }
    RC_ASSERT(comes_back(values));
}

TEST(ColumnCodecLayout, writes_a_frame_as_specified) {
    // 5 + 3 * {0, 1, 2, 3, 0, ...}: two bits each, number i in lane i % 4 at bit (i / 4) * 2.
    std::vector<std::int64_t> values(256);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 5 + 3 * std::int64_t(i % 8 / 2);
    const Bytes bytes = packed(values);
    ASSERT_EQ(bytes.size(), 8U + 20U + 64U);
    const auto at = [&bytes](std::size_t i) { return std::to_integer<int>(bytes[i]); };
    const std::array<int, 28> head{1, 8, 0, 0, 0, 1, 0, 0,   // layout, width, values
                                   1, 0, 0, 0, 2, 0, 0, 0,   // mode, shift, bits
                                   3, 0, 0, 0,               // factor
                                   5, 0, 0, 0, 0, 0, 0, 0};  // base
    for (std::size_t i = 0; i < head.size(); ++i) EXPECT_EQ(at(i), head[i]) << i;
    // Values run 0 0 1 1 2 2 3 3: lanes 0 and 1 hold 0, 2, 0, 2, ...; lanes 2 and 3 hold 1, 3, ...
    for (std::size_t row = 0; row < 2; ++row) {
        for (std::size_t i = 0; i < 32; ++i) {
            EXPECT_EQ(at(28 + row * 32 + i), i < 16 ? 0x88 : 0xDD) << row << ' ' << i;
        }
    }
}

TEST(ColumnCodecLayout, writes_strides_as_specified) {
    // 1000, 1025, ...: strides of 100, so every number is 0 and start is one stride before.
    std::vector<std::int64_t> values(kBlockValues);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1000 + 25 * std::int64_t(i);
    const Bytes bytes = packed(values);
    ASSERT_EQ(bytes.size(), 8U + 52U);
    const std::array<std::uint8_t, 20> head{2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 100};
    EXPECT_EQ(std::memcmp(bytes.data() + 8, head.data(), head.size()), 0);
    const std::array<std::int64_t, 4> start{900, 925, 950, 975};
    EXPECT_EQ(std::memcmp(bytes.data() + 28, start.data(), sizeof start), 0);
}

TEST(ColumnCodecLayout, writes_a_dictionary_as_specified) {
    std::vector<std::uint8_t> values(256, 'N');
    values[1] = 'P';
    values[255] = 'Q';
    const Bytes bytes = packed(values);
    const auto at = [&bytes](std::size_t i) { return std::to_integer<int>(bytes[i]); };
    ASSERT_EQ(bytes.size(), 8U + 4U + 3U + 64U);
    const std::array<int, 15> head{1, 1, 0, 0, 0, 1, 0, 0, 2, 2, 3, 0, 'N', 'P', 'Q'};
    for (std::size_t i = 0; i < head.size(); ++i) EXPECT_EQ(at(i), head[i]) << i;
    EXPECT_EQ(at(15 + 1), 1);        // number 1: lane 1, first bits of row 0
    EXPECT_EQ(at(15 + 63), 2 << 6);  // number 255: lane 31, last bits of row 1
    EXPECT_EQ(std::count(bytes.begin() + 15, bytes.end(), std::byte{0}), 62);
}

TEST(ColumnCodecSize, takes_no_more_than_its_bound) {
    std::mt19937_64 random{4};
    std::vector<std::int64_t> noise(kChunkValues);
    for (std::int64_t& value : noise) value = static_cast<std::int64_t>(random());
    EXPECT_EQ(packed(noise).size(), encode_bound(noise.size(), ColumnWidth::kEight));
    EXPECT_EQ(encode_bound(kChunkValues, ColumnWidth::kEight), 8U + 16U + 8U * kChunkValues);
    EXPECT_EQ(encode_bound(1, ColumnWidth::kOne), 10U);
    EXPECT_EQ(encode_bound(0, ColumnWidth::kFour), 8U);
}

TEST(ColumnCodecSize, takes_out_what_divides_all_values) {
    std::mt19937_64 random{5};
    std::vector<std::int64_t> lots(kChunkValues);  // 1..127 lots of 100 shares
    for (std::int64_t& value : lots) {
        value = static_cast<std::int64_t>(1 + random() % 127) * 10'000'000'000;
    }
    EXPECT_LT(bits_each(lots), 7.2);
    std::vector<std::int64_t> times(kChunkValues);  // milliseconds, up to 15 apart
    std::int64_t now = 1'381'132'800'000'000'000;
    for (std::int64_t& value : times) {
        value = now += static_cast<std::int64_t>(random() % 16) * 1'000'000;
    }
    EXPECT_LT(bits_each(times), 6.5);
}

TEST(ColumnCodecSize, takes_almost_nothing_for_constants_and_ramps) {
    EXPECT_LT(bits_each(std::vector<std::int64_t>(kChunkValues, kLeast)), 0.2);
    EXPECT_LT(bits_each(std::vector<std::uint32_t>(kChunkValues, 17)), 0.1);
    EXPECT_LT(bits_each(std::vector<std::uint8_t>(kChunkValues, 0)), 0.05);
    std::vector<std::int64_t> minutes(kChunkValues);
    for (std::size_t i = 0; i < minutes.size(); ++i) {
        minutes[i] = std::int64_t(i) * 60'000'000'000;
    }
    EXPECT_LT(bits_each(minutes), 0.45);
}

TEST(ColumnCodecRefusal, writes_nothing_into_too_little_room) {
    const std::vector<std::uint32_t> values(100, 1);
    Bytes out(encode_bound(values.size(), ColumnWidth::kFour) - 1, std::byte{0xAA});
    EXPECT_EQ(encode_column(std::span<const std::uint32_t>{values}, std::span{out}), 0U);
    EXPECT_EQ(std::count(out.begin(), out.end(), std::byte{0xAA}), std::ptrdiff_t(out.size()));
}

template <class T>
bool decodes(const Bytes& bytes, std::size_t values) {
    std::vector<T> out(values);
    const bool ok = decode_column(std::span<const std::byte>{bytes}, std::span{out});
    std::vector<T> portable(values);
    EXPECT_EQ(ok, decode_column(std::span<const std::byte>{bytes}, std::span{portable},
                                CodecPath::kPortable));
    EXPECT_TRUE(!ok || out == portable);
    return ok;
}

TYPED_TEST(ColumnCodec, refuses_another_type_another_count_and_spare_bytes) {
    std::mt19937_64 random{6};
    Bytes bytes = packed(patchwork<TypeParam>(random, 2000));
    EXPECT_TRUE(decodes<TypeParam>(bytes, 2000));
    EXPECT_FALSE(decodes<TypeParam>(bytes, 1999));
    EXPECT_FALSE(decodes<TypeParam>(bytes, 2001));
    EXPECT_EQ(decodes<std::uint32_t>(bytes, 2000), sizeof(TypeParam) == 4);
    EXPECT_EQ(decodes<std::uint8_t>(bytes, 2000), sizeof(TypeParam) == 1);
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decodes<TypeParam>(bytes, 2000));
}

TYPED_TEST(ColumnCodec, refuses_a_chunk_cut_at_any_byte) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 20; ++round) {
        const Bytes bytes = packed(patchwork<TypeParam>(random, 1300));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
            ASSERT_FALSE(decodes<TypeParam>(cut, 1300)) << size << " of " << bytes.size();
        }
    }
}

// Under the address sanitizer: nothing outside the spans is touched.
TYPED_TEST(ColumnCodec, survives_changed_bytes) {
    std::mt19937_64 random{8};
    for (int round = 0; round < 60; ++round) {
        const Bytes whole = packed(patchwork<TypeParam>(random, 1 + random() % 3000));
        ColumnHeader header{};
        ASSERT_TRUE(read_column_header(std::span<const std::byte>{whole}, header));
        for (std::size_t i = 0; i < 200; ++i) {
            Bytes bytes = whole;
            // mostly near the front, where the headers are
            const std::size_t at =
                random() % (i % 2 == 0 ? std::min(bytes.size(), 80UL) : bytes.size());
            bytes[at] = static_cast<std::byte>(random());
            (void)decodes<TypeParam>(bytes, header.values);
        }
    }
}

TEST(ColumnCodecRefusal, does_not_believe_a_count_beyond_its_bytes) {
    Bytes bytes = packed(std::vector<std::uint8_t>(2000, 1));
    ColumnHeader header{};
    ASSERT_TRUE(read_column_header(std::span<const std::byte>{bytes}, header));
    EXPECT_EQ(header.values, 2000U);
    EXPECT_EQ(header.width, ColumnWidth::kOne);
    bytes[6] = std::byte{1};
    EXPECT_FALSE(read_column_header(std::span<const std::byte>{bytes}, header));
}

TEST(ColumnCodecRefusal, tells_the_types_apart_even_without_values) {
    EXPECT_TRUE(decodes<std::uint32_t>(packed(std::vector<std::uint32_t>{}), 0));
    EXPECT_FALSE(decodes<std::int64_t>(packed(std::vector<std::uint32_t>{}), 0));
    EXPECT_FALSE(decodes<std::uint8_t>(packed(std::vector<std::uint32_t>{}), 0));
}

TEST(ColumnCodecRefusal, has_no_bits_for_groups_beyond_the_last_value) {
    Bytes bytes = packed(std::vector<std::int64_t>(100, 7));
    ASSERT_EQ(bytes.size(), 28U);
    bytes[8 + 5] = std::byte{1};  // the second group's bits, and the bytes they take
    bytes.resize(28 + 32);
    EXPECT_FALSE(decodes<std::int64_t>(bytes, 100));
}

TEST(ColumnCodecCursor, gives_block_by_block_what_the_whole_gives) {
    std::mt19937_64 random{9};
    const auto values = patchwork<std::int64_t>(random, kChunkValues + 77);
    const Bytes bytes = packed(values);
    ColumnCursor<std::int64_t> cursor{bytes};
    EXPECT_EQ(cursor.values_left(), values.size());
    std::vector<std::int64_t> out;
    std::array<std::int64_t, kBlockValues> block{};
    while (const std::size_t got = cursor.next(block)) {
        out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
    }
    EXPECT_EQ(out, values);
    EXPECT_FALSE(cursor.damaged());
    EXPECT_EQ(cursor.bytes_left(), 0U);
}

TEST(ColumnCodecCursor, stops_at_a_damaged_block_and_says_so) {
    Bytes bytes = packed(std::vector<std::int64_t>(3000, 5));
    bytes[8 + 20] = std::byte{9};  // the second block's mode
    ColumnCursor<std::int64_t> cursor{bytes};
    std::array<std::int64_t, kBlockValues> block{};
    EXPECT_EQ(cursor.next(block), kBlockValues);
    EXPECT_FALSE(cursor.damaged());
    EXPECT_EQ(cursor.next(block), 0U);
    EXPECT_TRUE(cursor.damaged());
    EXPECT_EQ(cursor.next(block), 0U);
}

}  // namespace
}  // namespace sluice::tests
