// The configuration of a run as plain values. Declared for TOML, with range and documentation of
// each key, in settings_schema.cpp; filled at start, immutable afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/adjustment.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

enum class BarPrice : std::uint8_t { kTrade, kMid };
enum class StrategyKind : std::uint8_t { kTrendFollowing, kMeanReversion };
enum class SizingMode : std::uint8_t { kQuantity, kNotional };
enum class QueueModel : std::uint8_t { kBack, kFront };
enum class OnStop : std::uint8_t { kCancel, kLeave, kFlatten };
enum class OnDailyLoss : std::uint8_t { kHalt, kFlatten };
enum class OnDrawdown : std::uint8_t { kHalt, kFlatten };
enum class OnKill : std::uint8_t { kCancel, kFlatten };
// What a position has to be covered by; see hot/margin.hpp.
enum class MarginModel : std::uint8_t { kGross, kCash, kRegT, kLeveraged, kFutures };
enum class OrderProtocol : std::uint8_t { kOuch42, kOuch50 };
enum class SocketKind : std::uint8_t { kRecv, kUring };
// What is known to be recorded when an order leaves: nothing; what outlives the process; what
// outlives the machine.
enum class JournalDurability : std::uint8_t { kAsync, kProcess, kDisk };
enum class CommissionKind : std::uint8_t { kNone, kBasisPoints, kPerUnit };

// Limits of arrays on the hot path; a configuration beyond them is refused.
inline constexpr std::size_t kMaxInstruments = 1024;
inline constexpr std::size_t kMaxTimeframes = 8;
inline constexpr std::size_t kMaxStrategies = 16;
inline constexpr std::size_t kMaxAveragePeriod = 512;

struct AccountSettings {
    core::Money capital = core::Money::from_units(100'000);
    std::string currency = "USD";
};

struct ClockSettings {
    Nanos beat{1'000'000'000};
    std::string day_zone = "America/New_York";
    Nanos day_start{0};            // time of day in day_zone at which daily limits reset
    bool session_enabled = false;  // trade and build bars inside the session only
    std::string session_zone = "America/New_York";
    Nanos session_open{34'200'000'000'000};   // 09:30
    Nanos session_close{57'600'000'000'000};  // 16:00
    std::string session_calendar;             // of the store; empty: session_open to session_close
    bool session_extended = false;            // pre-market and post-market count as session
};

// What a replay reads from the store.
struct DataSettings {
    AdjustmentMode adjust = AdjustmentMode::kNone;
    bool bars = false;  // bars of bar_period, whatever ticks there are
    Nanos bar_period{60'000'000'000};
};

struct BarSettings {
    std::vector<Nanos> timeframes{Nanos{60'000'000'000}};
    BarPrice price = BarPrice::kTrade;
    bool use_suspicious = false;
};

struct StrategySettings {
    std::string name = "trend";
    StrategyKind kind = StrategyKind::kTrendFollowing;
    Nanos timeframe{60'000'000'000};
    double weight = 1.0;
    // trend following
    std::int64_t fast = 10;
    std::int64_t slow = 30;
    // mean reversion
    std::int64_t period = 20;
    double entry_deviations = 2.0;
    double exit_deviations = 0.5;
};

struct SignalSettings {
    double threshold = 0.5;
    bool allow_short = true;
    std::vector<StrategySettings> strategies{};
};

struct SizingSettings {
    SizingMode mode = SizingMode::kQuantity;
    Quantity quantity = Quantity::from_units(100);
    core::Money notional = core::Money::from_units(10'000);
};

struct ExecutionSettings {
    OrderType order_type = OrderType::kMarket;
    TimeInForce time_in_force = TimeInForce::kGtc;
    std::int64_t limit_offset_ticks = 0;  // towards the market when positive
    Nanos reprice_after{0};               // 0: leave a resting order as it is
    Nanos retry_after{0};                 // 0: no second try for what the venue let expire
    std::int64_t max_open_orders = 256;
};

struct RiskSettings {
    Quantity max_position = Quantity::from_units(1'000);
    Quantity max_order_quantity = Quantity::from_units(1'000);
    core::Money max_order_notional = core::Money::from_units(1'000'000);
    std::int64_t max_price_distance_bps = 500;
    std::int64_t max_orders_per_second = 100;
    core::Money daily_loss = core::Money::from_units(5'000);
    OnDailyLoss on_daily_loss = OnDailyLoss::kHalt;
    std::int64_t max_drawdown_bps = 0;     // of the highest equity; 0: no such limit
    std::int64_t window_drawdown_bps = 0;  // of the highest equity of the last days
    std::int64_t drawdown_window_days = 30;
    std::int64_t drawdown_recovery_percent = 80;  // of the limit
    OnDrawdown on_drawdown = OnDrawdown::kHalt;
    OnKill on_kill = OnKill::kCancel;
    bool require_funds = true;
    MarginModel margin_model = MarginModel::kGross;
    std::int64_t initial_margin_bps = 5'000;  // leveraged
    std::int64_t maintenance_margin_bps = 2'500;
    std::int64_t liquidation_distance_bps = 0;
    core::Money contract_margin{};  // futures, a unit
    // Beyond these, 0 is no limit.
    std::int64_t max_concentration_bps = 0;  // of equity, an instrument
    core::Money max_gross_notional{};
    core::Money max_net_notional{};
    Nanos duplicate_window{0};
    std::int64_t max_messages_per_second = 0;
    std::int64_t max_instrument_messages_per_second = 0;
    bool prevent_self_trade = true;
};

struct VenueSettings {
    Nanos order_latency{250'000};
    Nanos response_latency{250'000};
    QueueModel queue = QueueModel::kBack;
    CommissionKind commission = CommissionKind::kPerUnit;
    std::int64_t commission_bps_e4 = 10'000;  // 1e-4 of a basis point of the notional
    core::Money commission_per_unit{};        // account currency per unit
    core::Money commission_minimum{};         // per execution
};

[[nodiscard]] const char* to_string(StrategyKind kind) noexcept;

// A live session's exchange; addresses are "host:port".
struct LiveSettings {
    std::string feed_a = "127.0.0.1:26400";
    std::string feed_b = "127.0.0.1:26401";         // empty: one line only
    std::string feed_requests = "127.0.0.1:26402";  // empty: nobody to ask again
    std::string feed_interface;                     // of multicast groups; empty: by the routes
    std::string orders = "127.0.0.1:26410";
    OrderProtocol order_protocol = OrderProtocol::kOuch42;
    std::string user = "SLUICE";
    std::string password;
    std::string zone = "UTC";  // whose midnight the exchange counts its times from
    SocketKind sockets = SocketKind::kRecv;
    Nanos silence{3'000'000'000};
    std::int64_t conflate_after = 64;  // datagrams waiting
    Nanos clock_grace{2'000'000};
    Nanos stop_timeout{5'000'000'000};
    Nanos metrics_every{60'000'000'000};  // between two rows of metrics.csv
    bool lock_memory = true;
};

struct JournalSettings {
    JournalDurability durability = JournalDurability::kProcess;
    std::int64_t ring_capacity = 65'536;
};

struct EngineSettings {
    std::string placement = "auto";  // fused, split, auto, or cuts such as "signals,orders"
    std::string idle = "auto";       // spin, spin_pause, yield, backoff, auto
    std::string cores = "auto";      // "auto", "none", or one per thread: "2,3"
    std::int64_t ring_capacity = 4096;
    std::int64_t latency_sample = 64;  // stamp one event in so many
    OnStop on_stop = OnStop::kCancel;
};

struct ReportSettings {
    Nanos equity_every{60'000'000'000};
    std::string folder = "runs";
    std::string state_folder;  // empty: none, live `state` in `folder`
};

struct Settings {
    AccountSettings account;
    ClockSettings clock;
    DataSettings data;
    BarSettings bars;
    SignalSettings signals;
    SizingSettings sizing;
    ExecutionSettings execution;
    RiskSettings risk;
    VenueSettings venue;
    LiveSettings live;
    JournalSettings journal;
    EngineSettings engine;
    ReportSettings report;
};

}  // namespace sluice::pipeline
