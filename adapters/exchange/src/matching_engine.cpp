#include <sluice/adapters/exchange/matching_engine.hpp>

#include <algorithm>

namespace sluice::adapters::exchange {

using pipeline::ExchangePrice;
using pipeline::MarketAction;
using pipeline::OrderReport;
using pipeline::OrderRequest;
using pipeline::ReportKind;
using pipeline::RequestKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

std::vector<pipeline::ExchangeSymbol> symbols_of(const ExchangeSettings& settings) {
    check(settings);
    std::vector<pipeline::ExchangeSymbol> out;
    for (const SymbolSettings& symbol : settings.symbols) {
        pipeline::ExchangeSymbol& made = out.emplace_back();
        made.name.fill(' ');
        std::copy(symbol.name.begin(), symbol.name.end(), made.name.begin());
        made.round_lot = symbol.round_lot;
    }
    return out;
}

[[nodiscard]] bool rests_by_itself(TimeInForce tif) noexcept {
    return tif == TimeInForce::kDay || tif == TimeInForce::kGtc;
}

}  // namespace

MatchingEngine::MatchingEngine(const ExchangeSettings& settings)
    : symbols_(symbols_of(settings)),
      books_(symbols_.size(), settings.order_capacity, settings.level_capacity),
      halted_(symbols_.size() + 1) {}

void MatchingEngine::connect(pipeline::MarketListener* market, pipeline::ReportListener* clients,
                             pipeline::ReportListener* crowd) noexcept {
    market_ = market;
    clients_ = clients;
    crowd_ = crowd;
}

void MatchingEngine::request(const OrderRequest& request, std::int64_t now_ns) noexcept {
    begin(now_ns);
    ++counts_.requests;
    switch (request.kind) {
        case RequestKind::kEnter: return enter(request);
        case RequestKind::kReplace: return replace(request);
        case RequestKind::kCancel: return cancel(request);
    }
}

// The letter that refuses an order, blank when it may be entered.
char MatchingEngine::judge(const OrderRequest& request, std::uint16_t symbol,
                           Side side) const noexcept {
    if (!open_) return 'C';
    if (symbol == 0 || symbol > symbols_.size()) return 'S';
    if (side != Side::kBuy && side != Side::kSell) return 'O';
    if (request.tif > TimeInForce::kFok) return 'O';
    if (halted(symbol)) return 'H';
    if (request.shares == 0 || request.shares > kMaxShares) return 'Z';
    if (request.price > kMaxPrice || !on_tick(request.price)) return 'X';
    return ' ';
}

bool MatchingEngine::is_used(std::uint32_t client, std::uint64_t ref) const noexcept {
    if (client == kCrowd) return books_.find(client, ref) != OrderBooks::kNone;
    const auto refs = used_.find(client);
    return refs != used_.end() && refs->second.contains(ref);
}

bool MatchingEngine::use(std::uint32_t client, std::uint64_t ref) noexcept {
    if (client == kCrowd) return !is_used(client, ref);
    core::NumberSet& refs = used_[client];
    if (refs.contains(ref)) return false;
    refs.insert(ref);
    return true;
}

void MatchingEngine::enter(const OrderRequest& request) noexcept {
    if (!use(request.client, request.ref)) return refuse(request, ReportKind::kRejected, 'O');
    const char reason = judge(request, request.symbol, request.side);
    if (reason != ' ') return refuse(request, ReportKind::kRejected, reason);
    if (!books_.has_room(request.symbol, request.side, request.price))
        return refuse(request, ReportKind::kRejected, 'O');

    Incoming order{request.ref,   next_number_++, request.client, request.shares,
                   request.price, request.symbol, request.side,   request.tif};
    const Prospect seen = prospect(order);
    OrderReport accepted = report_of(ReportKind::kAccepted, order);
    accepted.alive = seen == Prospect::kSome || (seen == Prospect::kNone && may_rest(order));
    ++counts_.accepted;
    report(accepted);
    execute(order, seen);
    if (order.shares != 0) show(order);
}

// What is left of an order comes to rest.
void MatchingEngine::show(const Incoming& order) noexcept {
    rest(order);
    tell({.order = order.number,
          .shares = order.shares,
          .price = order.price,
          .symbol = order.symbol,
          .action = MarketAction::kAdd,
          .side = order.side});
}

void MatchingEngine::replace(const OrderRequest& request) noexcept {
    const std::uint32_t place = books_.find(request.client, request.replaces);
    if (place == OrderBooks::kNone || is_used(request.client, request.ref))
        return refuse(request, ReportKind::kRejected, 'O');
    const RestingOrder old = books_.order(place);
    const char reason = judge(request, old.symbol, old.side);
    if (reason == 'H') return refuse(request, ReportKind::kRejected, reason);
    if (reason != ' ') return remove(place, 'U');
    (void)use(request.client, request.ref);
    ++counts_.replaced;
    if (request.price == books_.price(place) && request.shares <= old.shares &&
        rests_by_itself(request.tif))
        return keep_place(place, request);

    enter_anew(place, request);
}

// Another price or more shares: the old order leaves, and the new one comes in last.
void MatchingEngine::enter_anew(std::uint32_t place, const OrderRequest& request) noexcept {
    const RestingOrder old = books_.order(place);
    const ExchangePrice old_price = books_.price(place);
    books_.reduce(place, old.shares);
    Incoming order{request.ref,   next_number_++, request.client, request.shares,
                   request.price, old.symbol,     old.side,       request.tif};
    const Prospect seen = prospect(order);
    const bool has_room = books_.has_room(order.symbol, order.side, order.price);
    const bool stands = seen == Prospect::kNone && may_rest(order) && has_room;
    OrderReport replaced = report_of(ReportKind::kReplaced, order);
    replaced.replaces = old.ref;
    replaced.alive = seen == Prospect::kSome || stands;
    report(replaced);
    if (stands) {
        tell({.order = old.number,
              .new_order = order.number,
              .shares = order.shares,
              .price = order.price,
              .symbol = order.symbol,
              .action = MarketAction::kReplaced,
              .side = order.side});
        return rest(order);
    }
    tell({.order = old.number,
          .shares = old.shares,
          .price = old_price,
          .symbol = old.symbol,
          .action = MarketAction::kDeleted,
          .side = old.side});
    execute(order, seen);
    if (order.shares == 0) return;
    if (has_room) return show(order);
    OrderReport cancelled = report_of(ReportKind::kCancelled, order);
    cancelled.reason = 'S';
    ++counts_.cancelled;
    report(cancelled);
}

// Same price, no more shares: its time stays.
void MatchingEngine::keep_place(std::uint32_t place, const OrderRequest& request) noexcept {
    const RestingOrder old = books_.order(place);
    books_.rename(place, request.ref, request.tif);
    OrderReport replaced =
        report_of(ReportKind::kReplaced, {request.ref, old.number, old.client, request.shares,
                                          request.price, old.symbol, old.side, request.tif});
    replaced.replaces = old.ref;
    report(replaced);
    const std::uint32_t less = old.shares - request.shares;
    if (less == 0) return;
    books_.reduce(place, less);
    tell({.order = old.number,
          .shares = less,
          .price = request.price,
          .symbol = old.symbol,
          .action = MarketAction::kReduced,
          .side = old.side});
}

void MatchingEngine::cancel(const OrderRequest& request) noexcept {
    const std::uint32_t place = books_.find(request.client, request.ref);
    if (place == OrderBooks::kNone || request.shares >= books_.order(place).shares)
        return refuse(request, ReportKind::kCancelRejected, 'O');
    if (request.shares == 0) return remove(place, 'U');
    const RestingOrder order = books_.order(place);
    const ExchangePrice price = books_.price(place);
    const std::uint32_t less = order.shares - request.shares;
    books_.reduce(place, less);
    ++counts_.cancelled;
    OrderReport cancelled = report_of(
        ReportKind::kCancelled,
        {order.ref, order.number, order.client, less, price, order.symbol, order.side, order.tif});
    cancelled.reason = 'U';
    report(cancelled);
    tell({.order = order.number,
          .shares = less,
          .price = price,
          .symbol = order.symbol,
          .action = MarketAction::kReduced,
          .side = order.side});
}

void MatchingEngine::cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept {
    begin(now_ns);
    remove_all('S', [client](const RestingOrder& order) { return order.client == client; });
}

bool MatchingEngine::cancel_order(std::uint32_t client, std::uint64_t ref, char reason,
                                  std::int64_t now_ns) noexcept {
    begin(now_ns);
    const std::uint32_t place = books_.find(client, ref);
    if (place == OrderBooks::kNone) return false;
    remove(place, reason);
    return true;
}

// A resting order is cancelled whole.
void MatchingEngine::remove(std::uint32_t place, char reason) noexcept {
    const RestingOrder order = books_.order(place);
    const ExchangePrice price = books_.price(place);
    books_.reduce(place, order.shares);
    ++counts_.cancelled;
    OrderReport cancelled =
        report_of(ReportKind::kCancelled, {order.ref, order.number, order.client, order.shares,
                                           price, order.symbol, order.side, order.tif});
    cancelled.reason = reason;
    report(cancelled);
    tell({.order = order.number,
          .shares = order.shares,
          .price = price,
          .symbol = order.symbol,
          .action = MarketAction::kDeleted,
          .side = order.side});
}

}  // namespace sluice::adapters::exchange
