#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/hot/risk_gate_limits.hpp>

namespace sluice::pipeline {

RiskGate::Verdict RiskGate::judge(const Proposal& proposal, const Exposure& exposure,
                                  const Portfolio& portfolio, StreamTime now, OrderId id) noexcept {
    const Verdict verdict = verdict_on(proposal, exposure, portfolio, now, id);
    if (verdict.approved()) count_order(verdict.order(), now);
    return verdict;
}

RiskGate::Verdict RiskGate::judge_replacement(const Proposal& proposal, Quantity total,
                                              const Exposure& exposure, const Portfolio& portfolio,
                                              StreamTime now, OrderId id) noexcept {
    Verdict verdict = judge(proposal, exposure, portfolio, now, id);
    verdict.order_.make_replacement(total);
    return verdict;
}

RiskGate::Verdict RiskGate::verdict_on(const Proposal& proposal, const Exposure& exposure,
                                       const Portfolio& portfolio, StreamTime now,
                                       OrderId id) const noexcept {
    Verdict verdict{order_of(proposal, id)};
    verdict.approved_ = passes(proposal, exposure, portfolio, now, id,
                               [&verdict](RefusalReason reason, auto observed, auto limit) {
                                   verdict.reason_ = reason;
                                   verdict.observed_ = observed();
                                   verdict.limit_ = limit();
                                   return false;
                               });
    return verdict;
}

// Only what is approved: an order that is refused must not use up a rate.
void RiskGate::count_order(const ApprovedOrder& order, StreamTime now) noexcept {
    orders_.count(now);
    count_message(order.symbol(), now);
    duplicates_.add({order.symbol(), order.side(), order.limit(), order.quantity()}, now);
}

bool RiskGate::is_blocked(HaltSet paused, Money equity, Block& block) const noexcept {
    constexpr HaltSet kByHand = halt_bit(HaltReason::kOperator);
    if (stopped_ || (halts_ & ~kByHand) != 0) {
        block = {RefusalReason::kHalted, 1, 0};
    } else if (halts_ != 0) {
        block = {RefusalReason::kOperatorHalt, 1, 0};
    } else if (paused != 0) {
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

}  // namespace sluice::pipeline
