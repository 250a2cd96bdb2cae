// Watches a backtest for its performance: books by period, round trips, and what was held meanwhile.
//
// It marks positions at the closes of the shortest timeframe's bars, as the engine does at the tick they
// came from. A period is the account's day, or a shorter stretch aligned to the UTC epoch; one without a
// bar, a fill or a charge has no row, and what a rate moves there is the next one's. Rows pass on to the run's own sink. Currencies are kept apart, and
// converted at the rates of the moment that is asked about.
//
// Threads   The recorder's; finish() after the run.
// Bounds    100 bytes a period, 128 a round trip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <sluice/accounting/round_trips.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/currencies.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/local_time.hpp>
#include <sluice/pipeline/record_observer.hpp>
#include <sluice/pipeline/row_sink.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/sum.hpp>
#include <sluice/pipeline/statistics/trades.hpp>

namespace sluice::research {

// Numbers the periods of a backtest. Throws std::exception for a time zone that is none.
class PeriodClock {
  public:
    explicit PeriodClock(const pipeline::Settings& settings);
    [[nodiscard]] std::int64_t period_of(core::StreamTime time);
    // Of the account.
    [[nodiscard]] std::int64_t day_of(core::StreamTime time);

  private:
    pipeline::LocalDates dates_;
    std::int64_t day_start_ns_;
    std::int64_t period_ns_;
};

// Index of the shortest of bars.timeframes.
[[nodiscard]] std::size_t shortest_timeframe(const pipeline::Settings& settings);

// The closes of one instrument by period.
struct BenchmarkSeries {
    double first_open = std::numeric_limits<double>::quiet_NaN();
    std::vector<std::pair<std::int64_t, double>> closes;  // by period, ascending
};

class BenchmarkWatch final : public pipeline::RecordObserver {
  public:
    BenchmarkWatch(const pipeline::Settings& settings, core::SymbolId symbol);
    void take(const pipeline::Event& event) override;
    [[nodiscard]] const BenchmarkSeries& series() const noexcept { return series_; }

  private:
    PeriodClock clock_;
    std::size_t timeframe_;
    core::SymbolId symbol_;
    BenchmarkSeries series_;
};

struct PerformanceSeries {
    core::Money capital;
    std::vector<std::int64_t> period_of_row;
    std::vector<pipeline::PeriodRow> rows;  // returns and benchmark not filled in
    std::vector<pipeline::RoundTrip> round_trips;
    core::Money open_profit;
    pipeline::statistics::Exposure exposure;
    std::size_t days = 0;  // with a row
};

class PerformanceWatch final : public pipeline::RowSink, public pipeline::RecordObserver {
  public:
    PerformanceWatch(const pipeline::Settings& settings,
                     const pipeline::InstrumentTable& instruments, pipeline::RowSink& next);

    void take(const pipeline::Event& event) override;

    void take(const pipeline::FillRecord& row) noexcept override;
    void take(const pipeline::OrderRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::RefusalRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::IncidentRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::EquityPoint& row) noexcept override { next_.take(row); }
    void take(const pipeline::IntentRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::ParameterRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::RegimeRecord& row) noexcept override { next_.take(row); }
    void take(const pipeline::ChargeRecord& row) noexcept override;
    void take(const pipeline::RateRecord& row) noexcept override;

    [[nodiscard]] PerformanceSeries finish();

  private:
    struct Held {
        core::Quantity position;
        core::Quantity underlying;
        core::Price close;
    };

    // A sum of each currency.
    class ByCurrency {
      public:
        explicit ByCurrency(std::size_t currencies) : sums_(currencies) {}
        void add(pipeline::CurrencyId currency, core::Money amount) { sums_[currency] += amount; }
        [[nodiscard]] core::Money in_account(const pipeline::Currencies& rates) const {
            core::Money sum;
            for (std::size_t i = 0; i < sums_.size(); ++i)
                sum += rates.to_account(static_cast<pipeline::CurrencyId>(i), sums_[i]);
            return sum;
        }

      private:
        std::vector<core::Money> sums_;
    };
    [[nodiscard]] const pipeline::Currencies& rates() const noexcept {
        return round_trips_.currencies();
    }

    void on_bar(core::StreamTime end, core::SymbolId symbol, core::Price close);
    void roll_to(core::StreamTime time);
    void close_period();
    void sample_exposure();

    pipeline::RowSink& next_;
    PeriodClock clock_;
    std::size_t timeframe_;
    std::vector<pipeline::ContractSize> sizes_;  // by instrument
    std::vector<Held> held_;
    accounting::RoundTrips round_trips_;
    ByCurrency equity_;
    ByCurrency net_;      // sum of position * multiplier * close
    ByCurrency gross_;    // of their sizes
    core::Money traded_;  // in the account's currency
    std::optional<std::int64_t> period_;
    std::int64_t last_day_ = INT64_MIN;
    core::StreamTime latest_ = core::StreamTime::min();
    core::StreamTime latest_rate_ = core::StreamTime::min();
    core::StreamTime bar_end_ = core::StreamTime::min();
    core::StreamTime period_bar_ = core::StreamTime::min();  // the last one's end
    pipeline::statistics::Sum gross_share_;
    pipeline::statistics::Sum net_share_;
    double highest_share_ = 0;
    std::uint64_t samples_ = 0;
    std::uint64_t samples_held_ = 0;
    PerformanceSeries series_;
};

}  // namespace sluice::research
