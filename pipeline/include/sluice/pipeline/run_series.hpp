// RunSeries: what a report draws and lists of a run, gathered while it goes on. Curves are thinned
// with their extremes kept, lists cut, both with their true length.
//
// Threads   One, the recorder's.
// Bounds    kSeriesPointsMax points a curve; kPricePointsTotal and kFillPointsTotal over all
//           instruments; kListRowsMax rows a list; kGapsMax gaps. Some megabytes at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <sluice/core/thin_series.hpp>
#include <sluice/pipeline/run_rows.hpp>

namespace sluice::pipeline {

class RunSeries {
  public:
    static constexpr std::size_t kSeriesPointsMax = 4'000;
    // Shared out among the instruments, so that a thousand of them still make a small report.
    static constexpr std::size_t kPricePointsTotal = 48'000;
    static constexpr std::size_t kFillPointsTotal = 12'000;
    static constexpr std::size_t kListRowsMax = 200;
    static constexpr std::size_t kGapsMax = 2'000;
    static constexpr Nanos kGapMin{7'200'000'000'000};

    struct MoneyPoint {
        StreamTime time;
        core::Money value;
    };
    struct PricePoint {
        StreamTime time;
        Price value;
    };
    struct ValueOf {
        [[nodiscard]] core::Money operator()(const MoneyPoint& p) const { return p.value; }
        [[nodiscard]] Price operator()(const PricePoint& p) const { return p.value; }
        [[nodiscard]] Price operator()(const FillRecord& f) const { return f.price; }
    };
    using MoneyCurve = core::ThinSeries<MoneyPoint, ValueOf>;
    using PriceCurve = core::ThinSeries<PricePoint, ValueOf>;
    using FillPoints = core::ThinSeries<FillRecord, ValueOf>;
    // The first of its rows, and how many there were.
    template <class Row>
    struct List {
        std::uint64_t total = 0;
        std::vector<Row> rows;
    };
    // A stretch without a bar of any instrument: a night, a weekend.
    using Gap = std::pair<StreamTime, StreamTime>;

    // For nobody to draw: next to nothing is kept.
    RunSeries() = default;
    // Prices are the closes of the shortest timeframe.
    RunSeries(std::size_t instruments, const std::vector<Nanos>& timeframes);

    // Rows of instruments outside the table are left out.
    void take(const BarRecord& row);
    void take(const FillRecord& row);
    void take(const RefusalRecord& row) { add(refusals_, row); }
    void take(const IncidentRecord& row) { add(incidents_, row); }
    void take(const EquityPoint& row);

    [[nodiscard]] const MoneyCurve& equity() const noexcept { return equity_; }
    // Zero or negative.
    [[nodiscard]] const MoneyCurve& drawdown() const noexcept { return drawdown_; }
    // By instrument.
    [[nodiscard]] const std::vector<PriceCurve>& prices() const noexcept { return prices_; }
    [[nodiscard]] const std::vector<FillPoints>& fills() const noexcept { return fills_; }
    [[nodiscard]] Nanos timeframe() const noexcept { return timeframe_; }
    [[nodiscard]] const std::vector<Gap>& gaps() const noexcept { return gaps_; }
    [[nodiscard]] const List<RefusalRecord>& refusals() const noexcept { return refusals_; }
    [[nodiscard]] const List<IncidentRecord>& incidents() const noexcept { return incidents_; }

  private:
    template <class Row>
    static void add(List<Row>& list, const Row& row) {
        if (++list.total <= kListRowsMax) list.rows.push_back(row);
    }
    void find_gap(StreamTime bar_end);

    std::uint8_t finest_ = 0;
    Nanos timeframe_{0};
    StreamTime latest_bar_ = StreamTime::min();  // its end
    MoneyCurve equity_{0};
    MoneyCurve drawdown_{0};
    std::vector<PriceCurve> prices_;
    std::vector<FillPoints> fills_;
    std::vector<Gap> gaps_;
    List<RefusalRecord> refusals_;
    List<IncidentRecord> incidents_;
};

}  // namespace sluice::pipeline
