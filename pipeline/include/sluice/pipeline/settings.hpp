// The configuration of a run as plain values. Declared for TOML, with range and documentation of
// each key, in settings_schema.cpp; filled at start, immutable afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/adjustment.hpp>
#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/hot/regime.hpp>
#include <sluice/pipeline/strategy_declaration.hpp>

namespace sluice::pipeline {

enum class BarPrice : std::uint8_t { kTrade, kMid };
// Where a bar of a day begins: at midnight UTC, or where the account's day does.
enum class DayBars : std::uint8_t { kUtc, kAccount };
enum class SizingMode : std::uint8_t { kQuantity, kNotional, kEquity, kRisk, kVolatility, kKelly };
enum class QueueModel : std::uint8_t { kBack, kFront, kProportional };
// Market orders: by what the data show, or whole at the last price, or whole at the next one.
enum class FillModel : std::uint8_t { kShown, kLast, kNext };
// What the simulated venue fills against: prints and best quotes, or every displayed price level.
enum class MarketModel : std::uint8_t { kBest, kBook };
enum class OnStop : std::uint8_t { kCancel, kLeave, kFlatten };
enum class OnDailyLoss : std::uint8_t { kHalt, kFlatten };
enum class OnDrawdown : std::uint8_t { kHalt, kFlatten };
enum class OnKill : std::uint8_t { kCancel, kFlatten };
enum class StopKind : std::uint8_t { kStop, kStopLimit, kTrailing };
// What a position has to be covered by; see hot/margin.hpp.
enum class MarginModel : std::uint8_t { kGross, kCash, kRegT, kLeveraged, kFutures };
enum class OrderProtocol : std::uint8_t { kOuch42, kOuch50 };
enum class SocketKind : std::uint8_t { kRecv, kUring };
// What is known to be recorded when an order leaves: nothing; what outlives the process; what
// outlives the machine.
enum class JournalDurability : std::uint8_t { kAsync, kProcess, kDisk };
// What tiers of commission count: money, or units.
enum class TierMeasure : std::uint8_t { kNotional, kUnits };
enum class CommissionKind : std::uint8_t { kNone, kBasisPoints, kPerUnit, kMakerTaker };

// Limits of arrays on the hot path; a configuration beyond them is refused.
inline constexpr std::size_t kMaxInstruments = 1024;
inline constexpr std::size_t kMaxTimeframes = 8;
inline constexpr std::size_t kMaxActivityBars = 8;
inline constexpr std::size_t kMaxStrategies = 16;

struct AccountSettings {
    core::Money capital = core::Money::from_units(100'000);
    std::string currency = "USD";
    std::vector<std::string> rates{};  // "CURRENCY=RATE" in the account's; see currency_table.hpp
    std::vector<std::string> multipliers{};   // "SYMBOL=MULTIPLIER"
    std::string entries;                      // CSV of charges and rates; empty: none
    std::vector<std::string> borrow_rates{};  // "SYMBOL=PERCENT" a year, "*=PERCENT" for the others

    // What it gives the symbol instead of the store's; none: nothing. Throws std::invalid_argument for an
    // entry, of any symbol, that is not of that form.
    [[nodiscard]] std::optional<Quantity> multiplier_of(std::string_view symbol) const;
    // What borrowing the symbol costs a year, in 1e-9 of its value; 0: nothing. Throws likewise.
    [[nodiscard]] std::int64_t borrow_rate_of(std::string_view symbol) const;
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
    std::vector<std::string> by_activity{};  // in the words of bar_definition.hpp
    DayBars day = DayBars::kUtc;             // of bars of 1d
};

struct StrategySettings {
    std::string name = "trend";
    StrategyKind kind = StrategyKind::kTrendFollowing;
    Nanos timeframe{60'000'000'000};
    std::string bars{};  // of bars.by_activity; empty: those of `timeframe`
    double weight = 1.0;
    std::array<double, kRegimeCount> by_regime{1, 1, 1, 1};  // times the weight, in each regime
    std::vector<std::string> symbol_weights{};  // "AAPL=2": instead of `weight`, for this symbol
    std::vector<std::string> symbols{};         // of market making: what it quotes; empty: all
    // Its parameters, in the order of its kind's declaration; a NaN stands for the default.
    StrategyValues values = kDefaults;

    // By name. Throws std::invalid_argument when its kind has no such parameter.
    void set(std::string_view parameter, double value);
    [[nodiscard]] double get(std::string_view parameter) const;
    // With the defaults in place.
    [[nodiscard]] StrategyValues resolved() const noexcept;
    // Its own weight for a symbol, if it has one. Throws std::invalid_argument for an entry that is
    // not SYMBOL=WEIGHT.
    [[nodiscard]] std::optional<double> weight_of(std::string_view symbol) const;
    // Of market making.
    [[nodiscard]] bool quotes(std::string_view symbol) const noexcept;

    static constexpr StrategyValues kDefaults = [] {
        StrategyValues unset{};
        unset.fill(std::numeric_limits<double>::quiet_NaN());
        return unset;
    }();
};

// How weights follow performance; see hot/performance_weights.hpp.
struct PerformanceSettings {
    std::int64_t lookback = 0;  // observations; 0: weights stay
    double step = 0.25;
    double min = 0.25;
    double max = 4.0;
};

struct SignalSettings {
    double threshold = 0.5;
    bool allow_short = true;
    PerformanceSettings performance{};
    std::string weights_file;  // empty: what performance has moved ends with the run
    std::vector<StrategySettings> strategies{};
    // What weights_file held, by strategy; not a key.
    std::vector<std::vector<double>> histories{};
};

// How regimes are told apart; see hot/regime_detector.hpp. Periods are in bars of `timeframe`.
struct RegimeSettings {
    bool enabled = false;
    Nanos timeframe{60'000'000'000};
    std::int64_t adx_period = 14;
    std::int64_t atr_period = 14;
    std::int64_t baseline = 240;
    std::int64_t band_period = 30;
    double band_width = 2.0;      // population deviations to each side
    double volatile_enter = 1.5;  // ATR over its baseline
    double volatile_leave = 1.2;
    double adx_enter = 20.0;
    double adx_leave = 15.0;
    double spread_enter = 3.0;  // between the bands, in ATRs
    double spread_leave = 2.5;
    std::int64_t dwell = 5;
    Regime fallback = Regime::kUnknown;
};

// Which signals are good enough to trade on; see hot/signal_gate.hpp.
struct QualitySettings {
    bool enabled = false;
    double min_score = 0.5;
    double min_confidence = 0.0;
    double min_agreement = 0.0;
    std::int64_t max_age = 0;  // bars; 0: signals do not age
    double strength_weight = 1.0;
    double confidence_weight = 1.0;
    double agreement_weight = 1.0;
};

// See hot/position_sizer.hpp.
struct SizingSettings {
    SizingMode mode = SizingMode::kQuantity;
    Quantity quantity = Quantity::from_units(100);
    core::Money notional = core::Money::from_units(10'000);
    std::int64_t equity_percent_e4 = 1'000'000;  // 1e-4 of a percent of the equity
    core::Money min_notional{};
    double risk_percent = 1.0;  // of the equity, a trade
    Nanos timeframe{60'000'000'000};
    std::int64_t period = 20;
    double stop_atr = 2.0;
    std::int64_t stop_bps = 0;  // of the price, instead of stop_atr; 0: stop_atr
    double target_volatility_percent = 10.0;
    std::int64_t periods_per_year = 98'280;  // 252 days of 390 minutes
    std::int64_t kelly_trades = 20;
    double kelly_part_percent = 25.0;
    double risk_min_percent = 0.5;
    double risk_max_percent = 2.0;
    double drawdown_percent = 20.0;  // at which mode kelly risks the least

    // Whether its mode looks at bars. A stop at a share of the price needs no ranges.
    [[nodiscard]] constexpr bool takes_bars() const noexcept {
        return mode == SizingMode::kVolatility || mode == SizingMode::kKelly ||
               (mode == SizingMode::kRisk && stop_bps == 0);
    }
};

struct ExecutionSettings {
    OrderType order_type = OrderType::kMarket;
    TimeInForce time_in_force = TimeInForce::kGtc;
    std::int64_t limit_offset_ticks = 0;  // towards the market when positive
    Nanos reprice_after{0};               // 0: leave a resting order as it is
    Nanos retry_after{0};                 // 0: no second try for what the venue let expire
    std::int64_t max_open_orders = 256;
};

// Protective orders; 0: none of that kind. Distances in 1/100 % of the average entry price.
struct BracketSettings {
    std::int64_t stop_loss_bps = 0;
    std::int64_t take_profit_bps = 0;
    StopKind stop = StopKind::kStop;
    std::int64_t stop_limit_bps = 50;  // of the stop's price

    [[nodiscard]] bool enabled() const noexcept { return stop_loss_bps > 0 || take_profit_bps > 0; }
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

// What executions cost once that much was traded, in place of the rates of VenueSettings.
struct CommissionTier {
    core::Money from{};
    std::int64_t maker_bps_e4 = 0;
    std::int64_t taker_bps_e4 = 0;
    core::Money maker_per_unit{};
    core::Money taker_per_unit{};
};

struct VenueSettings {
    Nanos order_latency{250'000};
    Nanos response_latency{250'000};
    Nanos feed_latency{0};
    std::vector<Nanos> order_latencies{};  // recorded, each as likely; empty: order_latency
    std::vector<Nanos> response_latencies{};
    std::int64_t latency_seed = 1;
    Nanos order_interval{0};  // between two commands at least; 0: none
    Nanos load_latency{
        0};  // for each load_ticks of the last load_window, load_most in all; 0: none
    std::int64_t load_ticks = 1'000;
    Nanos load_window{10'000'000};
    Nanos load_most{10'000'000};
    QueueModel queue = QueueModel::kBack;
    FillModel fill = FillModel::kShown;
    MarketModel market = MarketModel::kBest;
    std::int64_t book_levels = 16'384;  // with kBook, of a side of an instrument at most
    std::vector<std::string> halts{};   // see trading_phases.hpp, also of the three below
    std::uint32_t opening_conditions = 0;
    std::uint32_t closing_conditions = 0;
    std::vector<std::string> auction_exchanges{};
    CommissionKind commission = CommissionKind::kPerUnit;
    std::int64_t commission_bps_e4 = 10'000;  // 1e-4 of a basis point of the notional
    core::Money commission_per_unit{};        // account currency per unit
    core::Money commission_minimum{};         // per execution
    std::int64_t commission_maximum_e4 = 0;   // 1e-4 of a percent of the notional; 0: none
    // With kMakerTaker, a share and an amount together; a rebate is negative.
    std::int64_t maker_bps_e4 = 0;
    std::int64_t taker_bps_e4 = 0;
    core::Money maker_per_unit{};
    core::Money taker_per_unit{};
    std::vector<CommissionTier> tiers{};  // by what they begin at
    TierMeasure tier_measure = TierMeasure::kNotional;
    std::int64_t tier_days = 30;
};

[[nodiscard]] const char* to_string(StrategyKind kind) noexcept;

// The weight of a strategy can change while it runs as its parameters can; it comes after them.
inline constexpr std::uint16_t kWeightParameter = UINT16_MAX;
inline constexpr StrategyParameter kWeightDeclaration{
    .name = "weight",
    .unit = "",
    .min = 0.0,
    .max = 1000.0,
    .fallback = 1.0,
    .doc = "Its share in the decision, relative to the other strategies'."};

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
    std::string ledger;        // empty: `trials.ledger` in `folder` for searches, none for others
    bool signal_quality = true;
};

// What a backtest measures, and its pessimistic and optimistic assumptions.
struct BacktestSettings {
    Nanos period{86'400'000'000'000};  // of its returns
    std::int64_t days_per_year = 252;
    double risk_free_percent = 0;
    std::string benchmark;
    std::int64_t resamples = 2'000;
    double confidence = 0.95;
    std::int64_t seed = 1;
    double pessimistic_latency = 4.0;  // times
    double pessimistic_commission = 1.5;
    double optimistic_latency = 0.25;
    double optimistic_commission = 1.0;
};

// A plugin whose kind of strategy [[strategy]] may name.
struct PluginSettings {
    std::string file;
    std::string sha256;  // empty: whatever file is there
};

struct Settings {
    std::vector<PluginSettings> plugins;
    AccountSettings account;
    ClockSettings clock;
    DataSettings data;
    BarSettings bars;
    SignalSettings signals;
    RegimeSettings regime;
    QualitySettings quality;
    SizingSettings sizing;
    ExecutionSettings execution;
    BracketSettings bracket;
    RiskSettings risk;
    VenueSettings venue;
    LiveSettings live;
    JournalSettings journal;
    EngineSettings engine;
    ReportSettings report;
    BacktestSettings backtest;
};

}  // namespace sluice::pipeline
