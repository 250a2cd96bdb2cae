#include <sluice/research/backtest_overfitting.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {
namespace {

constexpr unsigned kBlocksMax = 20;

// Sums of one set of blocks, by column, about each column's own mean over all rows.
struct Sums {
    explicit Sums(std::size_t columns) : off(columns), squares(columns) {}
    std::vector<double> off;      // sum of (x - centre)
    std::vector<double> squares;  // sum of (x - centre)^2
};

void add(const Sums& first, const Sums& second, Sums& out) noexcept {
    for (std::size_t k = 0; k < out.off.size(); ++k) {
        out.off[k] = first.off[k] + second.off[k];
        out.squares[k] = first.squares[k] + second.squares[k];
    }
}

class Splitter {
  public:
    Splitter(const ReturnsTable& returns, unsigned blocks, SplitMeasure measure)
        : blocks_(blocks), half_(blocks / 2), measure_(measure), columns_(returns.columns()),
          block_rows_(returns.rows() / blocks), rows_dropped_(returns.rows() % blocks),
          centre_(columns_), inside_(columns_), outside_(columns_),
          by_block_(blocks, Sums(columns_)), chosen_(half_ + 1, Sums(columns_)),
          rest_(half_ + 1, Sums(columns_)) {
        find_centres(returns);
        for (unsigned b = 0; b < blocks_; ++b) sum_block(returns, b);
    }

    OverfittingReport run() {
        // A split and its mirror image are worked out together: the first holds block 0. The mirror
        // of the i-th split in lexicographic order is the i-th from the end.
        std::size_t total = 1;
        for (unsigned i = 1; i <= half_; ++i) total = total * (blocks_ - half_ + i) / i;
        OverfittingReport report;
        report.rows_dropped = rows_dropped_;
        report.splits.resize(total);
        splits_ = &report.splits;
        choose(0, 0, 0, 0);
        summarise(report);
        return report;
    }

  private:
    void find_centres(const ReturnsTable& returns) {
        std::vector<pipeline::statistics::Sum> sums(columns_);
        for (std::size_t t = rows_dropped_; t < returns.rows(); ++t)
            for (std::size_t k = 0; k < columns_; ++k) sums[k].add(returns.row(t)[k]);
        const auto rows = static_cast<double>(returns.rows() - rows_dropped_);
        for (std::size_t k = 0; k < columns_; ++k) centre_[k] = sums[k].value() / rows;
    }

    void sum_block(const ReturnsTable& returns, unsigned block) {
        Sums& sums = by_block_[block];
        const std::size_t first = rows_dropped_ + block * block_rows_;
        for (std::size_t t = first; t < first + block_rows_; ++t) {
            const auto row = returns.row(t);
            for (std::size_t k = 0; k < columns_; ++k) {
                const double off = row[k] - centre_[k];
                sums.off[k] += off;
                sums.squares[k] += off * off;
            }
        }
    }

    // Block `block` is next to be put in sample or out; sums of a path through this tree are built
    // from its blocks alone, so nothing drifts from split to split.
    void choose(unsigned block, unsigned taken, unsigned left_out, std::uint32_t mask) {
        if (taken == half_ && left_out == half_) return finish(mask);
        if (taken < half_) {
            add(chosen_[taken], by_block_[block], chosen_[taken + 1]);
            choose(block + 1, taken + 1, left_out, mask | 1U << block);
        }
        if (left_out < half_ && block > 0) {
            add(rest_[left_out], by_block_[block], rest_[left_out + 1]);
            choose(block + 1, taken, left_out + 1, mask);
        }
    }

    void finish(std::uint32_t mask) {
        measure_all(chosen_[half_], inside_);
        measure_all(rest_[half_], outside_);
        const std::uint32_t all = (1U << blocks_) - 1;
        (*splits_)[next_] = judge(mask, inside_, outside_);
        (*splits_)[splits_->size() - 1 - next_] = judge(all & ~mask, outside_, inside_);
        ++next_;
    }

    void measure_all(const Sums& sums, std::vector<double>& out) const noexcept {
        const auto n = static_cast<double>(block_rows_ * half_);
        if (measure_ == SplitMeasure::kMean) {
            for (std::size_t k = 0; k < columns_; ++k) out[k] = centre_[k] + sums.off[k] / n;
            return;
        }
        for (std::size_t k = 0; k < columns_; ++k) {
            const double mean = centre_[k] + sums.off[k] / n;
            const double squares = sums.squares[k] - sums.off[k] * sums.off[k] / n;
            const double sharpe = mean / std::sqrt(squares / (n - 1));
            // A column that stands still in these blocks leaves what rounding makes of its squares.
            const double left =
                kRounding * sums.squares[k] + kRounding * kRounding * n * centre_[k] * centre_[k];
            out[k] = squares > left ? sharpe : still(mean, centre_[k]);
        }
    }

    static double still(double mean, double centre) noexcept {
        if (std::abs(mean) <= kRounding * std::abs(centre)) return 0;
        return std::copysign(std::numeric_limits<double>::infinity(), mean);
    }

    [[nodiscard]] static OverfittingSplit judge(std::uint32_t mask,
                                                const std::vector<double>& inside,
                                                const std::vector<double>& outside) noexcept {
        const auto best = static_cast<std::size_t>(std::max_element(inside.begin(), inside.end()) -
                                                   inside.begin());
        std::size_t below = 0;
        std::size_t equal = 0;
        for (const double value : outside) {
            if (value < outside[best]) ++below;
            if (value == outside[best]) ++equal;
        }
        const auto columns = static_cast<double>(outside.size());
        const double rank = static_cast<double>(below) + (static_cast<double>(equal) + 1) / 2;
        return {mask, static_cast<std::uint32_t>(best), inside[best], outside[best],
                std::log(rank / (columns + 1 - rank))};
    }

    static void summarise(OverfittingReport& report) {
        const auto n = static_cast<double>(report.splits.size());
        std::size_t overfit = 0;
        std::size_t losses = 0;
        pipeline::statistics::Sum logits;
        pipeline::statistics::Sum inside;
        pipeline::statistics::Sum outside;
        for (const OverfittingSplit& split : report.splits) {
            if (split.logit <= 0) ++overfit;
            if (split.best_out_of_sample < 0) ++losses;
            logits.add(split.logit);
            inside.add(split.best_in_sample);
            outside.add(split.best_out_of_sample);
        }
        report.probability = static_cast<double>(overfit) / n;
        report.loss_probability = static_cast<double>(losses) / n;
        report.mean_logit = logits.value() / n;
        pipeline::statistics::Sum spread;
        pipeline::statistics::Sum together;
        for (const OverfittingSplit& split : report.splits) {
            const double off = split.best_in_sample - inside.value() / n;
            spread.add(off * off);
            together.add(off * (split.best_out_of_sample - outside.value() / n));
        }
        report.slope =
            spread.value() > 0 ? together.value() / spread.value() : pipeline::statistics::kNothing;
        report.intercept = (outside.value() - report.slope * inside.value()) / n;
    }

    static constexpr double kRounding = 1e-12;  // relative, generous

    unsigned blocks_;
    unsigned half_;
    SplitMeasure measure_;
    std::size_t columns_;
    std::size_t block_rows_;
    std::size_t rows_dropped_;
    std::vector<double> centre_;
    std::vector<double> inside_;  // measures of the split at hand
    std::vector<double> outside_;
    std::vector<Sums> by_block_;
    std::vector<Sums> chosen_;  // by blocks in sample so far
    std::vector<Sums> rest_;
    std::vector<OverfittingSplit>* splits_ = nullptr;
    std::size_t next_ = 0;
};

}  // namespace

OverfittingReport backtest_overfitting(const ReturnsTable& returns, unsigned blocks,
                                       SplitMeasure measure) {
    if (blocks < 2 || blocks > kBlocksMax || blocks % 2 != 0)
        throw std::invalid_argument(
            "cross-validation takes an even number of blocks, 2 to 20; not " +
            std::to_string(blocks));
    if (returns.rows() < 2 * std::size_t{blocks})
        throw std::invalid_argument(std::to_string(returns.rows()) + " rows are too few for " +
                                    std::to_string(blocks) + " blocks of two rows or more");
    if (returns.columns() < 2)
        throw std::invalid_argument("one column leaves nothing to choose, so nothing to overfit");
    return Splitter(returns, blocks, measure).run();
}

}  // namespace sluice::research
