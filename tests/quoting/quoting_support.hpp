// What tests of market making share: a strategy that quotes, and a watch over what it has open.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <sluice/pipeline/record_observer.hpp>
#include <sluice/pipeline/settings.hpp>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {

[[nodiscard]] inline StrategySettings maker_of(std::vector<std::string> symbols, Nanos timeframe) {
    StrategySettings maker;
    maker.kind = StrategyKind::kMarketMaking;
    maker.name = "maker";
    maker.timeframe = timeframe;
    maker.symbols = std::move(symbols);
    maker.set("volatility", 3);
    return maker;
}

// Follows the orders of one instrument by what was sent and what the venue answered, and counts what
// must never be: two orders on a side, two that could meet, more than the limit, more than was ordered.
class QuoteWatch final : public RecordObserver {
  public:
    explicit QuoteWatch(Quantity most, SymbolId symbol = kSymbol) : most_(most), symbol_(symbol) {}

    void take(const Event& event) override {
        if (event.symbol() != symbol_) return;
        if (event.kind() == EventKind::kApproved) sent(event.approved());
        if (event.kind() == EventKind::kReport) answered(event);
        check();
    }
    [[nodiscard]] std::size_t open() const { return open_.size(); }
    [[nodiscard]] std::size_t open(Side side) const {
        return static_cast<std::size_t>(
            std::count_if(open_.begin(), open_.end(),
                          [side](const auto& each) { return each.second.side == side; }));
    }
    [[nodiscard]] Quantity position() const { return position_; }

    std::size_t doubled = 0;  // moments with two orders on a side
    std::size_t meeting = 0;  // with a bid that may stand at an ask or above it
    std::size_t beyond = 0;   // with more than the limit, were everything filled
    std::size_t overfilled = 0;
    std::size_t changed = 0;  // replacements that asked for another quantity
    std::size_t fills = 0;
    std::size_t replaces = 0;
    [[nodiscard]] bool clean() const {
        return doubled + meeting + beyond + overfilled + changed == 0;
    }

  private:
    struct Order {
        Side side = Side::kBuy;
        Quantity quantity;
        Quantity filled;
        std::vector<Price> prices;  // it stands at one of them
    };
    void sent(const ApprovedOrder& order) {
        if (!order.is_replacement()) {
            open_[order.id()] = {order.side(), order.quantity(), {}, {order.limit()}};
            return;
        }
        ++replaces;
        Order& old = open_.at(order.id());
        changed += old.quantity != order.quantity() ? 1U : 0U;
        old.prices.push_back(order.limit());
    }
    void answered(const Event& event) {
        const auto found = open_.find(event.report().order);
        if (found == open_.end()) return;
        Order& order = found->second;
        switch (event.exec_kind()) {
            case ExecKind::kFill:
                order.filled += event.report().quantity;
                position_ += signed_by(order.side, event.report().quantity);
                ++fills;
                overfilled += order.filled > order.quantity ? 1U : 0U;
                if (order.filled >= order.quantity) open_.erase(found);
                break;
            case ExecKind::kReplaced: order.prices = {event.report().price}; break;
            case ExecKind::kReplaceRejected: order.prices.resize(1); break;
            case ExecKind::kCancelled:
            case ExecKind::kExpired:
            case ExecKind::kRejected: open_.erase(found); break;
            default: break;
        }
    }
    void check() {
        Quantity buys, sells;
        Price highest_bid;
        Price lowest_ask = Price::max();
        for (const auto& [id, order] : open_) {
            (order.side == Side::kBuy ? buys : sells) += order.quantity - order.filled;
            for (const Price price : order.prices) {
                if (order.side == Side::kBuy) highest_bid = std::max(highest_bid, price);
                if (order.side == Side::kSell) lowest_ask = std::min(lowest_ask, price);
            }
        }
        doubled += open(Side::kBuy) > 1 || open(Side::kSell) > 1 ? 1U : 0U;
        meeting += highest_bid >= lowest_ask ? 1U : 0U;
        beyond += position_ + buys > most_ || sells - position_ > most_ ? 1U : 0U;
    }

    Quantity most_;
    SymbolId symbol_;
    Quantity position_;
    std::map<OrderId, Order> open_;
};

}  // namespace sluice::tests::trade_path
