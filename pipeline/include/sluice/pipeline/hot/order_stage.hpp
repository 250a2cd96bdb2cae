// T7 orders: approved orders and cancels in, commands to the gateway out; follows each order's life.
// Runs on the thread of its group; all memory at construction; nothing to do for a tick.
#pragma once

#include <cstddef>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/order_state.hpp>
#include <sluice/pipeline/hot/order_table.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>

namespace sluice::pipeline {

// Where commands leave for a venue. Takes approved orders only: an Event is no substitute.
template <class G>
concept Gateway = requires(G gateway, const ApprovedOrder& order, StreamTime now, OrderId id,
                           SymbolId symbol, Sequence cause) {
    { gateway.send(order, now, cause) }
    noexcept;
    { gateway.cancel(id, symbol, now, cause) }
    noexcept;
};

class OrderStage {
  public:
    explicit OrderStage(std::size_t max_open_orders) : live_(max_open_orders) {}

    template <EventKind kKnown, StageOutput Out, Gateway G>
    SLUICE_ALWAYS_INLINE void on(const Event& event, Out out, G gateway) noexcept {
        switch (kind_of<kKnown>(event)) {
            case EventKind::kApproved: send(event, gateway); break;
            case EventKind::kCancel: cancel(event, gateway); break;
            case EventKind::kReport: follow(event); break;
            default: break;
        }
        out.template pass<kKnown>(event);
    }

    [[nodiscard]] std::size_t live_orders() const noexcept { return live_.size(); }

  private:
    struct LiveOrder {
        OrderId id = OrderId::kNone;
        SymbolId symbol = core::kNoSymbol;
        OrderState state;
    };

    template <class G>
    SLUICE_NEVER_INLINE void send(const Event& event, G gateway) noexcept {
        const ApprovedOrder& order = event.approved();
        if (order.is_replacement()) {
            LiveOrder* live = live_.find(order.id());
            if (live == nullptr || live->state.cancel_pending) return;
            live->state.replace_pending = true;
            return gateway.send(order, event.time(), event.sequence());
        }
        LiveOrder* opened = live_.open(order.id());
        if (opened == nullptr) [[unlikely]]
            core::overflow_slow("live order table: slot taken");
        gateway.send(order, event.time(), event.sequence());
        opened->symbol = order.symbol();
        opened->state.quantity = order.quantity();
    }
    template <class G>
    SLUICE_NEVER_INLINE void cancel(const Event& event, G gateway) noexcept {
        LiveOrder* live = live_.find(event.cancel().order);
        if (live == nullptr || live->state.cancel_pending) return;
        live->state.cancel_pending = true;
        gateway.cancel(live->id, live->symbol, event.time(), event.sequence());
    }
    // The risk stage has judged the same report by the same state machine and has raised the
    // incident if there was one; here an impossible report simply changes nothing.
    void follow(const Event& event) noexcept {
        LiveOrder* live = live_.find(event.report().order);
        if (live == nullptr || live->symbol != event.symbol()) return;
        if (live->state.apply(event.exec_kind(), event.report().quantity) == Transition::kDone)
            live_.erase(*live);
    }

    OrderTable<LiveOrder> live_;
};

}  // namespace sluice::pipeline
