#include <sluice/proofs/order_engine.hpp>

#include <sluice/pipeline/hot/order_stage.hpp>
#include <sluice/pipeline/hot/risk_stage.hpp>

namespace sluice::proofs {

using pipeline::ApprovedOrder;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::OrderId;
using pipeline::Quantity;
using pipeline::Sequence;
using pipeline::Settings;
using pipeline::StreamTime;
using pipeline::SymbolId;

namespace {

constexpr SymbolId kSymbol{0};

class StageEngine final : public OrderEngine {
  public:
    explicit StageEngine(const Settings& settings)
        : risk_(settings, pipeline::InstrumentTable(1)),
          orders_(static_cast<std::size_t>(settings.execution.max_open_orders)) {}

    void take(const Event& made, Said& said) override {
        Event event = made;
        if (is_sequenced(event.kind())) event.place(static_cast<Sequence>(++sequence_), 0);
        said_ = &said;
        risk_.on<EventKind::kNone>(event, Next{*this});
    }
    [[nodiscard]] Quantity position() const override {
        return risk_.portfolio().position(kSymbol).quantity;
    }
    [[nodiscard]] std::size_t open_orders() const override { return risk_.open_orders(); }
    [[nodiscard]] std::size_t live_orders() const override { return orders_.live_orders(); }

  private:
    struct Gateway {
        StageEngine& engine;
        void send(const ApprovedOrder& order, StreamTime now, Sequence cause) noexcept {
            engine.said_->commands.push_back(Event::approved(now, cause, order));
        }
        void cancel(OrderId id, SymbolId symbol, StreamTime now, Sequence cause) noexcept {
            engine.said_->commands.push_back(Event::cancel(now, cause, symbol, id));
        }
    };
    struct End {
        StageEngine& engine;
        template <EventKind kKnown>
        void pass(const Event& event) const noexcept {
            emit(event);
        }
        template <EventKind kKnown = EventKind::kNone>
        void emit(const Event& event) const noexcept {
            if (event.kind() == EventKind::kIncident) engine.said_->incidents.push_back(event);
        }
    };
    // From the risk stage to the order stage, as the lane has it.
    struct Next {
        StageEngine& engine;
        template <EventKind kKnown>
        void pass(const Event& event) const noexcept {
            engine.orders_.on<kKnown>(event, End{engine}, Gateway{engine});
        }
        template <EventKind kKnown = EventKind::kNone>
        void emit(const Event& event) const noexcept {
            pass<kKnown>(event);
        }
    };

    pipeline::RiskStage risk_;
    pipeline::OrderStage orders_;
    Said* said_ = nullptr;
    std::uint64_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<OrderEngine> make_order_engine(const Settings& settings) {
    return std::make_unique<StageEngine>(settings);
}

}  // namespace sluice::proofs
