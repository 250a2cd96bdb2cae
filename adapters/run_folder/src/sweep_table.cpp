#include <sluice/adapters/run_folder/sweep_table.hpp>

#include <cmath>
#include <ostream>

#include <sluice/adapters/run_folder/csv.hpp>
#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

#include "page.hpp"
#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;
using pipeline::PerformanceRecord;

constexpr std::size_t kPrintedRowsMax = 60;

// The figures that are ratios, in the order of their columns.
struct Ratio {
    const char* name;
    double PerformanceRecord::*value;
};
constexpr Ratio kRatios[] = {
    {"total_return", &PerformanceRecord::total_return},
    {"annual_return", &PerformanceRecord::annual_return},
    {"annual_volatility", &PerformanceRecord::annual_volatility},
    {"sharpe", &PerformanceRecord::sharpe},
    {"sortino", &PerformanceRecord::sortino},
    {"calmar", &PerformanceRecord::calmar},
    {"max_drawdown", &PerformanceRecord::max_drawdown},
    {"turnover", &PerformanceRecord::turnover},
};

// Empty where there is none.
std::string number(double value) { return std::isfinite(value) ? shortest(value) : std::string{}; }
std::string shown(double value) { return std::isfinite(value) ? fixed(value, 3, "") : "-"; }
std::string share(double value) {
    return std::isfinite(value) ? fixed(100 * value, 3, " %") : std::string{"-"};
}

}  // namespace

std::string sweep_csv(const SweepTable& table) {
    std::string out = "set";
    for (const std::string& key : table.keys) out += ',' + csv_field(key);
    out += ",orders,fills,pnl,commission";
    for (const Ratio& ratio : kRatios) out += std::string(",") + ratio.name;
    out += ",trades,win_rate,profit_factor,digest\n";
    std::size_t set = 0;
    for (const SweepRow& row : table.rows) {
        out += std::to_string(++set);
        for (const std::string& value : row.values) out += ',' + csv_field(value);
        const pipeline::FillCase& f = row.figures;
        out += ',' + std::to_string(f.orders) + ',' + std::to_string(f.fills) + ',' +
               to_string(f.profit) + ',' + to_string(f.commission);
        for (const Ratio& ratio : kRatios) out += ',' + number(row.performance.*ratio.value);
        out += ',' + std::to_string(f.round_trips) + ',' + number(f.win_rate) + ',' +
               number(f.profit_factor) + ',' + f.digest + '\n';
    }
    return out;
}

std::string sweep_json(const SweepTable& table) {
    Json sets = Json::array();
    for (const SweepRow& row : table.rows) {
        const pipeline::FillCase& f = row.figures;
        Json parameters = Json::object();
        for (std::size_t i = 0; i < table.keys.size(); ++i)
            parameters[table.keys[i]] = row.values[i];
        Json set{{"parameters", parameters},
                 {"orders", f.orders},
                 {"fills", f.fills},
                 {"pnl", to_string(f.profit)},
                 {"commission", to_string(f.commission)}};
        for (const Ratio& ratio : kRatios)
            set[ratio.name] = number_or_null(row.performance.*ratio.value);
        set["trades"] = f.round_trips;
        set["win_rate"] = number_or_null(f.win_rate);
        set["profit_factor"] = number_or_null(f.profit_factor);
        set["digest"] = f.digest;
        sets.push_back(std::move(set));
    }
    return dump(Json{{"schema", "sluice.sweep/1"}, {"sets", sets}}, 2);
}

void print_sweep(std::ostream& out, const SweepTable& table, bool colour) {
    Page page{out, colour};
    page.heading(plural(table.rows.size(), "set"));
    std::vector<std::string> header{"set"};
    for (const std::string& key : table.keys) header.push_back(printable(key));
    for (const char* name : {"fills", "profit and loss", "annual", "Sharpe", "drawdown", "digest"})
        header.emplace_back(name);
    TextTable rows(header);
    for (std::size_t i = 0; i < std::min(table.rows.size(), kPrintedRowsMax); ++i) {
        const SweepRow& row = table.rows[i];
        std::vector<std::string> cells{std::to_string(i + 1)};
        for (const std::string& value : row.values) cells.push_back(printable(value));
        cells.push_back(grouped(row.figures.fills));
        cells.push_back(rounded_money(row.figures.profit));
        cells.push_back(share(row.performance.annual_return));
        cells.push_back(shown(row.performance.sharpe));
        cells.push_back(share(row.performance.max_drawdown));
        cells.push_back(row.figures.digest.substr(0, 8));
        rows.add(std::move(cells));
    }
    page.table(rows);
    if (table.rows.size() > kPrintedRowsMax)
        out << "  " << table.rows.size() - kPrintedRowsMax << " more are in the file.\n";
}

}  // namespace sluice::adapters::run_folder
