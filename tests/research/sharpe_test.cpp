// Probabilistic and deflated Sharpe ratio, track record and backtest length against published and
// independently computed values (facts: overfitting.md, sections A, B.1 and B.3).
#include <sluice/research/deflated_sharpe.hpp>
#include <sluice/research/sharpe_inference.hpp>

#include <cmath>

#include <sluice/pipeline/statistics/moments.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace research;
namespace statistics = pipeline::statistics;

TEST(ProbabilisticSharpe, is_that_of_the_paper_of_2012) {
    const double monthly = 1.585 / std::sqrt(12);
    expect_close(probabilistic_sharpe({monthly, 24, -2.448, 10.164}, 0), 0.9132343068848602);
    EXPECT_NEAR(probabilistic_sharpe({monthly, 24, 0, 3}, 0), 0.98159, 5e-6);
}

TEST(MinimumTrackRecord, is_that_of_the_paper_of_2012) {
    const auto years = [](double annual, double against, double periods, double skewness,
                          double kurtosis) {
        const double root = std::sqrt(periods);
        return minimum_track_record({annual / root, 0, skewness, kurtosis}, against / root) /
               periods;
    };
    expect_close(years(2, 1, 250, 0, 3), 2.731187801728);
    expect_close(years(2, 1, 52, 0, 3), 2.828833586945);
    expect_close(years(2, 1, 12, 0, 3), 3.239800696);
    expect_close(years(2, 1, 12, -0.72, 5.78) * 12, 59.895098687);
    EXPECT_NEAR(years(2, 1, 12, -0.72, 5.78), 4.99, 5e-3);
    expect_close(years(3, 2.5, 12, -0.72, 5.78), 27.352920196);
}

TEST(ExpectedMaximum, is_that_of_the_paper_of_2014) {
    EXPECT_NEAR(expected_maximum(10), 1.5746, 5e-5);
    expect_close(expected_maximum(100), 2.5306028932016846);
    expect_close(minimum_backtest_years(45, 1), 4.998087004443);
    EXPECT_EQ(expected_maximum(1), 0);
    EXPECT_GE(expected_maximum(1.2), 0);
    EXPECT_TRUE(std::isnan(expected_maximum(0.5)));
    // Far out the quantile form still has all its digits: it grows like sqrt(2 ln N).
    EXPECT_NEAR(expected_maximum(1e15) / std::sqrt(2 * std::log(1e15)), 0.968, 0.01);
}

TEST(DeflatedSharpe, is_that_of_the_paper_of_2014) {
    const double per_period = 2.5 / std::sqrt(250);
    const double variance = 0.5 / 250;
    const SharpeSample fat{per_period, 1250, -3, 10};
    const SharpeSample normal{per_period, 1250, 0, 3};
    expect_close(expected_best_sharpe(variance, 100), 0.11317200186513214);
    expect_close(deflated_sharpe(fat, variance, 100), 0.9003968344493909);
    expect_close(deflated_sharpe(fat, variance, 46), 0.9505017068755786);
    expect_close(deflated_sharpe(normal, variance, 88), 0.9504908166760140);
    expect_close(deflated_sharpe(normal, variance, 89), 0.9498393713384772);
}

TEST(RevisedSharpe, is_that_of_how_to_use_the_sharpe_ratio) {
    const double sharpe = 0.036 / 0.079;
    const ReturnShape fat{-2.448, 10.164, 0};
    const SharpeSample sample{sharpe, 24, -2.448, 10.164};
    EXPECT_NEAR(std::sqrt(sharpe_variance(sharpe, fat, 24)), 0.329, 5e-4);
    EXPECT_NEAR(std::sqrt(sharpe_variance(sharpe, {}, 24)), 0.214, 5e-4);
    EXPECT_NEAR(minimum_track_record_revised(sample, 0), 13.029, 5e-4);
    EXPECT_NEAR(minimum_track_record_revised(sample, 0.1), 27.109, 5e-4);
    EXPECT_NEAR(probabilistic_sharpe_revised(sample, 0), 0.987, 5e-4);
    EXPECT_NEAR(probabilistic_sharpe_revised(sample, 0.1), 0.939, 5e-4);
    const double beta = missed_discovery(0, 0.5, fat, 24, 0.05);
    EXPECT_NEAR(beta, 0.315, 5e-4);
    EXPECT_NEAR(planned_false_discovery(0.05, 0.05, beta), 0.581, 5e-4);
    EXPECT_NEAR(observed_false_discovery(sharpe, 0, 0.5, fat, 24, 0.05), 0.306, 5e-4);
}

TEST(RevisedSharpe, knows_that_trending_returns_say_less) {
    const SharpeSample sample{0.1, 500, -0.5, 6};
    EXPECT_LT(probabilistic_sharpe_revised(sample, 0, 0.3),
              probabilistic_sharpe_revised(sample, 0));
    // At a ratio of zero only the first term is left: (1 + r) / (1 - r).
    expect_close(sharpe_variance(0, {-0.5, 6, 0.3}, 1), 1.3 / 0.7, 1e-14);
    EXPECT_TRUE(std::isnan(sharpe_variance(0, {0, 3, 1}, 10)));
}

struct SharpeRow {
    double sharpe, benchmark, n, skewness, kurtosis, psr, record, psr_revised, record_revised;
};
TEST(SharpeTable, of_section_b1_is_reproduced) {
    for (const SharpeRow& row : {
             SharpeRow{0.3389, 0.1213, 215, -1.88, 11.768, 0.988746543126, 112.211646894,
                       0.997700502404, 72.4331224069},
             SharpeRow{0.2507, 0.1189, 620, 0.549, 9.256, 0.999502954593, 155.516327051,
                       0.999585129664, 150.126400101},
             SharpeRow{0.1003, 0.0591, 1393, -0.238, 8.313, 0.933923252046, 1662.2604228,
                       0.936022648537, 1626.49398912},
             SharpeRow{0.252, 0.0809, 612, 0.788, 7.617, 0.999995546643, 84.7742524709,
                       0.999993175596, 87.5265957504},
             SharpeRow{0.3153, 0.0935, 502, 0.74, 6.663, 0.999999906417, 50.9047002288,
                       0.999999844775, 51.8715424934},
             SharpeRow{0.1491, 0.0771, 1995, 0.238, 9.285, 0.999308707572, 528.413842157,
                       0.999371592804, 518.75171599},
         }) {
        const SharpeSample sample{row.sharpe, row.n, row.skewness, row.kurtosis};
        expect_close(probabilistic_sharpe(sample, row.benchmark), row.psr);
        expect_close(minimum_track_record(sample, row.benchmark), row.record);
        expect_close(probabilistic_sharpe_revised(sample, row.benchmark), row.psr_revised);
        expect_close(minimum_track_record_revised(sample, row.benchmark), row.record_revised);
    }
}

struct DeflatedRow {
    double trials, variance, n, sharpe, skewness, kurtosis, maximum, best, dsr;
};
TEST(DeflatedTable, of_section_b1_is_reproduced) {
    for (const DeflatedRow& row : {
             DeflatedRow{3522, 0.001864, 1373, 0.1024, -0.811, 3.742, 3.59744908048, 0.155316505075,
                         0.0302460174242},
             DeflatedRow{4147, 0.002796, 1005, 0.0825, -0.079, 3.652, 3.63977219857, 0.192461021701,
                         0.000264955698325},
             DeflatedRow{1150, 0.002413, 1691, 0.1186, 0.346, 6.069, 3.29465763533, 0.161841148778,
                         0.0360391865381},
             DeflatedRow{4428, 0.003536, 1637, 0.1917, -1.653, 3.866, 3.65663589983, 0.217439202683,
                         0.184516525038},
             DeflatedRow{715, 0.002563, 2878, 0.179, -0.91, 4.34, 3.15847259471, 0.159901087001,
                         0.826192595812},
             DeflatedRow{3617, 0.002471, 1790, 0.1788, -2.353, 9.387, 3.6043749815, 0.179170431341,
                         0.494875561541},
         }) {
        const SharpeSample sample{row.sharpe, row.n, row.skewness, row.kurtosis};
        expect_close(expected_maximum(row.trials), row.maximum);
        expect_close(expected_best_sharpe(row.variance, row.trials), row.best);
        expect_close(deflated_sharpe(sample, row.variance, row.trials), row.dsr);
    }
}

TEST(BacktestLengthTable, of_section_b1_is_reproduced) {
    expect_close(minimum_backtest_years(12, 1), 2.77159695753);
    expect_close(minimum_backtest_years_bound(12, 1), 4.96981329958);
    expect_close(minimum_backtest_years(125, 1), 6.80239000324);
    expect_close(minimum_backtest_years_bound(125, 1), 9.6566274746);
    expect_close(minimum_backtest_years(90949, 1.5), 8.4880835054);
    expect_close(minimum_backtest_years_bound(90949, 1.5), 10.1493815012);
}

TEST(EffectiveTrials, of_section_b1_are_reproduced) {
    expect_close(effective_trials(110, 0.185), 89.835);
    expect_close(effective_trials(26, 0.501), 13.475);
    EXPECT_EQ(effective_trials(26, -0.2), 26);  // no more than there were
}

TEST_F(ReferenceTables, of_section_b3_give_the_moments_psr_and_dsr) {
    struct Row {
        const char* file;
        std::size_t column;
        double sharpe, skewness, kurtosis, scatter, rows, psr, best, dsr;
    };
    for (const Row& row :
         {Row{"pbo_oneskill.csv", 0, 0.176171389439, -0.0590867045518, 3.06412421481,
              0.00574972246028, 480, 0.999929310547, 0.119396946318, 0.889989111271},
          Row{"pbo_corr.csv", 9, 0.0522487243995, -0.137721128183, 2.80309578608, 0.00266733818721,
              483, 0.873333660016, 0.0859813142745, 0.230414802092}}) {
        const auto table = read_facts<double>(row.file);
        std::size_t best = 0;
        double highest = -1;
        for (std::size_t k = 0; k < table.columns; ++k) {
            const double sharpe = sharpe_sample(table.column(k)).sharpe;
            if (sharpe > highest) best = k;
            highest = std::max(highest, sharpe);
        }
        EXPECT_EQ(best, row.column);
        const SharpeSample sample = sharpe_sample(table.column(best));
        expect_close(sample.sharpe, row.sharpe);
        expect_close(sample.skewness, row.skewness);
        expect_close(sample.kurtosis, row.kurtosis);
        EXPECT_EQ(sample.observations, row.rows);
        const double scatter = sharpe_scatter(ReturnsTable(table.values, table.columns));
        expect_close(scatter, row.scatter);
        expect_close(probabilistic_sharpe(sample, 0), row.psr);
        const auto trials = static_cast<double>(table.columns);
        expect_close(expected_best_sharpe(scatter, trials), row.best);
        expect_close(deflated_sharpe(sample, scatter, trials), row.dsr);
    }
}

TEST(AverageCorrelation, is_that_of_all_pairs) {
    Normals normals(7);
    constexpr std::size_t kRows = 60;
    constexpr std::size_t kColumns = 5;
    std::vector<double> values;
    for (std::size_t t = 0; t < kRows; ++t) {
        const double common = normals.next();
        for (std::size_t k = 0; k + 1 < kColumns; ++k) values.push_back(common + normals.next());
        values.push_back(0.25);  // does not move: no correlation, no trial
    }
    double sum = 0;
    for (std::size_t a = 0; a + 1 < kColumns; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            double products = 0, first = 0, second = 0, first_mean = 0, second_mean = 0;
            for (std::size_t t = 0; t < kRows; ++t) {
                first_mean += values[t * kColumns + a] / kRows;
                second_mean += values[t * kColumns + b] / kRows;
            }
            for (std::size_t t = 0; t < kRows; ++t) {
                const double x = values[t * kColumns + a] - first_mean;
                const double y = values[t * kColumns + b] - second_mean;
                products += x * y;
                first += x * x;
                second += y * y;
            }
            sum += products / std::sqrt(first * second);
        }
    }
    EXPECT_NEAR(average_correlation(ReturnsTable(values, kColumns)), sum / 6, 1e-12);
    EXPECT_NEAR(sum / 6, 0.5, 0.2);
}

TEST(AnnualFactor, is_the_root_of_the_periods_and_less_when_returns_trend) {
    EXPECT_DOUBLE_EQ(annual_factor(12, {}), std::sqrt(12));
    // Lo 2002, of a first-order autoregression: table 2's closed form.
    const auto ar1 = [](double r, double q) {
        return std::sqrt(q) /
               std::sqrt(1 + 2 * r / (1 - r) * (1 - (1 - std::pow(r, q)) / (q * (1 - r))));
    };
    for (const double r : {-0.3, 0.1, 0.5}) {
        std::vector<double> correlations;
        for (int lag = 1; lag < 12; ++lag) correlations.push_back(std::pow(r, lag));
        expect_close(annual_factor(12, correlations), ar1(r, 12), 1e-13);
    }
    EXPECT_TRUE(std::isnan(annual_factor(0, {})));
}

TEST(SharpeInference, says_nothing_of_nothing) {
    EXPECT_TRUE(std::isnan(sharpe_sample({}).sharpe));
    EXPECT_TRUE(std::isnan(probabilistic_sharpe({0.1, 1, 0, 3}, 0)));
    EXPECT_TRUE(std::isnan(probabilistic_sharpe({2, 100, 3, 3}, 0)));  // no variance left
    EXPECT_TRUE(std::isinf(minimum_track_record({0.1, 0, 0, 3}, 0.1)));
    const std::vector<double> flat(10, 0.01);
    EXPECT_TRUE(std::isinf(sharpe_sample(flat).sharpe));
}

}  // namespace
}  // namespace sluice::tests
