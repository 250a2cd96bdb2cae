#include <sluice/research/sharpe_inference.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/normal.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {

namespace statistics = pipeline::statistics;
using statistics::normal_cdf;
using statistics::normal_quantile;

namespace {

// Variance of sqrt(n) times the estimator (Mertens 2002): 1 - g3 SR + (g4 - 1) / 4 SR^2.
double unit_variance(double sharpe, double skewness, double kurtosis) noexcept {
    return 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
}

// The one-sided quantile of a confidence: exact near 1, too.
double upper_quantile(double confidence) noexcept { return -normal_quantile(1 - confidence); }

double records(double variance, double confidence, double distance) noexcept {
    if (std::isnan(distance) || std::isnan(variance)) return statistics::kNothing;
    if (distance <= 0) return std::numeric_limits<double>::infinity();
    const double z = upper_quantile(confidence) / distance;
    return variance * z * z;
}

}  // namespace

SharpeSample sharpe_sample(std::span<const double> returns) {
    const statistics::Moments all = statistics::moments(returns);
    return {all.count < 2 ? statistics::kNothing : statistics::ratio(all.mean, all.deviation),
            static_cast<double>(all.count), all.skewness, all.kurtosis};
}

double probabilistic_sharpe(const SharpeSample& sample, double benchmark) noexcept {
    const double variance = unit_variance(sample.sharpe, sample.skewness, sample.kurtosis);
    if (!(variance > 0) || !(sample.observations > 1)) return statistics::kNothing;
    return normal_cdf((sample.sharpe - benchmark) * std::sqrt(sample.observations - 1) /
                      std::sqrt(variance));
}

double minimum_track_record(const SharpeSample& sample, double benchmark,
                            double confidence) noexcept {
    const double variance = unit_variance(sample.sharpe, sample.skewness, sample.kurtosis);
    if (!(variance > 0)) return statistics::kNothing;
    return 1 + records(variance, confidence, sample.sharpe - benchmark);
}

double sharpe_variance(double sharpe, const ReturnShape& shape, double observations) noexcept {
    const double r = shape.autocorrelation;
    if (!(std::abs(r) < 1) || !(observations > 0)) return statistics::kNothing;
    const double first = r / (1 - r);
    const double second = r * r / (1 - r * r);
    const double variance = (1 + 2 * first) - (1 + first + second) * shape.skewness * sharpe +
                            (1 + 2 * second) * (shape.kurtosis - 1) / 4 * sharpe * sharpe;
    return variance > 0 ? variance / observations : statistics::kNothing;
}

double probabilistic_sharpe_revised(const SharpeSample& sample, double benchmark,
                                    double autocorrelation) noexcept {
    const double variance = sharpe_variance(
        benchmark, {sample.skewness, sample.kurtosis, autocorrelation}, sample.observations);
    return normal_cdf((sample.sharpe - benchmark) / std::sqrt(variance));
}

double minimum_track_record_revised(const SharpeSample& sample, double benchmark, double confidence,
                                    double autocorrelation) noexcept {
    const double variance =
        sharpe_variance(benchmark, {sample.skewness, sample.kurtosis, autocorrelation}, 1);
    return records(variance, confidence, sample.sharpe - benchmark);
}

double missed_discovery(double null, double alternative, const ReturnShape& shape,
                        double observations, double alpha) noexcept {
    const double critical =
        null - normal_quantile(alpha) * std::sqrt(sharpe_variance(null, shape, observations));
    return normal_cdf((critical - alternative) /
                      std::sqrt(sharpe_variance(alternative, shape, observations)));
}

double planned_false_discovery(double prior, double alpha, double beta) noexcept {
    const double wrong = (1 - prior) * alpha;
    return wrong / (wrong + prior * (1 - beta));
}

double observed_false_discovery(double observed, double null, double alternative,
                                const ReturnShape& shape, double observations,
                                double prior) noexcept {
    const auto beyond = [&](double truth) {
        return normal_cdf((truth - observed) /
                          std::sqrt(sharpe_variance(truth, shape, observations)));
    };
    const double wrong = (1 - prior) * beyond(null);
    return wrong / (wrong + prior * beyond(alternative));
}

double annual_factor(std::size_t periods, std::span<const double> autocorrelations) noexcept {
    const auto q = static_cast<double>(periods);
    statistics::Sum sum;
    sum.add(q);
    const std::size_t lags = periods == 0 ? 0 : std::min(periods - 1, autocorrelations.size());
    for (std::size_t lag = 1; lag <= lags; ++lag)
        sum.add(2 * (q - static_cast<double>(lag)) * autocorrelations[lag - 1]);
    return sum.value() > 0 ? q / std::sqrt(sum.value()) : statistics::kNothing;
}

}  // namespace sluice::research
