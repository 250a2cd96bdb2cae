#include <sluice/adapters/run_folder/search_report.hpp>

#include <cmath>
#include <ostream>

#include <sluice/adapters/run_folder/csv.hpp>
#include <sluice/adapters/run_folder/text.hpp>

#include "page.hpp"
#include "search_text.hpp"
#include "summary_tree.hpp"
#include "text_table.hpp"

namespace sluice::adapters::run_folder {
namespace {

using research::TrialResult;

constexpr std::size_t kPrintedRowsMax = 10;

struct Ratio {
    const char* name;
    double TrialResult::*value;
};
constexpr Ratio kRatios[] = {
    {"total_return", &TrialResult::total_return},
    {"annual_return", &TrialResult::annual_return},
    {"sharpe", &TrialResult::sharpe},
    {"max_drawdown", &TrialResult::max_drawdown},
    {"win_rate", &TrialResult::win_rate},
};

std::string field(double value) { return std::isfinite(value) ? shortest(value) : std::string{}; }

std::string csv_row(const SearchReport& report, const std::string& set, const SearchRow& row) {
    std::string out = set;
    for (std::size_t i = 0; i < report.keys.size(); ++i)
        out += ',' + (row.values.empty() ? std::string{} : csv_field(row.values[i]));
    out += ',' + field(row.score) + ',' + (row.feasible ? "true" : "false") + ',' +
           std::to_string(row.result.fills) + ',' + std::to_string(row.result.round_trips) + ',' +
           core::to_string(row.result.profit) + ',' + core::to_string(row.result.commission);
    for (const Ratio& ratio : kRatios) out += ',' + field(row.result.*ratio.value);
    return out + ',' + row.result.digest + '\n';
}

Json row_tree(const SearchReport& report, const SearchRow& row) {
    Json set = Json::object();
    for (std::size_t i = 0; i < row.values.size(); ++i) set[report.keys[i]] = row.values[i];
    Json tree{{"parameters", set},
              {"score", number_or_null(row.score)},
              {"feasible", row.feasible},
              {"fills", row.result.fills},
              {"round_trips", row.result.round_trips},
              {"pnl", core::to_string(row.result.profit)},
              {"commission", core::to_string(row.result.commission)}};
    for (const Ratio& ratio : kRatios) tree[ratio.name] = number_or_null(row.result.*ratio.value);
    tree["digest"] = row.result.digest;
    return tree;
}

Json window_tree(const SearchReport& report, const SearchWindow& window) {
    Json chosen = Json::object();
    for (std::size_t i = 0; i < window.chosen.size(); ++i)
        chosen[report.keys[i]] = window.chosen[i];
    return Json{{"train_from", iso8601(window.train_from)},
                {"train_to", iso8601(window.train_to)},
                {"test_to", iso8601(window.test_to)},
                {"chosen", window.chosen.empty() ? Json(nullptr) : chosen},
                {"train_score", number_or_null(window.train_score)},
                {"test_periods", window.periods},
                {"challenger_return", number_or_null(window.challenger_return)},
                {"champion_return", number_or_null(window.champion_return)}};
}

Json verdict_tree(const SearchReport& report) {
    const research::Verdict& v = report.verdict;
    Json checks = Json::array();
    for (const research::VerdictCheck& check : v.checks)
        checks.push_back(
            {{"name", check.name},
             {"value", number_or_null(check.value)},
             {"limit", number_or_null(check.limit)},
             {"holds", check.at_least ? "at least" : "at most"},
             {"passed", check.passed},
             {"tells",
              check.tells == research::VerdictCheck::Tells::kBetter ? "better" : "not luck"},
             {"says", check.says}});
    return Json{{"answer", to_string(v.answer)},
                {"checks", checks},
                {"periods", v.periods},
                {"years", number_or_null(v.years)},
                {"sharpe_per_period", number_or_null(v.sharpe)},
                {"skewness", number_or_null(v.skewness)},
                {"kurtosis", number_or_null(v.kurtosis)},
                {"probabilistic_sharpe", number_or_null(v.probabilistic_sharpe)},
                {"average_correlation", number_or_null(v.average_correlation)},
                {"effective_trials", number_or_null(v.effective_trials)},
                {"sharpe_scatter", number_or_null(v.scatter)},
                {"sharpe_scatter_by_chance", number_or_null(v.chance_scatter)},
                {"deflated_sharpe_by_scatter", number_or_null(v.deflated_by_scatter)},
                {"expected_best_sharpe_per_period", number_or_null(v.expected_best_sharpe)},
                {"minimum_track_record_periods", number_or_null(v.minimum_track_record)},
                {"overfitting_blocks", v.blocks},
                {"overfitting_probability",
                 number_or_null(v.blocks != 0 ? v.overfitting.probability : NAN)},
                {"overfitting_mean_logit", number_or_null(v.overfitting.mean_logit)},
                {"overfitting_loss_probability", number_or_null(v.overfitting.loss_probability)},
                {"reality_check_p", number_or_null(v.superiority.reality_p)},
                {"spa_p_lower", number_or_null(v.superiority.spa_p_lower)},
                {"spa_p_upper", number_or_null(v.superiority.spa_p_upper)},
                {"bootstrap_resamples", v.superiority.resamples}};
}

Json cross_validation_tree(const SearchReport& report) {
    const research::CrossValidation& c = *report.cross_validation;
    const research::CrossValidationPlan& plan = report.cross_validation_plan;
    Json paths = Json::array();
    for (const double ratio : c.sharpe) paths.push_back(number_or_null(ratio));
    Json chosen = Json::array();  // rows of "sets"; null: the champion stayed
    for (const std::size_t column : c.chosen)
        chosen.push_back(column == 0 ? Json(nullptr) : Json(column - 1));
    return Json{{"groups", plan.groups},
                {"tested", plan.tested},
                {"purge", plan.purge},
                {"embargo", plan.embargo},
                {"splits", c.splits},
                {"least_training_periods", c.least_training},
                {"chosen", chosen},
                {"path_sharpe", paths},
                {"mean", number_or_null(c.mean)},
                {"deviation", number_or_null(c.deviation)},
                {"least", number_or_null(c.least)},
                {"median", number_or_null(c.median)},
                {"champion_sharpe", number_or_null(c.champion)},
                {"paths_above_champion", number_or_null(c.above_champion)}};
}

std::string shown(double value) { return std::isfinite(value) ? fixed(value, 4, "") : "-"; }

}  // namespace

std::string trials_csv(const SearchReport& report) {
    std::string out = "set";
    for (const std::string& key : report.keys) out += ',' + csv_field(key);
    out += ",score,feasible,fills,round_trips,pnl,commission";
    for (const Ratio& ratio : kRatios) out += std::string(",") + ratio.name;
    out += ",digest\n" + csv_row(report, "champion", report.champion);
    for (std::size_t i = 0; i < report.rows.size(); ++i)
        out += csv_row(report, std::to_string(i + 1), report.rows[i]);
    return out;
}

std::string search_json(const SearchReport& report) {
    Json rows = Json::array();
    for (const SearchRow& row : report.rows) rows.push_back(row_tree(report, row));
    Json windows = Json::array();
    for (const SearchWindow& window : report.windows)
        windows.push_back(window_tree(report, window));
    Json stress = Json::array();
    for (const auto& [name, returns] : report.stress)
        stress.push_back({{"case", name},
                          {"challenger_return", number_or_null(returns.first)},
                          {"champion_return", number_or_null(returns.second)}});
    Json tree{{"schema", "sluice.search/1"},
              {"method", report.method},
              {"seed", report.seed},
              {"evaluated", report.evaluated},
              {"objective",
               {{"sharpe", report.objective.sharpe},
                {"win_rate", report.objective.win_rate},
                {"drawdown", report.objective.drawdown},
                {"least_round_trips", report.objective.least_round_trips}}},
              {"data",
               {{"symbols", report.symbols},
                {"from", iso8601(report.from)},
                {"to", iso8601(report.to)},
                {"key", report.data_key},
                {"generated", report.generated}}},
              {"ledger",
               {{"path", report.ledger},
                {"lines", report.ledger_lines},
                {"hash", report.ledger_hash},
                {"trials", report.trials}}},
              {"verdict", verdict_tree(report)},
              {"best", report.best ? row_tree(report, report.rows[*report.best]) : Json(nullptr)},
              {"champion", row_tree(report, report.champion)},
              {"walk_forward", windows},
              {"stress", stress},
              {"sets", rows}};
    if (report.cross_validation) tree["cross_validation"] = cross_validation_tree(report);
    return dump(tree, 2);
}

std::string check_value(double value) { return shown(value); }

std::string values_text(const SearchReport& report, const std::vector<std::string>& values) {
    if (values.empty()) return "the champion";
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out += (i == 0 ? "" : ", ") + printable(report.keys[i]) + "=" + printable(values[i]);
    return out;
}

void print_search(std::ostream& out, const SearchReport& report, bool colour) {
    Page page{out, colour};
    if (report.generated) page.warning("Data generated by Sluice: no market made them.");
    page.heading(plural(report.rows.size(), "set") + ", " + report.method);
    TextTable sets({"set", "score", "Sharpe", "drawdown", "round trips", "profit and loss"});
    const auto add = [&](const std::string& name, const SearchRow& row) {
        sets.add({name, shown(row.score) + (row.feasible ? "" : "*"), shown(row.result.sharpe),
                  std::isfinite(row.result.max_drawdown)
                      ? fixed(100 * row.result.max_drawdown, 3, " %")
                      : "-",
                  grouped(row.result.round_trips), rounded_money(row.result.profit)});
    };
    add("champion", report.champion);
    if (report.best)
        add(values_text(report, report.rows[*report.best].values), report.rows[*report.best]);
    page.table(sets);
    if (!report.champion.feasible) out << "  * too few round trips for the objective\n";

    page.heading("Walk-forward");
    TextTable windows({"test until", "chosen before it", "challenger", "champion"});
    for (std::size_t i = 0; i < std::min(report.windows.size(), kPrintedRowsMax); ++i) {
        const SearchWindow& w = report.windows[i];
        windows.add({date_and_time(w.test_to), values_text(report, w.chosen),
                     fixed(100 * w.challenger_return, 3, " %"),
                     fixed(100 * w.champion_return, 3, " %")});
    }
    page.table(windows);

    if (report.cross_validation) {
        const research::CrossValidation& c = *report.cross_validation;
        page.heading("Combinatorial cross-validation, " +
                     std::to_string(report.cross_validation_plan.groups) + " groups, " +
                     std::to_string(report.cross_validation_plan.tested) + " set aside");
        TextTable paths({"paths", "Sharpe, mean", "deviation", "least", "median", "champion",
                         "above the champion"});
        paths.add({grouped(c.sharpe.size()), shown(c.mean), shown(c.deviation), shown(c.least),
                   shown(c.median), shown(c.champion),
                   std::isfinite(c.above_champion) ? fixed(100 * c.above_champion, 1, " %") : "-"});
        page.table(paths);
    }

    page.heading(std::string("Verdict: ") + to_string(report.verdict.answer));
    TextTable checks({"check", "value", "limit", "holds", "what it says"});
    for (const research::VerdictCheck& check : report.verdict.checks)
        checks.add({check.name, check_value(check.value),
                    (check.at_least ? ">= " : "<= ") + check_value(check.limit),
                    check.passed ? "yes" : "NO", check.says});
    page.table(checks);
    out << "  " << plural(report.trials, "set") << " ever tried on these data, "
        << shown(report.verdict.effective_trials) << " of them independent.\n";
}

}  // namespace sluice::adapters::run_folder
