// The session's life and its reports; requests are in ouch_requests.cpp.
#include <sluice/adapters/ouch/hot/ouch_session.hpp>

namespace sluice::adapters::ouch {

using pipeline::Event;
using pipeline::ExecKind;
using pipeline::OrderId;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::RejectReason;
using pipeline::SessionState;
using State = TokenRecord::State;

namespace {

constexpr std::size_t kEventsPerMessage = 2;
constexpr std::int64_t kPriceUnit = Price::kScale / 10'000;

// Whether an order ended by its time in force rather than by somebody's wish.
bool is_expiry(char letter) noexcept { return letter == 'I' || letter == 'T' || letter == 'E'; }
// How an order that was dead on arrival has ended.
ExecKind death(const TokenRecord& token) noexcept {
    return token.tif == pipeline::TimeInForce::kIoc || token.tif == pipeline::TimeInForce::kFok
               ? ExecKind::kExpired
               : ExecKind::kCancelled;
}

}  // namespace

[[gnu::hot]] std::span<Event> OuchSession::poll(std::uint64_t now) noexcept {
    event_count_ = 0;
    soup_.poll(now);
    while (event_count_ + kEventsPerMessage <= events_.size()) {
        const std::span<const std::byte> message = soup_.next();
        if (message.empty()) break;
        take(message);
    }
    follow_login(now);
    counts_.malformed = soup_.malformed();
    counts_.lost = ouch_counts_.lost = soup_.lost();
    return std::span(events_).first(event_count_);
}

SessionState OuchSession::state() const noexcept {
    const SessionState state = soup_.state();
    return state == SessionState::kUp && catching_up_ ? SessionState::kLoggingIn : state;
}

void OuchSession::log_out() noexcept { soup_.log_out(); }

void OuchSession::follow_login(std::uint64_t now) noexcept {
    if (logins_seen_ != soup_.logins()) {
        logins_seen_ = counts_.connects = soup_.logins();
        catching_up_ = true;
        query_sent_ = false;
        login_at_ = now;
    }
    if (!catching_up_ || soup_.state() != SessionState::kUp) return;
    if (query_ && !query_sent_) query_sent_ = send_query();
    if (soup_.is_dry() && (!query_ || now - login_at_ >= soup_.login_timeout())) caught_up();
}

void OuchSession::caught_up() noexcept {
    catching_up_ = false;
    if (counts_.connects > 1 && resend_) resend();
}

// In the order of their names, which 5.0 wants to rise.
void OuchSession::resend() noexcept {
    for (const TokenRecord* token = tokens_.next_pending(0); token != nullptr;
         token = tokens_.next_pending(token->number)) {
        if (send_request(*token)) ++ouch_counts_.repeated;
    }
    orders_.for_each([this](const VenueOrder& order) {
        if (!order.cancelling) return;
        if (order.replacement != 0 && send_cancel(order.replacement)) ++ouch_counts_.repeated;
        if (order.live != 0 && send_cancel(order.live)) ++ouch_counts_.repeated;
    });
}

[[gnu::hot]] void OuchSession::take(std::span<const std::byte> message) noexcept {
    VenueReport report;
    const bool readable = version_ == OuchVersion::k42 ? read_report42(message, token_text_, report)
                                                       : read_report50(message, report);
    if (!readable) [[unlikely]] {
        soup_.count_malformed();
        return;
    }
    if (report.kind == Kind::kNothing) return;
    if (report.kind == Kind::kNextNumber) {
        next_number_ = std::max(next_number_, report.number);
        // One that answers an earlier connection may be among the missed messages.
        if (catching_up_ && query_sent_) caught_up();
        return;
    }
    ++counts_.reports;
    const bool missed = catching_up_ || logins_seen_ != soup_.logins();
    if (missed && soup_.logins() > 1) ++counts_.resent;
    if (TokenRecord* token = tokens_.find(report.number)) {
        apply(report, *token);
    } else {
        unknown_slow(report);
    }
}

void OuchSession::apply(const VenueReport& report, TokenRecord& token) noexcept {
    VenueOrder* order = orders_.find(token.order);
    switch (report.kind) {
        case Kind::kAccepted: on_accepted(report, token, order); break;
        case Kind::kReplaced: on_replaced(report, token, order); break;
        case Kind::kReduced: on_reduced(report, token, order); break;
        case Kind::kExecuted: on_executed(report, token, order); break;
        case Kind::kRejected: on_rejected(report, token, order); break;
        case Kind::kBroken:
            ++ouch_counts_.broken;
            emit(report, token.order, token.symbol, ExecKind::kFill, 0);
            break;
        case Kind::kCancelRejected:
            if (order != nullptr) order->cancelling = false;
            emit(report, token.order, token.symbol, ExecKind::kCancelRejected, 0);
            break;
        case Kind::kNothing:
        case Kind::kNextNumber: break;
    }
}

void OuchSession::on_accepted(const VenueReport& report, TokenRecord& token,
                              VenueOrder* order) noexcept {
    emit(report, token.order, token.symbol, ExecKind::kAccepted, report.shares);
    if (order == nullptr || token.state != State::kPending) return;
    token.state = State::kLive;
    order->live = token.number;
    // The exchange may have taken it for less than asked; a fill may have come before.
    order->open = report.shares > order->filled ? report.shares - order->filled : 0;
    if (!report.alive) {
        end(*order);
        emit(report, token.order, token.symbol, death(token), 0);
    } else if (order->open == 0) {
        end(*order);
    }
}

void OuchSession::on_replaced(const VenueReport& report, TokenRecord& token,
                              VenueOrder* order) noexcept {
    if (order == nullptr || !order->alive || token.state != State::kPending) {
        emit(report, token.order, token.symbol, ExecKind::kReplaced, report.shares);
        return;
    }
    if (TokenRecord* before = tokens_.find(order->live)) before->state = State::kDead;
    token.state = State::kLive;
    order->live = token.number;
    order->replacement = 0;
    order->open = report.shares;
    order->total = token.shares;
    emit(report, token.order, token.symbol, ExecKind::kReplaced, token.shares);
    if (report.alive) return;
    end(*order);
    emit(report, token.order, token.symbol, death(token), 0);
}

void OuchSession::on_reduced(const VenueReport& report, TokenRecord& token,
                             VenueOrder* order) noexcept {
    const ExecKind kind = is_expiry(report.letter) ? ExecKind::kExpired : ExecKind::kCancelled;
    if (order == nullptr || !order->alive || token.number != order->live) {
        ++ouch_counts_.after_end;
        return;
    }
    if (report.shares < order->open) {
        order->open -= report.shares;
        ++ouch_counts_.reduced;
        return;
    }
    end(*order);
    emit(report, token.order, token.symbol, kind, 0);
}

[[gnu::hot]] void OuchSession::on_executed(const VenueReport& report, TokenRecord& token,
                                           VenueOrder* order) noexcept {
    if (!matches_.is_new(report.match, token.number)) {
        ++ouch_counts_.duplicates;
        return;
    }
    emit(report, token.order, token.symbol, ExecKind::kFill, report.shares);
    if (order == nullptr || !order->alive) return;
    order->filled += report.shares;
    // Not accepted yet: what is open is not known. Replaced since: it has been taken into account.
    if (token.state != State::kLive || token.number != order->live) return;
    order->open -= std::min(order->open, report.shares);
    if (order->open != 0) return;
    end(*order);
    if (order->filled < order->total)
        emit(report, token.order, token.symbol, ExecKind::kCancelled, 0);
}

void OuchSession::on_rejected(const VenueReport& report, TokenRecord& token,
                              VenueOrder* order) noexcept {
    const bool replacement = token.replaces != 0;
    if (token.state == State::kPending && order != nullptr && order->alive) {
        if (replacement) {
            order->replacement = 0;
        } else {
            end(*order);
        }
        token.state = State::kDead;
    }
    emit(report, token.order, token.symbol,
         replacement ? ExecKind::kReplaceRejected : ExecKind::kRejected, 0, report.reason);
}

void OuchSession::end(VenueOrder& order) noexcept {
    if (TokenRecord* token = tokens_.find(order.live)) token->state = State::kDead;
    if (TokenRecord* token = tokens_.find(order.replacement)) token->state = State::kDead;
    order.alive = false;
    order.open = 0;
    order.replacement = 0;
}

void OuchSession::unknown_slow(const VenueReport& report) noexcept {
    ++counts_.unknown;
    constexpr ExecKind kKinds[] = {
        ExecKind::kAccepted, ExecKind::kAccepted, ExecKind::kReplaced, ExecKind::kCancelled,
        ExecKind::kFill,     ExecKind::kFill,     ExecKind::kRejected, ExecKind::kCancelRejected};
    emit(report, OrderId::kNone, core::kNoSymbol, kKinds[static_cast<std::size_t>(report.kind)],
         report.shares, report.reason);
}

[[gnu::hot]] void OuchSession::emit(const VenueReport& report, OrderId order,
                                    pipeline::SymbolId symbol, ExecKind kind, std::uint64_t shares,
                                    RejectReason reason) noexcept {
    constexpr std::uint64_t kPriceEnd = std::uint64_t{INT64_MAX} / std::uint64_t{kPriceUnit};
    // Midnight and a time of day, each within what a stream's time can hold.
    constexpr std::uint64_t kDayEnd = 7 * 86'400'000'000'000U;
    const auto since = static_cast<std::int64_t>(std::min(report.time, kDayEnd));
    const auto price = static_cast<std::int64_t>(std::min(report.price, kPriceEnd));
    events_[event_count_++] = Event::report(
        core::time_from_ns<core::StreamTime>(day_start_ns_ + since), symbol, kind, reason,
        {order,
         Price::from_raw(price * kPriceUnit),
         Quantity::from_units(static_cast<std::int64_t>(shares)),
         {}});
}

}  // namespace sluice::adapters::ouch
