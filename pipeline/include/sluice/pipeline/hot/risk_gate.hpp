// T6 risk, the gate: the only code that can turn a proposal into a sendable order.
// Owned by the risk stage; constant time but for the exposure sum over the instruments.
//
// Fails closed: what cannot be judged (no price, no room to track the order) is refused. An order
// that only reduces a position passes a halt, a pause, the loss limits and the funds check, because
// keeping a losing position would be the greater risk; every other limit holds for it too. The kill
// switch lets nothing pass but the closing of positions that it asks for itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/approved_order.hpp>
#include <sluice/pipeline/hot/entry_halts.hpp>
#include <sluice/pipeline/hot/loss_limits.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct Proposal {
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;
    OrderType type = OrderType::kMarket;
    TimeInForce tif = TimeInForce::kGtc;
    Quantity quantity;  // positive; for a replacement the part that may still fill
    Price limit;        // zero for a market order
};

// What the gate must know of the proposal's instrument.
struct Exposure {
    Quantity position;
    Quantity working_buy;  // open orders, what may still fill, both positive
    Quantity working_sell;
    Quantity lot;
    Price mark;                   // zero when there is no market price yet
    std::size_t open_orders = 0;  // of all instruments, and how many there may be
    std::size_t order_capacity = 0;
    HaltSet paused = 0;
};

class RiskGate {
  public:
    class Verdict {
      public:
        [[nodiscard]] bool approved() const noexcept { return approved_; }
        // Only when approved(); stops the process otherwise.
        [[nodiscard]] const ApprovedOrder& order() const noexcept {
            if (!approved_) [[unlikely]]
                core::broken_invariant_slow("a refused verdict was asked for its order");
            return order_;
        }
        // Only when refused.
        [[nodiscard]] RefusalReason reason() const noexcept { return reason_; }
        [[nodiscard]] double observed() const noexcept { return observed_; }
        [[nodiscard]] double limit() const noexcept { return limit_; }

      private:
        friend class RiskGate;
        explicit Verdict(const ApprovedOrder& order) noexcept : order_(order) {}

        ApprovedOrder order_;
        bool approved_ = false;
        RefusalReason reason_{};
        double observed_ = 0;
        double limit_ = 0;
    };

    explicit RiskGate(const RiskSettings& settings);

    // Judges a new order that would carry `id`; kNone when there is no room to track one.
    [[nodiscard]] Verdict judge(const Proposal& proposal, const Exposure& exposure,
                                const Portfolio& portfolio, StreamTime now, OrderId id) noexcept;
    // Judges new terms for the open order `id`: `exposure` counts it out, `total` is its new
    // quantity with what has filled already.
    [[nodiscard]] Verdict judge_replacement(const Proposal& proposal, Quantity total,
                                            const Exposure& exposure, const Portfolio& portfolio,
                                            StreamTime now, OrderId id) noexcept;

    // The session stops; beside what set_halts() says.
    void halt(bool halted) noexcept { stopped_ = halted; }
    void set_halts(HaltSet halts) noexcept { halts_ = halts; }
    void set_drawdown(const Drawdown& drawdown, const Drawdown& window) noexcept {
        drawdown_ = drawdown;
        window_ = window;
    }
    [[nodiscard]] Quantity max_position() const noexcept { return limits_.max_position; }
    // The loss is measured from `start_equity` until the next day starts.
    void start_day(Money start_equity) noexcept {
        day_start_equity_ = start_equity;
        daily_loss_breached_ = false;
    }
    void set_daily_loss_breached() noexcept { daily_loss_breached_ = true; }
    void set_session_open(bool open) noexcept { session_open_ = open; }
    [[nodiscard]] bool session_open() const noexcept { return session_open_; }

  private:
    [[nodiscard]] Verdict check(const Proposal& proposal, const Exposure& exposure,
                                const Portfolio& portfolio, StreamTime now, OrderId id) noexcept;
    [[nodiscard]] bool take_rate_slot(StreamTime now) noexcept;
    struct Block {
        RefusalReason reason;
        double observed;
        double limit;
    };
    // Whether new exposure is held back, and by what; false: it is not.
    [[nodiscard]] bool is_blocked(const Exposure& exposure, Money equity,
                                  Block& block) const noexcept;

    RiskSettings limits_;
    bool stopped_ = false;
    HaltSet halts_ = 0;
    Drawdown drawdown_;
    Drawdown window_;
    bool daily_loss_breached_ = false;
    bool session_open_ = true;
    Money day_start_equity_;
    std::vector<StreamTime> sent_;  // times of the last max_orders_per_second orders, a ring
    std::size_t next_sent_ = 0;
};

}  // namespace sluice::pipeline
