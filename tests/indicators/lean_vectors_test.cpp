// Every file of expected values that LEAN's tests bring along, reproduced to the file's precision.
// Skipped where the files are not: SLUICE_DATA names the folder that has lean_testdata.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "indicator_support.hpp"

namespace sluice::tests {
namespace {

struct Vector {
    const char* file;
    const char* column;
    const char* indicator;
    const char* arguments;
    const char* output;
    std::size_t compared;  // rows that have an expected value once the indicator is ready
    double tolerance;  // half of the file's last digit, or as much as its source's rounding needs
    std::size_t left_out = 0;  // rows at the end that were still moving when the file was written
};

// Tolerances above half a digit, and why: the 7-digit files were computed in single precision from
// unrounded inputs (CCI, stochastics, %R, changes, the Dow's MACD and simple RSI), Bollinger's and
// Keltner's inputs are rounded to cents in the file, TA-Lib's sums carry their own
// rounding, and OBV has 7 digits of 10^9, made of volumes of 7 digits.
constexpr Vector kVectors[] = {
    {"spy_ad.txt", "AD", "ad", "", "value", 500, 1e-5},
    {"spy_alma.txt", "ALMA", "alma", "period=9,sigma=6,offset=0.85", "value", 492, 5.1e-8},
    {"spy_ao.txt", "AO", "ao", "fast=5,slow=34", "value", 467, 1e-12},
    {"spy_apo.txt", "APO_5_10", "apo", "fast=5,slow=10,average=simple", "value", 491, 1e-12},
    {"spy_aroon_oscillator.txt", "Aroon Oscillator 14", "aroon", "period=14", "oscillator", 486,
     1e-5},
    {"spy_atr.txt", "Average True Range 14", "atr", "period=14,average=simple", "value", 487, 5e-6},
    {"spy_atr_wilder.txt", "Average True Range 14", "atr", "period=14", "value", 488, 5.1e-6},
    {"spy_bollinger_bands.txt", "Moving Average 20", "bollinger", "period=20,width=2", "middle",
     481, 1e-9},
    {"spy_bollinger_bands.txt", "Bollinger Bands® 20 2 Top", "bollinger", "", "upper", 481, 6.1e-5},
    {"spy_bollinger_bands.txt", "Bollinger Bands® 20 2 Bottom", "bollinger", "", "lower", 481,
     6.1e-5},
    {"spy_bollinger_bands.txt", "BandWidth", "bollinger", "", "bandwidth", 481, 1.1e-4},
    {"spy_bollinger_bands.txt", "%B", "bollinger", "", "percent_b", 481, 6.4e-5},
    {"spy_cmo.txt", "CMO_5", "cmo", "period=5,smoothing=wilder", "value", 495, 1e-12},
    {"spy_dema.txt", "DEMA_5", "dema", "period=5", "value", 356, 1e-12},
    {"spy_ema.csv", "EMA14", "ema", "period=14", "value", 351, 1e-12},
    {"spy_heikin_ashi.txt", "HA_Open", "heikin_ashi", "", "open", 500, 5.1e-8},
    {"spy_heikin_ashi.txt", "HA_High", "heikin_ashi", "", "high", 500, 5.1e-8},
    {"spy_heikin_ashi.txt", "HA_Low", "heikin_ashi", "", "low", 500, 5.1e-8},
    {"spy_heikin_ashi.txt", "HA_Close", "heikin_ashi", "", "close", 500, 1e-9},
    {"spy_hma.txt", "HMA_16", "hma", "period=16", "value", 482, 5.1e-8},
    {"spy_kama.txt", "KAMA_5", "kama", "period=5,fast=2,slow=30", "value", 495, 1e-12},
    {"spy_logr14.txt", "LOGR14", "logr", "period=14", "value", 486, 1e-7},
    {"spy_max.txt", "MAX_5", "max", "period=5", "value", 496, 0},
    {"spy_mfi.txt", "Money Flow Index 20", "mfi", "period=20", "value", 480, 1e-5},
    {"spy_min.txt", "MIN_5", "min", "period=5", "value", 496, 0},
    {"spy_natr.txt", "NATR_5", "natr", "period=5", "value", 495, 1e-14},
    {"spy_ppo.txt", "PPO_5_10", "ppo", "fast=5,slow=10,average=simple", "value", 491, 1e-12},
    {"spy_sortino.csv", "sortino_rf_0_period_15", "sortino", "period=15,target=0", "value", 62,
     5.1e-10},
    {"spy_sortino.csv", "sortino_rf_0.01_period_15", "sortino", "period=15,target=0.01", "value",
     62, 5.1e-10},
    {"spy_sr.txt", "SR_10", "sharpe", "period=10,risk_free=0", "value", 66, 1e-14, 1},
    {"spy_t3.txt", "T3_5", "t3", "period=5,volume_factor=0.7", "value", 476, 2e-12},
    {"spy_tema.txt", "TEMA_5", "tema", "period=5", "value", 352, 1e-12},
    {"spy_tr.txt", "TR", "true_range", "first=skipped", "value", 499, 1e-14},
    {"spy_trima.txt", "TRIMA_5", "trima", "period=5", "value", 496, 1e-11},
    {"spy_trima.txt", "TRIMA_6", "trima", "period=6", "value", 495, 1e-11},
    {"spy_trix.txt", "TRIX_5", "trix", "period=5", "value", 351, 1e-12},
    {"spy_ultosc.txt", "ULTOSC_7_14_28", "ultosc", "fast=7,middle=14,slow=28", "value", 472, 1e-12},
    {"spy_var.txt", "Var", "variance", "period=10", "value", 491, 1.2e-10},
    {"spy_with_adx.txt", "TR", "true_range", "first=skipped", "value", 503, 5.1e-3},
    {"spy_with_adx.txt", "+DI14", "dmi", "period=14", "plus_di", 490, 5.1e-5},
    {"spy_with_adx.txt", "-DI14", "dmi", "period=14", "minus_di", 490, 5.1e-5},
    {"spy_with_adx.txt", "DX", "dmi", "period=14", "dx", 490, 5.1e-3},
    {"spy_with_adx.txt", "ADX 14", "adx", "period=14", "adx", 477, 5.1e-5},
    {"spy_with_adx.txt", "ADXR 14", "adxr", "period=14", "adxr", 464, 5.1e-5},
    {"spy_with_cci.txt", "Commodity Channel Index (CCI) 14", "cci", "period=14", "value", 488,
     2.5e-3},
    {"spy_with_don50.txt", "Donchian Channels 50 Top", "donchian", "period=50", "upper", 451, 0},
    {"spy_with_don50.txt", "Donchian Channels 50 Bottom", "donchian", "period=50", "lower", 451, 0},
    {"spy_with_don50.txt", "Donchian Channels 50 Mean", "donchian", "period=50", "middle", 451,
     1e-12},
    {"spy_with_ichimoku.csv", "Tenkan", "donchian", "period=9", "middle", 492, 1e-12},
    {"spy_with_ichimoku.csv", "Tenkan", "ichimoku", "", "tenkan", 423, 1e-12},
    {"spy_with_ichimoku.csv", "Kijun", "donchian", "period=26", "middle", 475, 1e-12},
    {"spy_with_ichimoku.csv", "Kijun", "ichimoku", "", "kijun", 423, 1e-12},
    {"spy_with_ichimoku.csv", "Senkou A", "ichimoku", "displacement=26", "senkou_a", 423, 1e-12},
    {"spy_with_ichimoku.csv", "Senkou B", "ichimoku", "displacement=26", "senkou_b", 423, 1e-12},
    {"spy_with_indicators.txt", "SMA14", "sma", "period=14", "value", 487, 6e-3},
    {"spy_with_indicators.txt", "EMA14", "ema", "period=14", "value", 487, 6e-3},
    {"spy_with_indicators.txt", "MACD 12 26", "apo", "fast=12,slow=26", "value", 475, 2e-4},
    {"spy_with_indicators.txt", "RSI 14", "rsi", "period=14,smoothing=simple", "value", 485, 3e-4},
    {"spy_with_indicators.txt", "RSI 14 Wilder", "rsi", "period=14", "value", 486, 5.1e-6},
    {"spy_with_keltner.csv", "Keltner Channels 20 Top", "keltner", "period=20,width=1.5", "upper",
     482, 6.5e-5},
    {"spy_with_keltner.csv", "Keltner Channels 20 Bottom", "keltner", "", "lower", 482, 6.5e-5},
    {"spy_with_keltner.csv", "Middle Band", "keltner", "", "middle", 482, 6e-5},
    {"spy_with_macd.txt", "MACD", "macd", "fast=12,slow=26,signal=9", "macd", 183, 6e-6},
    {"spy_with_macd.txt", "Signal", "macd", "", "signal", 183, 6e-6},
    {"spy_with_macd.txt", "Histogram", "macd", "", "histogram", 183, 5.1e-6},
    {"spy_with_obv.txt", "OBV", "obv", "start=volume", "value", 500, 2e3},
    {"spy_with_rma.csv", "RMA5", "rma", "period=5", "value", 1012, 5.1e-8},
    // The file's names of the three averages are in the order of their use: "SMA5" is the longest.
    {"spy_with_rma.csv", "SMA15", "sma", "period=5", "value", 1022, 5.1e-8},
    {"spy_with_rma.csv", "SMA10", "sma", "period=10", "value", 1017, 5.1e-8},
    {"spy_with_rma.csv", "SMA5", "sma", "period=15", "value", 1012, 5.1e-8},
    {"spy_with_roc50.txt", "Rate of Change 50", "momentum", "period=50", "value", 451, 2e-5},
    {"spy_with_rocp50.txt", "Rate of Change % 50", "rocp", "period=50", "value", 451, 1.1e-5},
    {"spy_with_stoch12k3.txt", "Stochastics 12 %K 3", "stochastic",
     "period=12,k_period=3,d_period=1", "k", 488, 4e-4},
    {"spy_with_stoch12k3.txt", "%D 5", "stochastic", "period=12,k_period=3,d_period=5", "d", 484,
     4e-4},
    {"spy_with_vwap.txt", "Moving VWAP 50", "vwap", "period=50,price=average", "value", 452, 6e-5},
    {"spy_with_vwma.csv", "VWMA20", "vwma", "period=20", "value", 481, 1e-12},
    {"spy_with_williamsR14.txt", "Williams %R 14", "williams_r", "period=14", "value", 488, 4e-4},
    {"spy_with_zlema.csv", "ZLEMA5", "zlema", "period=5", "value", 494, 1e-12},
};

// Files, or columns of files that are compared otherwise, and why they are not in the list above.
const std::map<std::string, std::string> kOthers = {
    {"spy_10_min.txt", "bars only, no expected values"},
    {"spy_ohlcv.txt", "bars only, no expected values"},
    {"spy_qqq_corr.csv", "two symbols: a test of its own below"},
    {"test_cash_equity.xml", "a portfolio's state, no indicator"},
    {"test_cash_fills.xml", "a portfolio's fills, no indicator"},
    {"test_forex_equity.xml", "a portfolio's state, no indicator"},
    {"test_forex_fills.xml", "a portfolio's fills, no indicator"},
};

void skip_without_vectors() {
    if (!std::filesystem::exists(vectors_folder()))
        GTEST_SKIP() << "no published vectors at " << vectors_folder()
                     << "; name the folder of the market data in SLUICE_DATA";
}

Observation observation(const Table& table, const Row& row) {
    const auto get = [&](const char* name) {
        const double value = Table::number(row, table.column(name));
        return std::isnan(value) ? 0.0 : value;
    };
    Observation now;
    now.candle = {get("open"), get("high"), get("low"), get("close"), get("volume")};
    now.value = now.candle.close;
    return now;
}

class LeanVectors : public testing::TestWithParam<Vector> {
  protected:
    void SetUp() override { skip_without_vectors(); }
};

TEST_P(LeanVectors, is_reproduced) {
    const Vector& vector = GetParam();
    const Table table = read_vectors(vector.file);
    ASSERT_FALSE(table.rows.empty());
    const int column = table.column(vector.column);
    ASSERT_GE(column, 0) << vector.column;
    const pipeline::IndicatorSpec& spec = pipeline::find_indicator(vector.indicator);
    const auto output = std::find(spec.outputs.begin(), spec.outputs.end(), vector.output);
    ASSERT_NE(output, spec.outputs.end());
    const auto indicator = pipeline::make_indicator(vector.indicator, vector.arguments);

    std::size_t compared = 0;
    for (std::size_t i = 0; i + vector.left_out < table.rows.size(); ++i) {
        indicator->update(observation(table, table.rows[i]));
        ASSERT_EQ(indicator->ready(), i + 1 >= indicator->warm_up()) << i;
        const double expected = Table::number(table.rows[i], column);
        if (!indicator->ready() || std::isnan(expected)) continue;
        const double value =
            indicator->output(static_cast<std::size_t>(output - spec.outputs.begin()));
        ASSERT_NEAR(value, expected, vector.tolerance) << "row " << i;
        ++compared;
    }
    EXPECT_EQ(compared, vector.compared);
}

// "spy_ad_txt__ad_value_0"
std::string vector_name(const testing::TestParamInfo<Vector>& given) {
    const Vector& vector = given.param;
    std::string name;
    for (const char c : std::string(vector.file) + "__" + vector.indicator + "_" + vector.output)
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name + "_" + std::to_string(given.index);
}
INSTANTIATE_TEST_SUITE_P(Of, LeanVectors, testing::ValuesIn(kVectors), vector_name);

// Pearson's are off in the file's own twelfth digit: exact fractions of the same prices give ours.
TEST(LeanCorrelations, of_spy_qqq_corr_csv_are_reproduced) {
    skip_without_vectors();
    if (testing::Test::IsSkipped()) return;
    const Table table = read_vectors("spy_qqq_corr.csv");
    const auto pearson = pipeline::make_indicator("correlation", "period=252");
    const auto spearman = pipeline::make_indicator("spearman", "period=252");
    const int close = table.column("Close");
    std::size_t compared = 0;
    Observation now;
    for (const Row& row : table.rows) {
        if (row.front() == "SPY") {
            now.value = Table::number(row, close);
            continue;
        }
        now.reference = Table::number(row, close);
        pearson->update(now);
        spearman->update(now);
        if (!pearson->ready()) continue;
        ASSERT_NEAR(pearson->output(0), Table::number(row, table.column("Correlation_Pearson")),
                    5e-12)
            << row[1];
        ASSERT_NEAR(spearman->output(0), Table::number(row, table.column("Correlation_Spearman")),
                    1e-12)
            << row[1];
        ++compared;
    }
    EXPECT_EQ(compared, 3964U - 251U);
}

TEST(LeanFolder, has_no_file_that_is_neither_reproduced_nor_explained) {
    skip_without_vectors();
    if (testing::Test::IsSkipped()) return;
    std::set<std::string> known;
    for (const Vector& vector : kVectors) known.insert(vector.file);
    for (const auto& [file, why] : kOthers) known.insert(file);
    for (const auto& entry : std::filesystem::directory_iterator(vectors_folder()))
        EXPECT_TRUE(known.contains(entry.path().filename().string())) << entry.path();
}

}  // namespace
}  // namespace sluice::tests
