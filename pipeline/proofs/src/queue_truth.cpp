#include <sluice/proofs/queue_truth.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/book_rebuild.hpp>
#include <sluice/pipeline/order_ticks.hpp>

namespace sluice::proofs {

namespace {

using pipeline::OrderRow;
using pipeline::Side;

// A probe in the market, and who stands ahead of it.
struct Standing {
    std::size_t probe;
    std::unordered_set<std::int64_t> ahead;
};

bool is_snapshot(const OrderRow& row) noexcept { return (row.flags & pipeline::kRowSnapshot) != 0; }
// Is `price` as good as the probe's or worse, seen from its own side?
bool at_or_behind(const QueueProbe& probe, std::int64_t price_raw) noexcept {
    return probe.side == Side::kBuy ? price_raw <= probe.price_raw : price_raw >= probe.price_raw;
}

class Study {
  public:
    Study(const pipeline::OrderColumns& rows, const QueueStudyOptions& options,
          std::span<QueueModel* const> models)
        : rows_(rows), options_(options), models_(models), random_(options.seed, 0, 0),
          ticks_({.orders = std::max<std::size_t>(1, rows.size())}) {
        draw_times();
    }

    std::vector<QueueProbe> run() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const OrderRow row = row_of(rows_, i);
            if (!is_snapshot(row)) {
                if (complete_) place_due(row.time_ns);
                now_ns_ = std::max(now_ns_, row.time_ns);
                retire();
                for (Standing& one : standing_) look(one, row);
            }
            feed(row);
            complete_ = (row.flags & pipeline::kRowEventEnd) != 0;
        }
        now_ns_ = INT64_MAX;
        retire();
        return std::move(probes_);
    }

  private:
    void draw_times() {
        std::int64_t first = INT64_MAX;
        std::int64_t last = INT64_MIN;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if ((rows_.flags[i] & pipeline::kRowSnapshot) != 0) continue;
            if (rows_.action[i] == 'T') first = std::min(first, rows_.time_ns[i]);
            last = std::max(last, rows_.time_ns[i]);
        }
        if (first > last || last - first <= options_.horizon_ns) return;
        for (std::size_t i = 0; i < options_.probes; ++i)
            times_.push_back(first + random_.below(last - first - options_.horizon_ns));
        std::sort(times_.begin(), times_.end());
    }

    // Those whose time has come before the row at `next_ns`.
    void place_due(std::int64_t next_ns) {
        for (; at_ < times_.size() && times_[at_] < next_ns; ++at_) {
            const Side side = random_.percent(50) ? Side::kBuy : Side::kSell;
            if (ticks_.book().two_sided()) place(times_[at_], side);
        }
    }
    void place(std::int64_t time_ns, Side side) {
        const pipeline::BookLevel best = ticks_.book().level(side, 0);
        QueueProbe probe{time_ns, side, best.price.raw(), best.quantity.raw(), {}, {}};
        Standing one{probes_.size(), {}};
        ticks_.book().for_each_order(side, 0, [&](std::int64_t id, auto) { one.ahead.insert(id); });
        const pipeline::BookLevel bid = ticks_.book().level(Side::kBuy, 0);
        const pipeline::BookLevel ask = ticks_.book().level(Side::kSell, 0);
        pipeline::QuoteRow top{};
        top.time_ns = time_ns;
        top.bid_raw = bid.price.raw();
        top.ask_raw = ask.price.raw();
        top.bid_size_raw = bid.quantity.raw();
        top.ask_size_raw = ask.quantity.raw();
        for (QueueModel* model : models_)
            model->place(one.probe, probe, options_.quantity_raw, top);
        probes_.push_back(std::move(probe));
        standing_.push_back(std::move(one));
    }

    // What the row does to one probe's truth.
    void look(Standing& one, const OrderRow& row) {
        QueueProbe& probe = probes_[one.probe];
        if (probe.true_ns) return;
        const auto resting = ticks_.book().find(row.order);
        const bool known = !resting.quantity.is_zero();
        bool filled = false;
        if (row.action == 'F') {
            filled = known && resting.side == probe.side && at_or_behind(probe, row.price_raw) &&
                     !one.ahead.contains(row.order);
        } else if (row.action == 'A' || row.action == 'M') {
            const bool buys = known ? resting.side == Side::kBuy : row.side == 'B';
            const bool other = (known || row.side != 'N') && buys != (probe.side == Side::kBuy);
            // Of the other side, "behind" for the probe is a price at which they meet.
            filled = other && at_or_behind(probe, row.price_raw);
            if (row.action == 'M' && known &&
                (row.price_raw != resting.price.raw() || row.quantity_raw > resting.quantity.raw()))
                one.ahead.erase(row.order);
        }
        if (filled) probe.true_ns = now_ns_ - probe.placed_ns;
    }

    void feed(const OrderRow& row) {
        trades_ = {};
        quotes_ = {};
        ticks_.add(row, trades_, quotes_);
        for (const Standing& one : standing_)
            for (QueueModel* model : models_) {
                for (std::size_t i = 0; i < trades_.size(); ++i)
                    model->trade(one.probe, {trades_.time_ns[i], trades_.price_raw[i],
                                             trades_.quantity_raw[i], 0, 0, trades_.flags[i]});
                for (std::size_t i = 0; i < quotes_.size(); ++i)
                    model->quote(one.probe, {quotes_.time_ns[i], quotes_.bid_raw[i],
                                             quotes_.ask_raw[i], quotes_.bid_size_raw[i],
                                             quotes_.ask_size_raw[i], 0, 0, quotes_.flags[i]});
            }
    }

    // Takes out the probes whose horizon is over.
    void retire() {
        std::erase_if(standing_, [&](const Standing& one) {
            QueueProbe& probe = probes_[one.probe];
            if (now_ns_ - probe.placed_ns <= options_.horizon_ns) return false;
            for (const QueueModel* model : models_) {
                std::optional<std::int64_t> after = model->filled_ns(one.probe);
                if (after) *after -= probe.placed_ns;
                probe.model_ns.push_back(after);
            }
            return true;
        });
    }

    const pipeline::OrderColumns& rows_;
    const QueueStudyOptions& options_;
    std::span<QueueModel* const> models_;
    core::Random random_;
    pipeline::OrderTicks ticks_;
    std::vector<std::int64_t> times_;
    std::size_t at_ = 0;
    bool complete_ = false;
    std::int64_t now_ns_ = INT64_MIN;
    std::vector<Standing> standing_;
    std::vector<QueueProbe> probes_;
    pipeline::TradeColumns trades_;
    pipeline::QuoteColumns quotes_;
};

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

std::vector<QueueProbe> study_queues(const pipeline::OrderColumns& rows,
                                     const QueueStudyOptions& options,
                                     std::span<QueueModel* const> models) {
    return Study{rows, options, models}.run();
}

QueueScore score(std::span<const QueueProbe> probes, std::size_t model) {
    QueueScore out;
    std::vector<double> errors;
    std::vector<double> sizes;
    for (const QueueProbe& probe : probes) {
        const std::optional<std::int64_t>& said = probe.model_ns.at(model);
        out.fills += said ? 1U : 0U;
        if (said && probe.true_ns) {
            ++out.both;
            const double error = static_cast<double>(*said - *probe.true_ns) / 1e9;
            errors.push_back(error);
            sizes.push_back(std::abs(error));
            out.error_mean_s += error;
        } else if (said) {
            ++out.model_only;
        } else if (probe.true_ns) {
            ++out.truth_only;
        }
    }
    if (!errors.empty()) out.error_mean_s /= static_cast<double>(errors.size());
    out.error_median_s = median(errors);
    out.error_absolute_median_s = median(sizes);
    return out;
}

}  // namespace sluice::proofs
