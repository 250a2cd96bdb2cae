// What MatchingEngine says, and how its day goes.
#include <sluice/adapters/exchange/matching_engine.hpp>

namespace sluice::adapters::exchange {

using pipeline::ExchangePrice;
using pipeline::MarketAction;
using pipeline::OrderReport;
using pipeline::OrderRequest;
using pipeline::ReportKind;
using pipeline::Side;

void MatchingEngine::announce(std::int64_t now_ns) noexcept {
    begin(now_ns);
    tell_system('O');
    for (std::size_t i = 1; i <= symbols_.size(); ++i)
        tell({.symbol = static_cast<std::uint16_t>(i), .action = MarketAction::kDirectory});
    tell_system('S');
}

void MatchingEngine::open(std::int64_t now_ns) noexcept {
    begin(now_ns);
    if (open_) return;
    open_ = true;
    for (std::size_t i = 1; i <= symbols_.size(); ++i) {
        const auto symbol = static_cast<std::uint16_t>(i);
        tell_trading(symbol, halted(symbol) ? 'H' : 'T');
    }
    tell_system('Q');
}

void MatchingEngine::close(std::int64_t now_ns) noexcept {
    begin(now_ns);
    if (!open_) return;
    open_ = false;
    remove_all('T', [](const RestingOrder&) { return true; });
    tell_system('M');
}

void MatchingEngine::end(std::int64_t now_ns) noexcept {
    close(now_ns);
    tell_system('E');
    tell_system('C');
}

void MatchingEngine::halt(std::uint16_t symbol, std::int64_t now_ns) noexcept {
    begin(now_ns);
    if (symbol == 0 || symbol > symbols_.size() || halted(symbol)) return;
    halted_[symbol] = 1;
    tell_trading(symbol, 'H');
}

void MatchingEngine::resume(std::uint16_t symbol, std::int64_t now_ns) noexcept {
    begin(now_ns);
    if (symbol == 0 || symbol > symbols_.size() || !halted(symbol)) return;
    halted_[symbol] = 0;
    tell_trading(symbol, 'T');
}

void MatchingEngine::print_trade(std::uint16_t symbol, Side side, std::uint32_t shares,
                                 ExchangePrice price, std::int64_t now_ns) noexcept {
    begin(now_ns);
    if (symbol == 0 || symbol > symbols_.size() || shares == 0) return;
    tell({.match = next_match_++,
          .shares = shares,
          .price = price,
          .symbol = symbol,
          .action = MarketAction::kTrade,
          .side = side});
}

void MatchingEngine::tell_system(char code) noexcept {
    tell({.action = MarketAction::kSystem, .code = code});
}

void MatchingEngine::tell_trading(std::uint16_t symbol, char code) noexcept {
    tell({.symbol = symbol, .action = MarketAction::kTrading, .code = code});
}

void MatchingEngine::refuse(const OrderRequest& request, ReportKind kind, char reason) noexcept {
    ++counts_.rejected;
    OrderReport out;
    out.kind = kind;
    out.client = request.client;
    out.time_ns = now_ns_;
    out.ref = request.ref;
    out.replaces = request.replaces;
    out.shares = request.shares;
    out.price = request.price;
    out.symbol = request.symbol;
    out.side = request.side;
    out.tif = request.tif;
    out.reason = reason;
    out.alive = false;
    report(out);
}

}  // namespace sluice::adapters::exchange
