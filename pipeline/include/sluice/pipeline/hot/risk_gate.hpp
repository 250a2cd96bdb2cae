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
#include <optional>
#include <vector>

#include <sluice/core/protected.hpp>
#include <sluice/pipeline/hot/approved_order.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/entry_halts.hpp>
#include <sluice/pipeline/hot/exposed_book.hpp>
#include <sluice/pipeline/hot/loss_limits.hpp>
#include <sluice/pipeline/hot/margin.hpp>
#include <sluice/pipeline/hot/message_limits.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct Proposal {
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;
    OrderType type = OrderType::kMarket;
    TimeInForce tif = TimeInForce::kGtc;
    Quantity quantity;  // positive; for a replacement the part that may still fill
    Price limit;        // zero for a market order; of a stop what sets it off
    OrderFlags flags = 0;
    std::uint16_t distance_bps = 0;  // see ApprovedOrder
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
    Price own_bid{};  // as TargetState has them
    Price own_ask{};
    ContractSize size{};                   // of the instrument's contract
    const BookExposure* others = nullptr;  // where looks_at_book(); null: no open orders elsewhere
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

    explicit RiskGate(const RiskSettings& settings, std::size_t instruments = 1);

    // Judges a new order that would carry `id`; kNone when there is no room to track one.
    [[nodiscard]] Verdict judge(const Proposal& proposal, const Exposure& exposure,
                                const Portfolio& portfolio, StreamTime now, OrderId id) noexcept;
    // The same in two steps, so that an order need not wait to be counted. Whoever has an order from
    // approve() calls count_order() with it before anything else is judged; verdict_on() says why there
    // was none.
    [[nodiscard]] std::optional<ApprovedOrder> approve(const Proposal& proposal,
                                                       const Exposure& exposure,
                                                       const Portfolio& portfolio, StreamTime now,
                                                       OrderId id) const noexcept;
    [[nodiscard, gnu::cold]] Verdict verdict_on(const Proposal& proposal, const Exposure& exposure,
                                                const Portfolio& portfolio, StreamTime now,
                                                OrderId id) const noexcept;
    void count_order(const ApprovedOrder& order, StreamTime now) noexcept;
    // Judges new terms for the open order `id`: `exposure` counts it out, `total` is its new
    // quantity with what has filled already.
    [[nodiscard]] Verdict judge_replacement(const Proposal& proposal, Quantity total,
                                            const Exposure& exposure, const Portfolio& portfolio,
                                            StreamTime now, OrderId id) noexcept;

    // Whether a limit goes by the whole book, so that an exposure needs `others`.
    [[nodiscard]] bool looks_at_book() const noexcept { return looks_at_book_; }
    // What of those it looks at.
    [[nodiscard]] BookSums book_sums() const noexcept { return book_sums_; }
    // A cancel leaves: never held back, but counted.
    void count_cancel(SymbolId symbol, StreamTime now) noexcept { count_message(symbol, now); }

    // The session stops; beside what set_halts() says.
    void halt(bool halted) noexcept {
        stopped_ = halted;
        note_holds();
    }
    void set_halts(HaltSet halts) noexcept {
        halts_ = halts;
        note_holds();
    }
    void set_drawdown(const Drawdown& drawdown, const Drawdown& window) noexcept {
        drawdown_ = drawdown;
        window_ = window;
        note_holds();
    }
    [[nodiscard]] Quantity max_position() const noexcept { return limits_.max_position; }
    // The loss is measured from `start_equity` until the next day starts.
    void start_day(Money start_equity) noexcept {
        day_start_equity_ = start_equity;
        daily_loss_breached_ = false;
        note_holds();
    }
    void set_daily_loss_breached() noexcept {
        daily_loss_breached_ = true;
        note_holds();
    }
    void set_session_open(bool open) noexcept { session_open_ = open; }
    [[nodiscard]] bool session_open() const noexcept { return session_open_; }

  private:
    template <class Refuse>
    [[nodiscard]] bool passes(const Proposal& proposal, const Exposure& exposure,
                              const Portfolio& portfolio, StreamTime now, OrderId id,
                              Refuse refuse) const noexcept;
    [[nodiscard]] static ApprovedOrder order_of(const Proposal& p, OrderId id) noexcept {
        return {id,     p.limit, p.quantity, p.symbol,
                p.side, p.type,  p.tif,      ApprovedOrder::more(p.flags, p.distance_bps)};
    }
    void note_holds() noexcept {
        holds_back_ = stopped_ || halts_ != 0 || daily_loss_breached_ || drawdown_.breached ||
                      window_.breached;
    }
    void count_message(SymbolId symbol, StreamTime now) noexcept {
        messages_.count(now);
        if (!instrument_messages_.empty()) instrument_messages_[core::index_of(symbol)].count(now);
    }
    struct Block {
        RefusalReason reason;
        double observed;
        double limit;
    };
    // Limits over the whole book, and what this order would repeat or be one too many of; true: refused.
    // By value: what is passed by reference has to be in memory, also where these are not asked.
    [[nodiscard]] bool breaks_book(Proposal p, Exposure e, const Portfolio& portfolio,
                                   Block& block) const noexcept;
    [[nodiscard]] bool breaks_margin(const WorstCase& worst, Money value, Price price,
                                     const Proposal& proposal, const Exposure& exposure,
                                     const Portfolio& portfolio, Block& block) const noexcept;
    [[nodiscard]] bool breaks_flow(Proposal p, StreamTime now, Block& block) const noexcept;
    // Whether new exposure is held back, and by what; false: it is not.
    [[nodiscard, gnu::cold]] bool is_blocked(HaltSet paused, Money equity,
                                             Block& block) const noexcept;

    core::Protected<RiskSettings> page_;  // cannot be written to
    const RiskSettings& limits_;
    bool looks_at_book_;
    BookSums book_sums_;
    bool limits_book_;  // some limit of breaks_book() is on, of breaks_flow()
    bool limits_flow_;
    bool holds_back_ = false;  // one of those below that hold new exposure back
    bool stopped_ = false;
    HaltSet halts_ = 0;
    Drawdown drawdown_;
    Drawdown window_;
    bool daily_loss_breached_ = false;
    bool session_open_ = true;
    Money day_start_equity_;
    MessageRate orders_;
    MessageRate messages_;
    std::vector<MessageRate> instrument_messages_;  // empty: no such limit
    DuplicateFilter duplicates_;
};

}  // namespace sluice::pipeline
