#include "report_series.hpp"

#include <cmath>
#include <cstdint>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::StreamTime;
using core::to_string;
using pipeline::RunRecord;
using pipeline::RunSeries;

std::int64_t milliseconds(StreamTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// For drawing: four decimals are finer than any pixel.
double drawn(core::Money money) { return std::round(money.to_double() * 1e4) / 1e4; }
double drawn(core::Price price) { return price.to_double(); }

template <class Curve>
Json curve(const Curve& series) {
    Json times = Json::array();
    Json values = Json::array();
    for (const auto& point : series.points()) {
        times.push_back(milliseconds(point.time));
        values.push_back(drawn(point.value));
    }
    return {{"total", series.size()}, {"t", times}, {"v", values}};
}

Json fills_of(const RunSeries::FillPoints& fills) {
    Json times = Json::array();
    Json prices = Json::array();
    Json quantities = Json::array();
    Json sides = Json::array();
    for (const pipeline::FillRecord& fill : fills.points()) {
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

Json gaps_of(const RunSeries& series) {
    Json gaps = Json::array();
    for (const auto& [from, to] : series.gaps())
        gaps.push_back({milliseconds(from), milliseconds(to)});
    return gaps;
}

Json prices_part(const RunRecord& r) {
    const RunSeries& series = r.series;
    Json out = Json::array();
    for (std::size_t s = 0; s < series.prices().size() && s < r.instruments.size(); ++s) {
        if (series.prices()[s].size() == 0 && series.fills()[s].size() == 0) continue;
        Json entry = {{"symbol", r.instruments[s].symbol},
                      {"timeframe", timeframe_name(series.timeframe())}};
        entry.update(curve(series.prices()[s]));
        entry["fills"] = fills_of(series.fills()[s]);
        out.push_back(std::move(entry));
    }
    return out;
}

template <class Row, class MakeRow>
Json list(const RunSeries::List<Row>& rows, MakeRow make_row) {
    Json shown = Json::array();
    for (const Row& row : rows.rows) shown.push_back(make_row(row));
    return {{"total", rows.total}, {"rows", shown}};
}

}  // namespace

Json report_series(const RunRecord& r) {
    const RunSeries& series = r.series;
    Json tree;
    tree["gaps"] = gaps_of(series);
    tree["equity"] = curve(series.equity());
    tree["drawdown"] = curve(series.drawdown());
    tree["prices"] = prices_part(r);
    tree["refusals"] = list(series.refusals(), [&](const pipeline::RefusalRecord& row) -> Json {
        return {iso8601(row.time),     symbol_name(r.instruments, row.symbol),
                to_string(row.reason), to_string(row.quantity),
                to_string(row.price),  shortest(row.observed),
                shortest(row.limit)};
    });
    tree["incidents"] = list(series.incidents(), [&](const pipeline::IncidentRecord& row) -> Json {
        return {iso8601(row.time), symbol_name(r.instruments, row.symbol), to_string(row.kind),
                std::to_string(static_cast<std::uint64_t>(row.order)), to_string(row.quantity)};
    });
    return tree;
}

}  // namespace sluice::adapters::run_folder
