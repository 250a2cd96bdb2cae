#include <sluice/pipeline/hot/risk_gate.hpp>

#include <algorithm>

namespace sluice::pipeline {

namespace {

constexpr Nanos kRateWindow{1'000'000'000};

// Would the order, wholly filled, only bring the position closer to zero?
// One that is reduce-only does, whatever else is open: the venue never fills more of it.
bool only_reduces(const Proposal& p, const Exposure& e) noexcept {
    if ((p.flags & kReduceOnly) != 0)
        return p.side == Side::kSell ? p.quantity <= e.position : p.quantity <= -e.position;
    if (e.position.raw() > 0)
        return p.side == Side::kSell && p.quantity + e.working_sell <= e.position;
    if (e.position.raw() < 0)
        return p.side == Side::kBuy && p.quantity + e.working_buy <= -e.position;
    return false;
}

// The position's size if this order and all open ones of its side filled.
Quantity worst_position(const Proposal& p, const Exposure& e) noexcept {
    return p.side == Side::kBuy ? (e.position + e.working_buy + p.quantity).abs()
                                : (e.position - e.working_sell - p.quantity).abs();
}

// Its size at worst, whichever side fills.
Quantity worst_size(const Proposal& p, const Exposure& e) noexcept {
    const Quantity other = p.side == Side::kBuy ? (e.position - e.working_sell).abs()
                                                : (e.position + e.working_buy).abs();
    return std::max(worst_position(p, e), other);
}

// |limit - mark| in hundredths of a percent of the mark.
double distance_bps(const Proposal& p, Price mark) noexcept {
    const double distance = (p.limit - mark).to_double();
    return (distance < 0 ? -distance : distance) / mark.to_double() * 10'000.0;
}

bool beyond_distance(const Proposal& p, Price mark, std::int64_t limit_bps) noexcept {
    const std::int64_t distance = (p.limit - mark).raw();
    const core::Int128 magnitude = distance < 0 ? -core::Int128{distance} : core::Int128{distance};
    return magnitude * 10'000 > core::widening_mul(mark.raw(), limit_bps);
}

}  // namespace

RiskGate::Verdict RiskGate::judge(const Proposal& proposal, const Exposure& exposure,
                                  const Portfolio& portfolio, StreamTime now, OrderId id) noexcept {
    return check(proposal, exposure, portfolio, now, id);
}

RiskGate::Verdict RiskGate::judge_replacement(const Proposal& proposal, Quantity total,
                                              const Exposure& exposure, const Portfolio& portfolio,
                                              StreamTime now, OrderId id) noexcept {
    Verdict verdict = check(proposal, exposure, portfolio, now, id);
    verdict.order_.make_replacement(total);
    return verdict;
}

RiskGate::Verdict RiskGate::check(const Proposal& p, const Exposure& e, const Portfolio& portfolio,
                                  StreamTime now, OrderId id) noexcept {
    Verdict verdict{ApprovedOrder{id, p.limit, p.quantity, p.symbol, p.side, p.type, p.tif,
                                  ApprovedOrder::more(p.flags, p.distance_bps)}};
    const auto refuse = [&verdict](RefusalReason reason, double observed, double limit) {
        verdict.reason_ = reason;
        verdict.observed_ = observed;
        verdict.limit_ = limit;
        return verdict;
    };

    const bool reducing = only_reduces(p, e);
    if ((halts_ & halt_bit(HaltReason::kKill)) != 0 &&
        !(reducing && limits_.on_kill == OnKill::kFlatten)) [[unlikely]]
        return refuse(RefusalReason::kEmergencyStop, 1, 0);
    if (Block block{}; !reducing && is_blocked(e, portfolio.equity(), block))
        return refuse(block.reason, block.observed, block.limit);
    if (!session_open_) return refuse(RefusalReason::kOutsideSession, 0, 1);
    if (p.quantity.raw() <= 0 || p.quantity.raw() % e.lot.raw() != 0)
        return refuse(RefusalReason::kBadQuantity, p.quantity.to_double(), e.lot.to_double());
    if (e.mark.raw() <= 0 || p.limit.raw() < 0 ||
        (p.type != OrderType::kMarket && p.limit.is_zero()))
        return refuse(RefusalReason::kNoMarketPrice, e.mark.to_double(), 0);
    // A reduce-only order is a leg of a bracket, or closes beside one: the position has passed these limits, and
    // without it would stay as it is. A leg is as far away as the market has moved since.
    const bool closes = reducing && (p.flags & kReduceOnly) != 0;
    if (!closes && p.quantity > limits_.max_order_quantity)
        return refuse(RefusalReason::kMaxOrderQuantity, p.quantity.to_double(),
                      limits_.max_order_quantity.to_double());
    if (p.type == OrderType::kLimit && (p.flags & kReduceOnly) == 0 &&
        beyond_distance(p, e.mark, limits_.max_price_distance_bps))
        return refuse(RefusalReason::kPriceDistance, distance_bps(p, e.mark),
                      static_cast<double>(limits_.max_price_distance_bps));

    const Price worst_price = p.limit > e.mark ? p.limit : e.mark;
    const Money notional = worst_price * e.size.underlying(p.quantity);
    if (!closes && notional > limits_.max_order_notional)
        return refuse(RefusalReason::kMaxOrderNotional, notional.to_double(),
                      limits_.max_order_notional.to_double());
    const Quantity position = worst_position(p, e);
    if (!reducing && position > limits_.max_position)
        return refuse(RefusalReason::kMaxPosition, position.to_double(),
                      limits_.max_position.to_double());
    if (limits_.require_funds && limits_.margin_model == MarginModel::kGross && !reducing) {
        // Gross: every position, this one as it would become, at the market; no leverage.
        const Money other = e.others != nullptr ? e.others->gross
                                                : portfolio.gross_exposure() -
                                                      e.mark * e.size.underlying(e.position.abs());
        const Money needed = other + worst_price * e.size.underlying(worst_size(p, e));
        if (needed > portfolio.equity())
            return refuse(RefusalReason::kInsufficientFunds, needed.to_double(),
                          portfolio.equity().to_double());
    }
    if (Block block{}; e.others != nullptr && !reducing && breaks_book(p, e, portfolio, block))
        return refuse(block.reason, block.observed, block.limit);
    if (Block block{}; breaks_flow(p, e, now, block))
        return refuse(block.reason, block.observed, block.limit);
    if (id == OrderId::kNone)
        return refuse(RefusalReason::kTooManyOpenOrders, static_cast<double>(e.open_orders) + 1,
                      static_cast<double>(e.order_capacity));
    // Last, because an order that is refused for another reason must not use a slot.
    if (!take_rate_slot(now))
        return refuse(RefusalReason::kOrderRate,
                      static_cast<double>(limits_.max_orders_per_second) + 1,
                      static_cast<double>(limits_.max_orders_per_second));
    count_message(p.symbol, now);
    duplicates_.add({p.symbol, p.side, p.limit, p.quantity}, now);
    verdict.approved_ = true;
    return verdict;
}

bool RiskGate::is_blocked(const Exposure& e, Money equity, Block& block) const noexcept {
    constexpr HaltSet kByHand = halt_bit(HaltReason::kOperator);
    if (stopped_ || (halts_ & ~kByHand) != 0) {
        block = {RefusalReason::kHalted, 1, 0};
    } else if (halts_ != 0) {
        block = {RefusalReason::kOperatorHalt, 1, 0};
    } else if (e.paused != 0) {
        block = {RefusalReason::kPaused, 1, 0};
    } else if (daily_loss_breached_) {
        block = {RefusalReason::kDailyLoss, (day_start_equity_ - equity).to_double(),
                 limits_.daily_loss.to_double()};
    } else if (drawdown_.breached) {
        block = {RefusalReason::kDrawdown, drawdown_.bps(equity),
                 static_cast<double>(limits_.max_drawdown_bps)};
    } else if (window_.breached) {
        block = {RefusalReason::kWindowDrawdown, window_.bps(equity),
                 static_cast<double>(limits_.window_drawdown_bps)};
    } else {
        return false;
    }
    return true;
}

// At most max_orders_per_second within any second: the oldest of the last so many must be older.
bool RiskGate::take_rate_slot(StreamTime now) noexcept {
    StreamTime& oldest = sent_[next_sent_];
    if (oldest != StreamTime::min() && now - oldest < kRateWindow) return false;
    oldest = now;
    next_sent_ = next_sent_ + 1 == sent_.size() ? 0 : next_sent_ + 1;
    return true;
}

}  // namespace sluice::pipeline
