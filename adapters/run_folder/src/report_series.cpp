#include "report_series.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <sluice/adapters/run_folder/report.hpp>
#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/adapters/run_folder/thinning.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::Nanos;
using core::StreamTime;
using core::to_string;
using pipeline::BarRecord;
using pipeline::FillRecord;
using pipeline::RunRecord;

// Shared out among the instruments, so that a thousand of them still make a small file.
constexpr std::size_t kPricePointsTotal = 48'000;
constexpr std::size_t kFillPointsTotal = 12'000;
constexpr std::size_t kListRowsMax = 200;
constexpr std::size_t kGapsMax = 2'000;
constexpr Nanos kGapMin{7'200'000'000'000};

std::int64_t milliseconds(StreamTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// For drawing: four decimals are finer than any pixel.
double drawn(core::Money money) { return std::round(money.to_double() * 1e4) / 1e4; }

std::uint8_t finest_timeframe(const RunRecord& record) {
    const auto& frames = record.timeframes;
    const auto finest = std::min_element(frames.begin(), frames.end());
    return static_cast<std::uint8_t>(finest - frames.begin());
}

// Nights and weekends would take most of the width; a stretch in which no instrument has a bar is
// named here and skipped by the axis.
Json gaps_of(const std::vector<const BarRecord*>& bars, Nanos timeframe) {
    Json gaps = Json::array();
    if (bars.empty()) return gaps;
    const Nanos shortest_gap = std::max(kGapMin, 3 * timeframe);
    StreamTime latest = bars.front()->end;
    for (const BarRecord* bar : bars) {
        const StreamTime begin = bar->end - timeframe;
        if (begin - latest > shortest_gap && gaps.size() < kGapsMax)
            gaps.push_back({milliseconds(latest), milliseconds(begin)});
        latest = std::max(latest, bar->end);
    }
    return gaps;
}

template <class TimeOf, class ValueOf, class Drawn>
Json series(std::size_t size, std::size_t limit, TimeOf time_of, ValueOf value_of, Drawn drawn_of) {
    Json times = Json::array();
    Json values = Json::array();
    for (const std::size_t i : thin(size, limit, value_of)) {
        times.push_back(milliseconds(time_of(i)));
        values.push_back(drawn_of(value_of(i)));
    }
    return {{"total", size}, {"t", times}, {"v", values}};
}

Json fills_of(const std::vector<const FillRecord*>& fills, std::size_t limit) {
    Json times = Json::array();
    Json prices = Json::array();
    Json quantities = Json::array();
    Json sides = Json::array();
    for (const std::size_t i : thin(fills.size(), limit, [&](auto k) { return fills[k]->price; })) {
        const FillRecord& fill = *fills[i];
        times.push_back(milliseconds(fill.time));
        prices.push_back(fill.price.to_double());
        quantities.push_back(to_string(fill.quantity));
        sides.push_back(fill.side == pipeline::Side::kBuy ? 0 : 1);
    }
    return {{"total", fills.size()},
            {"t", times},
            {"price", prices},
            {"quantity", quantities},
            {"side", sides}};
}

// Rows of one symbol each, in their order; rows of unknown symbols are left out.
template <class Row>
std::vector<std::vector<const Row*>> by_symbol(const std::vector<const Row*>& rows,
                                               std::size_t symbols) {
    std::vector<std::vector<const Row*>> out(symbols);
    for (const Row* row : rows)
        if (core::index_of(row->symbol) < symbols) out[core::index_of(row->symbol)].push_back(row);
    return out;
}

Json prices_part(const RunRecord& r, const std::vector<const BarRecord*>& bars, Nanos timeframe) {
    std::vector<const FillRecord*> all_fills;
    all_fills.reserve(r.fill_rows.size());
    for (const FillRecord& fill : r.fill_rows) all_fills.push_back(&fill);
    const std::size_t symbols = r.instruments.size();
    const auto bars_by = by_symbol(bars, symbols);
    const auto fills_by = by_symbol(all_fills, symbols);
    const std::size_t sharers = std::max<std::size_t>(symbols, 1);
    const std::size_t price_limit = std::min(kSeriesPointsMax, kPricePointsTotal / sharers);
    const std::size_t fill_limit = std::min(kSeriesPointsMax, kFillPointsTotal / sharers);

    Json out = Json::array();
    for (std::size_t s = 0; s < symbols; ++s) {
        const auto& own = bars_by[s];
        if (own.empty() && fills_by[s].empty()) continue;
        Json entry = {{"symbol", r.instruments[s].symbol},
                      {"timeframe", timeframe_name(timeframe)}};
        entry.update(series(
            own.size(), price_limit, [&](auto i) { return own[i]->end; },
            [&](auto i) { return own[i]->bar.close; },
            [](auto price) { return price.to_double(); }));
        entry["fills"] = fills_of(fills_by[s], fill_limit);
        out.push_back(std::move(entry));
    }
    return out;
}

template <class Row, class MakeRow>
Json first_rows(const std::vector<Row>& rows, MakeRow make_row) {
    Json shown = Json::array();
    for (std::size_t i = 0; i < std::min(rows.size(), kListRowsMax); ++i)
        shown.push_back(make_row(rows[i]));
    return {{"total", rows.size()}, {"rows", shown}};
}

void add_books(Json& tree, const RunRecord& r) {
    const auto& points = r.equity_points;
    std::vector<core::Money> drawdown;
    drawdown.reserve(points.size());
    core::Money peak = r.capital;
    for (const auto& point : points) {
        peak = std::max(peak, point.equity);
        drawdown.push_back(point.equity - peak);
    }
    const auto time_of = [&](auto i) { return points[i].time; };
    tree["equity"] = series(
        points.size(), kSeriesPointsMax, time_of, [&](auto i) { return points[i].equity; }, drawn);
    tree["drawdown"] = series(
        points.size(), kSeriesPointsMax, time_of, [&](auto i) { return drawdown[i]; }, drawn);
}

}  // namespace

Json report_series(const RunRecord& r) {
    const std::uint8_t finest = finest_timeframe(r);
    const Nanos timeframe = finest < r.timeframes.size() ? r.timeframes[finest] : Nanos{0};
    std::vector<const BarRecord*> bars;
    for (const BarRecord& row : r.bar_rows)
        if (row.timeframe == finest) bars.push_back(&row);

    Json tree;
    tree["gaps"] = gaps_of(bars, timeframe);
    add_books(tree, r);
    tree["prices"] = prices_part(r, bars, timeframe);
    tree["refusals"] = first_rows(r.refusal_rows, [&](const pipeline::RefusalRecord& row) -> Json {
        return {iso8601(row.time),       symbol_name(r, row.symbol), to_string(row.reason),
                to_string(row.quantity), to_string(row.price),       shortest(row.observed),
                shortest(row.limit)};
    });
    tree["incidents"] =
        first_rows(r.incident_rows, [&](const pipeline::IncidentRecord& row) -> Json {
            return {iso8601(row.time), symbol_name(r, row.symbol), to_string(row.kind),
                    std::to_string(static_cast<std::uint64_t>(row.order)), to_string(row.quantity)};
        });
    return tree;
}

}  // namespace sluice::adapters::run_folder
