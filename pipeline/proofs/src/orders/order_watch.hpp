// Holds what an engine does against the rules of an order's life: sees each command as it leaves and
// each report as it is handed over, and keeps books of its own from them.
#pragma once

#include <optional>
#include <vector>

#include <sluice/proofs/order_engine.hpp>
#include <sluice/proofs/order_rules.hpp>

namespace sluice::proofs {

class OrderWatch {
  public:
    OrderWatch(OrderRuleSet rules, pipeline::Quantity limit, bool brackets)
        : rules_(rules), limit_(limit), brackets_(brackets) {}

    void clear();

    // Before the engine is handed `event`; after() follows, with what came of it.
    void before(const pipeline::Event& event, const OrderEngine& engine);
    void after(const OrderEngine& engine, const Said& said);
    // All is answered, and a decision for `wanted` made and answered since; `stopped` lies in stops at
    // the venue.
    void at_rest(const OrderEngine& engine, pipeline::Quantity wanted,
                 pipeline::Quantity at_the_venue, pipeline::Quantity stopped);

    // The first rule that was broken.
    [[nodiscard]] std::optional<OrderRule> broken() const noexcept { return broken_; }

    // An order that the engine has not heard the end of; null when there is none.
    struct Order {
        pipeline::OrderId id{};
        pipeline::Side side{};
        pipeline::Quantity quantity;
        pipeline::Quantity asked;  // by a replacement without an answer
        pipeline::Quantity booked;
        bool accepted = false;
        bool cancelling = false;
        bool replacing = false;
        bool ended = false;
        bool reduce_only = false;
        bool leg = false;
        bool stop = false;

        // What may still fill, at worst.
        [[nodiscard]] pipeline::Quantity most_left() const noexcept {
            return (replacing && asked > quantity ? asked : quantity) - booked;
        }
    };
    [[nodiscard]] const Order* any_open() const noexcept;

  private:
    enum class Meaning { kPossible, kRace, kUnknown, kOverfill, kIllegal };

    void check(bool holds, OrderRule rule) noexcept {
        if (!holds && !broken_ && (rules_ & rule_bit(rule)) != 0) broken_ = rule;
    }
    [[nodiscard]] Order* find(pipeline::OrderId id) noexcept;
    void note_leg(pipeline::ExecKind kind, const Order& before);
    void forget_misses();
    [[nodiscard]] bool is_protected() const noexcept;
    [[nodiscard]] Meaning read(const pipeline::Event& report);
    void on_new(const pipeline::ApprovedOrder& order);
    void on_replacement(const pipeline::ApprovedOrder& order);
    void on_cancel(pipeline::OrderId id);
    void judge_halt(pipeline::Side side, pipeline::Quantity leaves, pipeline::OrderId id,
                    bool reduce_only);
    void judge_incidents(const Said& said);
    [[nodiscard]] std::size_t open() const noexcept;
    [[nodiscard]] pipeline::Quantity most_left(pipeline::Side side,
                                               pipeline::OrderId without) const noexcept;

    OrderRuleSet rules_;
    pipeline::Quantity limit_;
    bool brackets_;
    std::optional<OrderRule> broken_{};
    std::vector<Order> orders_;
    pipeline::Quantity position_;
    pipeline::OrderId last_id_ = pipeline::OrderId::kNone;
    bool halted_ = false;
    bool killed_ = false;
    bool missed_[2] = {};   // that leg, since the position was opened
    bool gave_up_ = false;  // and again: the position is to be closed
    bool waits_ = false;    // a change of the stop was refused: until the next beat
    // Of the event at hand.
    Meaning meaning_ = Meaning::kPossible;
    pipeline::OrderId about_ = pipeline::OrderId::kNone;
    bool is_fill_ = false;
    pipeline::Quantity room_;  // of a fill: what its order had left
    pipeline::Quantity position_before_;
    bool leg_missing_ = false;
};

}  // namespace sluice::proofs
