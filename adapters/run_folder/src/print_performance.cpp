// What the terminal's summary says of a backtest.
#include <algorithm>
#include <cmath>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/queue_error.hpp>

#include "page.hpp"

namespace sluice::adapters::run_folder {
namespace {

using pipeline::PerformanceRecord;

std::string share(double value) {
    return std::isfinite(value) ? fixed(100 * value, 3, " %") : std::string{"-"};
}
std::string number(double value, int decimals = 3) {
    if (std::isnan(value)) return "-";
    return std::isinf(value) ? (value > 0 ? "inf" : "-inf") : fixed(value, decimals, "");
}

std::string interval(const PerformanceRecord& p, const char* name, bool is_share) {
    for (const pipeline::BoundedFigure& f : p.intervals) {
        if (f.name != name) continue;
        const auto text = [&](double value) { return is_share ? share(value) : number(value); };
        return text(f.lower) + " to " + text(f.upper);
    }
    return {};
}

std::string of_period(core::Nanos period) {
    return period.count() >= 86'400'000'000'000 ? "daily"
                                                : "in periods of " + timeframe_name(period);
}

void print_returns(Page& page, const PerformanceRecord& p) {
    page.heading("Performance, " + of_period(p.period) + ", " +
                 fixed(p.periods_per_year, 0, " periods a year"));
    page.count("periods", p.periods.size(),
               p.intervals.empty()
                   ? ""
                   : fixed(100 * p.confidence, 1, " % intervals, ") + grouped(p.resamples) +
                         " resamples of blocks of " + fixed(p.block_length, 1, ""));
    page.line("total return", share(p.total_return));
    page.line("annual return", share(p.annual_return), interval(p, "annual_return", true));
    page.line("volatility", share(p.annual_volatility), interval(p, "annual_volatility", true));
    page.line("Sharpe", number(p.sharpe), interval(p, "sharpe", false));
    page.line("Sortino", number(p.sortino), interval(p, "sortino", false));
    page.line("Calmar", number(p.calmar));
    page.line("deepest drawdown", share(p.max_drawdown),
              plural(p.max_drawdown_length, "period") + ", the longest " +
                  plural(p.longest_drawdown, "period") +
                  (p.intervals.empty() ? "" : "; " + interval(p, "max_drawdown", true)));
    page.line("tail ratio", number(p.tail_ratio),
              "worst 5 %: " + share(p.expected_shortfall) + " a period");
    if (!p.benchmark.empty()) {
        page.line("alpha", share(p.alpha),
                  interval(p, "alpha", true) + " against " + printable(p.benchmark) +
                      ", which made " + share(p.benchmark_return));
        page.line("beta", number(p.beta), interval(p, "beta", false));
    }
    page.line("exposure", share(p.exposure.gross),
              "of equity on average, " + share(p.exposure.highest) + " at most; in the market " +
                  share(p.exposure.time_in_market) + " of the time");
    page.line("turnover", number(p.turnover), "times the equity a year");
}

void print_trades(Page& page, const PerformanceRecord& p) {
    const auto& t = p.trades;
    page.heading("Round trips");
    page.count("closed", t.trades, grouped(t.won) + " won, " + grouped(t.lost) + " lost");
    page.line("win rate", share(t.win_rate));
    page.line("profit factor", number(t.profit_factor),
              rounded_money(p.won) + " won, " + rounded_money(p.lost) + " lost");
    page.line("expectancy", number(t.expectancy, 2),
              "a trade; win " + number(t.average_win, 2) + ", loss " + number(t.average_loss, 2));
    page.line("still open", rounded_money(p.open_profit));
}

// The model of fills, and the width of what it leaves open, beside that of chance.
void print_cases(Page& page, const PerformanceRecord& p) {
    if (p.cases.empty()) return;
    page.heading("Fills");
    TextTable table({"case", "market orders", "queue", "latency", "commission", "fills",
                     "profit and loss", "annual", "Sharpe", "drawdown"});
    core::Money least = p.cases.front().profit;
    core::Money most = least;
    for (const pipeline::FillCase& c : p.cases) {
        table.add({c.name, c.fill, c.queue,
                   short_duration(static_cast<std::uint64_t>(c.order_latency.count())),
                   "x " + shortest(c.commission_factor), grouped(c.fills), rounded_money(c.profit),
                   share(c.annual_return), number(c.sharpe), share(c.max_drawdown)});
        least = std::min(least, c.profit);
        most = std::max(most, c.profit);
    }
    page.table(table);
    page.out() << "  " << page.palette().dim;
    if (p.cases.size() == 1) {
        page.out() << "one set of assumptions, so no error bar";
    } else {
        page.out() << "profit and loss between " << rounded_money(least) << " and "
                   << rounded_money(most) << ": what is not known about fills is worth "
                   << rounded_money(most - least);
    }
    page.out() << "\n  fills of resting orders against the truth, on "
               << pipeline::kQueueErrorRecord;
    char before = ':';
    for (const pipeline::QueueError& error : pipeline::kQueueErrors) {
        page.out() << before << " queue " << error.queue << (error.fills_percent < 0 ? " " : " +")
                   << number(error.fills_percent, 1) << " %";
        before = ',';
    }
    page.out() << page.palette().end << '\n';
}

}  // namespace

void print_performance(Page& page, const PerformanceRecord& performance) {
    print_returns(page, performance);
    print_trades(page, performance);
    print_cases(page, performance);
}

}  // namespace sluice::adapters::run_folder
