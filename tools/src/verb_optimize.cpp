// `sluice optimize`: a search for parameters over a range of the store, a walk-forward of the same search,
// and a verdict on what it found.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <unistd.h>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_folder/search_report.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/research/cross_validation.hpp>
#include <sluice/research/plateau.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

#include "candidate_runs.hpp"
#include "farm_search.hpp"
#include "optimize_arguments.hpp"
#include "recorded_options.hpp"
#include "searched_keys.hpp"
#include "session_parts.hpp"
#include "set_rules.hpp"
#include "stored_market.hpp"
#include "walk_forward_runs.hpp"

namespace sluice::tools {
namespace {

namespace folders = adapters::run_folder;

constexpr double kPlateauRadius = 0.15;  // of each range
constexpr std::size_t kProbes = 64;
constexpr std::size_t kAnswersKept = 100'000;

class Optimization {
  public:
    explicit Optimization(OptimizeArguments arguments)
        : arguments_(std::move(arguments)), searched_(arguments_.search),
          rules_(arguments_.require, searched_.keys()),
          cross_validation_(cross_validation_plan(arguments_)) {}

    int run();
    // As a worker of another process that runs the same search.
    int work_along();

  private:
    // What a search and its workers have to agree on.
    [[nodiscard]] std::string task() const;
    [[nodiscard]] std::size_t threads() const {
        return arguments_.threads > 0 ? arguments_.threads : core::usable_core_count();
    }
    [[nodiscard]] pipeline::Settings settings_of(const CandidateSet& set) const;
    [[nodiscard]] std::vector<std::string> overrides_of(const CandidateSet& set) const;
    void check_space() const;
    [[nodiscard]] bool allowed(const research::Point& point) const;
    [[nodiscard]] std::vector<research::Point> best_earlier(const research::TrialLedger& ledger,
                                                            const research::TrialData& data) const;
    [[nodiscard]] std::vector<research::WalkForwardWindow> windows_over(std::size_t periods);
    void check_cross_validation(std::size_t periods) const;
    // False when it was stopped.
    [[nodiscard]] bool search_and_judge(CandidateContext& context, CandidateRuns& whole,
                                        const std::vector<research::WalkForwardWindow>& windows,
                                        folders::SearchReport& report);
    void judge_found(const SearchedSets& found, research::OutOfSample out_of_sample,
                     folders::SearchReport& report) const;
    void write(const folders::RunFolder& folder, const folders::SearchReport& report) const;

    OptimizeArguments arguments_;
    SearchedKeys searched_;
    SetRules rules_;
    mutable std::map<CandidateSet, bool> allowed_;  // by values
    std::optional<research::CrossValidationPlan> cross_validation_;
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
    std::string refusal = "--require allows none of them";
    for (std::size_t i = 0; i < kProbes; ++i) {
        try {
            const CandidateSet set = searched_.values(probe->ask());
            if (!rules_.allow(set)) continue;
            (void)settings_of(set);
            return;
        } catch (const std::exception& error) {
            refusal = error.what();
        }
    }
    throw UsageError("--search: the configuration takes none of " + std::to_string(kProbes) +
                     " sets from these ranges: " + refusal);
}

bool Optimization::allowed(const research::Point& point) const {
    const CandidateSet set = searched_.values(point);
    if (!rules_.allow(set)) return false;
    // A model asks for the same whole numbers again and again.
    const auto known = allowed_.find(set);
    if (known != allowed_.end()) return known->second;
    bool is_allowed = true;
    try {
        (void)settings_of(set);
    } catch (const std::exception&) {
        is_allowed = false;
    }
    if (allowed_.size() < kAnswersKept) allowed_.emplace(set, is_allowed);
    return is_allowed;
}

std::vector<research::Point> Optimization::best_earlier(const research::TrialLedger& ledger,
                                                        const research::TrialData& data) const {
    std::vector<research::EarlierTrial> trials = ledger.earlier(data, searched_.keys());
    std::erase_if(trials, [&](const research::EarlierTrial& trial) {
        return !arguments_.objective.feasible(trial.result);
    });
    std::stable_sort(trials.begin(), trials.end(), [&](const auto& one, const auto& other) {
        return arguments_.objective.score(one.result) > arguments_.objective.score(other.result);
    });
    std::vector<research::Point> out;
    for (const research::EarlierTrial& trial : trials) {
        if (out.size() == arguments_.warm_start) break;
        const auto point = searched_.point(trial.values);
        if (point && allowed(*point) && std::find(out.begin(), out.end(), *point) == out.end())
            out.push_back(*point);
    }
    return out;
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

// Before the search, whose end is late to learn that nothing can be said.
void Optimization::check_cross_validation(std::size_t periods) const {
    if (!cross_validation_) return;
    try {
        const std::vector<double> nothing(periods);
        (void)research::cross_validate(research::ReturnsTable{nothing, 1}, {false}, 1,
                                       *cross_validation_);
    } catch (const std::invalid_argument& error) {
        throw UsageError("--cross-validation: the range has " + std::to_string(periods) +
                         " periods of backtest.period: " + error.what());
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
    if (cross_validation_) {
        std::vector<bool> eligible{false};
        for (const folders::SearchRow& set : found.rows) eligible.push_back(set.feasible);
        report.cross_validation = research::cross_validate(
            input.returns, eligible, report.champion.result.periods_per_year, *cross_validation_);
        report.cross_validation_plan = *cross_validation_;
    }
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
    plan.allowed = [this](const research::Point& point) { return allowed(point); };
    const auto first = [this, &context](const research::TrialData& data) {
        return best_earlier(context.ledger, data);
    };
    const CandidateSearch search{searched_, std::move(plan), arguments_.objective, first};
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

std::string Optimization::task() const {
    std::string keys;
    for (const std::string& key : searched_.keys()) (keys += ' ') += key;
    StoredMarketOptions range = arguments_.market;
    range.trust_checksums = true;
    const pipeline::Settings settings = settings_of({});
    return trial_key_of(settings, StoredMarket{range, settings}.instruments(), keys);
}

int Optimization::work_along() {
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    research::Arena arena{threads()};
    work_for_search(
        arguments_.farm, task(), arguments_.market,
        [this](const CandidateSet& set) { return settings_of(set); }, arena, control);
    return 0;
}

int Optimization::run() {
    check_space();
    const pipeline::Settings base = settings_of({});
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    std::filesystem::path path = arguments_.ledger;
    if (path.empty()) path = base.report.ledger;
    const bool is_named = !path.empty();
    if (!is_named) path = std::filesystem::path{base.report.folder} / "trials.ledger";
    if (!is_named) std::filesystem::create_directories(base.report.folder);
    research::TrialLedger ledger{path, core::read_local_clock()};
    if (!ledger.message().empty()) std::cerr << "sluice: " << ledger.message() << "\n";
    research::Arena arena{threads()};
    const auto farm = make_farm(arguments_.farm, task(), control.stop);
    CandidateContext context{
        searched_.keys(), [this](const CandidateSet& set) { return settings_of(set); },
        ledger,           arena,
        control,          farm.get()};
    const auto interrupted = [&] {
        std::cerr << "sluice: interrupted; " << context.evaluated
                  << " sets evaluated by now are in " << path.string()
                  << ", and the same command goes on from there\n";
        return 1;
    };
    CandidateRuns whole{context, arguments_.market, research::TrialKind::kTrial};
    if (whole.stopped()) return interrupted();
    const auto windows = windows_over(whole.ends().size());
    check_cross_validation(whole.ends().size());
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
    enter_farm_of_ranks(arguments.farm);
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
    if (!arguments.farm.join.empty() && !arguments.farm.take_at.empty())
        throw UsageError("--farm and --join: a process takes workers or is one, not both");
    const bool joins = !arguments.farm.join.empty();
    Optimization optimization{std::move(arguments)};
    return joins ? optimization.work_along() : optimization.run();
}

}  // namespace

void add_optimize(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<OptimizeArguments>();
    CLI::App* command = app.add_subcommand(
        "optimize",
        "Search for parameters over a range of the store, walk the search forward, and say whether "
        "what it found may replace what is in use");
    add_optimize_options(*command, *arguments);
    command->callback(
        [&action, arguments] { action = [arguments] { return optimize(*arguments); }; });
}

}  // namespace sluice::tools
