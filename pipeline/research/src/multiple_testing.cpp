#include <sluice/research/multiple_testing.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <sluice/pipeline/statistics/block_bootstrap.hpp>
#include <sluice/pipeline/statistics/block_length.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> column_means(const ReturnsTable& table) {
    std::vector<pipeline::statistics::Sum> sums(table.columns());
    for (std::size_t t = 0; t < table.rows(); ++t)
        for (std::size_t k = 0; k < sums.size(); ++k) sums[k].add(table.row(t)[k]);
    std::vector<double> out(table.columns());
    for (std::size_t k = 0; k < out.size(); ++k)
        out[k] = sums[k].value() / static_cast<double>(table.rows());
    return out;
}

std::vector<double> column(const ReturnsTable& table, std::size_t k) {
    std::vector<double> out(table.rows());
    for (std::size_t t = 0; t < out.size(); ++t) out[t] = table.row(t)[k];
    return out;
}

// Weight of the autocovariance at `lag`, of n rows.
double kappa(std::size_t n, std::size_t lag, double q) noexcept {
    const auto rows = static_cast<double>(n);
    const auto i = static_cast<double>(lag);
    return (rows - i) / rows * std::pow(1 - q, i) + i / rows * std::pow(1 - q, rows - i);
}

// w of one column; 0 when it does not move.
double omega(std::vector<double> values, double mean, std::span<const double> weights) {
    if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; }))
        return 0;
    for (double& value : values) value -= mean;
    const std::size_t n = values.size();
    double total = 0;
    for (std::size_t lag = 0; lag < n; ++lag) {
        if (weights[lag] == 0) continue;
        double product = 0;
        for (std::size_t t = lag; t < n; ++t) product += values[t] * values[t - lag];
        total += (lag == 0 ? 1 : 2) * weights[lag] * product / static_cast<double>(n);
    }
    return std::sqrt(std::max(total, 0.0));
}

class Superiority {
  public:
    Superiority(const ReturnsTable& table, double q)
        : table_(table), root_(std::sqrt(static_cast<double>(table.rows()))) {
        const std::size_t n = table.rows();
        mean_ = column_means(table);
        drawn_.resize(table.columns());
        counts_.resize(n);
        std::vector<double> weights(n);
        for (std::size_t lag = 0; lag < n; ++lag) {
            const double weight = lag == 0 ? 1 : kappa(n, lag, q);
            weights[lag] = weight < kNegligible ? 0 : weight;
        }
        for (std::size_t k = 0; k < table.columns(); ++k)
            report_.omega.push_back(omega(column(table, k), mean_[k], weights));
        report_.restart_chance = q;
        set_statistics();
        set_centres();
    }

    // One resample: n row numbers.
    void take(std::span<const std::uint32_t> rows) {
        // Rows drawn twice are added twice at once: a product of counts with the table.
        std::fill(counts_.begin(), counts_.end(), 0U);
        for (const std::uint32_t row : rows) ++counts_[row];
        std::fill(drawn_.begin(), drawn_.end(), 0.0);
        for (std::size_t t = 0; t < counts_.size(); ++t) {
            if (counts_[t] == 0) continue;
            const double times = counts_[t];
            const auto row = table_.row(t);
            for (std::size_t k = 0; k < drawn_.size(); ++k)
                drawn_[k] += times * (row[k] - mean_[k]);
        }
        count_above();
    }

    SuperiorityReport finish() {
        const auto n = static_cast<double>(report_.resamples);
        report_.reality_p = static_cast<double>(reality_) / n;
        report_.spa_p_lower = static_cast<double>(lower_) / n;
        report_.spa_p_consistent = static_cast<double>(consistent_) / n;
        report_.spa_p_upper = static_cast<double>(upper_) / n;
        return report_;
    }

  private:
    void set_statistics() {
        report_.best =
            static_cast<std::size_t>(std::max_element(mean_.begin(), mean_.end()) - mean_.begin());
        report_.reality_statistic = root_ * mean_[report_.best];
        for (std::size_t k = 0; k < mean_.size(); ++k) {
            const double w = report_.omega[k];
            const double value = w > 0 ? root_ * mean_[k] / w : mean_[k] > 0 ? kInfinity : 0;
            report_.spa_statistic = std::max(report_.spa_statistic, value);
        }
    }

    // What a resampled, already mean-free sum gets back under each of the two milder nulls.
    void set_centres() {
        const double n = root_ * root_;
        const double loglog = n > std::exp(1.0) ? 2 * std::log(std::log(n)) : 0;
        for (std::size_t k = 0; k < mean_.size(); ++k) {
            const double w = report_.omega[k];
            const double far = -std::sqrt(w * w / n * loglog);
            back_lower_.push_back(mean_[k] - std::max(mean_[k], 0.0));
            back_consistent_.push_back(mean_[k] >= far ? 0 : mean_[k]);
        }
    }

    void count_above() {
        const double n = root_ * root_;
        double reality = -kInfinity;
        double lower = 0;
        double consistent = 0;
        double upper = 0;
        for (std::size_t k = 0; k < drawn_.size(); ++k) {
            const double off = drawn_[k] / n;  // resampled mean less the mean
            reality = std::max(reality, root_ * off);
            if (!(report_.omega[k] > 0)) continue;
            const double scale = root_ / report_.omega[k];
            upper = std::max(upper, scale * off);
            lower = std::max(lower, scale * (off + back_lower_[k]));
            consistent = std::max(consistent, scale * (off + back_consistent_[k]));
        }
        ++report_.resamples;
        if (reality > report_.reality_statistic) ++reality_;
        if (lower > report_.spa_statistic) ++lower_;
        if (consistent > report_.spa_statistic) ++consistent_;
        if (upper > report_.spa_statistic) ++upper_;
    }

    static constexpr double kNegligible = 1e-18;

    const ReturnsTable& table_;
    double root_;
    std::vector<double> mean_;
    std::vector<double> back_lower_;
    std::vector<double> back_consistent_;
    std::vector<double> drawn_;          // by column: sum of the resample, less the mean
    std::vector<std::uint32_t> counts_;  // by row: times drawn
    std::size_t reality_ = 0;
    std::size_t lower_ = 0;
    std::size_t consistent_ = 0;
    std::size_t upper_ = 0;
    SuperiorityReport report_;
};

void check(const ReturnsTable& table, std::size_t resamples) {
    if (table.rows() < 2) throw std::invalid_argument("a test of superiority takes two rows");
    if (resamples == 0) throw std::invalid_argument("a test of superiority takes resamples");
}

double longest_optimal_block(const ReturnsTable& table) {
    double longest = 1;
    for (std::size_t k = 0; k < table.columns(); ++k)
        longest = std::max(longest,
                           pipeline::statistics::optimal_block_length(column(table, k)).stationary);
    return longest;
}

}  // namespace

SuperiorityReport test_superiority(const ReturnsTable& excesses, const SuperiorityPlan& plan) {
    check(excesses, plan.resamples);
    if (plan.block_length != 0 && !(plan.block_length >= 1))
        throw std::invalid_argument("a bootstrap's blocks hold at least one row");
    const double length =
        plan.block_length != 0 ? plan.block_length : longest_optimal_block(excesses);
    Superiority test(excesses, 1 / length);
    std::vector<std::uint32_t> rows(excesses.rows());
    for (std::size_t b = 0; b < plan.resamples; ++b) {
        pipeline::statistics::draw_blocks(pipeline::statistics::BlockScheme::kStationary, length,
                                          plan.seed, b, rows);
        test.take(rows);
    }
    return test.finish();
}

SuperiorityReport test_superiority(const ReturnsTable& excesses,
                                   std::span<const std::uint32_t> rows, double restart_chance) {
    const std::size_t n = excesses.rows();
    check(excesses, n == 0 ? 0 : rows.size() / n);
    if (!(restart_chance > 0 && restart_chance <= 1))
        throw std::invalid_argument("a bootstrap's restart chance lies above 0, at most at 1");
    if (rows.size() % n != 0)
        throw std::invalid_argument(std::to_string(rows.size()) +
                                    " row numbers are no whole resamples of " + std::to_string(n));
    for (const std::uint32_t row : rows)
        if (row >= n)
            throw std::invalid_argument("row " + std::to_string(row) + " is beyond the table's " +
                                        std::to_string(n));
    Superiority test(excesses, restart_chance);
    for (std::size_t start = 0; start < rows.size(); start += n) test.take(rows.subspan(start, n));
    return test.finish();
}

}  // namespace sluice::research
