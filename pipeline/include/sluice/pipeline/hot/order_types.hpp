// The vocabulary of orders, shared by the stages, the gateways and the records.
#pragma once

#include <cstdint>

#include <sluice/core/fixed.hpp>
#include <sluice/core/ids.hpp>
#include <sluice/core/time.hpp>

namespace sluice::pipeline {

using core::Money;
using core::Nanos;
using core::OrderId;
using core::Price;
using core::PriceDelta;
using core::Quantity;
using core::Sequence;
using core::StrategyId;
using core::StreamTime;
using core::SymbolId;

enum class Side : std::uint8_t { kBuy, kSell };

[[nodiscard]] constexpr Side opposite(Side side) noexcept {
    return side == Side::kBuy ? Side::kSell : Side::kBuy;
}
// The side that moves a position by `signed_quantity`.
[[nodiscard]] constexpr Side side_of(Quantity signed_quantity) noexcept {
    return signed_quantity.raw() < 0 ? Side::kSell : Side::kBuy;
}
[[nodiscard]] constexpr Quantity signed_by(Side side, Quantity quantity) noexcept {
    return side == Side::kBuy ? quantity : -quantity;
}

enum class OrderType : std::uint8_t {
    kMarket,
    kLimit,
    kStop,       // at the market once its price has traded, or the other side quotes it
    kStopLimit,  // a limit order then, so far beyond its price
    kTrailing,   // a stop that follows the best price since it came, so far behind it
};
[[nodiscard]] constexpr bool is_stop(OrderType type) noexcept { return type >= OrderType::kStop; }

// What else an order may say; one bit each.
using OrderFlags = std::uint8_t;
inline constexpr OrderFlags kReduceOnly = 1;  // never more than closes the position
inline constexpr OrderFlags kPostOnly = 2;    // refused where it would take

enum class TimeInForce : std::uint8_t {
    kGtc,      // good till cancelled
    kDay,      // until the session closes
    kIoc,      // fill now and cancel the rest
    kFok,      // all now or nothing
    kOpening,  // in the next opening auction, and cancel the rest
    kClosing,  // in the next closing auction
};
// From its arrival until it is filled, or for the session.
[[nodiscard]] constexpr bool stays_open(TimeInForce tif) noexcept {
    return tif <= TimeInForce::kDay;
}
[[nodiscard]] constexpr bool is_for_auction(TimeInForce tif) noexcept {
    return tif >= TimeInForce::kOpening;
}

// What an execution report says. Names follow FIX 5.0 ExecType.
enum class ExecKind : std::uint8_t {
    kAccepted,
    kFill,  // one execution, partial or last
    kCancelled,
    kExpired,  // by its time in force
    kRejected,
    kReplaced,
    kCancelRejected,
    kReplaceRejected,
};
inline constexpr std::size_t kExecKindCount = 8;

enum class RejectReason : std::uint8_t {
    kNone,
    kUnknownOrder,
    kDuplicateOrder,
    kUnknownSymbol,
    kBadQuantity,
    kBadPrice,
    kVenueClosed,
    kVenueFull,
    kVenueUnreachable,
    kOther,  // the venue gave a reason that has no name here
    kNothingToReduce,
    kWouldTake,  // post-only
    kHalted,     // the instrument, at the venue
};

// Why the gate refused an intent. One event each; counted by reason.
enum class RefusalReason : std::uint8_t {
    kMaxPosition,
    kMaxOrderQuantity,
    kMaxOrderNotional,
    kPriceDistance,
    kOrderRate,
    kDailyLoss,
    kHalted,
    kOutsideSession,
    kNoMarketPrice,
    kTooManyOpenOrders,
    kBadQuantity,
    kInsufficientFunds,
    kDrawdown,        // from the highest equity of all
    kWindowDrawdown,  // from the highest equity of the last days
    kOperatorHalt,
    kPaused,  // this instrument only
    kEmergencyStop,
    // Of a signal, by its quality: no order was asked for.
    kStaleSignal,
    kLowConfidence,
    kLowAgreement,
    kLowQuality,
    kMargin,               // what the margin model asks for is more than there is
    kLiquidationDistance,  // a small move would liquidate it
    kConcentration,
    kGrossNotional,
    kNetNotional,
    kDuplicate,
    kSelfTrade,
    kMessageRate,
    kInstrumentMessageRate,
};
inline constexpr std::size_t kRefusalReasonCount = 30;

// Why new exposure is held back for a while. Several may hold at once, of the whole session and of
// single instruments.
enum class HaltReason : std::uint8_t {
    kOperator,
    kFeed,          // messages are missing, or nothing comes at all
    kOrderSession,  // reports cannot come, orders cannot leave
    kJournal,       // its ring was full
    kOverload,      // a queue towards the stages was full
    kKill,          // the kill switch: nothing leaves but what it asks for
    kDrawdown,      // never sent as a halt; to resume is to begin the measure anew
};
inline constexpr std::size_t kHaltReasonCount = 7;

enum class IncidentKind : std::uint8_t {
    kReportForUnknownOrder,
    kFillBeyondOrder,
    kIllegalTransition,
    kDailyLossBreached,
    kGatewayRefused,
    kBarVolumeOverflow,
    kDrawdownBreached,
    kWindowDrawdownBreached,
    kDrawdownRecovered,  // either
    kParameterRefused,   // a change that names no parameter, or is out of its bounds
    kStrategyFailed,     // a plugin threw or gave no strength: it is taken out
    kLegMissing,         // a protective order was refused or lost: it is placed once more
    kUnprotected,        // and again: the position is closed
};
inline constexpr std::size_t kIncidentKindCount = 13;

// What a session keeps of its loss limits for the next one.
enum class RiskItem : std::uint8_t {
    kEquity,    // value: the equity
    kDayStart,  // value: the equity at which the day began; breached: the daily loss
    kPeak,      // value: the highest equity of all; breached: the drawdown from it
    kDayPeak,   // value: the highest equity of `day`, for the window
    kWindow,    // breached: the drawdown from the window's peak
};
inline constexpr std::size_t kRiskItemCount = 5;

[[nodiscard]] const char* to_string(Side side) noexcept;
[[nodiscard]] const char* to_string(OrderType type) noexcept;
[[nodiscard]] const char* to_string(TimeInForce tif) noexcept;
[[nodiscard]] const char* to_string(ExecKind kind) noexcept;
[[nodiscard]] const char* to_string(RejectReason reason) noexcept;
[[nodiscard]] const char* to_string(RefusalReason reason) noexcept;
[[nodiscard]] const char* to_string(HaltReason reason) noexcept;
[[nodiscard]] const char* to_string(IncidentKind kind) noexcept;
[[nodiscard]] const char* to_string(RiskItem item) noexcept;

}  // namespace sluice::pipeline
