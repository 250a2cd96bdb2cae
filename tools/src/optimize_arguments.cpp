#include "optimize_arguments.hpp"

#include <charconv>
#include <stdexcept>

#include <sluice/research/purged_split.hpp>
#include <sluice/tools/arguments.hpp>

#include "recorded_options.hpp"

namespace sluice::tools {
namespace {

constexpr std::size_t kThreadsMost = 1'024;
constexpr std::size_t kBudgetMost = 10'000;

void add_search_options(CLI::App& command, OptimizeArguments& arguments) {
    command.add_option("--search", arguments.search,
                       "What may be tried: section.key=2:20 (whole numbers), =0.1:2.5, :log behind "
                       "it, or =a|b|c; may be repeated");
    command.add_option("--require", arguments.require,
                       "What sets have to fulfil, such as 'strategy[0].fast < strategy[0].slow' or "
                       "'strategy[0].slow >= 3*strategy[0].fast'; others are not evaluated; may be "
                       "repeated");
    command
        .add_option("--warm-start", arguments.warm_start,
                    "Begin with so many of the best sets that the ledger holds of the same keys on "
                    "other data, none of them later")
        ->check(CLI::Range(std::size_t{0}, kBudgetMost));
    command.add_option("--method", arguments.plan.method, "gp, or another; a wrong one lists them")
        ->capture_default_str();
    command.add_option("--budget", arguments.plan.budget, "Sets to try, in each search")
        ->check(CLI::Range(std::size_t{2}, kBudgetMost))
        ->capture_default_str();
    command
        .add_option("--batch", arguments.plan.batch,
                    "Sets proposed before their results are waited for")
        ->check(CLI::Range(std::size_t{1}, kBudgetMost))
        ->capture_default_str();
    command.add_option("--initial", arguments.plan.initial,
                       "Sets drawn before the model takes over; 0: the method's own number");
    command.add_option("--seed", arguments.plan.seed, "Of all that is drawn")
        ->capture_default_str();
    command.add_option("--weight-sharpe", arguments.objective.sharpe, "Of the year's Sharpe ratio")
        ->capture_default_str();
    command
        .add_option("--weight-wins", arguments.objective.win_rate,
                    "Of the share of winning round trips above a half")
        ->capture_default_str();
    command
        .add_option("--weight-drawdown", arguments.objective.drawdown,
                    "Of the deepest drawdown, which takes away")
        ->capture_default_str();
    command
        .add_option("--least-trades", arguments.objective.least_round_trips,
                    "Round trips without which a set is no solution")
        ->capture_default_str();
}

void add_window_options(CLI::App& command, OptimizeArguments& arguments) {
    command.add_option("--train", arguments.windows.train,
                       "Periods (backtest.period) that a window searches on; half of all when left "
                       "out");
    command.add_option("--test", arguments.windows.test,
                       "Periods behind it that judge the choice; a sixth of all when left out");
    command.add_option("--purge", arguments.windows.purge,
                       "Periods left out between them, as far as an outcome reaches ahead");
    command.add_option("--embargo", arguments.windows.embargo,
                       "Periods left out besides, for what lingers");
    command.add_option(
        "--cross-validation", arguments.cross_validation,
        "N,K: cut the periods into N groups, choose among the sets without K of them, "
        "and report what the choices earn there, for all ways to do so");
    command.add_flag("--anchored", arguments.windows.anchored,
                     "Windows search on everything from the beginning");
}

void add_farm_options(CLI::App& command, OptimizeArguments& arguments) {
    command.add_option(
        "--farm", arguments.farm.take_at,
        "Let workers join at host:port and share the sets with them. Changes no result");
    command.add_option(
        "--join", arguments.farm.join,
        "Be a worker of the search at host:port; the other arguments are the search's");
}

}  // namespace

void add_optimize_options(CLI::App& command, OptimizeArguments& arguments) {
    add_recorded_options(command, arguments);
    add_search_options(command, arguments);
    add_window_options(command, arguments);
    command.add_option("--ledger", arguments.ledger,
                       "Where everything ever tried is on record; trials.ledger in the folder of "
                       "the runs when left out");
    command
        .add_option("--threads", arguments.threads,
                    "Threads; as many as there are cores when left out. Changes no result")
        ->check(CLI::Range(std::size_t{1}, kThreadsMost));
    command.add_option("--out", arguments.out, "Folder in which the run's own folder is made");
    command.add_flag("--json", arguments.json, "Print the result as JSON");
    add_trust_option(command, arguments);
    add_farm_options(command, arguments);
}

std::optional<research::CrossValidationPlan> cross_validation_plan(
    const OptimizeArguments& arguments) {
    const std::string& text = arguments.cross_validation;
    if (text.empty()) return std::nullopt;
    research::CrossValidationPlan plan;
    plan.purge = arguments.windows.purge;
    plan.embargo = arguments.windows.embargo;
    const char* const end = text.data() + text.size();
    const auto groups = std::from_chars(text.data(), end, plan.groups);
    const bool more = groups.ec == std::errc{} && groups.ptr != end && *groups.ptr == ',';
    const auto tested =
        more ? std::from_chars(groups.ptr + 1, end, plan.tested) : std::from_chars_result{end, {}};
    if (!more || tested.ec != std::errc{} || tested.ptr != end)
        throw UsageError(
            "--cross-validation takes N,K, such as 6,2: so many groups of periods, and so "
            "many of them set aside at a time; not '" +
            text + "'");
    try {
        (void)research::path_count(plan.groups, plan.tested);
    } catch (const std::invalid_argument& error) {
        throw UsageError(std::string("--cross-validation: ") + error.what());
    }
    return plan;
}

}  // namespace sluice::tools
