// The common task as a plain loop without an engine: what there is to beat, and to be measured by.
#pragma once

#include <cstdint>
#include <span>

#include "common_task.hpp"

namespace sluice::bench {

struct BareResult {
    std::uint64_t bars = 0;
    std::uint64_t fills = 0;
    double profit = 0;  // with the open position marked at the last tick
};

class BareLoop {
  public:
    [[nodiscard]] static BareResult run(std::span<const CommonTick> ticks) {
        BareLoop loop;
        for (const CommonTick& tick : ticks) loop.on(tick);
        if (!ticks.empty()) ++loop.result_.bars;
        const double mark = static_cast<double>(loop.last_price_) * 1e-6;
        loop.result_.profit = loop.cash_ + loop.position_ * mark;
        return loop.result_;
    }

  private:
    static constexpr std::int64_t kMinute = 60'000'000'000;
    static constexpr std::size_t kFast = 10;
    static constexpr std::size_t kSlow = 30;

    void on(const CommonTick& tick) {
        if (tick.time_ns >= bar_end_) {
            if (bar_end_ != 0) close_bar();
            bar_end_ = tick.time_ns / kMinute * kMinute + kMinute;
            high_ = low_ = tick.price_e6;
            volume_ = 0;
            if (order_ != 0) fill(tick.price_e6);
        }
        high_ = tick.price_e6 > high_ ? tick.price_e6 : high_;
        low_ = tick.price_e6 < low_ ? tick.price_e6 : low_;
        volume_ += tick.quantity;
        last_price_ = tick.price_e6;
    }

    void close_bar() {
        ++result_.bars;
        const std::size_t n = closes_count_++;
        if (n >= kFast) fast_ -= closes_[(n - kFast) % kSlow];
        if (n >= kSlow) slow_ -= closes_[n % kSlow];
        closes_[n % kSlow] = last_price_;
        fast_ += last_price_;
        slow_ += last_price_;
        if (n + 1 < kSlow) return;
        const std::int64_t gap = fast_ * 3 - slow_;
        if (n + 1 > kSlow) {
            if (previous_gap_ <= 0 && gap > 0 && position_ == 0) order_ = 1;
            if (previous_gap_ >= 0 && gap < 0 && position_ == 1) order_ = -1;
        }
        previous_gap_ = gap;
    }

    void fill(std::int64_t price_e6) {
        const double price = static_cast<double>(price_e6) * 1e-6;
        cash_ -= order_ * price + price * 1e-4;
        position_ += order_;
        order_ = 0;
        ++result_.fills;
    }

    BareResult result_;
    std::int64_t bar_end_ = 0;
    std::int64_t high_ = 0;
    std::int64_t low_ = 0;
    std::int64_t volume_ = 0;
    std::int64_t last_price_ = 0;
    std::int64_t fast_ = 0;
    std::int64_t slow_ = 0;
    std::int64_t previous_gap_ = 0;
    std::int64_t closes_[kSlow] = {};
    std::size_t closes_count_ = 0;
    int order_ = 0;
    int position_ = 0;
    double cash_ = 0;
};

}  // namespace sluice::bench
