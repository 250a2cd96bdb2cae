// What MatchingEngine does with an order that was let in.
#include <algorithm>

#include <sluice/adapters/exchange/matching_engine.hpp>

namespace sluice::adapters::exchange {

using pipeline::ExchangePrice;
using pipeline::kMarketPrice;
using pipeline::MarketAction;
using pipeline::OrderReport;
using pipeline::ReportKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

[[nodiscard]] bool crosses(Side side, ExchangePrice limit, ExchangePrice price) noexcept {
    return limit == kMarketPrice || (side == Side::kBuy ? price <= limit : price >= limit);
}

}  // namespace

bool MatchingEngine::reaches(const Incoming& order, ExchangePrice price) const noexcept {
    return crosses(order.side, order.price, price);
}

bool MatchingEngine::may_rest(const Incoming& order) const noexcept {
    return order.price != kMarketPrice &&
           (order.tif == TimeInForce::kDay || order.tif == TimeInForce::kGtc);
}

// What the order would meet first.
MatchingEngine::Prospect MatchingEngine::prospect(const Incoming& order) const noexcept {
    if (order.tif == TimeInForce::kFok) [[unlikely]]
        return prospect_whole(order);
    const Side other = pipeline::opposite(order.side);
    if (books_.depth(order.symbol, other) == 0) return Prospect::kNone;
    const RestingLevel& best = books_.level(order.symbol, other, 0);
    if (!reaches(order, best.price)) return Prospect::kNone;
    return order.client != kCrowd && books_.order(best.first).client == order.client
               ? Prospect::kOwn
               : Prospect::kSome;
}

// Whether all of it would be executed: kSome, or what prevents that.
MatchingEngine::Prospect MatchingEngine::prospect_whole(const Incoming& order) const noexcept {
    const Side other = pipeline::opposite(order.side);
    std::uint64_t found = 0;
    for (std::size_t n = 0; n < books_.depth(order.symbol, other); ++n) {
        const RestingLevel& level = books_.level(order.symbol, other, n);
        if (!reaches(order, level.price)) break;
        for (std::uint32_t at = level.first; at != OrderBooks::kNone; at = books_.order(at).next) {
            const RestingOrder& resting = books_.order(at);
            if (order.client != kCrowd && resting.client == order.client) return Prospect::kOwn;
            found += resting.shares;
            if (found >= order.shares) return Prospect::kSome;
        }
    }
    return Prospect::kNone;
}

// Executes what can be, and cancels what may not rest; what is left in `order` is to rest.
void MatchingEngine::execute(Incoming& order, Prospect prospect) noexcept {
    if (prospect == Prospect::kSome) match(order);
    if (order.shares == 0) return;
    const bool met_own = prospect == Prospect::kOwn || order.met_own;
    if (!met_own && may_rest(order)) return;
    OrderReport cancelled = report_of(ReportKind::kCancelled, order);
    cancelled.reason = met_own ? 'Q' : 'I';
    ++counts_.cancelled;
    report(cancelled);
    order.shares = 0;
}

void MatchingEngine::match(Incoming& order) noexcept {
    const Side other = pipeline::opposite(order.side);
    while (order.shares != 0 && books_.depth(order.symbol, other) != 0) {
        const RestingLevel& best = books_.level(order.symbol, other, 0);
        const ExchangePrice price = best.price;
        if (!reaches(order, price)) return;
        const std::uint32_t place = best.first;
        const RestingOrder resting = books_.order(place);
        if (order.client != kCrowd && resting.client == order.client) {
            order.met_own = true;
            return;
        }
        const std::uint32_t shares = std::min(order.shares, resting.shares);
        const std::uint64_t match = next_match_++;
        order.shares -= shares;
        books_.reduce(place, shares);
        ++counts_.executions;
        counts_.shares += shares;
        tell({.order = resting.number,
              .match = match,
              .shares = shares,
              .price = price,
              .symbol = order.symbol,
              .action = MarketAction::kExecuted,
              .side = other});
        OrderReport added =
            report_of(ReportKind::kExecuted, {resting.ref, resting.number, resting.client, shares,
                                              price, resting.symbol, resting.side, resting.tif});
        added.match = match;
        added.liquidity = 'A';
        report(added);
        OrderReport removed = report_of(ReportKind::kExecuted, order);
        removed.shares = shares;
        removed.price = price;
        removed.match = match;
        removed.liquidity = 'R';
        report(removed);
    }
}

void MatchingEngine::rest(const Incoming& order) noexcept {
    books_.add({.ref = order.ref,
                .number = order.number,
                .client = order.client,
                .shares = order.shares,
                .level = 0,
                .previous = 0,
                .next = 0,
                .symbol = order.symbol,
                .side = order.side,
                .tif = order.tif},
               order.price);
}

BookTop MatchingEngine::best(std::uint16_t symbol, Side side) const noexcept {
    if (books_.depth(symbol, side) == 0) return {};
    const RestingLevel& level = books_.level(symbol, side, 0);
    return {level.price, level.shares};
}

std::optional<OpenOrder> MatchingEngine::find(std::uint32_t client,
                                              std::uint64_t ref) const noexcept {
    const std::uint32_t place = books_.find(client, ref);
    if (place == OrderBooks::kNone) return std::nullopt;
    const RestingOrder& order = books_.order(place);
    return OpenOrder{order.number, order.shares, books_.price(place), order.symbol, order.side};
}

std::uint64_t MatchingEngine::reachable(std::uint16_t symbol, Side side,
                                        ExchangePrice limit) const noexcept {
    const Side other = pipeline::opposite(side);
    std::uint64_t shares = 0;
    for (std::size_t n = 0; n < books_.depth(symbol, other); ++n) {
        const RestingLevel& level = books_.level(symbol, other, n);
        if (!crosses(side, limit, level.price)) break;
        shares += level.shares;
    }
    return shares;
}

std::uint64_t MatchingEngine::ahead_of(std::uint32_t client, std::uint64_t ref) const noexcept {
    const std::uint32_t place = books_.find(client, ref);
    if (place == OrderBooks::kNone) return 0;
    const RestingOrder& order = books_.order(place);
    const ExchangePrice price = books_.price(place);
    std::uint64_t shares = 0;
    for (std::size_t n = 0; n < books_.depth(order.symbol, order.side); ++n) {
        const RestingLevel& level = books_.level(order.symbol, order.side, n);
        if (level.price == price) break;
        shares += level.shares;
    }
    for (std::uint32_t at = order.previous; at != OrderBooks::kNone; at = books_.order(at).previous)
        shares += books_.order(at).shares;
    return shares;
}

}  // namespace sluice::adapters::exchange
