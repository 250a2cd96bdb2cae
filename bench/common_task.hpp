// The common task on which engines are compared: N synthetic ticks, one-minute bars, a 10/30
// moving-average cross, long or flat, one unit, 1 bp commission. For N = 20,000,000 every correct
// engine makes 1311 fills and a profit of -21.534889 with the open position marked at the last tick
// (N = 3,000,000: 173 fills, 0.509786).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::bench {

struct CommonTick {
    std::int64_t time_ns;
    std::int64_t price_e6;
    std::int64_t quantity;
    std::int64_t reserved;
};
static_assert(sizeof(CommonTick) == 32);

// The generator as the task defines it, operation by operation.
class CommonTicks {
  public:
    [[nodiscard]] CommonTick next() {
        constexpr double kUnit = 0x1.0p-53;
        const double u = static_cast<double>((random() >> 11U) + 1) * kUnit;
        time_ += 1000 + static_cast<std::int64_t>(-std::log(u) * 1e8);
        if ((random() & 0xFFFFU) == 0) vol_ = 0.5 + static_cast<double>(random() & 3U) * 0.5;
        const double first = static_cast<double>(random() >> 11U) * kUnit;
        const double second = static_cast<double>(random() >> 11U) * kUnit;
        price_ += (first + second - 1) * 1.2 * vol_;
        if (price_ < 5000) price_ += 5;
        return {time_, std::llround(price_ * 10'000),
                1 + static_cast<std::int64_t>(random() & 127U), 0};
    }

  private:
    std::uint64_t random() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }
    std::uint64_t state_ = 88172645463325252ULL;
    std::int64_t time_ = 1'704'067'200'000'000'000;
    double price_ = 10'000;
    double vol_ = 1;
};

inline std::vector<CommonTick> make_common_ticks(std::size_t count) {
    CommonTicks from;
    std::vector<CommonTick> ticks(count);
    for (CommonTick& tick : ticks) tick = from.next();
    return ticks;
}

// Ticks in memory as a market source.
class CommonTaskSource final : public pipeline::MarketSource {
  public:
    explicit CommonTaskSource(std::span<const CommonTick> ticks) noexcept : ticks_(ticks) {}

    [[nodiscard]] std::span<pipeline::Event> next_block() noexcept override {
        const std::size_t count = std::min(block_.size(), ticks_.size() - next_);
        for (std::size_t i = 0; i < count; ++i) {
            const CommonTick& tick = ticks_[next_ + i];
            pipeline::emplace_event(block_[i], [&tick] {
                return pipeline::Event::trade(
                    core::time_from_ns<core::StreamTime>(tick.time_ns), core::SymbolId{0},
                    {core::Price::from_raw(tick.price_e6 * 1000),
                     core::Quantity::from_raw(tick.quantity * core::Quantity::kScale), 0, 0, 0});
            });
        }
        next_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return ticks_.size(); }

  private:
    std::span<const CommonTick> ticks_;
    std::size_t next_ = 0;
    std::array<pipeline::Event, 256> block_;
};

// Prices move in steps of a ten-thousandth here, and the account is made large enough that no
// limit is met: the task has none.
inline pipeline::Settings common_task_settings() {
    pipeline::Settings s;
    s.account.capital = core::Money::from_units(10'000'000);
    s.clock.beat = core::Nanos{60'000'000'000};
    s.bars.timeframes = {core::Nanos{60'000'000'000}};
    pipeline::StrategySettings trend;
    trend.set("fast", 10);
    trend.set("slow", 30);
    s.signals.strategies = {trend};
    s.signals.allow_short = false;
    s.sizing.quantity = core::Quantity::from_units(1);
    s.risk.daily_loss = core::Money::from_units(10'000'000);
    s.venue.order_latency = core::Nanos{0};
    s.venue.response_latency = core::Nanos{0};
    s.venue.commission = pipeline::CommissionKind::kBasisPoints;
    s.venue.commission_bps_e4 = 10'000;
    s.engine.on_stop = pipeline::OnStop::kLeave;
    s.report.signal_quality = false;  // the recorder's, which has a thread of its own in a run
    return s;
}

inline pipeline::InstrumentTable common_task_instruments() {
    pipeline::Instrument instrument;
    instrument.symbol = "TASK";
    instrument.tick_size = core::PriceDelta::from_raw(1000);
    instrument.generated = true;
    return {instrument};
}

}  // namespace sluice::bench
