// `sluice optimize`: a search for parameters over a range of the store, a walk-forward of the same search,
// and a verdict on what it found.
#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include <unistd.h>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_folder/search_report.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/research/plateau.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

#include "candidate_runs.hpp"
#include "recorded_options.hpp"
#include "searched_keys.hpp"
#include "session_parts.hpp"
#include "stored_market.hpp"
#include "walk_forward_runs.hpp"

namespace sluice::tools {
namespace {

namespace folders = adapters::run_folder;

constexpr std::size_t kThreadsMost = 1'024;
constexpr std::size_t kBudgetMost = 10'000;
constexpr double kPlateauRadius = 0.15;  // of each range
constexpr std::size_t kProbes = 64;

struct OptimizeArguments {
    StoredMarketOptions market;
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::vector<std::string> search;
    std::string out;
    std::string ledger;
    std::size_t threads = 0;
    bool json = false;
    bool trust = false;
    research::SearchPlan plan;
    research::Objective objective;
    research::VerdictLimits limits;
    research::WalkForwardPlan windows;
};

class Optimization {
  public:
    explicit Optimization(OptimizeArguments arguments)
        : arguments_(std::move(arguments)), searched_(arguments_.search) {}

    int run();

  private:
    [[nodiscard]] pipeline::Settings settings_of(const CandidateSet& set) const;
    [[nodiscard]] std::vector<std::string> overrides_of(const CandidateSet& set) const;
    void check_space() const;
    [[nodiscard]] std::vector<research::WalkForwardWindow> windows_over(std::size_t periods);
    // False when it was stopped.
    [[nodiscard]] bool search_and_judge(CandidateContext& context, CandidateRuns& whole,
                                        const std::vector<research::WalkForwardWindow>& windows,
                                        folders::SearchReport& report);
    void judge_found(const SearchedSets& found, research::OutOfSample out_of_sample,
                     folders::SearchReport& report) const;
    void write(const folders::RunFolder& folder, const folders::SearchReport& report) const;

    OptimizeArguments arguments_;
    SearchedKeys searched_;
};

std::vector<std::string> Optimization::overrides_of(const CandidateSet& set) const {
    std::vector<std::string> overrides = arguments_.set;
    if (!arguments_.out.empty()) overrides.push_back("report.folder=" + arguments_.out);
    for (std::size_t i = 0; i < set.size(); ++i)
        overrides.push_back(searched_.keys()[i] + "=" + set[i]);
    return overrides;
}

pipeline::Settings Optimization::settings_of(const CandidateSet& set) const {
    return with_weights(load_settings(arguments_.config, overrides_of(set)));
}

// Points that the configuration refuses (a fast average slower than the slow one) are not proposed; but
// when it refuses all, a key or a range is wrong.
void Optimization::check_space() const {
    (void)settings_of({});
    const auto probe =
        research::make_optimizer("sobol", searched_.space(), {arguments_.plan.seed, 0, 0, {}});
    std::string refusal;
    for (std::size_t i = 0; i < kProbes; ++i) {
        try {
            (void)settings_of(searched_.values(probe->ask()));
            return;
        } catch (const std::exception& error) {
            refusal = error.what();
        }
    }
    throw UsageError("--search: the configuration takes none of " + std::to_string(kProbes) +
                     " sets from these ranges: " + refusal);
}

std::vector<research::WalkForwardWindow> Optimization::windows_over(std::size_t periods) {
    research::WalkForwardPlan& plan = arguments_.windows;
    if (plan.train == 0) plan.train = periods / 2;
    if (plan.test == 0) plan.test = std::max<std::size_t>(1, periods / 6);
    try {
        return research::walk_forward_windows(periods, plan);
    } catch (const std::invalid_argument& error) {
        throw UsageError("--train, --test: the range has " + std::to_string(periods) +
                         " periods of backtest.period: " + error.what() +
                         "; take a longer range, a shorter backtest.period, or smaller windows");
    }
}

void Optimization::judge_found(const SearchedSets& found, research::OutOfSample out_of_sample,
                               folders::SearchReport& report) const {
    // Column 0 is the champion.
    const std::size_t columns = found.rows.size() + 1;
    const std::size_t periods = report.champion.result.returns.size();
    std::vector<double> values;
    values.reserve(columns * periods);
    for (std::size_t row = 0; row < periods; ++row) {
        values.push_back(report.champion.result.returns[row]);
        for (const folders::SearchRow& set : found.rows) values.push_back(set.result.returns[row]);
    }
    research::VerdictInput input{research::ReturnsTable{values, columns}};
    input.best = found.best ? *found.best + 1 : 0;
    input.best_score = found.best ? found.rows[*found.best].score : 0;
    input.champion_score = report.champion.score;
    input.trials = report.trials;
    input.periods_per_year = report.champion.result.periods_per_year;
    input.out_of_sample = std::move(out_of_sample);
    if (!report.stress.empty()) {
        input.stressed_challenger = report.stress.front().second.first;
        input.stressed_champion = report.stress.front().second.second;
    }
    if (found.best) {
        std::vector<double> cube;
        std::vector<double> scores;
        for (std::size_t i = 0; i < found.rows.size(); ++i) {
            for (std::size_t k = 0; k < searched_.space().size(); ++k)
                cube.push_back(searched_.space().feature(k, found.points[i][k]));
            scores.push_back(found.rows[i].score);
        }
        input.plateau = research::plateau_around(cube, searched_.space().size(), scores,
                                                 *found.best, kPlateauRadius);
    }
    report.verdict = research::judge(input, arguments_.limits);
}

bool Optimization::search_and_judge(CandidateContext& context, CandidateRuns& whole,
                                    const std::vector<research::WalkForwardWindow>& windows,
                                    folders::SearchReport& report) {
    research::SearchPlan plan = arguments_.plan;
    plan.allowed = [this](const research::Point& point) {
        try {
            (void)settings_of(searched_.values(point));
            return true;
        } catch (const std::exception&) {
            return false;
        }
    };
    const CandidateSearch search{searched_, std::move(plan), arguments_.objective};
    const std::size_t all = arguments_.plan.budget * (windows.size() + 1);
    ProgressBar bar{"sets"};
    std::size_t before = 0;
    const auto show = [&](std::size_t done) {
        bar.show(static_cast<double>(before + done) / static_cast<double>(all), before + done);
    };

    const auto found = search_sets(search, whole, show);
    if (!found) return false;
    before = arguments_.plan.budget;
    auto walked = walk_forward(search, context, arguments_.market, whole.ends(), windows, show);
    if (!walked) return false;

    const CandidateSet champion;
    report.champion.result = whole.results({&champion, 1}).front();
    report.champion.score = arguments_.objective.score(report.champion.result);
    report.champion.feasible = arguments_.objective.feasible(report.champion.result);
    if (found->best) {
        const std::vector<CandidateSet> both{found->rows[*found->best].values, champion};
        const auto stressed = whole.stressed(both);
        if (stressed.empty()) return false;
        report.stress.push_back(
            {"twice the costs, late fills", {stressed[0].total_return, stressed[1].total_return}});
    }
    report.symbols = whole.data().symbols;
    report.from = whole.data().from;
    report.to = whole.data().to;
    report.data_key = whole.data().key();
    report.generated = whole.generated();
    report.rows = found->rows;
    report.best = found->best;
    report.windows = std::move(walked->windows);
    report.trials = context.ledger.trials_on(whole.data());
    report.evaluated = context.evaluated;
    judge_found(*found, std::move(walked->out_of_sample), report);
    context.ledger.add_verdict(whole.data(),
                               "{\"answer\":\"" + std::string(to_string(report.verdict.answer)) +
                                   "\",\"sets\":" + std::to_string(report.rows.size()) + "}",
                               core::read_local_clock());
    return true;
}

void Optimization::write(const folders::RunFolder& folder,
                         const folders::SearchReport& report) const {
    const auto put = [&](const char* name, const std::string& text) {
        folders::AtomicFile file{folder.path() / name};
        file.append(text);
        file.commit();
    };
    put("trials.csv", folders::trials_csv(report));
    put("search.json", folders::search_json(report) + "\n");
    put("report.html", folders::search_html(report));
    if (report.best)
        put("best.toml", configuration_text(settings_of(report.rows[*report.best].values)));
}

int Optimization::run() {
    check_space();
    const pipeline::Settings base = settings_of({});
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const std::filesystem::path path =
        arguments_.ledger.empty() ? std::filesystem::path{base.report.folder} / "trials.ledger"
                                  : std::filesystem::path{arguments_.ledger};
    if (arguments_.ledger.empty()) std::filesystem::create_directories(base.report.folder);
    research::TrialLedger ledger{path, core::read_local_clock()};
    if (!ledger.message().empty()) std::cerr << "sluice: " << ledger.message() << "\n";
    research::Arena arena{arguments_.threads > 0 ? arguments_.threads : core::usable_core_count()};
    CandidateContext context{searched_.keys(),
                             [this](const CandidateSet& set) { return settings_of(set); }, ledger,
                             arena, control};
    const auto interrupted = [&] {
        std::cerr << "sluice: interrupted; " << context.evaluated
                  << " sets evaluated by now are in " << path.string()
                  << ", and the same command goes on from there\n";
        return 1;
    };
    CandidateRuns whole{context, arguments_.market, research::TrialKind::kTrial};
    if (whole.stopped()) return interrupted();
    const auto windows = windows_over(whole.ends().size());
    // Whatever is wrong with the arguments has shown by now, and leaves no folder.
    const auto folder =
        folders::RunFolder::create(base.report.folder, "optimize", core::read_local_clock());
    folder.write_configuration(configuration_text(base));
    folders::SearchReport report;
    report.method = arguments_.plan.method;
    report.seed = arguments_.plan.seed;
    report.objective = arguments_.objective;
    report.limits = arguments_.limits;
    report.keys = searched_.keys();
    report.ledger = path.string();
    if (!search_and_judge(context, whole, windows, report)) return interrupted();
    report.ledger_lines = ledger.lines();
    report.ledger_hash = ledger.last_hash();
    write(folder, report);
    if (arguments_.json) {
        std::cout << folders::search_json(report) << "\n";
    } else {
        folders::print_search(std::cout, report, isatty(STDOUT_FILENO) == 1);
        std::cout << "\nReport: " << (folder.path() / "report.html").string() << "\n";
        if (report.best)
            std::cout << "Best set: " << (folder.path() / "best.toml").string() << "\n";
    }
    return 0;
}

int optimize(OptimizeArguments arguments) {
    require_store(arguments);
    take_range(arguments, arguments.market);
    const auto methods = research::methods();
    const bool known = std::any_of(
        methods.begin(), methods.end(),
        [&](const research::Method& method) { return method.name == arguments.plan.method; });
    if (!known) {
        std::string names;
        for (const research::Method& method : methods)
            (names += names.empty() ? "" : ", ") += method.name;
        throw UsageError("--method: \"" + arguments.plan.method + "\" is none; there are " + names);
    }
    arguments.limits.seed = arguments.plan.seed;
    return Optimization{std::move(arguments)}.run();
}

void add_search_options(CLI::App& command, OptimizeArguments& arguments) {
    command.add_option("--search", arguments.search,
                       "What may be tried: section.key=2:20 (whole numbers), =0.1:2.5, :log behind "
                       "it, or =a|b|c; may be repeated");
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
    command.add_flag("--anchored", arguments.windows.anchored,
                     "Windows search on everything from the beginning");
}

}  // namespace

void add_optimize(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<OptimizeArguments>();
    CLI::App* command = app.add_subcommand(
        "optimize",
        "Search for parameters over a range of the store, walk the search forward, and say whether "
        "what it found may replace what is in use");
    add_recorded_options(*command, *arguments);
    add_search_options(*command, *arguments);
    add_window_options(*command, *arguments);
    command->add_option("--ledger", arguments->ledger,
                        "Where everything ever tried is on record; trials.ledger in the folder of "
                        "the runs when left out");
    command
        ->add_option("--threads", arguments->threads,
                     "Threads; as many as there are cores when left out. Changes no result")
        ->check(CLI::Range(std::size_t{1}, kThreadsMost));
    command->add_option("--out", arguments->out, "Folder in which the run's own folder is made");
    command->add_flag("--json", arguments->json, "Print the result as JSON");
    add_trust_option(*command, *arguments);
    command->callback(
        [&action, arguments] { action = [arguments] { return optimize(*arguments); }; });
}

}  // namespace sluice::tools
