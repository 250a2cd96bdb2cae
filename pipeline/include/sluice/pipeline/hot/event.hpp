// The event: one cache line, the only thing that crosses a ring between stages.
//
//    0  time      8  stream time, ns since the epoch, UTC
//    8  sequence  8  place in the stream; a derived event carries that of its cause
//   16  payload  40  by kind
//   56  stamp     4  owned by the ring that carries the event
//   60  symbol    2
//   62  kind      1
//   63  flags     1  by kind
//
// The ring's stamp shares the last word with symbol, kind and flags, so a hop moves one line.
// Payloads are reached through the accessor of their kind only; each factory makes a whole event,
// and an approved order can only be made from what the risk gate approved.
// See docs/decisions/0006-event-layout.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <sluice/core/cache_line.hpp>
#include <sluice/core/hot/ring_slot.hpp>
#include <sluice/pipeline/hot/approved_order.hpp>
#include <sluice/pipeline/hot/bar.hpp>
#include <sluice/pipeline/hot/charge.hpp>
#include <sluice/pipeline/hot/event_kind.hpp>
#include <sluice/pipeline/hot/event_payloads.hpp>

namespace sluice::pipeline {

class alignas(core::kCacheLine) Event {
  public:
    Event() noexcept = default;

    [[nodiscard]] static Event trade(StreamTime time, SymbolId symbol, const Trade& trade,
                                     std::uint8_t flags = 0) noexcept {
        Event e{time, symbol, EventKind::kTrade, flags};
        e.payload_.trade = trade;
        return e;
    }
    [[nodiscard]] static Event quote(StreamTime time, SymbolId symbol, const Quote& quote,
                                     std::uint8_t flags = 0) noexcept {
        Event e{time, symbol, EventKind::kQuote, flags};
        e.payload_.quote = quote;
        return e;
    }
    [[nodiscard]] static Event level(StreamTime time, SymbolId symbol, const LevelUpdate& level,
                                     std::uint8_t flags) noexcept {
        Event e{time, symbol, EventKind::kLevel, flags};
        e.payload_.level = level;
        return e;
    }
    // kBeat, kDayStart, kSessionOpen, kSessionClose, kStop, kEnd, kSync.
    [[nodiscard]] static Event timer(StreamTime time, EventKind kind) noexcept {
        Event e{time, core::kNoSymbol, kind, 0};
        e.payload_.timer = Timer{};
        return e;
    }
    // kHalt, kResume; of the whole session without a symbol.
    [[nodiscard]] static Event halt(StreamTime time, EventKind kind, HaltReason reason,
                                    SymbolId symbol = core::kNoSymbol) noexcept {
        Event e{time, symbol, kind, static_cast<std::uint8_t>(reason)};
        e.payload_.timer = Timer{};
        return e;
    }
    [[nodiscard]] static Event report(StreamTime time, SymbolId symbol, ExecKind kind,
                                      RejectReason reason, const Report& report) noexcept {
        Event e{time, symbol, EventKind::kReport,
                static_cast<std::uint8_t>(static_cast<unsigned>(kind) |
                                          (static_cast<unsigned>(reason) << 4))};
        e.payload_.report = report;
        return e;
    }
    [[nodiscard]] static Event bar(StreamTime end, Sequence cause, SymbolId symbol,
                                   std::uint8_t timeframe, const Bar& bar) noexcept {
        Event e{end, symbol, EventKind::kBar, timeframe, cause};
        e.payload_.bar = bar;
        return e;
    }
    [[nodiscard]] static Event intent(const Event& cause, SymbolId symbol,
                                      const Intent& intent) noexcept {
        Event e{cause.time(), symbol, EventKind::kIntent, 0, cause.sequence()};
        core::copy_words(e.payload_.intent, intent);  // it has only just been made
        return e;
    }
    [[nodiscard]] static Event parameter(StreamTime time, const ParameterChange& change) noexcept {
        Event e{time, core::kNoSymbol, EventKind::kParameter, 0};
        e.payload_.parameter = change;
        return e;
    }
    [[nodiscard]] static Event charge(StreamTime time, SymbolId symbol,
                                      const Charge& charge) noexcept {
        Event e{time, symbol, EventKind::kCharge, 0};
        e.payload_.charge = charge;
        return e;
    }
    [[nodiscard]] static Event charged(StreamTime time, Sequence cause, SymbolId symbol,
                                       const Charged& charged) noexcept {
        Event e{time, symbol, EventKind::kCharged, 0, cause};
        e.payload_.charged = charged;
        return e;
    }
    [[nodiscard]] static Event rate(StreamTime time, CurrencyId currency, Price rate) noexcept {
        Event e{time, core::kNoSymbol, EventKind::kRate, 0};
        e.payload_.rate = ExchangeRate{rate, currency};
        return e;
    }
    [[nodiscard]] static Event regime(const Event& bar, const RegimeChange& change) noexcept {
        Event e{bar.time(), bar.symbol(), EventKind::kRegime, bar.flags(), bar.sequence()};
        e.payload_.regime = change;
        return e;
    }
    [[nodiscard]] static Event quote_intent(const Event& bar, const QuoteIntent& intent) noexcept {
        Event e{bar.time(), bar.symbol(), EventKind::kQuoteIntent, 0, bar.sequence()};
        e.payload_.quote_intent = intent;
        return e;
    }
    [[nodiscard]] static Event approved(StreamTime time, Sequence cause,
                                        const ApprovedOrder& order) noexcept {
        Event e{time, order.symbol(), EventKind::kApproved, 0, cause};
        core::copy_words(e.payload_.approved, order);  // likewise
        return e;
    }
    [[nodiscard]] static Event cancel(StreamTime time, Sequence cause, SymbolId symbol,
                                      OrderId order) noexcept {
        Event e{time, symbol, EventKind::kCancel, 0, cause};
        e.payload_.cancel = Cancel{order};
        return e;
    }
    [[nodiscard]] static Event refusal(StreamTime time, Sequence cause, SymbolId symbol,
                                       RefusalReason reason, const Refusal& refusal) noexcept {
        Event e{time, symbol, EventKind::kRefusal, static_cast<std::uint8_t>(reason), cause};
        e.payload_.refusal = refusal;
        return e;
    }
    [[nodiscard]] static Event incident(StreamTime time, Sequence cause, SymbolId symbol,
                                        IncidentKind kind, const Incident& incident) noexcept {
        Event e{time, symbol, EventKind::kIncident, static_cast<std::uint8_t>(kind), cause};
        e.payload_.incident = incident;
        return e;
    }
    [[nodiscard]] static Event equity(StreamTime time, Sequence cause, Money equity,
                                      Money realised) noexcept {
        Event e{time, core::kNoSymbol, EventKind::kEquity, 0, cause};
        e.payload_.equity = Equity{PackedMoney{equity}, PackedMoney{realised}};
        return e;
    }

    // kRestore, kRiskMark.
    [[nodiscard]] static Event risk_mark(StreamTime time, Sequence cause, EventKind kind,
                                         RiskItem item, const RiskMark& mark) noexcept {
        Event e{time, core::kNoSymbol, kind, static_cast<std::uint8_t>(item), cause};
        e.payload_.risk_mark = mark;
        return e;
    }

    [[nodiscard]] StreamTime time() const noexcept { return time_; }
    [[nodiscard]] Sequence sequence() const noexcept { return sequence_; }
    [[nodiscard]] SymbolId symbol() const noexcept {
        return static_cast<SymbolId>(static_cast<std::uint16_t>(tag_));
    }
    [[nodiscard]] EventKind kind() const noexcept {
        return static_cast<EventKind>(static_cast<std::uint8_t>(tag_ >> kKindShift));
    }
    [[nodiscard]] std::uint8_t flags() const noexcept {
        return static_cast<std::uint8_t>(tag_ >> kFlagsShift);
    }

    [[nodiscard]] const Trade& trade() const noexcept { return payload_.trade; }
    [[nodiscard]] const Quote& quote() const noexcept { return payload_.quote; }
    [[nodiscard]] const LevelUpdate& level() const noexcept { return payload_.level; }
    [[nodiscard]] const Report& report() const noexcept { return payload_.report; }
    [[nodiscard]] const Bar& bar() const noexcept { return payload_.bar; }
    [[nodiscard]] const Intent& intent() const noexcept { return payload_.intent; }
    [[nodiscard]] const ParameterChange& parameter() const noexcept { return payload_.parameter; }
    [[nodiscard]] const Charge& charge() const noexcept { return payload_.charge; }
    [[nodiscard]] const Charged& charged() const noexcept { return payload_.charged; }
    [[nodiscard]] const ExchangeRate& rate() const noexcept { return payload_.rate; }
    [[nodiscard]] const RegimeChange& regime() const noexcept { return payload_.regime; }
    [[nodiscard]] const QuoteIntent& quote_intent() const noexcept { return payload_.quote_intent; }
    // The one payload that is guarded: no other event's bytes may pass for an approved order.
    [[nodiscard]] const ApprovedOrder& approved() const noexcept {
        if (kind() != EventKind::kApproved) [[unlikely]]
            core::broken_invariant_slow(
                "an event that carries no approved order was asked for one");
        return payload_.approved;
    }
    [[nodiscard]] const Cancel& cancel() const noexcept { return payload_.cancel; }
    [[nodiscard]] const Refusal& refusal() const noexcept { return payload_.refusal; }
    [[nodiscard]] const Incident& incident() const noexcept { return payload_.incident; }
    [[nodiscard]] const Equity& equity() const noexcept { return payload_.equity; }
    [[nodiscard]] const RiskMark& risk_mark() const noexcept { return payload_.risk_mark; }

    [[nodiscard]] ExecKind exec_kind() const noexcept {
        return static_cast<ExecKind>(flags() & 0x0FU);
    }
    [[nodiscard]] RejectReason reject_reason() const noexcept {
        return static_cast<RejectReason>(flags() >> 4U);
    }
    [[nodiscard]] RefusalReason refusal_reason() const noexcept {
        return static_cast<RefusalReason>(flags());
    }
    [[nodiscard]] IncidentKind incident_kind() const noexcept {
        return static_cast<IncidentKind>(flags());
    }
    [[nodiscard]] HaltReason halt_reason() const noexcept {
        return static_cast<HaltReason>(flags());
    }
    [[nodiscard]] RiskItem risk_item() const noexcept { return static_cast<RiskItem>(flags()); }
    [[nodiscard]] std::size_t timeframe() const noexcept { return flags(); }

    // The sequencer's rights over an event that enters the stream.
    void set_time(StreamTime time) noexcept { time_ = time; }
    void place(Sequence sequence, std::uint8_t extra_flags) noexcept {
        sequence_ = sequence;
        tag_ |= std::uint32_t{extra_flags} << kFlagsShift;
    }
    // Of sequenced events but reports, which have no room for it, and of commands.
    void stamp_ingress(std::uint64_t ticks) noexcept { payload_.words[ingress_word()] = ticks; }
    // TSC at the feed or the sequencer, 0 when none was taken; of a command, that of its cause.
    [[nodiscard]] std::uint64_t ingress_ticks() const noexcept {
        return kind() == EventKind::kReport ? 0 : payload_.words[ingress_word()];
    }

    // The four bytes that a ring owns while it carries the event; see core/hot/ring_slot.hpp.
    struct RingStamp {
        static constexpr std::size_t kOffset = 56;
        [[nodiscard]] static std::uint32_t& of(Event& event) noexcept { return event.ring_stamp_; }
    };

  private:
    Event(StreamTime time, SymbolId symbol, EventKind kind, std::uint8_t flags,
          Sequence sequence = Sequence::kNone) noexcept
        : time_(time), sequence_(sequence), tag_(tag(symbol, kind, flags)) {}

    static constexpr unsigned kKindShift = 16;
    static constexpr unsigned kFlagsShift = 24;
    static constexpr std::uint32_t tag(SymbolId symbol, EventKind kind,
                                       std::uint8_t flags) noexcept {
        return static_cast<std::uint32_t>(core::index_of(symbol)) |
               std::uint32_t{static_cast<std::uint8_t>(kind)} << kKindShift |
               std::uint32_t{flags} << kFlagsShift;
    }

    [[nodiscard]] std::size_t ingress_word() const noexcept {
        return kind() == EventKind::kTrade ? 2 : 4;
    }

    union Payload {
        Payload() noexcept : words{} {}
        std::uint64_t words[5];
        Trade trade;
        Quote quote;
        LevelUpdate level;
        Timer timer;
        Report report;
        Bar bar;
        Intent intent;
        ParameterChange parameter;
        Charge charge;
        Charged charged;
        ExchangeRate rate;
        RegimeChange regime;
        QuoteIntent quote_intent;
        ApprovedOrder approved;
        Cancel cancel;
        Refusal refusal;
        Incident incident;
        Equity equity;
        RiskMark risk_mark;
    };

    StreamTime time_{};
    Sequence sequence_{};
    Payload payload_;
    std::uint32_t ring_stamp_ = 0;
    // Symbol, kind and flags in one store: an event is copied to a ring as soon as it is made, and
    // a word made of pieces would not be there yet.
    std::uint32_t tag_ = tag(core::kNoSymbol, EventKind::kNone, 0);
};

static_assert(sizeof(Event) == 64 && alignof(Event) == 64);
static_assert(core::RingStamped<Event>, "a hop moves one line");
static_assert(std::is_trivially_copyable_v<Event>);
static_assert(sizeof(Trade) <= 40 && sizeof(Quote) == 40 && sizeof(Report) == 40);
static_assert(offsetof(Trade, ingress_ticks) == 16 && offsetof(Quote, ingress_ticks) == 32 &&
              offsetof(Timer, ingress_ticks) == 32 && offsetof(RiskMark, ingress_ticks) == 32 &&
              offsetof(ParameterChange, ingress_ticks) == 32 &&
              offsetof(ExchangeRate, ingress_ticks) == 32);
static_assert(sizeof(LevelUpdate) == 40 && offsetof(LevelUpdate, ingress_ticks) == 32);
static_assert(sizeof(Intent) == 32 && sizeof(ParameterChange) == 40);
static_assert(sizeof(Refusal) <= 40 && sizeof(Equity) <= 40);

}  // namespace sluice::pipeline
