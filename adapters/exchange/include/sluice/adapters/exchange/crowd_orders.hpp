// CrowdOrders: the crowd's own orders that rest at the exchange, by symbol, kept by what the
// exchange reports. A flow takes a place and a ref before it enters an order.
//
// Threads   One.
// Bounds    Grows with what rests; places are used again. A ref is never used again: its low half
//           is the place, its high half rises.
// Cost      Constant, whatever the order; picking one of a symbol at random is one load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::exchange {

class CrowdOrders {
  public:
    static constexpr std::uint32_t kNone = 0;
    struct Order {
        std::uint64_t ref = 0;
        std::uint32_t shares = 0;    // still open
        std::uint32_t position = 0;  // in its symbol's list, or the next free place
        pipeline::ExchangePrice price = 0;
        std::uint16_t symbol = 0;
        pipeline::Side side = pipeline::Side::kBuy;
    };

    explicit CrowdOrders(std::size_t symbols) : orders_(1), by_symbol_(symbols + 1) {}

    // An order about to be entered; its ref.
    [[nodiscard]] std::uint64_t take(std::uint16_t symbol, pipeline::Side side,
                                     std::uint32_t shares, pipeline::ExchangePrice price);
    // All that the exchange says of the crowd's orders.
    void on_report(const pipeline::OrderReport& report) noexcept;

    [[nodiscard]] std::size_t count(std::uint16_t symbol) const noexcept {
        return by_symbol_[symbol].size();
    }
    // n < count(symbol).
    [[nodiscard]] const Order& at(std::uint16_t symbol, std::size_t n) const noexcept {
        return orders_[by_symbol_[symbol][n]];
    }
    // Null when it rests no more.
    [[nodiscard]] const Order* find(std::uint64_t ref) const noexcept;

  private:
    void reduce(std::uint64_t ref, std::uint32_t shares) noexcept;

    std::vector<Order> orders_;  // place 0 is never used
    std::vector<std::vector<std::uint32_t>> by_symbol_;
    std::uint32_t free_ = kNone;
    std::uint64_t serial_ = 0;
};

}  // namespace sluice::adapters::exchange
