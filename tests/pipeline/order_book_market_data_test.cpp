// A real market-by-order file, ESH4 over Christmas 2023, against the figures that were measured on
// it by other means. Skipped where the data are not.
#include <stdio.h>
#include <stdlib.h>

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "book_test_support.hpp"

namespace sluice::pipeline::book_tests {
namespace {

namespace fs = std::filesystem;

fs::path data_file(const char* name) {
    const char* const given = ::getenv("SLUICE_DATA");
    const fs::path folder = given != nullptr
                                ? fs::path(given)
                                : fs::path(__FILE__).parent_path() / "../../../shared/data";
    return folder / "databento" / name;
}

std::string unpacked(const fs::path& file) {
    const std::string command = "zstd -dcq '" + file.string() + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string out;
    char block[65536];
    while (const std::size_t got = ::fread(block, 1, sizeof block, pipe.get()))
        out.append(block, got);
    return out;
}

template <class T>
T value_at(const std::string& bytes, std::size_t at) {
    T out;
    std::memcpy(&out, bytes.data() + at, sizeof out);
    return out;
}

// The records of a DBN version 1 file: 56 bytes each, as Databento's mbo schema lays them out.
OrderColumns orders_of(const std::string& bytes) {
    constexpr std::size_t kRecord = 56;
    OrderColumns out;
    std::size_t at = 8 + value_at<std::uint32_t>(bytes, 4);
    for (; at + kRecord <= bytes.size(); at += kRecord) {
        EXPECT_EQ(value_at<std::uint8_t>(bytes, at + 1), 160);
        const auto flags = value_at<std::uint8_t>(bytes, at + 36);
        const int stored =
            ((flags & 128) != 0 ? kRowEventEnd : 0) | ((flags & 32) != 0 ? kRowSnapshot : 0);
        out.append({value_at<std::int64_t>(bytes, at + 8), value_at<std::int64_t>(bytes, at + 16),
                    value_at<std::int64_t>(bytes, at + 24),
                    std::int64_t{value_at<std::uint32_t>(bytes, at + 32)} * 100'000'000,
                    value_at<std::uint32_t>(bytes, at + 52), value_at<std::int64_t>(bytes, at + 40),
                    value_at<std::uint8_t>(bytes, at + 38), value_at<std::uint8_t>(bytes, at + 39),
                    static_cast<std::uint8_t>(stored)});
    }
    EXPECT_EQ(at, bytes.size());
    return out;
}

class EsFuture : public testing::Test {
  protected:
    // False, after a skip, when there is nothing to read.
    void load(const char* name) {
        const fs::path file = data_file(name);
        if (!fs::exists(file)) GTEST_SKIP() << "no market data at " << file << "; see SLUICE_DATA";
        const std::string bytes = unpacked(file);
        if (bytes.empty()) GTEST_SKIP() << "zstd is not installed";
        orders_ = orders_of(bytes);
    }
    OrderRebuild rebuild() {
        OrderRebuilder rebuilder(book_);
        rebuilder.add(orders_);
        return rebuilder.report();
    }
    OrderColumns orders_;
    OrderBook book_;
};

TEST_F(EsFuture, rebuilds_order_by_order_over_christmas_without_an_orphan) {
    load("esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    if (IsSkipped()) return;
    const OrderRebuild report = rebuild();
    EXPECT_EQ(report.rows, 68'792U);
    EXPECT_EQ(report.adds, 29'216U);
    EXPECT_EQ(report.cancels, 17'999U);
    EXPECT_EQ(report.modifies, 12'233U);
    EXPECT_EQ(report.trades, 2'973U);
    EXPECT_EQ(report.fills, 6'371U);
    EXPECT_EQ(report.orphan_cancels + report.orphan_modifies, 0U);
    EXPECT_EQ(report.duplicate_adds + report.over_cancels + report.refused + report.full, 0U);
    EXPECT_EQ(report.resting, 11'217U);
    EXPECT_EQ(report.traded_raw, std::int64_t{9'892} * 100'000'000);
    EXPECT_LT(report.top.bid.price, report.top.ask.price);
}

// Between 22:00 and 23:00 UTC orders are collected for the opening auction and may cross; from the
// open on they may not.
TEST_F(EsFuture, is_crossed_before_the_market_opens_and_never_after) {
    load("esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    if (IsSkipped()) return;
    const BookCrossings crossings = rebuild().crossings;
    constexpr std::int64_t kOpen = 1'703'545'200'000'000'000;  // 2023-12-25 23:00:00 UTC
    EXPECT_GT(crossings.crossed, 0U);
    EXPECT_LE(orders_.received_ns[crossings.last_row - 1], kOpen + 1'000'000'000);
    EXPECT_GT(orders_.received_ns[crossings.first_row - 1], kOpen - 3'600'000'000'000);
}

TEST_F(EsFuture, holds_a_snapshot_with_prices_far_from_the_market) {
    load("esh4-glbx-mdp3-20231224.mbo.dbn.zst");
    if (IsSkipped()) return;
    const OrderRebuild report = rebuild();
    EXPECT_EQ(report.rows, 8'725U);
    EXPECT_EQ(report.resting, 8'725U);
    std::uint64_t bids = 0;
    for (std::size_t n = 0; n < book_.depth(Side::kBuy); ++n)
        bids += book_.level(Side::kBuy, n).orders;
    EXPECT_EQ(bids, 5'192U);
    EXPECT_EQ(book_.level(Side::kBuy, book_.depth(Side::kBuy) - 1).price.raw(), 85'000'000'000);
    EXPECT_EQ(book_.level(Side::kSell, book_.depth(Side::kSell) - 1).price.raw(),
              5'792'500'000'000);
}

}  // namespace
}  // namespace sluice::pipeline::book_tests
