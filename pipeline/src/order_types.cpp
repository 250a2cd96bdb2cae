#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

const char* to_string(Side side) noexcept { return side == Side::kBuy ? "buy" : "sell"; }

const char* to_string(OrderType type) noexcept {
    switch (type) {
        case OrderType::kMarket: return "market";
        case OrderType::kLimit: return "limit";
        case OrderType::kStop: return "stop";
        case OrderType::kStopLimit: return "stop_limit";
        case OrderType::kTrailing: return "trailing";
    }
    return "?";
}

const char* to_string(TimeInForce tif) noexcept {
    switch (tif) {
        case TimeInForce::kGtc: return "gtc";
        case TimeInForce::kDay: return "day";
        case TimeInForce::kIoc: return "ioc";
        case TimeInForce::kFok: return "fok";
        case TimeInForce::kOpening: return "opening";
        case TimeInForce::kClosing: return "closing";
    }
    return "?";
}

const char* to_string(ExecKind kind) noexcept {
    switch (kind) {
        case ExecKind::kAccepted: return "accepted";
        case ExecKind::kFill: return "fill";
        case ExecKind::kCancelled: return "cancelled";
        case ExecKind::kExpired: return "expired";
        case ExecKind::kRejected: return "rejected";
        case ExecKind::kReplaced: return "replaced";
        case ExecKind::kCancelRejected: return "cancel_rejected";
        case ExecKind::kReplaceRejected: return "replace_rejected";
    }
    return "?";
}

const char* to_string(RejectReason reason) noexcept {
    switch (reason) {
        case RejectReason::kNone: return "";
        case RejectReason::kUnknownOrder: return "unknown_order";
        case RejectReason::kDuplicateOrder: return "duplicate_order";
        case RejectReason::kUnknownSymbol: return "unknown_symbol";
        case RejectReason::kBadQuantity: return "bad_quantity";
        case RejectReason::kBadPrice: return "bad_price";
        case RejectReason::kVenueClosed: return "venue_closed";
        case RejectReason::kVenueFull: return "venue_full";
        case RejectReason::kVenueUnreachable: return "venue_unreachable";
        case RejectReason::kOther: return "other";
        case RejectReason::kNothingToReduce: return "nothing_to_reduce";
        case RejectReason::kWouldTake: return "would_take";
        case RejectReason::kHalted: return "halted";
    }
    return "?";
}

const char* to_string(RefusalReason reason) noexcept {
    switch (reason) {
        case RefusalReason::kMaxPosition: return "max_position";
        case RefusalReason::kMaxOrderQuantity: return "max_order_quantity";
        case RefusalReason::kMaxOrderNotional: return "max_order_notional";
        case RefusalReason::kPriceDistance: return "price_distance";
        case RefusalReason::kOrderRate: return "order_rate";
        case RefusalReason::kDailyLoss: return "daily_loss";
        case RefusalReason::kHalted: return "halted";
        case RefusalReason::kOutsideSession: return "outside_session";
        case RefusalReason::kNoMarketPrice: return "no_market_price";
        case RefusalReason::kTooManyOpenOrders: return "too_many_open_orders";
        case RefusalReason::kBadQuantity: return "bad_quantity";
        case RefusalReason::kInsufficientFunds: return "insufficient_funds";
        case RefusalReason::kDrawdown: return "drawdown";
        case RefusalReason::kWindowDrawdown: return "window_drawdown";
        case RefusalReason::kOperatorHalt: return "operator_halt";
        case RefusalReason::kPaused: return "paused";
        case RefusalReason::kEmergencyStop: return "emergency_stop";
        case RefusalReason::kMargin: return "margin";
        case RefusalReason::kLiquidationDistance: return "liquidation_distance";
        case RefusalReason::kConcentration: return "concentration";
        case RefusalReason::kGrossNotional: return "gross_notional";
        case RefusalReason::kNetNotional: return "net_notional";
        case RefusalReason::kDuplicate: return "duplicate";
        case RefusalReason::kSelfTrade: return "self_trade";
        case RefusalReason::kMessageRate: return "message_rate";
        case RefusalReason::kInstrumentMessageRate: return "instrument_message_rate";
        case RefusalReason::kStaleSignal: return "stale_signal";
        case RefusalReason::kLowConfidence: return "low_confidence";
        case RefusalReason::kLowAgreement: return "low_agreement";
        case RefusalReason::kLowQuality: return "low_quality";
    }
    return "?";
}

const char* to_string(HaltReason reason) noexcept {
    switch (reason) {
        case HaltReason::kOperator: return "operator";
        case HaltReason::kFeed: return "feed";
        case HaltReason::kOrderSession: return "order_session";
        case HaltReason::kJournal: return "journal";
        case HaltReason::kOverload: return "overload";
        case HaltReason::kKill: return "emergency_stop";
        case HaltReason::kDrawdown: return "drawdown";
    }
    return "?";
}

const char* to_string(IncidentKind kind) noexcept {
    switch (kind) {
        case IncidentKind::kReportForUnknownOrder: return "report_for_unknown_order";
        case IncidentKind::kFillBeyondOrder: return "fill_beyond_order";
        case IncidentKind::kIllegalTransition: return "illegal_transition";
        case IncidentKind::kDailyLossBreached: return "daily_loss_breached";
        case IncidentKind::kGatewayRefused: return "gateway_refused";
        case IncidentKind::kBarVolumeOverflow: return "bar_volume_overflow";
        case IncidentKind::kDrawdownBreached: return "drawdown_breached";
        case IncidentKind::kWindowDrawdownBreached: return "window_drawdown_breached";
        case IncidentKind::kDrawdownRecovered: return "drawdown_recovered";
        case IncidentKind::kParameterRefused: return "parameter_refused";
        case IncidentKind::kStrategyFailed: return "strategy_failed";
        case IncidentKind::kLegMissing: return "leg_missing";
        case IncidentKind::kUnprotected: return "unprotected";
    }
    return "?";
}

const char* to_string(RiskItem item) noexcept {
    switch (item) {
        case RiskItem::kEquity: return "equity";
        case RiskItem::kDayStart: return "day_start";
        case RiskItem::kPeak: return "peak";
        case RiskItem::kDayPeak: return "day_peak";
        case RiskItem::kWindow: return "window";
    }
    return "?";
}

}  // namespace sluice::pipeline
