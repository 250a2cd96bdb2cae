// The rows of a run's tables, as the recorder makes them of events. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

struct OrderRecord {
    StreamTime time;
    OrderId id = OrderId::kNone;
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;
    OrderType type = OrderType::kMarket;
    TimeInForce tif = TimeInForce::kGtc;
    Quantity quantity;
    Price limit;  // zero for a market order
    Quantity filled;
    std::string status;  // of its last report: filled, partially_filled, cancelled, ...
    std::uint32_t replaces = 0;
};

struct FillRecord {
    StreamTime time;
    OrderId order = OrderId::kNone;
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;
    Quantity quantity;
    Price price;
    core::Money commission;
    Quantity position_after;
};

struct RefusalRecord {
    StreamTime time;
    SymbolId symbol = core::kNoSymbol;
    RefusalReason reason{};
    Quantity quantity;  // signed
    Price price;
    double observed = 0;
    double limit = 0;
};

struct IncidentRecord {
    StreamTime time;
    SymbolId symbol = core::kNoSymbol;
    IncidentKind kind{};
    OrderId order = OrderId::kNone;
    Quantity quantity;
};

// What the strategies together want from then on.
struct IntentRecord {
    StreamTime time;
    SymbolId symbol = core::kNoSymbol;
    Intent intent{};
};

struct ParameterRecord {
    StreamTime time;
    std::string strategy;   // by name, or by index where there is no such strategy
    std::string parameter;  // the same
    double value = 0;
    std::uint32_t version = 0;
};

struct RegimeRecord {
    StreamTime time;
    SymbolId symbol = core::kNoSymbol;
    std::uint8_t timeframe = 0;
    RegimeChange change{};
};

// What the books made of a charge; those that came to nothing have no row.
struct ChargeRecord {
    StreamTime time;
    SymbolId symbol = core::kNoSymbol;  // none: the account as a whole
    Charged charged{};
    std::uint64_t after_fills = 0;  // rows of fills that were booked before it
    std::string currency{};         // of the amount
};

// What one unit of a currency is worth from then on.
struct RateRecord {
    StreamTime time;
    CurrencyId id = kAccountCurrency;
    std::string currency;  // by name
    Price rate;            // in the account's
    std::uint64_t after_fills = 0;
};

struct EquityPoint {
    StreamTime time;
    core::Money equity;
    core::Money realised;
    core::Money drawdown;  // from the highest of the points so far, or the capital; not negative
};

struct BarRecord {
    StreamTime end;
    SymbolId symbol = core::kNoSymbol;
    std::uint8_t timeframe = 0;
    Bar bar;
};

}  // namespace sluice::pipeline
