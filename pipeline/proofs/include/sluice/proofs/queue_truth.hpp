// Models of the place in a queue against the truth, where a record has orders: hypothetical orders join the
// best bid or ask at random times, and the record says which resting orders stood ahead of each and when an
// execution first went past them. One thread, off the hot path.
//
// An order is truly filled when, after it joined,
//  - an order at its price that did not stand ahead of it, or one at a worse price, was executed: it would
//    have been served before; or
//  - an order of the other side came to rest at its price or beyond: it would have met this one.
// An order that stood ahead loses its place when its price changes or its size grows. What the record cannot
// say: an aggressor that took exactly all that rested and whose rest expired might have had more, so the
// truth is a lower bound; and nobody in the record has reacted to the hypothetical order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/tick_tables.hpp>

namespace sluice::proofs {

struct QueueProbe {
    std::int64_t placed_ns = 0;
    pipeline::Side side{};
    std::int64_t price_raw = 0;
    std::int64_t ahead_raw = 0;  // size that stood there
    // From the placing; none: not within the horizon.
    std::optional<std::int64_t> true_ns{};
    std::vector<std::optional<std::int64_t>> model_ns{};  // by model
};

// What a model sees of the same market: best prices and prints, no order.
class QueueModel {
  public:
    QueueModel() = default;
    QueueModel(const QueueModel&) = delete;
    QueueModel& operator=(const QueueModel&) = delete;
    virtual ~QueueModel() = default;

    // Probe number `probe` of size `quantity_raw` joins the best price of its side, which `top` shows.
    virtual void place(std::size_t probe, const QueueProbe& what, std::int64_t quantity_raw,
                       const pipeline::QuoteRow& top) = 0;
    virtual void trade(std::size_t probe, const pipeline::TradeRow& row) = 0;
    virtual void quote(std::size_t probe, const pipeline::QuoteRow& row) = 0;
    // When the probe filled whole; none: it has not. A time as the rows have it.
    [[nodiscard]] virtual std::optional<std::int64_t> filled_ns(std::size_t probe) const = 0;
};

struct QueueStudyOptions {
    std::size_t probes = 1000;
    std::int64_t horizon_ns = 60'000'000'000;
    std::uint64_t seed = 1;
    std::int64_t quantity_raw = 100'000'000;
};

// The rows in the order of their table; probes are placed between the first trade (before it a market
// gathers orders for its opening) and the horizon before the last row. A time at which a side is empty gives none, so there may be fewer.
[[nodiscard]] std::vector<QueueProbe> study_queues(const pipeline::OrderColumns& rows,
                                                   const QueueStudyOptions& options,
                                                   std::span<QueueModel* const> models);

// How a model did against the truth.
struct QueueScore {
    std::uint64_t fills = 0;  // of the model
    std::uint64_t both = 0;
    std::uint64_t model_only = 0;
    std::uint64_t truth_only = 0;
    // Over probes that both have filled: model less truth.
    double error_mean_s = 0;
    double error_median_s = 0;
    double error_absolute_median_s = 0;
};
[[nodiscard]] QueueScore score(std::span<const QueueProbe> probes, std::size_t model);

}  // namespace sluice::proofs
