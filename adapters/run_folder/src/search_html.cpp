// The page of a search: tables alone, so it needs no script.
#include <cmath>
#include <string_view>

#include <sluice/adapters/run_folder/search_report.hpp>
#include <sluice/adapters/run_folder/text.hpp>

#include "assets.hpp"
#include "page.hpp"
#include "search_text.hpp"
#include "template.hpp"

namespace sluice::adapters::run_folder {
namespace {

constexpr std::size_t kRowsMax = 200;

using Cells = std::vector<std::string>;

// The first cell heads the row; cells are text.
std::string table_row(const Cells& cells) {
    std::string out = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
        out += (i == 0 ? "<th>" : "<td>") + escaped_html(cells[i]) + (i == 0 ? "</th>" : "</td>");
    return out + "</tr>\n";
}

std::string share(double value) {
    return std::isfinite(value) ? fixed(100 * value, 3, " %") : std::string{"-"};
}

std::string set_row(const std::string& name, const SearchRow& row) {
    return table_row({name, check_value(row.score) + (row.feasible ? "" : " (infeasible)"),
                      check_value(row.result.sharpe), share(row.result.max_drawdown),
                      grouped(row.result.round_trips), rounded_money(row.result.profit)});
}

std::string checks_of(const SearchReport& report) {
    std::string out;
    for (const research::VerdictCheck& check : report.verdict.checks)
        out += "<tr><th>" + escaped_html(check.name) + "</th><td>" + check_value(check.value) +
               "</td><td>" + (check.at_least ? "&ge; " : "&le; ") + check_value(check.limit) +
               "</td><td class=\"" + (check.passed ? "gain\">yes" : "loss\">no") +
               "</td><td class=\"text wrap\">" + escaped_html(check.says) + "</td></tr>\n";
    return out;
}

std::string numbers_of(const SearchReport& report) {
    const research::Verdict& v = report.verdict;
    return table_row({"Periods", grouped(v.periods)}) + table_row({"Years", check_value(v.years)}) +
           table_row({"Sharpe ratio a period", check_value(v.sharpe)}) +
           table_row({"Skewness, kurtosis of its returns",
                      check_value(v.skewness) + ", " + check_value(v.kurtosis)}) +
           table_row({"Probabilistic Sharpe ratio, above 0", check_value(v.probabilistic_sharpe)}) +
           table_row({"Average correlation of the sets", check_value(v.average_correlation)}) +
           table_row({"Independent trials", check_value(v.effective_trials)}) +
           table_row({"Variance of the sets' ratios, by chance alone",
                      check_value(v.scatter) + ", " + check_value(v.chance_scatter)}) +
           table_row({"Deflated Sharpe ratio by the sets' own scatter",
                      check_value(v.deflated_by_scatter)}) +
           table_row({"Best ratio a period to expect of them by luck",
                      check_value(v.expected_best_sharpe)}) +
           table_row(
               {"Minimum track record against it, periods", check_value(v.minimum_track_record)}) +
           table_row({"Probability of backtest overfitting",
                      check_value(v.blocks != 0 ? v.overfitting.probability : NAN)}) +
           table_row({"Blocks of the overfitting test", std::to_string(v.blocks)}) +
           table_row({"White's reality check, p", check_value(v.superiority.reality_p)}) +
           table_row(
               {"Hansen's test, p lower and upper", check_value(v.superiority.spa_p_lower) + ", " +
                                                        check_value(v.superiority.spa_p_upper)});
}

std::string cross_validation_of(const SearchReport& report) {
    if (!report.cross_validation) return {};
    const research::CrossValidation& c = *report.cross_validation;
    const research::CrossValidationPlan& plan = report.cross_validation_plan;
    return table_row({"Cross-validation: groups, set aside at a time",
                      std::to_string(plan.groups) + ", " + std::to_string(plan.tested)}) +
           table_row({"Its paths", grouped(c.sharpe.size())}) +
           table_row({"Sharpe ratios of the paths: mean, deviation",
                      check_value(c.mean) + ", " + check_value(c.deviation)}) +
           table_row(
               {"Least and median of them", check_value(c.least) + ", " + check_value(c.median)}) +
           table_row({"Champion's ratio; share of the paths above it",
                      check_value(c.champion) + "; " + share(c.above_champion)});
}

std::string windows_of(const SearchReport& report) {
    std::string out;
    for (const SearchWindow& w : report.windows)
        out += "<tr><th>" + escaped_html(date_and_time(w.test_to)) +
               "</th><td class=\"text wrap\">" + escaped_html(values_text(report, w.chosen)) +
               "</td><td>" + check_value(w.train_score) + "</td><td>" + share(w.challenger_return) +
               "</td><td>" + share(w.champion_return) + "</td></tr>\n";
    return out;
}

std::string sets_of(const SearchReport& report) {
    std::string out = set_row("champion", report.champion);
    if (report.best)
        out += set_row("best: " + values_text(report, report.rows[*report.best].values),
                       report.rows[*report.best]);
    for (std::size_t i = 0; i < std::min(report.rows.size(), kRowsMax); ++i)
        out += set_row(values_text(report, report.rows[i].values), report.rows[i]);
    return out;
}

std::string subtitle_of(const SearchReport& report) {
    std::string symbols;
    for (const std::string& symbol : report.symbols)
        (symbols += symbols.empty() ? "" : ", ") += symbol;
    return symbols + ", " + date_and_time(report.from) + " to " + date_and_time(report.to) + ", " +
           plural(report.rows.size(), "set") + " by " + report.method;
}

std::string value_of(std::string_view name, const SearchReport& report) {
    if (name == "title") return escaped_html("Sluice optimize, " + subtitle_of(report));
    if (name == "report_css") return std::string{assets::report_css()};
    if (name == "answer") return escaped_html(to_string(report.verdict.answer));
    if (name == "subtitle") return escaped_html(subtitle_of(report));
    if (name == "notice")
        return report.generated
                   ? "<p class=\"notice warning\">Data generated by Sluice: no market made "
                     "them.</p>"
                   : std::string{};
    if (name == "checks") return checks_of(report);
    if (name == "numbers") return numbers_of(report) + cross_validation_of(report);
    if (name == "windows") return windows_of(report);
    if (name == "sets") return sets_of(report);
    if (name == "stress") {
        std::string out;
        for (const auto& [of, returns] : report.stress)
            out += table_row({of, share(returns.first), share(returns.second)});
        return out;
    }
    if (name == "trials")
        return plural(report.trials, "set") + " ever tried on these data, " +
               check_value(report.verdict.effective_trials) + " of them independent.";
    if (name == "ledger")
        return escaped_html("Ledger " + report.ledger + ", " + plural(report.ledger_lines, "line") +
                            ", last hash " + report.ledger_hash);
    return {};
}

}  // namespace

std::string search_html(const SearchReport& report) {
    return filled(assets::search_html(),
                  [&](std::string_view name) { return value_of(name, report); });
}

}  // namespace sluice::adapters::run_folder
