// The port between a simulated exchange and the protocols it is reached by: what may be asked of
// it, what it says to everybody, and what it says to one client. Off the hot path of the engine;
// one thread.
//
// Units are those of the exchange: prices in 1e-4 of the currency, whole shares, times in
// nanoseconds since the Unix epoch, UTC. Symbols are numbered from 1, as ITCH's stock locate is.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

using ExchangePrice = std::uint32_t;
inline constexpr ExchangePrice kMarketPrice = 0;  // of a request: at any price

struct ExchangeSymbol {
    std::array<char, 8> name{};  // padded with blanks on the right
    std::uint32_t round_lot = 100;
};

// What everybody is told, one thing that happened to the market; the letters are ITCH 5.0's.
enum class MarketAction : char {
    kSystem = 'S',     // code: O start of messages, S system hours, Q market open, M market close,
                       // E end of system hours, C end of messages
    kDirectory = 'R',  // the symbol exists
    kTrading = 'H',    // code: T trading, H halted, P paused, Q quotation only
    kAdd = 'A',
    kExecuted = 'E',         // shares of `order` at its own price
    kExecutedAtPrice = 'C',  // at `price`; code: Y when printable, else N
    kReduced = 'X',          // shares taken off `order`
    kDeleted = 'D',
    kReplaced = 'U',  // `order` is gone, `new_order` stands at `price` for `shares`
    kTrade = 'P',     // against an order that was not displayed
};

struct MarketUpdate {
    std::int64_t time_ns = 0;
    std::uint64_t order = 0;
    std::uint64_t new_order = 0;
    std::uint64_t match = 0;
    std::uint32_t shares = 0;
    ExchangePrice price = 0;
    std::uint16_t symbol = 0;  // 0 for kSystem
    MarketAction action{};
    Side side = Side::kBuy;
    char code = ' ';
};

enum class RequestKind : std::uint8_t { kEnter, kReplace, kCancel };

// `ref` is the client's own number of the order, unique for the client; a replacement has a new one.
struct OrderRequest {
    RequestKind kind{};
    std::uint32_t client = 0;
    std::uint64_t ref = 0;
    std::uint64_t replaces = 0;  // kReplace: the ref that is replaced
    std::uint16_t symbol = 0;    // kEnter; 0: a symbol that the exchange does not know
    Side side = Side::kBuy;      // kEnter
    TimeInForce tif = TimeInForce::kDay;
    // kEnter, kReplace: open from now on, so without what has been executed; kCancel: how many
    // shall be left open, 0 to cancel it whole.
    std::uint32_t shares = 0;
    ExchangePrice price = kMarketPrice;
};

enum class ReportKind : std::uint8_t {
    kAccepted,  // live, or dead at once (IOC that found nothing): then kCancelled follows
    kReplaced,
    kCancelled,  // `shares` were taken off; reason
    kExecuted,   // `shares` at `price`; liquidity
    kBroken,     // an execution is undone
    kRejected,   // the order, or the replacement: reason
    kCancelRejected,
};

struct OrderReport {
    ReportKind kind{};
    std::uint32_t client = 0;
    std::int64_t time_ns = 0;
    std::uint64_t ref = 0;
    std::uint64_t replaces = 0;  // kReplaced: the ref that was replaced
    std::uint64_t order = 0;     // the exchange's number, as the market is told
    std::uint64_t match = 0;
    std::uint32_t shares = 0;  // kAccepted, kReplaced: of the order as it stands
    ExchangePrice price = 0;
    std::uint16_t symbol = 0;
    Side side = Side::kBuy;
    TimeInForce tif = TimeInForce::kDay;
    char liquidity = ' ';  // kExecuted: A added, R removed
    char reason =
        ' ';  // kCancelled: U user, I immediate or cancel, T time in force, S supervisory,
              // Q self match; kRejected: OUCH 4.2's letters
    bool alive = true;  // kAccepted, kReplaced: whether it can still execute
};

// Implemented by protocols that publish the market.
class MarketListener {
  public:
    MarketListener() = default;
    MarketListener(const MarketListener&) = delete;
    MarketListener& operator=(const MarketListener&) = delete;
    virtual ~MarketListener() = default;
    virtual void on_update(const MarketUpdate& update) noexcept = 0;
};

// Implemented by protocols that take orders.
class ReportListener {
  public:
    ReportListener() = default;
    ReportListener(const ReportListener&) = delete;
    ReportListener& operator=(const ReportListener&) = delete;
    virtual ~ReportListener() = default;
    virtual void on_report(const OrderReport& report) noexcept = 0;
};

// Implemented by the exchange.
class Exchange {
  public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    [[nodiscard]] virtual std::span<const ExchangeSymbol> symbols() const noexcept = 0;
    // Takes effect at once; what follows from it reaches the listeners before this returns.
    virtual void request(const OrderRequest& request, std::int64_t now_ns) noexcept = 0;
    // All of the client's open orders are cancelled, as an exchange does when it loses a client
    // that asked for that.
    virtual void cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept = 0;
};

}  // namespace sluice::pipeline
