#include <sluice/proofs/order_trail.hpp>

#include <algorithm>

#include <sluice/pipeline/bar_definition.hpp>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;

namespace {

// Of one instrument: an hour of the busiest.
constexpr std::size_t kTicksMost = 1U << 20U;

[[nodiscard]] std::uint64_t sequence_of(const Event& event) noexcept {
    return static_cast<std::uint64_t>(event.sequence());
}

[[nodiscard]] std::uint64_t number_at(const pipeline::CommandBytes& bytes, std::size_t at,
                                      std::size_t count) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{bytes[at + i]} << (8U * i);
    return value;
}

}  // namespace

OrderWatcher::OrderWatcher(const pipeline::Settings& settings)
    : settings_(settings), day_start_equity_(settings.account.capital) {}

OrderWatcher::OrderWatcher(const pipeline::Settings& settings, const pipeline::CommandBytes& target,
                           std::size_t bars_kept)
    : OrderWatcher(settings) {
    bars_kept_ = bars_kept;
    target_ = pipeline::order_of(target);
    target_sequence_ = number_at(target, 8, 8);
    symbol_ = static_cast<pipeline::SymbolId>(number_at(target, 40, 2));
    const auto time =
        core::time_from_ns<core::StreamTime>(static_cast<std::int64_t>(number_at(target, 0, 8)));
    const auto& timeframes = settings.bars.timeframes;
    first_tick_ = time - 2 * *std::max_element(timeframes.begin(), timeframes.end());
    seen_.resize(timeframes.size() + settings.bars.by_activity.size());
}

void OrderWatcher::sequenced(const Event& event, const pipeline::Portfolio& portfolio) {
    if (event.kind() == EventKind::kDayStart) day_start_equity_ = portfolio.equity();
    if (target_ == 0 || trail_) return;
    if (sequence_of(event) == target_sequence_) cause_ = event;
    if (event.symbol() == symbol_ && pipeline::is_market(event.kind())) keep_tick(event);
}

void OrderWatcher::keep_tick(const Event& tick) {
    if (tick.time() < first_tick_) return;
    if (ticks_.size() == kTicksMost) ticks_.pop_front();
    ticks_.push_back(tick);
}

void OrderWatcher::take_bar(const Event& bar) {
    Seen& seen = seen_[bar.timeframe()];
    ++seen.count;
    seen.bars.push_back(bar);
    if (seen.bars.size() > bars_kept_) seen.bars.pop_front();
}

void OrderWatcher::sent(const Event& command) { sent_.push_back(pipeline::command_bytes(command)); }

void OrderWatcher::recorded(const Event& event) {
    if (pipeline::is_command(event)) recorded_.push_back(pipeline::command_bytes(event));
    if (target_ == 0 || trail_) return;
    if (event.kind() == EventKind::kIntent && event.symbol() == symbol_) intent_ = event;
    if (event.kind() == EventKind::kQuoteIntent && event.symbol() == symbol_) quote_ = event;
    if (event.kind() == EventKind::kBar && event.symbol() == symbol_) take_bar(event);
}

void OrderWatcher::ordered(const Event& event,
                           const ObservedStages<pipeline::SignalStage>& stages) {
    while (!order_times_.empty() &&
           event.time() - order_times_.front() >= core::Nanos{1'000'000'000})
        order_times_.pop_front();
    order_times_.push_back(event.time());
    const pipeline::ApprovedOrder& order = event.approved();
    if (trail_ || target_ == 0 || order.is_replacement() ||
        static_cast<std::uint64_t>(order.id()) != target_)
        return;
    const pipeline::Portfolio& portfolio = stages.risk.portfolio();
    OrderTrail trail;
    trail.order = event;
    trail.cause = cause_;
    trail.intent = intent_;
    trail.quote = quote_;
    const pipeline::Portfolio::Position& held = portfolio.position(order.symbol());
    trail.books = {held.quantity, held.mark, portfolio.cash(), portfolio.equity(),
                   portfolio.gross_exposure()};
    trail.limits = limits_of(order, portfolio);
    const auto& strategies = settings_.signals.strategies;
    for (std::size_t i = 0; i < strategies.size(); ++i) {
        const Seen& seen = seen_[timeframe_of(settings_.bars, strategies[i]).value()];
        const pipeline::SignalStage::Vote vote = stages.signals.vote(symbol_, i);
        trail.strategies.push_back({strategies[i].name,
                                    to_string(strategies[i].kind),
                                    strategies[i].timeframe,
                                    strategies[i].bars,
                                    vote.weight,
                                    vote.strength,
                                    vote.ready,
                                    {seen.bars.begin(), seen.bars.end()},
                                    seen.count});
    }
    trail.ticks.assign(ticks_.begin(), ticks_.end());
    trail_ = std::move(trail);
}

// An order is proposed only once no other one of its side and instrument is open; see RiskStage.
std::vector<LimitRow> OrderWatcher::limits_of(const pipeline::ApprovedOrder& order,
                                              const pipeline::Portfolio& portfolio) const {
    const pipeline::RiskSettings& risk = settings_.risk;
    const pipeline::Portfolio::Position& held = portfolio.position(order.symbol());
    // In the account's currency, as the gate counts.
    const auto worth = [&](core::Price price, core::Quantity quantity) {
        return portfolio.currencies().at_most(
            order.symbol(), price * portfolio.underlying(order.symbol(), quantity));
    };
    const core::Price worst = order.limit() > held.mark ? order.limit() : held.mark;
    const core::Quantity after = held.quantity + signed_by(order.side(), order.quantity());
    const bool reducing = !held.quantity.is_zero() && after.abs() < held.quantity.abs() &&
                          (after.is_zero() || (after.raw() > 0) == (held.quantity.raw() > 0));
    std::vector<LimitRow> out{
        {"risk.max_order_quantity", order.quantity().to_double(),
         risk.max_order_quantity.to_double()},
        {"risk.max_order_notional", worth(worst, order.quantity()).to_double(),
         risk.max_order_notional.to_double()},
        {"risk.max_orders_per_second", static_cast<double>(order_times_.size()),
         static_cast<double>(risk.max_orders_per_second)},
    };
    if (!order.limit().is_zero()) {
        const double distance = (order.limit() - held.mark).to_double();
        out.push_back({"risk.max_price_distance_bps",
                       (distance < 0 ? -distance : distance) / held.mark.to_double() * 10'000.0,
                       static_cast<double>(risk.max_price_distance_bps)});
    }
    if (reducing) return out;  // held to no more
    out.push_back({"risk.max_position", after.abs().to_double(), risk.max_position.to_double()});
    out.push_back({"risk.daily_loss", (day_start_equity_ - portfolio.equity()).to_double(),
                   risk.daily_loss.to_double()});
    if (risk.max_drawdown_bps > 0) {
        const core::Money fall = portfolio.peak_equity() - portfolio.equity();
        out.push_back({"risk.max_drawdown_bps",
                       fall.to_double() / portfolio.peak_equity().to_double() * 10'000.0,
                       static_cast<double>(risk.max_drawdown_bps)});
    }
    if (risk.require_funds) {
        const core::Money needed = portfolio.gross_exposure() -
                                   worth(held.mark, held.quantity.abs()) +
                                   worth(worst, after.abs());
        out.push_back({"risk.require_funds", needed.to_double(), portfolio.equity().to_double()});
    }
    return out;
}

}  // namespace sluice::proofs
