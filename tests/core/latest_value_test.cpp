#include <sluice/core/hot/latest_value.hpp>

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace sluice::core {
namespace {

struct Value {
    std::uint64_t words[8] = {};
};

Value filled(std::uint64_t with) {
    Value out;
    for (std::uint64_t& word : out.words) word = with;
    return out;
}

TEST(LatestValue, has_none_before_the_first) {
    const LatestValue<Value> latest;
    Value out;
    EXPECT_EQ(latest.read(out), 0U);
}

TEST(LatestValue, gives_the_latest_with_its_number) {
    LatestValue<Value> latest;
    latest.put(filled(5));
    latest.put(filled(6));
    Value out;
    EXPECT_EQ(latest.read(out), 2U);
    EXPECT_EQ(out.words[7], 6U);
    EXPECT_EQ(latest.read(out), 2U) << "reading takes nothing away";
}

TEST(LatestValue, is_never_read_half_written) {
    constexpr std::uint64_t kValues = 200'000;
    LatestValue<Value> latest;
    std::atomic<bool> done{false};
    std::thread writer{[&] {
        for (std::uint64_t i = 1; i <= kValues; ++i) latest.put(filled(i));
        done.store(true);
    }};
    std::uint64_t last = 0;
    std::uint64_t torn = 0;
    while (!done.load()) {
        Value out;
        const std::uint64_t number = latest.read(out);
        if (number == 0) continue;
        for (const std::uint64_t word : out.words) torn += word != number ? 1U : 0U;
        EXPECT_GE(number, last);
        last = number;
    }
    writer.join();
    EXPECT_EQ(torn, 0U);
    Value out;
    EXPECT_EQ(latest.read(out), kValues);
}

}  // namespace
}  // namespace sluice::core
