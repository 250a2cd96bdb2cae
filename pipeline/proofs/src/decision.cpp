#include <sluice/proofs/decision.hpp>

#include <cstring>
#include <sstream>

#include <date/date.h>

#include <sluice/core/decimal.hpp>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;

namespace {

[[nodiscard]] bool is_clock(EventKind kind) noexcept {
    return pipeline::is_sequenced(kind) && kind != EventKind::kReport && !pipeline::is_market(kind);
}

std::string plain(double value) {
    std::ostringstream out;
    out.precision(17);
    out << value;
    return out.str();
}

std::string describe_order(const pipeline::ApprovedOrder& order) {
    return std::string(order.is_replacement() ? "replacement of order " : "order ") +
           std::to_string(static_cast<std::uint64_t>(order.id())) + ": " + to_string(order.side()) +
           " " + core::to_string(order.quantity()) + " " + to_string(order.type()) + " " +
           to_string(order.time_in_force()) +
           (order.limit().is_zero() ? "" : " at " + core::to_string(order.limit()));
}

std::string describe_quote(const pipeline::QuoteIntent& quote) {
    using core::to_string;
    if (quote.size.is_zero()) return "no quote";
    return "quote of " + to_string(quote.size) + " around " + to_string(quote.mid) +
           ", half spread " + to_string(quote.half_spread) + ", skew " +
           plain(quote.skew_permille / 1'000.0) +
           " half spreads for each size held, inventory up to " + to_string(quote.most);
}

}  // namespace

bool same_decision(const Event& a, const Event& b) noexcept {
    if (a.time() != b.time() || a.sequence() != b.sequence() || a.kind() != b.kind() ||
        a.symbol() != b.symbol())
        return false;
    // Their payload is when they were taken in, and which are timed is no decision.
    if (is_clock(a.kind())) return true;
    constexpr std::size_t kStamp = Event::RingStamp::kOffset;
    return a.flags() == b.flags() && std::memcmp(&a, &b, kStamp) == 0;
}

const char* symbol_of(const Event& event, const pipeline::InstrumentTable& instruments) noexcept {
    const std::size_t i = core::index_of(event.symbol());
    return i < instruments.size() ? instruments[i].symbol.c_str() : "-";
}

std::string iso_time(core::StreamTime time) {
    return date::format("%FT%TZ", date::sys_time<core::Nanos>{time.time_since_epoch()});
}

std::string describe_decision(const Event& event, const pipeline::InstrumentTable&) {
    using core::to_string;
    switch (event.kind()) {
        case EventKind::kBar: {
            const pipeline::Bar& bar = event.bar();
            return "bar of timeframe " + std::to_string(event.timeframe()) + ": open " +
                   to_string(bar.open) + ", high " + to_string(bar.high) + ", low " +
                   to_string(bar.low) + ", close " + to_string(bar.close) + ", volume " +
                   to_string(bar.volume);
        }
        case EventKind::kIntent:
            return "intent: position of " + to_string(event.intent().target) + ", score " +
                   plain(event.intent().score);
        case EventKind::kQuoteIntent: return describe_quote(event.quote_intent());
        case EventKind::kApproved: return describe_order(event.approved());
        case EventKind::kCancel:
            return "cancel of order " +
                   std::to_string(static_cast<std::uint64_t>(event.cancel().order));
        case EventKind::kRefusal:
            return std::string("refusal, ") + pipeline::to_string(event.refusal_reason()) +
                   ": quantity " + to_string(event.refusal().quantity) + ", observed " +
                   plain(event.refusal().observed) + " against " + plain(event.refusal().limit);
        case EventKind::kReport:
            return std::string("report, ") + pipeline::to_string(event.exec_kind()) + ": order " +
                   std::to_string(static_cast<std::uint64_t>(event.report().order)) + ", " +
                   to_string(event.report().quantity) + " at " + to_string(event.report().price);
        case EventKind::kIncident:
            return std::string("incident, ") + pipeline::to_string(event.incident_kind());
        case EventKind::kRegime:
            return std::string("regime: ") + pipeline::to_string(event.regime().now);
        case EventKind::kParameter:
            return "change of parameters, version " + std::to_string(event.parameter().version);
        case EventKind::kCharge:
            return std::string("charge, ") + pipeline::to_string(event.charge().kind);
        case EventKind::kCharged:
            return std::string("charged, ") + pipeline::to_string(event.charged().kind) + ": " +
                   to_string(event.charged().amount.money()) +
                   (event.charged().currency == pipeline::kAccountCurrency
                        ? std::string{}
                        : " of currency " + std::to_string(event.charged().currency));
        case EventKind::kRate:
            return "rate of currency " + std::to_string(event.rate().currency) + ": " +
                   to_string(event.rate().rate);
        case EventKind::kEquity: return "equity of " + to_string(event.equity().equity.money());
        default: return "event of kind " + std::to_string(static_cast<unsigned>(event.kind()));
    }
}

void DecisionLog::take(const Event& event) {
    stopped_ = stopped_ || event.kind() == EventKind::kStop;
    if (!stopped_) kept_.push_back(event);
}

}  // namespace sluice::proofs
