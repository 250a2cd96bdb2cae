#include <sluice/proofs/planted_bugs.hpp>

#include <utility>

namespace sluice::proofs {

using pipeline::ApprovedOrder;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExecKind;
using pipeline::IncidentKind;
using pipeline::OrderId;
using pipeline::Quantity;
using pipeline::RejectReason;

namespace {

// An engine around the real one that follows its orders well enough to do one thing wrong.
class PlantedEngine final : public OrderEngine {
  public:
    PlantedEngine(OrderRule bug, std::unique_ptr<OrderEngine> engine)
        : bug_(bug), engine_(std::move(engine)) {}

    void take(const Event& event, Said& said) override {
        if (event.kind() == EventKind::kReport) follow(event);
        if (swallows(event)) return;
        pass(event, said);
        if (event.kind() == EventKind::kBeat) on_beat(event, said);
        if (event.kind() == EventKind::kResume) on_resume(said);
        if (event.kind() == EventKind::kReport) on_report(event, said);
        if (bug_ == OrderRule::kImpossibleIsTold) said.incidents.clear();
        if (bug_ == OrderRule::kNeverUnprotected) drop_growth(said);
    }
    [[nodiscard]] Quantity position() const override { return engine_->position() + beyond_; }
    [[nodiscard]] std::size_t open_orders() const override { return engine_->open_orders(); }
    [[nodiscard]] std::size_t live_orders() const override { return engine_->live_orders(); }

  private:
    struct Order {
        OrderId id{};
        Event sent;
        Event replacement;
        bool accepted = false;
        bool cancelling = false;
        bool replacing = false;
        bool ended = false;
    };

    void pass(const Event& event, Said& said) {
        const std::size_t first = said.commands.size();
        engine_->take(event, said);
        for (std::size_t i = first; i < said.commands.size(); ++i) {
            const Event command = said.commands[i];
            note(command);
            if (bug_ == OrderRule::kWithinLimit && command.kind() == EventKind::kCancel)
                pass(made_report(event, command.cancel().order, ExecKind::kCancelled), said);
        }
    }
    void note(const Event& command) {
        if (command.kind() == EventKind::kCancel) {
            if (Order* order = find(command.cancel().order)) order->cancelling = true;
            return;
        }
        const ApprovedOrder& approved = command.approved();
        Order* order = find(approved.id());
        if (order == nullptr) {
            orders_.push_back({approved.id(), command, command});
        } else {
            order->replacement = command;
            order->replacing = true;
        }
    }
    void follow(const Event& event) {
        Order* order = find(event.report().order);
        if (order == nullptr) return;
        switch (event.exec_kind()) {
            case ExecKind::kAccepted: order->accepted = true; break;
            case ExecKind::kCancelled:
            case ExecKind::kExpired:
            case ExecKind::kRejected: order->ended = true; break;
            case ExecKind::kCancelRejected: order->cancelling = false; break;
            case ExecKind::kReplaced:
            case ExecKind::kReplaceRejected: order->replacing = false; break;
            case ExecKind::kFill: break;
        }
    }
    // What this engine never takes notice of.
    [[nodiscard]] bool swallows(const Event& event) {
        const bool report = event.kind() == EventKind::kReport;
        Order* order = report ? find(event.report().order) : nullptr;
        switch (bug_) {
            case OrderRule::kPositionIsFills:
                return order != nullptr && order->cancelling &&
                       event.exec_kind() == ExecKind::kFill;
            case OrderRule::kEndedIsEnded: return report && event.exec_kind() == ExecKind::kExpired;
            case OrderRule::kWithinLimit: return order != nullptr && order->cancelling;
            case OrderRule::kHaltOpensNothing:
                return event.kind() == EventKind::kHalt || event.kind() == EventKind::kResume;
            case OrderRule::kWantedInTheEnd:
                if (report && event.exec_kind() == ExecKind::kRejected) gave_up_ = true;
                return gave_up_ && event.kind() == EventKind::kIntent;
            default: return false;
        }
    }
    static void drop_growth(Said& said) {
        std::erase_if(said.commands, [](const Event& command) {
            return command.kind() == EventKind::kApproved && is_stop(command.approved().type()) &&
                   command.approved().is_replacement();
        });
    }
    void on_beat(const Event& beat, Said& said) {
        for (std::size_t i = 0; i < orders_.size(); ++i) {
            Order& order = orders_[i];
            if (order.ended) continue;
            if (bug_ == OrderRule::kUnknownStaysUnknown && !order.accepted) {
                order.ended = true;
                pass(made_report(beat, order.id, ExecKind::kRejected), said);
                return;
            }
            if (bug_ == OrderRule::kOneCancel && order.cancelling)
                said.commands.push_back(cancel_of(beat, order.id));
            if (bug_ == OrderRule::kOneReplacement && order.replacing)
                said.commands.push_back(order.replacement);
        }
    }
    void on_resume(Said& said) {
        if (bug_ != OrderRule::kSentOnce) return;
        for (const Order& order : orders_) {
            if (!order.accepted && !order.ended) said.commands.push_back(order.sent);
        }
    }
    void on_report(const Event& event, Said& said) {
        const Order* order = find(event.report().order);
        if (order == nullptr) return;
        if (bug_ == OrderRule::kNothingForEnded && event.exec_kind() == ExecKind::kExpired)
            said.commands.push_back(cancel_of(event, order->id));
        if (bug_ != OrderRule::kFilledWithinQuantity) return;
        for (const Event& incident : said.incidents) {
            if (incident.incident_kind() == IncidentKind::kFillBeyondOrder)
                beyond_ += signed_by(order->sent.approved().side(), event.report().quantity);
        }
    }

    [[nodiscard]] static Event cancel_of(const Event& cause, OrderId id) {
        return Event::cancel(cause.time(), cause.sequence(), pipeline::SymbolId{0}, id);
    }
    [[nodiscard]] static Event made_report(const Event& cause, OrderId id, ExecKind kind) {
        return Event::report(cause.time(), pipeline::SymbolId{0}, kind, RejectReason::kOther,
                             {id, {}, {}, {}});
    }
    [[nodiscard]] Order* find(OrderId id) noexcept {
        for (Order& order : orders_) {
            if (order.id == id) return &order;
        }
        return nullptr;
    }

    OrderRule bug_;
    std::unique_ptr<OrderEngine> engine_;
    std::vector<Order> orders_;
    Quantity beyond_;
    bool gave_up_ = false;
};

}  // namespace

MakeOrderEngine plant(OrderRule rule, MakeOrderEngine make) {
    return [rule, make = std::move(make)](pipeline::Settings settings) {
        if (rule == OrderRule::kAgainstReduces) settings.bracket = {};
        return std::make_unique<PlantedEngine>(rule, make(settings));
    };
}

const char* describe_planted(OrderRule rule) noexcept {
    switch (rule) {
        case OrderRule::kFilledWithinQuantity: return "books a fill beyond the order's quantity";
        case OrderRule::kPositionIsFills: return "drops a fill that crosses a cancel";
        case OrderRule::kUnknownStaysUnknown: return "takes an order without an answer for refused";
        case OrderRule::kEndedIsEnded: return "does not hear that an order expired";
        case OrderRule::kSentOnce: return "sends what had no answer again after a reconnect";
        case OrderRule::kOneCancel: return "cancels again while the answer is to come";
        case OrderRule::kOneReplacement: return "replaces again while the answer is to come";
        case OrderRule::kNothingForEnded: return "cancels an order that has just expired";
        case OrderRule::kWithinLimit: return "takes an order for cancelled once the cancel is sent";
        case OrderRule::kImpossibleIsTold: return "keeps incidents to itself";
        case OrderRule::kHaltOpensNothing: return "does not hear of halts";
        case OrderRule::kWantedInTheEnd: return "decides nothing more after a rejection";
        case OrderRule::kNeverUnprotected: return "does not let a stop follow its position";
        case OrderRule::kAgainstReduces: return "closes beside a stop as if there were none";
    }
    return "?";
}

}  // namespace sluice::proofs
