// `sluice bench`: runs suites of measurements, and holds them to their targets.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/bench/recorded.hpp>
#include <sluice/bench/report.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

#include "verb_bench_optimizer.hpp"

namespace sluice::tools {
namespace {

constexpr const char* kBuiltIn = "built in";
constexpr int kMoreTries = 2;

struct BenchArguments {
    std::vector<std::string> suites;
    int rounds = 0;
    bool quick = false;
    bool list = false;
    std::string check;  // empty: not asked; else a file or kBuiltIn
    std::string record;
    std::string json;
    std::string html;
    std::string folder = "/var/tmp";
    std::string plant;
};

void list_suites() {
    for (const bench::Suite& suite : bench::all_suites())
        std::cout << suite.name << "\t" << suite.says << "\n";
    std::cout << "optimizer\tone search on a test function; only by name, options of its own\n";
}

std::vector<const bench::Suite*> chosen_suites(const std::vector<std::string>& names) {
    std::vector<const bench::Suite*> out;
    for (const std::string& name : names) {
        const bench::Suite* suite = bench::find_suite(name);
        if (suite == nullptr)
            throw UsageError("\"" + name + "\" is no suite; sluice bench --list names them");
        out.push_back(suite);
    }
    if (names.empty()) {
        for (const bench::Suite& suite : bench::all_suites()) out.push_back(&suite);
    }
    return out;
}

bench::Plant parse_plant(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t colon = text.find(':');
    const std::string stage = text.substr(0, colon);
    const auto& stages = bench::kPlantStages;
    const std::string ns = colon == std::string::npos ? "" : text.substr(colon + 1);
    const bool is_number =
        !ns.empty() && ns.size() <= 9 && ns.find_first_not_of("0123456789") == std::string::npos;
    if (std::find(stages.begin(), stages.end(), stage) == stages.end() || !is_number)
        throw UsageError("--plant-spin " + text +
                         ": expected STAGE:NS, such as risk:500; stages "
                         "are sequencer, bars, signals, risk, orders");
    return {stage, std::stoull(ns)};
}

std::vector<bench::Target> targets_of(const BenchArguments& arguments, const bench::Host& host) {
    if (arguments.check.empty() && arguments.record.empty()) return {};
    try {
        return arguments.check.empty() || arguments.check == kBuiltIn
                   ? bench::built_in_targets()
                   : bench::read_targets_here(arguments.check, host);
    } catch (const bench::TargetsError& error) {
        throw UsageError(error.what());
    }
}

std::optional<bench::Recorded> recorded_before(const BenchArguments& arguments,
                                               const bench::Host& host) {
    if (arguments.record.empty()) return std::nullopt;
    if (!arguments.plant.empty()) throw UsageError("--record keeps no run with a planted spin");
    try {
        return bench::read_recorded(arguments.record, host);
    } catch (const bench::TargetsError& error) {
        throw UsageError("--record " + std::string(error.what()));
    }
}

std::vector<bench::Checked> check_suite(const std::vector<bench::Target>& targets,
                                        const bench::SuiteResult& result, const bench::Host& host) {
    std::vector<bench::Checked> out;
    for (const bench::Target& target : targets) {
        if (target.suite == result.suite) out.push_back(bench::check(target, result, host));
    }
    return out;
}

// Runs the suite; when it misses a target, measures again and judges all rounds together: one bad
// minute of a shared host is no verdict, a slower build stays slower.
void run_one(const bench::Suite& suite, const bench::SuiteOptions& options,
             const std::vector<bench::Target>& targets, bench::Run& run) {
    bench::SuiteResult result = bench::run_suite(suite, options);
    std::vector<bench::Checked> checked = check_suite(targets, result, run.host);
    const int more = options.quick ? 0 : kMoreTries;
    for (int again = 0; again < more && bench::any_missed(checked); ++again) {
        std::cerr << "sluice: " << suite.name << " misses a target; measuring again\n";
        bench::pool(result, bench::run_suite(suite, options));
        checked = check_suite(targets, result, run.host);
    }
    bench::print_suite(std::cout, result);
    run.suites.push_back(std::move(result));
    run.checked.insert(run.checked.end(), checked.begin(), checked.end());
}

void write_file(const std::string& path, const std::string& text) {
    adapters::run_folder::AtomicFile file{path};
    file.append(text);
    file.commit();
}

// Known before minutes of measuring, not after them.
void check_folder_of(const std::string& file, const char* option) {
    if (file.empty()) return;
    const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
    if (!std::filesystem::is_directory(folder))
        throw UsageError(std::string(option) + " " + file + ": there is no folder " +
                         folder.string());
}

int run_bench(const BenchArguments& arguments) {
    if (arguments.list) {
        list_suites();
        return 0;
    }
    check_folder_of(arguments.record, "--record");
    check_folder_of(arguments.json, "--json");
    check_folder_of(arguments.html, "--html");
    const std::vector<const bench::Suite*> suites = chosen_suites(arguments.suites);
    const bench::Host host = bench::describe_host();
    const std::vector<bench::Target> targets = targets_of(arguments, host);
    bench::SuiteOptions options;
    options.rounds = arguments.rounds;
    options.quick = arguments.quick;
    options.plant = parse_plant(arguments.plant);
    options.cores = core::available_cores();
    options.folder = arguments.folder;

    bench::Run run;
    run.host = host;
    run.plant = options.plant;
    const std::optional<bench::Recorded> before = recorded_before(arguments, run.host);
    for (std::size_t i = 0; i < std::min<std::size_t>(options.cores.size(), 2); ++i)
        run.jitter.push_back(bench::measure_jitter(options.cores[i], options.quick ? 0.1 : 1.0));
    bench::print_host(std::cout, run);
    for (const bench::Suite* suite : suites) {
        if (options.cores.size() < suite->min_cores) {
            std::cout << "\n==== " << suite->name << ": left out, it needs " << suite->min_cores
                      << " cores and this process may use " << options.cores.size() << "\n";
            continue;
        }
        run_one(*suite, options, targets, run);
    }
    const bool is_checked = !arguments.check.empty();
    if (is_checked) bench::print_check(std::cout, run);
    if (!arguments.record.empty()) {
        const bench::Recorded recorded = bench::record(run, before);
        write_file(arguments.record, bench::to_toml(recorded));
        std::cout << "\nRecorded " << recorded.targets.size() << " targets of this host in "
                  << arguments.record << ": sluice bench --check=" << arguments.record << "\n";
    }
    if (!arguments.json.empty()) write_file(arguments.json, bench::to_json(run) + "\n");
    if (!arguments.html.empty()) write_file(arguments.html, bench::to_html(run));
    return is_checked && bench::any_missed(run.checked) ? 1 : 0;
}

}  // namespace

void add_bench(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("bench", "Measure: suites with their baselines, against targets");
    auto arguments = std::make_shared<BenchArguments>();
    command->add_option("suites", arguments->suites, "Which; all when left out");
    command->add_option("--rounds", arguments->rounds, "Repetitions; the suite's own number")
        ->check(CLI::Range(1, 10'000));
    command->add_flag("--quick", arguments->quick, "A tenth of the work: to see that it runs");
    command->add_flag("--list", arguments->list, "Name the suites");
    command
        ->add_flag("--check{built in}", arguments->check,
                   "Exit with 1 when a target is missed; --check=FILE has other targets")
        ->type_name("[=FILE]");
    command->add_option("--record", arguments->record,
                        "Keep what this host measures as targets for --check=FILE");
    command->add_option("--json", arguments->json, "Write all figures to this file");
    command->add_option("--html", arguments->html, "Write a page with plots to this file");
    command->add_option("--folder", arguments->folder,
                        "Where files may lie meanwhile (600 MB for replay)");
    // For the test of --check itself.
    command->add_option("--plant-spin", arguments->plant, "STAGE:NS")->group("");
    add_bench_optimizer(*command, action);
    command->callback([&action, arguments, command] {
        if (!command->get_subcommands().empty()) return;  // its own callback has set the action
        action = [arguments] { return run_bench(*arguments); };
    });
}

}  // namespace sluice::tools
