// The gate against an independent checker: over random proposals, fills, cancels, prices and times
// no approved order could break a limit, and nothing is refused that breaks none.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/hot/risk_gate_limits.hpp>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr int kStepsPerCase = 1'000;  // times 100 cases

struct OpenOrder {
    Side side;
    std::int64_t leaves;  // units
};

// A desk of one instrument kept in plain integers: units of quantity, whole cents of price.
class RandomDesk {
  public:
    explicit RandomDesk(std::uint64_t seed) : random_(seed) {
        limits_.max_position = qty(pick(1, 300));
        limits_.max_order_quantity = qty(pick(1, 200));
        limits_.max_order_notional = Money::from_units(pick(100, 20'000));
        limits_.max_price_distance_bps = pick(1, 300);
        limits_.max_orders_per_second = pick(1, 8);
        limits_.require_funds = chance(2);
        cash_cents_ = pick(1'000, 50'000) * 100;
        lot_ = pick(1, 3);
        books_ = Portfolio{Money::from_units(cash_cents_ / 100), 1};
        gate_ = std::make_unique<RiskGate>(limits_);
        gate_->start_day(books_.equity());
    }

    void run() {
        for (int step = 0; step < kStepsPerCase; ++step) {
            now_ns_ += pick(0, 400) * 1'000'000;
            switch (pick(0, 9)) {
                case 0: move_price(); break;
                case 1: fill_one(); break;
                case 2: cancel_one(); break;
                case 3: change_mode(); break;
                default: propose(); break;
            }
            // Whatever may still fill, and in whatever order.
            const std::int64_t most = max_position();
            RC_ASSERT(position_ + working(Side::kBuy) <= most);
            RC_ASSERT(position_ - working(Side::kSell) >= -most);
        }
    }

  private:
    std::int64_t pick(std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>{low, high}(random_);
    }
    bool chance(int one_in) { return pick(1, one_in) == 1; }
    [[nodiscard]] std::int64_t max_position() const {
        return limits_.max_position.raw() / Quantity::kScale;
    }
    [[nodiscard]] std::int64_t working(Side side) const {
        std::int64_t sum = 0;
        for (const OpenOrder& order : open_) sum += order.side == side ? order.leaves : 0;
        return sum;
    }
    [[nodiscard]] std::int64_t equity_cents() const { return cash_cents_ + position_ * mark_; }

    void move_price() {
        mark_ = std::max<std::int64_t>(50, mark_ + pick(-200, 200));
        books_.mark(kSymbol, cents(mark_));
    }
    void fill_one() {
        if (open_.empty()) return;
        const auto index = static_cast<std::size_t>(pick(0, std::ssize(open_) - 1));
        OpenOrder& order = open_[index];
        const std::int64_t quantity = pick(1, order.leaves);
        const std::int64_t price = std::max<std::int64_t>(1, mark_ + pick(-20, 20));
        const std::int64_t move = order.side == Side::kBuy ? quantity : -quantity;
        books_.apply_fill(kSymbol, qty(move), cents(price), Money{});
        if (books_.position(kSymbol).mark != cents(mark_)) books_.mark(kSymbol, cents(mark_));
        position_ += move;
        cash_cents_ -= move * price;
        order.leaves -= quantity;
        if (order.leaves == 0) open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
        RC_ASSERT(books_.equity() == cents(1) * qty(equity_cents()));
    }
    void cancel_one() {
        if (open_.empty()) return;
        open_.erase(open_.begin() + pick(0, std::ssize(open_) - 1));
    }
    void change_mode() {
        switch (pick(0, 3)) {
            case 0: gate_->halt(halted_ = chance(3)); break;
            case 1: gate_->set_session_open(session_ = !chance(4)); break;
            case 2:
                gate_->set_daily_loss_breached();
                breached_ = true;
                break;
            default:
                gate_->start_day(books_.equity());
                breached_ = false;
                break;
        }
    }

    void propose() {
        const Side side = chance(2) ? Side::kBuy : Side::kSell;
        const bool is_limit = chance(2);
        const std::int64_t quantity = pick(-2, 250);
        const std::int64_t limit =
            is_limit ? std::max<std::int64_t>(0, mark_ + pick(-300, 300)) : 0;
        const Proposal proposal{
            kSymbol,           side,          is_limit ? OrderType::kLimit : OrderType::kMarket,
            TimeInForce::kGtc, qty(quantity), cents(limit)};
        const Exposure exposure{qty(position_), qty(working(Side::kBuy)), qty(working(Side::kSell)),
                                qty(lot_), cents(mark_)};
        const OrderId id = chance(50) ? OrderId::kNone : order_id(++last_id_);
        // The two ways to ask agree.
        const auto approved = gate_->approve(proposal, exposure, books_, at(now_ns_), id);
        const auto verdict = gate_->judge(proposal, exposure, books_, at(now_ns_), id);
        RC_ASSERT(approved.has_value() == verdict.approved());
        if (approved) {
            RC_ASSERT(approved->id() == verdict.order().id());
            RC_ASSERT(approved->quantity() == verdict.order().quantity());
            RC_ASSERT(approved->limit() == verdict.order().limit());
            RC_ASSERT(approved->side() == verdict.order().side());
        }
        const auto broken = broken_limits(side, is_limit, quantity, limit, id);
        if (verdict.approved()) {
            RC_ASSERT(broken.empty());
            RC_ASSERT(verdict.order().quantity() == qty(quantity));
            RC_ASSERT(verdict.order().side() == side);
            RC_ASSERT(verdict.order().limit() == cents(limit));
            open_.push_back({side, quantity});
            approved_at_.push_back(now_ns_);
        } else {
            const bool legitimate =
                std::find(broken.begin(), broken.end(), verdict.reason()) != broken.end();
            if (!legitimate) RC_FAIL(std::string{"refused idly: "} + to_string(verdict.reason()));
        }
    }

    // Every limit that the proposal breaks, worked out from the plain integers.
    [[nodiscard]] std::vector<RefusalReason> broken_limits(Side side, bool is_limit,
                                                           std::int64_t quantity,
                                                           std::int64_t limit, OrderId id) const {
        std::vector<RefusalReason> out;
        const std::int64_t towards = side == Side::kBuy ? 1 : -1;
        const std::int64_t worst = position_ + towards * (working(side) + quantity);
        const bool reducing = position_ * towards < 0 && worst * towards <= 0;
        if (!session_) out.push_back(RefusalReason::kOutsideSession);
        if (halted_ && !reducing) out.push_back(RefusalReason::kHalted);
        if (breached_ && !reducing) out.push_back(RefusalReason::kDailyLoss);
        if (quantity <= 0 || quantity % lot_ != 0) out.push_back(RefusalReason::kBadQuantity);
        if (is_limit && limit <= 0) out.push_back(RefusalReason::kNoMarketPrice);
        if (qty(quantity) > limits_.max_order_quantity)
            out.push_back(RefusalReason::kMaxOrderQuantity);
        if (is_limit && std::abs(limit - mark_) * 10'000 > mark_ * limits_.max_price_distance_bps)
            out.push_back(RefusalReason::kPriceDistance);
        const std::int64_t price = std::max(limit, mark_);
        if (cents(1) * qty(price * quantity) > limits_.max_order_notional)
            out.push_back(RefusalReason::kMaxOrderNotional);
        if (!reducing && std::abs(worst) > max_position())
            out.push_back(RefusalReason::kMaxPosition);
        // Whichever side's orders fill.
        const std::int64_t other =
            position_ - towards * working(side == Side::kBuy ? Side::kSell : Side::kBuy);
        const std::int64_t size = std::max(std::abs(worst), std::abs(other));
        if (limits_.require_funds && !reducing && price * size > equity_cents())
            out.push_back(RefusalReason::kInsufficientFunds);
        if (id == OrderId::kNone) out.push_back(RefusalReason::kTooManyOpenOrders);
        std::int64_t within_a_second = 0;
        for (const std::int64_t when : approved_at_) within_a_second += now_ns_ - when < kSecond;
        if (within_a_second >= limits_.max_orders_per_second)
            out.push_back(RefusalReason::kOrderRate);
        return out;
    }

    std::mt19937_64 random_;
    RiskSettings limits_ = wide_limits();
    Portfolio books_{Money{}, 1};
    std::unique_ptr<RiskGate> gate_;
    std::vector<OpenOrder> open_;
    std::vector<std::int64_t> approved_at_;
    std::int64_t position_ = 0;
    std::int64_t cash_cents_ = 0;
    std::int64_t mark_ = 10'000;
    std::int64_t lot_ = 1;
    std::int64_t now_ns_ = 0;
    std::uint64_t last_id_ = 0;
    bool halted_ = false;
    bool breached_ = false;
    bool session_ = true;
};

RC_GTEST_PROP(RiskGateProperty, no_approved_order_could_break_a_limit_and_none_is_refused_idly,
              ()) {
    RandomDesk{*rc::gen::arbitrary<std::uint64_t>()}.run();
}

}  // namespace
}  // namespace sluice::tests::trade_path
