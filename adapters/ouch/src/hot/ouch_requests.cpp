// What the session asks of the exchange.
#include <sluice/adapters/ouch/hot/ouch_session.hpp>

namespace sluice::adapters::ouch {

using pipeline::ApprovedOrder;
using pipeline::OrderId;
using pipeline::OrderType;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::RejectReason;
using pipeline::SessionState;
using pipeline::Side;
using pipeline::SymbolId;
using pipeline::TimeInForce;
using State = TokenRecord::State;

namespace {

constexpr std::int64_t kPriceUnit = Price::kScale / 10'000;

bool is_immediate(TimeInForce tif) noexcept {
    return tif == TimeInForce::kIoc || tif == TimeInForce::kFok;
}
std::uint32_t min_quantity(const TokenRecord& record) noexcept {
    return record.tif == TimeInForce::kFok ? record.shares : 0;
}

}  // namespace

[[gnu::cold, gnu::noinline]] bool OuchSession::refuse(RejectReason reason) noexcept {
    refusal_ = reason;
    if (reason != RejectReason::kVenueUnreachable) ++ouch_counts_.refused;
    return false;
}

// Puts the order into the wire's units.
RejectReason OuchSession::fit(const ApprovedOrder& order, TokenRecord& record) const noexcept {
    const std::size_t symbol = core::index_of(order.symbol());
    if (symbol >= symbols_.size() || symbols_[symbol][0] == ' ')
        return RejectReason::kUnknownSymbol;
    if (is_stop(order.type()) || order.flags() != 0 || is_for_auction(order.time_in_force()))
        return RejectReason::kOther;  // has no word
    const std::int64_t quantity = order.quantity().raw();
    if (quantity <= 0 || quantity % Quantity::kScale != 0 ||
        quantity / Quantity::kScale >= v42::kSharesEnd)
        return RejectReason::kBadQuantity;
    record.shares = static_cast<std::uint32_t>(quantity / Quantity::kScale);
    if (order.type() == OrderType::kMarket) {
        record.price = v42::kMarket;
    } else {
        const std::int64_t price = order.limit().raw();
        if (price <= 0 || price % kPriceUnit != 0 || price / kPriceUnit > v42::kPriceMax)
            return RejectReason::kBadPrice;
        record.price = static_cast<std::uint64_t>(price / kPriceUnit);
    }
    record.order = order.id();
    record.symbol = order.symbol();
    record.side = order.side();
    record.tif = order.time_in_force();
    record.state = State::kPending;
    return RejectReason::kNone;
}

[[gnu::hot]] bool OuchSession::submit(const ApprovedOrder& order) noexcept {
    if (state() != SessionState::kUp) return refuse(RejectReason::kVenueUnreachable);
    TokenRecord record;
    if (const RejectReason reason = fit(order, record); reason != RejectReason::kNone)
        return refuse(reason);
    VenueOrder* existing = orders_.find(order.id());
    if (order.is_replacement()) {
        if (existing == nullptr || !existing->alive || existing->replacement != 0)
            return refuse(RejectReason::kUnknownOrder);
        record.replaces = existing->live;
    } else if (existing != nullptr) {
        return refuse(RejectReason::kDuplicateOrder);
    }
    record.number = tokens_.next_free(next_number_);
    if (record.number == 0 || record.number >= end_number_) return refuse(RejectReason::kVenueFull);
    if (!order.is_replacement() && (existing = orders_.insert(order.id())) == nullptr)
        return refuse(RejectReason::kVenueFull);
    if (!send_request(record)) {
        if (!order.is_replacement()) *existing = VenueOrder{};
        return refuse(RejectReason::kVenueUnreachable);
    }
    next_number_ = record.number + 1;
    tokens_.insert(record);
    if (order.is_replacement()) {
        existing->replacement = record.number;
    } else {
        existing->live = record.number;
        existing->total = record.shares;
    }
    ++counts_.orders;
    return true;
}

[[gnu::hot]] bool OuchSession::cancel(OrderId id, SymbolId) noexcept {
    VenueOrder* order = orders_.find(id);
    if (order == nullptr || !order->alive) return refuse(RejectReason::kUnknownOrder);
    if (state() != SessionState::kUp) {
        const bool comes_back =
            state() != SessionState::kRefused && state() != SessionState::kEnded;
        if (!comes_back || !resend_) return refuse(RejectReason::kVenueUnreachable);
        order->cancelling = true;  // leaves with what is sent again after the log-in
        ++counts_.cancels;
        return true;
    }
    // Whichever of the two names it goes by when the cancel arrives.
    if (order->replacement != 0 && !send_cancel(order->replacement))
        return refuse(RejectReason::kVenueUnreachable);
    if (!send_cancel(order->live)) return refuse(RejectReason::kVenueUnreachable);
    order->cancelling = true;
    ++counts_.cancels;
    return true;
}

bool OuchSession::send_request(const TokenRecord& record) noexcept {
    return version_ == OuchVersion::k42 ? send_request42(record) : send_request50(record);
}

bool OuchSession::send_request42(const TokenRecord& record) noexcept {
    const std::uint32_t tif = is_immediate(record.tif) ? v42::kTifImmediate : v42::kTifSystemHours;
    const auto price = static_cast<std::uint32_t>(record.price);
    if (record.replaces != 0) {
        v42::client::Replace m;
        m.existing = token_text_.text(record.replaces);
        m.token = token_text_.text(record.number);
        m.shares = record.shares;
        m.price = price;
        m.tif = tif;
        m.display = display_;
        m.min_quantity = min_quantity(record);
        return send42(m);
    }
    v42::client::Enter m;
    m.token = token_text_.text(record.number);
    m.side = record.side == Side::kBuy ? 'B' : 'S';
    m.shares = record.shares;
    m.stock = symbols_[core::index_of(record.symbol)];
    m.price = price;
    m.tif = tif;
    m.firm = firm_;
    m.display = display_;
    m.capacity = capacity_;
    m.min_quantity = min_quantity(record);
    return send42(m);
}

bool OuchSession::send_request50(const TokenRecord& record) noexcept {
    const char tif = is_immediate(record.tif) ? v50::kTifImmediate : v50::kTifDay;
    v50::Tags tags;
    tags.min_quantity = min_quantity(record);
    if (record.replaces != 0) {
        v50::client::Replace m;
        m.existing = static_cast<std::uint32_t>(record.replaces);
        m.ref = static_cast<std::uint32_t>(record.number);
        m.shares = record.shares;
        m.price = record.price;
        m.tif = tif;
        m.display = display_;
        m.client_id = token_text_.text(record.number);
        return send50(m, tags);
    }
    v50::client::Enter m;
    m.ref = static_cast<std::uint32_t>(record.number);
    m.side = record.side == Side::kBuy ? 'B' : 'S';
    m.shares = record.shares;
    m.symbol = symbols_[core::index_of(record.symbol)];
    m.price = record.price;
    m.tif = tif;
    m.display = display_;
    m.capacity = capacity_;
    m.client_id = token_text_.text(record.number);
    tags.firm = firm_;
    return send50(m, tags);
}

bool OuchSession::send_query() noexcept { return send50(v50::client::AccountQuery{}, {}); }

bool OuchSession::send_cancel(std::uint64_t number) noexcept {
    if (version_ == OuchVersion::k50) {
        v50::client::Cancel m;
        m.ref = static_cast<std::uint32_t>(number);
        return send50(m, {});
    }
    v42::client::Cancel m;
    m.token = token_text_.text(number);
    return send42(m);
}

template <class Message>
bool OuchSession::send42(const Message& message) noexcept {
    const std::span<std::byte> room = soup_.begin(kWireSize<Message>);
    if (room.empty()) return false;
    encode(message, room.data());
    soup_.send();
    return true;
}

template <class Message>
bool OuchSession::send50(const Message& message, const v50::Tags& tags) noexcept {
    std::byte bytes[kWireSize<Message> + v50::kAppendageMax];
    const std::size_t size = encode_appended(message, tags, bytes);
    const std::span<std::byte> room = soup_.begin(size);
    if (room.empty()) return false;
    std::memcpy(room.data(), bytes, size);
    soup_.send();
    return true;
}

}  // namespace sluice::adapters::ouch
