// T6 risk: intents in; approved orders, cancels and refusals out. Keeps the books.
// Runs on the thread of its group; all memory at construction; constant time per tick.
//
// It follows one target position per instrument, which the intent says or, where the account decides how
// large (position_sizer.hpp), only the side of. Where position and open orders together differ
// from the target, it first has open orders cancelled, and once they are gone proposes one order
// for the difference to the gate. Each refusal is an event with its reason.
//
// With brackets, what is held has protective orders (brackets.hpp), which stand beside all of this: an
// order against a position is then reduce-only too, and what turns it round is two orders, the second
// once nothing is open any more.
//
// In an instrument that is quoted it keeps an order a side instead (quote_orders.hpp), pulled by
// whatever holds new exposure back, by the end of a session and by a stop.
//
// What holds new exposure back: halts, pauses and the kill switch (entry_halts.hpp), the daily loss
// and drawdowns (loss_limits.hpp). What was refused meanwhile is still wanted, and pursued as soon
// as nothing holds it back any more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/brackets.hpp>
#include <sluice/pipeline/hot/entry_halts.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/exposed_book.hpp>
#include <sluice/pipeline/hot/loss_limits.hpp>
#include <sluice/pipeline/hot/order_table.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/hot/position_sizer.hpp>
#include <sluice/pipeline/hot/quote_orders.hpp>
#include <sluice/pipeline/hot/risk_desk.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/hot/risk_gate_limits.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>
#include <sluice/pipeline/hot/top_of_book.hpp>
#include <sluice/pipeline/hot/working_orders.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class RiskStage {
  public:
    RiskStage(const Settings& settings, const InstrumentTable& instruments);

    // The event itself goes on first, then what it led to.
    template <EventKind kKnown, StageOutput Out>
    SLUICE_ALWAYS_INLINE void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        switch (kind_of<kKnown>(event)) {
            case EventKind::kTrade:
                advance(event);
                if (!from_mid_) mark(event, event.trade().price, out);
                break;
            case EventKind::kQuote:
                advance(event);
                if (keeps_books_) keep_book(event, out);
                break;
            case EventKind::kBar:
                if (sizer_.follows_bars()) [[unlikely]]
                    look_at_bar(event, out);
                break;
            case EventKind::kIntent: on_intent(event, out); break;
            default: on_rare(event, out); break;
        }
    }

    // False when a loss limit is reached within the run: then tick by tick.
    [[nodiscard]] bool bears(const TickRun& run) const noexcept {
        return from_mid_ || !portfolio_.holds(run.symbol) ||
               portfolio_.worst_equity(run) > losses_.floor();
    }
    void on_run(const TickRun& run) noexcept {
        now_ = std::max(now_, run.last_time());
        cause_ = run.last_sequence;
        if (!from_mid_) portfolio_.mark_run(run);
    }

    [[nodiscard]] const Portfolio& portfolio() const noexcept { return portfolio_; }
    [[nodiscard]] std::size_t open_orders() const noexcept { return open_.size(); }

  private:
    template <class Stage, class Out>
    friend struct RiskDesk;
    using OpenOrder = WorkingOrder;
    using SymbolState = TargetState;

    void advance(const Event& event) noexcept {
        if (event.time() > now_) now_ = event.time();
        cause_ = event.sequence();
    }

    template <class Out>
    SLUICE_ALWAYS_INLINE void mark(const Event& event, Price price, Out out) noexcept {
        if (!portfolio_.mark(event.symbol(), price)) return;
        if (portfolio_.equity() <= losses_.floor()) [[unlikely]]
            look_at_losses(out);
    }
    template <class Out>
    void keep_book(const Event& event, Out out) noexcept {
        TopOfBook& book = books_[core::index_of(event.symbol())];
        book.update(event.quote());
        if (from_mid_ && book.two_sided()) mark(event, book.mid(), out);
    }

    template <class Out>
    SLUICE_NEVER_INLINE void on_intent(const Event& event, Out out) noexcept {
        symbols_[core::index_of(event.symbol())].wanted = event.intent().target;
        aim(event.symbol(), out);
    }
    template <class Out>
    SLUICE_NEVER_INLINE void on_rare(const Event& event, Out out) noexcept {
        if (is_sequenced(event.kind())) advance(event);
        switch (event.kind()) {
            case EventKind::kQuoteIntent: on_quote_intent(event, out); break;
            case EventKind::kReport: on_report(event, out); break;
            case EventKind::kBeat: on_beat(out); break;
            case EventKind::kDayStart: start_day(); break;
            case EventKind::kSessionOpen: gate_.set_session_open(true); break;
            case EventKind::kSessionClose:
                gate_.set_session_open(false);
                quotes_.pull_all(desk(out));
                break;
            case EventKind::kHalt: on_halt(event.symbol(), event.halt_reason(), out); break;
            case EventKind::kResume: on_resume(event.symbol(), event.halt_reason(), out); break;
            case EventKind::kRestore: restore(event); break;
            case EventKind::kCharge: on_charge(event, out); break;
            case EventKind::kRate: on_rate(event, out); break;
            case EventKind::kStop: on_stop(out); break;
            case EventKind::kEnd: sample_equity(out); break;
            default: break;
        }
    }

    template <class Out>
    void aim(SymbolId symbol, Out out) noexcept {
        SymbolState& s = symbols_[core::index_of(symbol)];
        s.target = sizer_.size(symbol, s.wanted, portfolio_);
        pursue(symbol, out);
    }
    // What was wanted before it could be sized.
    template <class Out>
    SLUICE_NEVER_INLINE void look_at_bar(const Event& event, Out out) noexcept {
        const SymbolId symbol = event.symbol();
        if (sizer_.on_bar(event) && !stopped_ && !symbols_[core::index_of(symbol)].wanted.is_zero())
            aim(symbol, out);
    }

    template <class Out>
    void on_report(const Event& event, Out out) noexcept {
        const Report& report = event.report();
        const ExecKind kind = event.exec_kind();
        OpenOrder* order = open_.find(report.order);
        if (order == nullptr || order->symbol != event.symbol()) {
            // A refusal to cancel or replace what has just gone is an ordinary race.
            if (kind != ExecKind::kCancelRejected && kind != ExecKind::kReplaceRejected)
                report_incident(event, IncidentKind::kReportForUnknownOrder, out);
            return;
        }
        const LegEvent leg = order->leg ? leg_event(kind, order->state) : LegEvent::kNone;
        const Transition transition = order->state.apply(kind, report.quantity);
        if (transition == Transition::kOverfill || transition == Transition::kIllegal) {
            report_incident(event,
                            transition == Transition::kOverfill ? IncidentKind::kFillBeyondOrder
                                                                : IncidentKind::kIllegalTransition,
                            out);
            return;
        }
        if (kind == ExecKind::kReplaced) order->limit = report.price;
        if (kind == ExecKind::kReplaced || kind == ExecKind::kReplaceRejected)
            look_for_own(event.symbol(), order->side);
        if (kind == ExecKind::kFill) {
            const Quantity before = portfolio_.position(event.symbol()).quantity;
            portfolio_.apply_fill(event.symbol(), signed_by(order->side, report.quantity),
                                  report.price, report.commission.money());
            sizer_.on_fill(event.symbol(), before, portfolio_);
        }
        const Side side = order->side;
        if (brackets_.enabled() && !order->leg && transition == Transition::kDone &&
            kind != ExecKind::kFill) [[unlikely]]
            desk(out).note_end(*order);
        settle(*order, transition == Transition::kDone, kind);
        if (portfolio_.equity() <= losses_.floor()) [[unlikely]]
            look_at_losses(out);
        if (quotes_.follows(event.symbol())) [[unlikely]]
            return quotes_.after_report(kind, event.symbol(), desk(out));
        if (brackets_.enabled()) [[unlikely]] {
            if (leg == LegEvent::kFilled) desk(out).end_entry(event.symbol(), side);
            brackets_.after_report(event.symbol(), leg, report.order, desk(out));
        }
        look_again(event.symbol(), out);
    }
    template <class Out>
    [[nodiscard]] RiskDesk<RiskStage, Out> desk(Out out) noexcept {
        return {*this, out};
    }
    template <class Out>
    void on_quote_intent(const Event& event, Out out) noexcept {
        if (losses_.watches_drawdown()) look_at_losses(out);
        quotes_.take(event.symbol(), event.quote_intent(), desk(out));
    }

    template <class Out>
    void look_again(SymbolId symbol, Out out) noexcept {
        SymbolState& s = symbols_[core::index_of(symbol)];
        if (!s.retarget || !s.working_buy.is_zero() || !s.working_sell.is_zero()) return;
        s.retarget = false;
        pursue(symbol, out);
    }

    template <class Out>
    void pursue(SymbolId symbol, Out out) noexcept {
        if (quotes_.follows(symbol)) return;
        if (losses_.watches_drawdown()) look_at_losses(out);  // which may pursue by itself
        SymbolState& s = symbols_[core::index_of(symbol)];
        s.retry_at = StreamTime::max();
        const Quantity held = portfolio_.position(symbol).quantity;
        const bool closes = flattening_ || brackets_.gave_up(symbol);
        const Quantity target = closes ? Quantity{} : s.target;
        const Quantity need = target - held - (s.working_buy - s.working_sell);
        if (need.is_zero()) return;
        if (!s.working_buy.is_zero() || !s.working_sell.is_zero()) {
            s.retarget = true;
            cancel_open(symbol, out);
            return;
        }
        if (brackets_.enabled()) [[unlikely]]
            return desk(out).pursue_guarded(symbol, need);
        place(propose(symbol, need), out);
    }
    // The new order's id; none when the gate refused it. It leaves first and is booked after, before
    // anything else is judged.
    template <class Out>
    SLUICE_ALWAYS_INLINE OrderId place(const Proposal& proposal, Out out,
                                       bool leg = false) noexcept {
        const OrderId id = open_.next_id(last_id_);
        const auto order = gate_.approve(proposal, exposure(proposal.symbol), portfolio_, now_, id);
        if (!order) [[unlikely]] {
            refuse(proposal, id, out);
            return OrderId::kNone;
        }
        out.template emit<EventKind::kApproved>(Event::approved(now_, cause_, *order));
        gate_.count_order(*order, now_);
        track(*order, leg);
        return id;
    }
    template <class Out>
    [[gnu::cold, gnu::noinline]] void refuse(Proposal proposal, OrderId id, Out out) noexcept {
        const Exposure exposed = exposure(proposal.symbol);
        out.emit(refusal(proposal, gate_.verdict_on(proposal, exposed, portfolio_, now_, id)));
    }
    // For those who have more to ask the gate for than one order.
    template <class Out>
    SLUICE_NEVER_INLINE OrderId place_apart(const Proposal& proposal, Out out, bool leg) noexcept {
        return place(proposal, out, leg);
    }

    // In risk_stage_open.hpp.
    template <class Out>
    void cancel_open(SymbolId symbol, Out out) noexcept;
    template <class Out>
    void cancel(OpenOrder& order, Out out) noexcept;
    template <class Out>
    void on_beat(Out out) noexcept;
    template <class Out>
    void reprice(OpenOrder& order, Out out) noexcept;
    template <class Out>
    bool replace(OpenOrder& order, TimeInForce tif, Price limit, Out out) noexcept;

    // In risk_stage_holds.hpp.
    template <class Out>
    [[gnu::noinline]] void on_charge(const Event& event, Out out) noexcept;
    template <class Out>
    [[gnu::noinline]] void on_rate(const Event& event, Out out) noexcept;
    template <class Out>
    void on_halt(SymbolId symbol, HaltReason reason, Out out) noexcept;
    template <class Out>
    void on_resume(SymbolId symbol, HaltReason reason, Out out) noexcept;
    template <class Out>
    void pursue_all(Out out) noexcept;
    template <class Out>
    void kill(Out out) noexcept;
    template <class Out>
    void cancel_entries(SymbolId symbol, Out out) noexcept;
    template <class Out>
    void cancel_all(Out out) noexcept;
    template <class Out>
    void on_stop(Out out) noexcept;
    template <class Out>
    void flatten(Out out) noexcept;
    template <class Out>
    [[gnu::noinline]] void look_at_losses(Out out) noexcept;
    template <class Out>
    [[gnu::cold, gnu::noinline]] void on_loss_change(const LossLimits::Change& change,
                                                     Out out) noexcept;
    template <class Out>
    [[gnu::noinline]] void tell_losses(Out out) noexcept;

    template <class Out>
    void sample_equity(Out out) noexcept {
        next_equity_ = now_ + equity_every_;
        if (losses_.watches_drawdown()) look_at_losses(out);
        out.emit(Event::equity(now_, cause_, portfolio_.equity(), portfolio_.realised()));
        tell_losses(out);
    }

    template <class Out>
    void report_incident(const Event& event, IncidentKind kind, Out out) noexcept {
        out.emit(Event::incident(now_, cause_, event.symbol(), kind,
                                 {event.report().order, event.report().quantity}));
    }

    [[nodiscard]] SLUICE_ALWAYS_INLINE Proposal propose(SymbolId symbol,
                                                        Quantity need) const noexcept {
        const Side side = side_of(need);
        const bool limit_order = order_type_ == OrderType::kLimit;
        const Price limit = limit_order ? limit_price(symbol, side) : Price{};
        return Proposal{symbol, side, order_type_, time_in_force(symbol), need.abs(), limit};
    }
    // What has to be closed neither waits for an auction nor goes away unfilled.
    [[nodiscard]] SLUICE_ALWAYS_INLINE TimeInForce time_in_force(SymbolId symbol) const noexcept {
        if (stays_open(tif_)) [[likely]]
            return tif_;
        const bool at_once =
            flattening_ || stopped_ || losses_.holds_back() || brackets_.gave_up(symbol);
        return at_once ? TimeInForce::kGtc : tif_;
    }
    [[nodiscard]] Price limit_price(SymbolId symbol, Side side) const noexcept;
    [[nodiscard]] SLUICE_ALWAYS_INLINE Exposure exposure(SymbolId symbol) noexcept {
        const SymbolState& s = symbols_[core::index_of(symbol)];
        const Portfolio::Position& p = portfolio_.position(symbol);
        if (exposed_.is_kept())
            exposed_.sum_without(symbol, portfolio_, gate_.book_sums(), others_);
        return Exposure{p.quantity,
                        s.working_buy,
                        s.working_sell,
                        s.lot,
                        p.mark,
                        open_.size(),
                        open_.capacity(),
                        halts_.of(symbol),
                        s.own_bid,
                        s.own_ask,
                        portfolio_.size(symbol),
                        exposed_.is_kept() ? &others_ : nullptr};
    }
    void look_for_own(SymbolId symbol, Side side) noexcept;
    [[nodiscard]] Event refusal(const Proposal& proposal,
                                const RiskGate::Verdict& verdict) const noexcept;
    void keep_exposed(SymbolId symbol) noexcept;
    void track(const ApprovedOrder& order, bool leg) noexcept;
    void settle(OpenOrder& order, bool done, ExecKind kind) noexcept;
    void start_day() noexcept;
    void restore(const Event& event) noexcept;

    bool from_mid_;
    bool keeps_books_;  // for the midpoint, or for quotes of ours that must not take
    OrderType order_type_;
    TimeInForce tif_;
    std::int64_t limit_offset_ticks_;
    Nanos reprice_after_;
    Nanos retry_after_;
    Nanos equity_every_;
    OnStop on_stop_;
    OnDailyLoss on_daily_loss_;
    OnDrawdown on_drawdown_;
    OnKill on_kill_;
    bool keeps_state_;

    bool stopped_ = false;
    bool flattening_ = false;             // the kill switch closes positions
    StreamTime now_ = StreamTime::min();  // the stream's time: the latest seen
    Sequence cause_{};
    StreamTime next_equity_ = StreamTime::min();
    StreamTime next_retry_ = StreamTime::max();
    OrderId last_id_ = OrderId::kNone;
    LossLimits losses_;
    EntryHalts halts_;
    Portfolio portfolio_;
    PositionSizer sizer_;
    RiskGate gate_;
    OrderTable<OpenOrder> open_;
    std::vector<SymbolState> symbols_;
    ExposedBook exposed_;
    BookExposure others_;
    std::vector<TopOfBook> books_;
    QuoteOrders quotes_;
    Brackets brackets_;
};

}  // namespace sluice::pipeline

#include <sluice/pipeline/hot/risk_stage_holds.hpp>
#include <sluice/pipeline/hot/risk_stage_open.hpp>
