#include <sluice/pipeline/statistics/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/normal.hpp>

namespace sluice::pipeline::statistics {
namespace {

void check_share(double share) {
    if (!(share > 0 && share < 1))
        throw std::invalid_argument("a tail's share lies between 0 and 1");
}

}  // namespace

double value_at_risk(std::span<const double> returns, double share) {
    check_share(share);
    return quantile(returns, share);
}

double expected_shortfall(std::span<const double> returns, double share) {
    check_share(share);
    std::vector<double> rows = present(returns);
    if (rows.empty()) return kNothing;
    const auto taken = 1 + static_cast<std::size_t>(share * static_cast<double>(rows.size() - 1));
    std::sort(rows.begin(), rows.end());
    return mean(std::span(rows).first(taken));
}

double value_at_risk_normal(std::span<const double> returns, double share) {
    check_share(share);
    const Moments all = moments(returns);
    return all.mean + normal_quantile(share) * all.deviation;
}

double expected_shortfall_normal(std::span<const double> returns, double share) {
    check_share(share);
    const Moments all = moments(returns);
    return all.mean - normal_density(normal_quantile(share)) / share * all.deviation;
}

double value_at_risk_modified(std::span<const double> returns, double share) {
    check_share(share);
    const Moments all = moments(returns);
    const double z = normal_quantile(share);
    const double skewness = all.skewness;
    const double corrected = z + (z * z - 1) * skewness / 6 +
                             (z * z * z - 3 * z) * (all.kurtosis - 3) / 24 -
                             (2 * z * z * z - 5 * z) * skewness * skewness / 36;
    return all.mean + corrected * all.deviation;
}

double tail_ratio(std::span<const double> returns) {
    std::vector<double> rows = present(returns);
    std::sort(rows.begin(), rows.end());
    return ratio(std::abs(quantile_sorted(rows, 1 - kTailShare)),
                 std::abs(quantile_sorted(rows, kTailShare)));
}

}  // namespace sluice::pipeline::statistics
