// The matching engine against a plain matcher, over random requests, absurd ones among them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "exchange_reference.hpp"

namespace sluice::test {
namespace {

using adapters::exchange::MatchingEngine;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::OrderReport;
using pipeline::OrderRequest;
using pipeline::ReportKind;
using pipeline::RequestKind;

struct Step {
    OrderRequest request;
    int halt = 0;  // 1, 2: of symbol 1, halts or resumes instead
};

[[maybe_unused]] std::ostream& operator<<(std::ostream& out, const Step& step) {
    const OrderRequest& r = step.request;
    if (step.halt != 0) return out << (step.halt == 1 ? "halt" : "resume");
    return out << "kind " << static_cast<int>(r.kind) << " client " << r.client << " ref " << r.ref
               << " replaces " << r.replaces << " symbol " << r.symbol << " side "
               << static_cast<int>(r.side) << " tif " << static_cast<int>(r.tif) << " shares "
               << r.shares << " price " << r.price;
}

// Few prices, few refs and few clients, so that everything meets everything.
rc::Gen<Step> any_step() {
    using rc::gen::element;
    using rc::gen::inRange;
    using rc::gen::weightedElement;
    const auto price = rc::gen::weightedOneOf<std::uint32_t>(
        {{12, rc::gen::map(inRange(0, 8), [](int n) { return 1'000'000U + 100U * unsigned(n); })},
         {2, rc::gen::just(pipeline::kMarketPrice)},
         {1, element<std::uint32_t>(1, 9'999, 10'001, 1'000'001, 1'999'999'900, 2'000'000'000,
                                    UINT32_MAX)}});
    const auto shares = rc::gen::weightedOneOf<std::uint32_t>(
        {{12, inRange<std::uint32_t>(1, 40)},
         {1, element<std::uint32_t>(0, 999'999, 1'000'000, UINT32_MAX)}});
    const auto request = rc::gen::build<OrderRequest>(
        rc::gen::set(
            &OrderRequest::kind,
            weightedElement<RequestKind>(
                {{5, RequestKind::kEnter}, {2, RequestKind::kReplace}, {2, RequestKind::kCancel}})),
        rc::gen::set(&OrderRequest::client, inRange<std::uint32_t>(0, 3)),
        rc::gen::set(&OrderRequest::ref, inRange<std::uint64_t>(1, 120)),
        rc::gen::set(&OrderRequest::replaces, inRange<std::uint64_t>(1, 120)),
        rc::gen::set(&OrderRequest::symbol, weightedElement<std::uint16_t>(
                                                {{20, 1}, {5, 2}, {1, 0}, {1, 3}, {1, 65'535}})),
        rc::gen::set(&OrderRequest::side, element(Side::kBuy, Side::kSell)),
        rc::gen::set(&OrderRequest::tif, weightedElement<TimeInForce>({{6, TimeInForce::kDay},
                                                                       {1, TimeInForce::kGtc},
                                                                       {2, TimeInForce::kIoc},
                                                                       {1, TimeInForce::kFok}})),
        rc::gen::set(&OrderRequest::shares, shares), rc::gen::set(&OrderRequest::price, price));
    return rc::gen::build<Step>(
        rc::gen::set(&Step::request, request),
        rc::gen::set(&Step::halt, weightedElement<int>({{60, 0}, {1, 1}, {3, 2}})));
}

rc::Gen<std::vector<Step>> any_day() {
    return rc::gen::scale(6.0, rc::gen::container<std::vector<Step>>(any_step()));
}

void play(MatchingEngine& engine, const std::vector<Step>& steps) {
    std::int64_t now = 10;
    for (const Step& step : steps) {
        now += 3;
        if (step.halt == 1)
            engine.halt(1, now);
        else if (step.halt == 2)
            engine.resume(1, now);
        else
            engine.request(step.request, now);
    }
}

struct Day {
    explicit Day(const std::vector<Step>& steps) : engine(two_symbols()) {
        engine.connect(&tape, &tape, nullptr);
        engine.open(10);
        tape.clear();
        play(engine, steps);
    }
    MatchingEngine engine;
    Tape tape;
};

RC_GTEST_PROP(ExchangeProperty, says_what_a_plain_matcher_says, ()) {
    const std::vector<Step> steps = *any_day();
    Day day(steps);
    PlainMatcher plain(2);
    std::int64_t now = 10;
    for (const Step& step : steps) {
        now += 3;
        if (step.halt != 0)
            plain.set_halted(1, step.halt == 1, now);
        else
            plain.request(step.request, now);
    }
    RC_ASSERT(day.tape.updates == plain.updates);
    RC_ASSERT(day.tape.reports == plain.reports);
    RC_ASSERT(day.engine.books().size() == plain.orders.size());
    for (const PlainMatcher::Order& order : plain.orders) {
        const auto found = day.engine.find(order.client, order.ref);
        RC_ASSERT(found.has_value());
        RC_ASSERT(found->shares == order.shares);
        RC_ASSERT(found->price == order.price);
        RC_ASSERT(found->number == order.number);
    }
}

// What a listener to the market alone can rebuild.
struct Onlooker {
    struct Order {
        std::uint16_t symbol;
        Side side;
        std::uint32_t price;
        std::uint32_t shares;
    };
    std::map<std::uint64_t, Order> orders;

    void take_off(std::uint64_t number, std::uint32_t shares) {
        const auto at = orders.find(number);
        RC_ASSERT(at != orders.end());
        RC_ASSERT(shares > 0U && shares <= at->second.shares);
        at->second.shares -= shares;
        if (at->second.shares == 0) orders.erase(at);
    }
    void see(const MarketUpdate& u) {
        switch (u.action) {
            case MarketAction::kAdd:
                RC_ASSERT(orders.count(u.order) == 0U);
                orders[u.order] = {u.symbol, u.side, u.price, u.shares};
                break;
            case MarketAction::kReplaced:
                RC_ASSERT(orders.erase(u.order) == 1U);
                RC_ASSERT(orders.count(u.new_order) == 0U);
                orders[u.new_order] = {u.symbol, u.side, u.price, u.shares};
                break;
            case MarketAction::kDeleted: RC_ASSERT(orders.erase(u.order) == 1U); break;
            case MarketAction::kExecuted:
            case MarketAction::kReduced: take_off(u.order, u.shares); break;
            default: break;
        }
    }
    // {price, shares} a level, best first.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint64_t>> levels(std::uint16_t symbol,
                                                                              Side side) const {
        std::map<std::uint32_t, std::uint64_t> found;
        for (const auto& [number, order] : orders)
            if (order.symbol == symbol && order.side == side) found[order.price] += order.shares;
        std::vector<std::pair<std::uint32_t, std::uint64_t>> out(found.begin(), found.end());
        if (side == Side::kBuy) std::reverse(out.begin(), out.end());
        return out;
    }
};

RC_GTEST_PROP(ExchangeProperty, tells_the_market_all_it_needs_to_keep_the_books, ()) {
    Day day(*any_day());
    Onlooker onlooker;
    std::uint64_t match = 0;
    for (const MarketUpdate& update : day.tape.updates) {
        onlooker.see(update);
        if (update.match == 0) continue;
        RC_ASSERT(update.match > match);
        match = update.match;
    }
    for (const std::uint16_t symbol : {std::uint16_t{1}, std::uint16_t{2}}) {
        for (const Side side : {Side::kBuy, Side::kSell}) {
            const auto levels = onlooker.levels(symbol, side);
            RC_ASSERT(levels.size() == day.engine.books().depth(symbol, side));
            for (std::size_t n = 0; n < levels.size(); ++n) {
                const auto& level = day.engine.books().level(symbol, side, n);
                RC_ASSERT(level.price == levels[n].first);
                RC_ASSERT(level.shares == levels[n].second);
            }
        }
        const auto bid = day.engine.best(symbol, Side::kBuy);
        const auto ask = day.engine.best(symbol, Side::kSell);
        RC_ASSERT(bid.price == 0U || ask.price == 0U || bid.price < ask.price);
    }
}

RC_GTEST_PROP(ExchangeProperty, accounts_for_every_share_of_every_order, ()) {
    Day day(*any_day());
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> open;
    std::map<std::uint64_t, std::map<char, std::uint32_t>> matches;
    for (const OrderReport& r : day.tape.reports) {
        const std::pair<std::uint32_t, std::uint64_t> key{r.client, r.ref};
        switch (r.kind) {
            case ReportKind::kAccepted:
                RC_ASSERT(open.count(key) == 0U);
                open[key] = r.shares;
                break;
            case ReportKind::kReplaced:
                RC_ASSERT(open.count(key) == 0U);
                RC_ASSERT(open[std::make_pair(r.client, r.replaces)] > 0U);
                open[std::make_pair(r.client, r.replaces)] = 0;
                open[key] = r.shares;
                break;
            case ReportKind::kExecuted:
                RC_ASSERT(matches[r.match].count(r.liquidity) == 0U);  // each side of a match once
                matches[r.match][r.liquidity] = r.shares;
                [[fallthrough]];
            case ReportKind::kCancelled:
                RC_ASSERT(r.shares > 0U && r.shares <= open[key]);
                open[key] -= r.shares;
                break;
            default: break;
        }
    }
    for (const auto& [match, sides] : matches)
        if (sides.size() == 2) RC_ASSERT(sides.at('A') == sides.at('R'));
    std::size_t resting = 0;
    for (const auto& [key, shares] : open) {
        const auto order = day.engine.find(key.first, key.second);
        RC_ASSERT(shares == (order ? order->shares : 0U));
        resting += order ? 1U : 0U;
    }
    // The crowd's orders are the others.
    std::size_t crowd = 0;
    for (std::uint32_t at = 1; at <= day.engine.books().places(); ++at)
        if (day.engine.books().rests(at) && day.engine.books().order(at).client == 0) ++crowd;
    RC_ASSERT(resting + crowd == day.engine.books().size());
}

}  // namespace
}  // namespace sluice::test
