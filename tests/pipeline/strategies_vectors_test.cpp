// The built-in strategies against indicator values that others have published for SPY and the Dow.
// Skipped where the files are not.
#include <sluice/pipeline/hot/strategies.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "support.hpp"

namespace sluice::tests {
namespace {

using Row = std::vector<std::string>;

// The rows below the header; the texts hold no quoted commas.
std::vector<Row> read_table(const std::string& name) {
    std::ifstream in(market_data_folder() / "lean_testdata" / name);
    std::vector<Row> rows;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::stringstream fields(line);
        Row row;
        for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
        if (!row.empty()) rows.push_back(std::move(row));
    }
    return rows;
}

class PublishedVectors : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(market_data_folder() / "lean_testdata"))
            GTEST_SKIP() << "no published vectors at " << market_data_folder()
                         << "; name the folder of the market data in SLUICE_DATA";
    }
};

// What a reader of the bands would do: their middle and a quarter of their width are the mean and
// the standard deviation.
TEST_F(PublishedVectors, of_spy_bollinger_bands_give_the_same_entries_and_exits) {
    constexpr std::size_t kClose = 4;
    constexpr std::size_t kMean = 5;
    constexpr std::size_t kTop = 6;
    constexpr std::size_t kBottom = 7;
    constexpr double kExit = 0.5;
    std::vector<std::int64_t> storage(20);
    pipeline::MeanReversion strategy{storage, {20, 2.0, kExit}};

    int expected = 0;
    std::size_t compared = 0;
    std::size_t entries = 0;
    const auto rows = read_table("spy_bollinger_bands.txt");
    ASSERT_EQ(rows.size(), 500U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool ready = strategy.on_close(price(rows[i].at(kClose)));
        ASSERT_EQ(ready, i >= 19) << i;
        if (!ready) continue;
        const double close = std::stod(rows[i].at(kClose));
        const double mean = std::stod(rows[i].at(kMean));
        const double top = std::stod(rows[i].at(kTop));
        const double bottom = std::stod(rows[i].at(kBottom));
        const double exit_width = (top - bottom) / 4 * kExit;
        // The file has four decimals: nothing may hang on the next ones.
        for (const double edge : {top, bottom, mean - exit_width, mean + exit_width})
            ASSERT_GT(std::abs(close - edge), 2e-4) << i;
        const int before = expected;
        if (close < bottom) {
            expected = 1;
        } else if (close > top) {
            expected = -1;
        } else if ((expected > 0 && close > mean - exit_width) ||
                   (expected < 0 && close < mean + exit_width)) {
            expected = 0;
        }
        ASSERT_EQ(strategy.stance(), expected) << rows[i].front();
        ++compared;
        entries += expected != 0 && expected != before ? 1U : 0U;
    }
    EXPECT_EQ(compared, 481U);
    EXPECT_GT(entries, 15U);
}

// A trend whose fast average is the close itself crosses where the close crosses its average.
TEST_F(PublishedVectors, of_the_simple_average_give_the_same_crosses) {
    constexpr std::size_t kAverage = 1;
    constexpr std::size_t kClose = 7;
    std::vector<std::int64_t> storage(14);
    pipeline::TrendFollowing strategy{storage, {1, 14}};

    int expected = 0;
    double before = 0;
    std::size_t crosses = 0;
    const auto rows = read_table("spy_with_indicators.txt");
    ASSERT_EQ(rows.size(), 500U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool ready = strategy.on_close(price(rows[i].at(kClose)));
        ASSERT_EQ(ready, i >= 13) << i;
        ASSERT_EQ(ready, !rows[i].at(kAverage).empty()) << i;
        if (!ready) continue;
        const double above = std::stod(rows[i].at(kClose)) - std::stod(rows[i].at(kAverage));
        ASSERT_GT(std::abs(above), 0.01) << "too near to tell from two decimals, row " << i;
        if (before != 0 && (above > 0) != (before > 0)) {
            expected = above > 0 ? 1 : -1;
            ++crosses;
        }
        before = above;
        ASSERT_EQ(strategy.stance(), expected) << rows[i].front();
    }
    EXPECT_GT(crosses, 20U);
}

}  // namespace
}  // namespace sluice::tests
