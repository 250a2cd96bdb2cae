#include <sluice/adapters/run_folder/performance_csv.hpp>

#include <cmath>

#include <sluice/adapters/run_folder/csv.hpp>
#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;

// Empty where there is none.
std::string number(double value) { return std::isfinite(value) ? shortest(value) : std::string{}; }
std::string order(core::OrderId id) { return std::to_string(static_cast<std::uint64_t>(id)); }

}  // namespace

std::string returns_csv(const pipeline::PerformanceRecord& performance) {
    std::string out = "end,equity,held,traded,return,benchmark,benchmark_return\n";
    for (const pipeline::PeriodRow& row : performance.periods) {
        out += iso8601(row.end) + ',' + to_string(row.equity) + ',' + to_string(row.held) + ',' +
               to_string(row.traded) + ',' + number(row.return_rate) + ',' + number(row.benchmark) +
               ',' + number(row.benchmark_return) + '\n';
    }
    return out;
}

std::string trades_csv(const pipeline::PerformanceRecord& performance,
                       const pipeline::InstrumentTable& instruments) {
    std::string out =
        "opened,closed,symbol,side,quantity,entry_value,exit_value,commission,profit,entry_order,"
        "exit_order\n";
    for (const pipeline::RoundTrip& trip : performance.round_trips) {
        out += iso8601(trip.opened) + ',' + iso8601(trip.closed) + ',' +
               csv_field(symbol_name(instruments, trip.symbol)) + ',' + to_string(trip.side) + ',' +
               to_string(trip.quantity) + ',' + to_string(trip.entry_value) + ',' +
               to_string(trip.exit_value) + ',' + to_string(trip.commission) + ',' +
               to_string(trip.profit()) + ',' + order(trip.entry) + ',' + order(trip.exit) + '\n';
    }
    return out;
}

}  // namespace sluice::adapters::run_folder
