// A plausible finished run to write, print and draw: three instruments over `days` sessions.
// Seeded by a fixed generator of its own, so every build makes the same record.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <sluice/pipeline/run_record.hpp>

#include "kept_rows.hpp"

namespace sluice::test {

struct SampleShape {
    int days = 5;
    bool generated = true;
    std::int64_t bar_seconds = 60;
};

namespace sample_detail {

using namespace pipeline;

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kDay = 86'400 * kSecond;
inline constexpr std::int64_t kMonday = 1'381'104'000 * kSecond;  // 2013-10-07
inline constexpr std::int64_t kOpen = 48'600 * kSecond;           // 13:30 UTC
inline constexpr std::int64_t kClose = 72'000 * kSecond;          // 20:00 UTC
inline constexpr std::size_t kInstruments = 3;

class Random {
  public:
    // SplitMix64, so that the sequence is the same with every standard library.
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    std::int64_t within(std::int64_t bound) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(2 * bound + 1)) -
               bound;
    }

  private:
    std::uint64_t state_ = 42;
};

class Sample {
  public:
    Sample(const SampleShape& shape, RowSink& rows) : shape_(shape), rows_(rows) {
        r_.timeframes = {Nanos{shape_.bar_seconds * kSecond}, Nanos{300 * kSecond}};
        r_.series = RunSeries{kInstruments, r_.timeframes};
        constexpr std::array<const char*, kInstruments> kNames{"IBM", "BAC", "SPY"};
        for (std::size_t s = 0; s < kInstruments; ++s) {
            Instrument& instrument = r_.instruments.emplace_back();
            instrument.symbol = kNames[s];
            instrument.generated = shape.generated;
            r_.by_instrument.emplace_back().symbol = SymbolId{static_cast<std::uint16_t>(s)};
        }
        prices_ = {182'500'000'000, 14'150'000'000, 169'450'000'000};
        r_.capital = core::Money::from_units(100'000);
        cash_ = r_.capital;
        r_.peak_equity = r_.capital;
    }

    RunRecord make() {
        for (int day = 0; day < shape_.days; ++day) {
            const std::int64_t midnight = kMonday + (day + 2 * (day / 5)) * kDay;
            for (std::int64_t at = kOpen; at < kClose; at += shape_.bar_seconds * kSecond)
                step(midnight + at + shape_.bar_seconds * kSecond);
        }
        describe();
        close_books();
        return std::move(r_);
    }

  private:
    void step(std::int64_t end_ns) {
        const auto end = core::time_from_ns<StreamTime>(end_ns);
        for (std::size_t s = 0; s < kInstruments; ++s) move(s, end);
        r_.peak_equity = std::max(r_.peak_equity, equity());
        r_.max_drawdown = std::max(r_.max_drawdown, r_.peak_equity - equity());
        leave(EquityPoint{end, equity(), realised_, r_.peak_equity - equity()});
        if (first_ == StreamTime{}) first_ = end;
        last_ = end;
    }

    void move(std::size_t s, StreamTime end) {
        const SymbolId symbol{static_cast<std::uint16_t>(s)};
        const auto open = Price::from_raw(prices_[s]);
        prices_[s] += random_.within(prices_[s] / 20'000'000'000 + 2) * 10'000'000;
        const auto close = Price::from_raw(prices_[s]);
        r_.by_instrument[s].trades += 40;
        r_.by_instrument[s].quotes += 160;
        r_.ticks.trades += 40;
        r_.ticks.quotes += 160;
        r_.series.take(BarRecord{end,
                                 symbol,
                                 0,
                                 {open, std::max(open, close), std::min(open, close), close,
                                  Quantity::from_units(1200)}});
        ++bars_;
        if (random_.next() % 60 == 0) trade(s, symbol, end, close);
        if (random_.next() % 400 == 0) {
            leave(RefusalRecord{end, symbol, RefusalReason::kMaxPosition,
                                Quantity::from_units(-100), close, 1100, 1000});
            ++r_.refusals[index(RefusalReason::kMaxPosition)];
        }
    }

    void trade(std::size_t s, SymbolId symbol, StreamTime end, Price price) {
        InstrumentRecord& row = r_.by_instrument[s];
        const Side side = row.position.raw() > 0 ? Side::kSell : Side::kBuy;
        const auto quantity = Quantity::from_units(100);
        const auto id = OrderId{++r_.orders};
        const auto commission = core::Money::from_units(1);
        const StreamTime sent = end + Nanos{random_.within(400'000'000) + 500'000'000};
        if (side == Side::kBuy) {
            entry_[s] = price;
        } else {
            row.realised += (price - entry_[s]) * quantity;
            realised_ += (price - entry_[s]) * quantity;
        }
        row.position += signed_by(side, quantity);
        row.commission += commission;
        cash_ -= price * signed_by(side, quantity) + commission;
        r_.commission += commission;
        ++row.fills;
        ++r_.fills;
        leave(FillRecord{sent + Nanos{500'000}, id, symbol, side, quantity, price, commission,
                         row.position});
        rows_.take(OrderRecord{sent, id, symbol, side, OrderType::kMarket, TimeInForce::kIoc,
                               quantity, Price{}, quantity, "filled", 0});
    }

    core::Money equity() const {
        core::Money total = cash_;
        for (std::size_t s = 0; s < kInstruments; ++s)
            total += Price::from_raw(prices_[s]) * r_.by_instrument[s].position;
        return total;
    }

    template <class Kind>
    static std::size_t index(Kind kind) {
        return static_cast<std::size_t>(kind);
    }

    void describe() {
        r_.verb = "replay";
        r_.version = "0.1.0";
        r_.build = "g++ 12.2.0, Release";
        r_.store = "data/market.h5";
        r_.data_label = shape_.generated ? "generated, seed 42" : "recorded";
        r_.configuration =
            "[account]\ncapital = \"100000\"\n\n[bars]\ntimeframes = [\"1m\", \"5m\"]\n";
        r_.configuration_hash = "5f2c9a01d4e7b386";
        r_.placement = "fused";
        r_.idle = "spin_pause";
        r_.host = "AMD EPYC 9575F, 2 cores, Linux 6.1";
        if (last_ != StreamTime{}) {
            r_.from = first_ - r_.timeframes[0];
            r_.to = last_;
        }
        r_.bars_by_timeframe = {bars_, bars_ / 5};
        r_.intents = r_.orders + r_.series.refusals().total;
        r_.ticks.late = 12;
        r_.ticks.refused_off_session = 4'210;
        r_.ticks.refused_suspicious = 37;
        r_.ticks.used = r_.ticks.total() - r_.ticks.late - r_.ticks.refused();
        r_.events = r_.ticks.total() + 9'000;
        r_.reports[index(ExecKind::kAccepted)] = r_.orders;
        r_.reports[index(ExecKind::kFill)] = r_.fills;
        r_.by_strategy = {{"trend", "trend_following", 1.0, 1950, 900, 800, 61, 940, 760,
                           core::Money::from_raw(core::Money::from_units(3).raw() + 1)},
                          {"revert", "mean_reversion", 0.5, 1950, 210, 190, 88, 230, 170,
                           core::Money::from_units(-7)}};
        r_.wall_seconds = 0.84;
        r_.peak_rss_bytes = 61'000'000;
        r_.latency = {{"T3 sequenced", 18'000, 21, 29, 48, 210, 9'400},
                      {"T4 bars", 18'000, 34, 45, 71, 390, 11'200},
                      {"T5 signals", 18'000, 27, 58, 96, 420, 12'100},
                      {"T6 risk", 400, 61, 84, 140, 600, 2'900},
                      {"T7 orders", 400, 75, 101, 170, 710, 3'300},
                      {"tick to order", 400, 240, 330, 510, 1'900, 21'000}};
        r_.digest = "9b1c6f0e2a7d4835c0ffee1234567890";
    }

    void close_books() {
        for (std::size_t s = 0; s < kInstruments; ++s) {
            InstrumentRecord& row = r_.by_instrument[s];
            row.mark = Price::from_raw(prices_[s]);
            if (!row.position.is_zero()) row.unrealised = (row.mark - entry_[s]) * row.position;
            r_.realised += row.realised;
            r_.unrealised += row.unrealised;
        }
        r_.cash = cash_;
        r_.equity = equity();
    }

    template <class Row>
    void leave(const Row& row) {
        r_.series.take(row);
        rows_.take(row);
    }

    SampleShape shape_;
    RowSink& rows_;
    std::uint64_t bars_ = 0;
    StreamTime first_{};
    StreamTime last_{};
    Random random_;
    RunRecord r_;
    std::array<std::int64_t, kInstruments> prices_{};
    std::array<Price, kInstruments> entry_{};
    core::Money cash_;
    core::Money realised_;
};

}  // namespace sample_detail

// Its rows go to `rows` as they would during the run.
[[nodiscard]] inline pipeline::RunRecord sample_run(pipeline::RowSink& rows,
                                                    const SampleShape& shape = {}) {
    return sample_detail::Sample{shape, rows}.make();
}
[[nodiscard]] inline pipeline::RunRecord sample_run(const SampleShape& shape = {}) {
    tests::KeptRows rows;
    return sample_run(rows, shape);
}

}  // namespace sluice::test
