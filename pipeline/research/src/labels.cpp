#include <sluice/research/labels.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {

using pipeline::statistics::Sum;

namespace {

void check_spans(std::span<const LabelSpan> labels, std::size_t bars) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const LabelSpan& label = labels[i];
        if (label.first < 0 || label.last < label.first ||
            static_cast<std::size_t>(label.last) >= bars)
            throw std::invalid_argument("label " + std::to_string(i) + " does not lie within " +
                                        std::to_string(bars) + " bars");
    }
}

// Calls visit(bar) for each bar of the label.
template <class Visit>
void each_bar(const LabelSpan& label, Visit&& visit) {
    for (std::int64_t bar = label.first; bar <= label.last; ++bar)
        visit(static_cast<std::size_t>(bar));
}

double bars_in(const LabelSpan& label) noexcept {
    return static_cast<double>(label.last - label.first + 1);
}

std::vector<double> scaled_to(std::vector<double> values, double total) {
    Sum sum;
    for (const double value : values) sum.add(value);
    for (double& value : values) value *= total / sum.value();
    return values;
}

}  // namespace

BarrierLabel triple_barrier(std::span<const double> prices, std::size_t start,
                            const BarrierPlan& plan) {
    if (prices.empty() || start >= prices.size() - 1 || plan.bars == 0)
        throw std::invalid_argument("a label needs at least one bar after its start");
    if (!(plan.target > 0) || !(plan.take_profit >= 0) || !(plan.stop_loss >= 0))
        throw std::invalid_argument("a label's target is positive, its multiples not negative");
    if (plan.side != 1 && plan.side != -1) throw std::invalid_argument("a label's side is 1 or -1");
    const std::size_t last = start + std::min(plan.bars, prices.size() - 1 - start);
    BarrierLabel out;
    for (std::size_t bar = start + 1; bar <= last; ++bar) {
        out.touch = bar;
        out.result = (prices[bar] / prices[start] - 1) * plan.side;
        if (plan.take_profit > 0 && out.result >= plan.take_profit * plan.target) out.label = 1;
        if (plan.stop_loss > 0 && out.result <= -plan.stop_loss * plan.target) out.label = -1;
        if (out.label != 0) break;
    }
    return out;
}

std::vector<std::uint32_t> concurrency(std::span<const LabelSpan> labels, std::size_t bars) {
    check_spans(labels, bars);
    std::vector<std::uint32_t> out(bars);
    for (const LabelSpan& label : labels) each_bar(label, [&](std::size_t bar) { ++out[bar]; });
    return out;
}

std::vector<double> average_uniqueness(std::span<const LabelSpan> labels, std::size_t bars) {
    const std::vector<std::uint32_t> together = concurrency(labels, bars);
    std::vector<double> out;
    for (const LabelSpan& label : labels) {
        Sum sum;
        each_bar(label, [&](std::size_t bar) { sum.add(1.0 / together[bar]); });
        out.push_back(sum.value() / bars_in(label));
    }
    return out;
}

std::vector<double> return_weights(std::span<const LabelSpan> labels,
                                   std::span<const double> prices) {
    const std::vector<std::uint32_t> together = concurrency(labels, prices.size());
    std::vector<double> out;
    for (const LabelSpan& label : labels) {
        Sum sum;
        each_bar(label, [&](std::size_t bar) {
            if (bar > 0) sum.add(std::log(prices[bar] / prices[bar - 1]) / together[bar]);
        });
        out.push_back(std::abs(sum.value()));
    }
    return scaled_to(std::move(out), static_cast<double>(labels.size()));
}

std::vector<double> draw_chances(std::span<const LabelSpan> labels,
                                 std::span<const std::size_t> drawn, std::size_t bars) {
    check_spans(labels, bars);
    std::vector<std::uint32_t> taken(bars);
    for (const std::size_t number : drawn) {
        if (number >= labels.size()) throw std::invalid_argument("a drawn label is none of them");
        each_bar(labels[number], [&](std::size_t bar) { ++taken[bar]; });
    }
    std::vector<double> out;
    for (const LabelSpan& label : labels) {
        Sum sum;
        each_bar(label, [&](std::size_t bar) { sum.add(1.0 / (1.0 + taken[bar])); });
        out.push_back(sum.value() / bars_in(label));
    }
    return scaled_to(std::move(out), 1);
}

std::vector<double> time_decay(std::span<const double> uniqueness, double oldest) {
    if (!(oldest > -1 && oldest <= 1))
        throw std::invalid_argument("the oldest label's weight lies above -1 and at most at 1");
    Sum all;
    for (const double u : uniqueness) all.add(u);
    const double slope =
        oldest >= 0 ? (1 - oldest) / all.value() : 1 / ((oldest + 1) * all.value());
    const double constant = 1 - slope * all.value();
    std::vector<double> out;
    Sum age;
    for (const double u : uniqueness) {
        age.add(u);
        out.push_back(std::max(0.0, constant + slope * age.value()));
    }
    return out;
}

std::vector<double> fractional_weights(double d, std::size_t count) {
    std::vector<double> out;
    for (std::size_t k = 0; k < count; ++k) {
        const auto step = static_cast<double>(k);
        out.push_back(k == 0 ? 1 : -out.back() * (d - step + 1) / step);
    }
    return out;
}

std::vector<double> fractional_difference(std::span<const double> series, double d,
                                          std::size_t window) {
    const std::vector<double> weights = fractional_weights(d, window);
    std::vector<double> out(series.size(), pipeline::statistics::kNothing);
    for (std::size_t t = window == 0 ? series.size() : window - 1; t < series.size(); ++t) {
        Sum sum;
        for (std::size_t k = 0; k < window; ++k) sum.add(weights[k] * series[t - k]);
        out[t] = sum.value();
    }
    return out;
}

}  // namespace sluice::research
