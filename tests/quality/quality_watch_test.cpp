// From recorded bars and fills to the quality of the run's signals.
#include <sluice/pipeline/quality_watch.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include <sluice/pipeline/recorder.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using pipeline::QualityRecord;
using pipeline::QualityWatch;
using pipeline::Settings;

// Long when the newest close rises above the mean of the last two, short when it falls below.
Settings quick_trend(const std::string& more = {}) {
    return pipeline::make_settings_schema()
        .load_text(
            "[bars]\ntimeframes = [\"1m\", \"5m\"]\n" + more +
                "[[strategy]]\nkind = \"trend_following\"\nname = \"t\"\nfast = 1\nslow = 2\n",
            "test")
        .settings;
}
Event minute(int number, std::int64_t close, std::uint8_t timeframe = 0) {
    return bar_at(at_ns(number * kMinuteNs), 1, timeframe, Price::from_raw(close * Price::kScale));
}

// Closes 100 99 101 102 100: the strategy is ready at 99, crosses up at 101, stays, crosses down at the
// last: strengths 0 1 1 -1 at 99 101 102 100. Held over 101 to 102 it was right, over 102 to 100 wrong.
// Three of changes over three bars. The fill paid 1 of commission and 0.5 more than the close for each of
// 10: 6 of 1,025 traded.
TEST(QualityWatch, sees_the_strengths_that_the_run_had_and_what_its_fills_cost) {
    QualityWatch watch(quick_trend(), instruments(2));
    const int closes[] = {100, 99, 101, 102, 100};
    for (int i = 0; i < 5; ++i) {
        watch.take(minute(i + 1, closes[i]));
        watch.take(minute(i + 1, 1, 1));  // of a timeframe that no strategy sees
        if (i != 3) continue;
        watch.take(minute(i + 1, 102, 1));
        pipeline::FillRecord fill;
        fill.symbol = SymbolId{1};
        fill.side = pipeline::Side::kBuy;
        fill.quantity = shares(10);
        fill.price = price("102.5");
        fill.commission = money("1");
        watch.take(fill);
    }
    const auto records = watch.records();
    ASSERT_EQ(records.size(), 1U);
    const QualityRecord& record = records[0];
    EXPECT_EQ(record.instrument, 1U);
    EXPECT_EQ(record.bars, 4U);
    EXPECT_EQ(record.decided, 2U);
    EXPECT_EQ(record.hits, 1U);
    EXPECT_NEAR(record.turnover, 1.0, 1e-12);
    EXPECT_NEAR(record.gross, 1.0 / 101 - 2.0 / 102, 1e-12);
    EXPECT_NEAR(record.cost, 3 * 6.0 / 1'025, 1e-12);
    // Strengths 0 1 1 before returns 2/99, 1/101, -2/102: ranks 1 2.5 2.5 and 3 2 1: r = -1.5 / sqrt(3).
    EXPECT_NEAR(record.points.at(0).information, -1.5 / std::sqrt(3.0), 1e-12);
}

TEST(QualityWatch, takes_a_sale_above_the_close_as_a_gain) {
    QualityWatch watch(quick_trend(), instruments(2));
    for (int i = 0; i < 3; ++i) watch.take(minute(i + 1, i == 1 ? 99 : 101));
    pipeline::FillRecord fill;
    fill.symbol = SymbolId{1};
    fill.side = pipeline::Side::kSell;
    fill.quantity = shares(10);
    fill.price = price("102");
    fill.commission = money("1");
    watch.take(fill);
    EXPECT_NEAR(watch.records().at(0).cost, 1 * (1.0 - 10) / 1'020, 1e-12);
}

TEST(QualityWatch, is_left_out_where_the_configuration_says_so_and_changes_no_digest) {
    std::string digests[2];
    for (const bool on : {true, false}) {
        const Settings settings = quick_trend(on ? "" : "[report]\nsignal_quality = false\n");
        pipeline::Recorder recorder(settings, instruments(2), nullptr);
        for (int i = 0; i < 50; ++i) recorder.take(minute(i + 1, 100 + i % 7));
        pipeline::RunRecord record;
        recorder.finish(pipeline::Portfolio{settings.account.capital, 2}, 1, record);
        EXPECT_EQ(record.signal_quality.size(), on ? 1U : 0U);
        digests[on ? 0 : 1] = record.digest;
    }
    EXPECT_EQ(digests[0], digests[1]);
}

}  // namespace
}  // namespace sluice::tests
