// `sluice sweep`: one pass over a range of the store for many sets of parameters.
#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include <unistd.h>

#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_folder/sweep_table.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/research/many_runs.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

#include "recorded_options.hpp"
#include "searched_keys.hpp"
#include "session_parts.hpp"
#include "stored_market.hpp"
#include "trial_record.hpp"

namespace sluice::tools {

namespace {

namespace folders = adapters::run_folder;

// What is in memory at once is bounded: more sets than this take another pass.
constexpr std::size_t kSetsAtOnce = 256;
constexpr std::size_t kSetsMost = 10'000;
constexpr std::size_t kThreadsMost = 1'024;

struct SweepArguments {
    StoredMarketOptions market;
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::vector<std::string> vary;
    std::string out;
    std::size_t threads = 0;
    bool json = false;
    bool trust = false;
};

struct Varied {
    std::string key;
    std::vector<std::string> values;
};

std::vector<Varied> varied_keys(const std::vector<std::string>& given) {
    if (given.empty())
        throw UsageError("--vary is required: section.key=value,value; may be repeated");
    std::vector<Varied> out;
    std::size_t sets = 1;
    for (const std::string& text : given) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError("--vary takes section.key=value,value, not '" + text + "'");
        Varied varied{text.substr(0, equals), parse_list(text.substr(equals + 1), "--vary")};
        check_may_vary("--vary", varied.key);
        for (const Varied& before : out)
            if (before.key == varied.key)
                throw UsageError("--vary " + varied.key +
                                 " is given twice; name all its values in "
                                 "one");
        sets *= varied.values.size();
        if (sets > kSetsMost)
            throw UsageError("--vary asks for more than " + std::to_string(kSetsMost) +
                             " sets; name fewer values");
        out.push_back(std::move(varied));
    }
    return out;
}

// Every combination; the last key changes fastest.
std::vector<std::vector<std::string>> combinations(const std::vector<Varied>& varied) {
    std::vector<std::vector<std::string>> out{{}};
    for (const Varied& key : varied) {
        std::vector<std::vector<std::string>> longer;
        for (const std::vector<std::string>& begun : out)
            for (const std::string& value : key.values) {
                longer.push_back(begun);
                longer.back().push_back(value);
            }
        out = std::move(longer);
    }
    return out;
}

class Configurations {
  public:
    explicit Configurations(const SweepArguments& arguments) : arguments_(arguments) {}

    [[nodiscard]] pipeline::Settings with(const std::vector<Varied>& keys,
                                          const std::vector<std::string>& values) const {
        std::vector<std::string> overrides = arguments_.set;
        if (!arguments_.out.empty()) overrides.push_back("report.folder=" + arguments_.out);
        for (std::size_t i = 0; i < values.size(); ++i)
            overrides.push_back(keys[i].key + "=" + values[i]);
        return with_weights(load_settings(arguments_.config, overrides));
    }

  private:
    const SweepArguments& arguments_;
};

// What a pass came to, for the ledger.
struct Pass {
    std::vector<research::TrialResult> results;  // none: it was interrupted
    std::uint64_t checksum = 0;                  // of the stream under the last set
};

// Sets beyond the rows run along, and only their checksum is looked at.
Pass run_pass(const StoredMarket& market, std::vector<pipeline::Settings> sets,
              research::Arena& arena, pipeline::RunControl& control,
              std::vector<folders::SweepRow>& rows, std::size_t first) {
    research::ManyRuns<adapters::sim_venue::SimVenue> runs{std::move(sets), market.instruments(),
                                                           market.timers(), arena};
    const auto source = market.open();
    ProgressBar bar{"ticks"};
    const auto total = static_cast<double>(std::max<std::uint64_t>(source->size_hint(), 1));
    std::vector<research::SetResult> results;
    (void)run_beside(
        [&] {
            results = runs.run(*source, control);
            return pipeline::RunRecord{};
        },
        [&] {
            // relaxed: for display only
            const std::uint64_t taken = control.ticks_taken.load(std::memory_order_relaxed);
            bar.show(static_cast<double>(taken) / total, taken);
        });
    Pass out;
    if (!results.empty()) out.checksum = results.back().data_checksum;
    for (std::size_t i = 0; i < results.size() && first + i < rows.size(); ++i) {
        if (i == kSetsAtOnce) break;
        out.results.push_back(research::trial_of(results[i]));
        rows[first + i].figures = std::move(results[i].figures);
        rows[first + i].performance = std::move(results[i].performance);
    }
    return out;
}

int sweep(SweepArguments arguments) {
    require_store(arguments);
    take_range(arguments, arguments.market);
    const std::vector<Varied> varied = varied_keys(arguments.vary);
    const Configurations configurations{arguments};
    folders::SweepTable table;
    for (const Varied& key : varied) table.keys.push_back(key.key);
    std::vector<pipeline::Settings> all;  // whatever is wrong with one of them shows now
    for (std::vector<std::string>& values : combinations(varied)) {
        all.push_back(configurations.with(varied, values));
        table.rows.push_back({std::move(values), {}, {}});
    }
    const pipeline::Settings base = configurations.with({}, {});
    const StoredMarket market{arguments.market, base};
    const auto ledger = named_ledger(base);

    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const auto folder =
        folders::RunFolder::create(base.report.folder, "sweep", core::read_local_clock());
    folder.write_configuration(configuration_text(base));
    research::Arena arena{arguments.threads > 0 ? arguments.threads : core::usable_core_count()};
    for (std::size_t first = 0; first < all.size(); first += kSetsAtOnce) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end =
            begin + static_cast<std::ptrdiff_t>(std::min(kSetsAtOnce, all.size() - first));
        std::vector<pipeline::Settings> sets{begin, end};
        // Searches know data by the stream's checksum under the configuration as it stands.
        if (ledger) sets.push_back(base);
        Pass pass = run_pass(market, std::move(sets), arena, control, table.rows, first);
        if (pass.results.empty()) {
            std::cerr << "sluice: interrupted before the end of the data; there are no results\n";
            return 1;
        }
        if (!ledger) continue;
        research::TrialData data = data_of(market);
        data.checksum = pass.checksum;
        for (std::size_t i = 0; i < pass.results.size(); ++i)
            put_on_record(*ledger, data,
                          set_trial(all[first + i], market.instruments(), table.keys,
                                    table.rows[first + i].values, std::move(pass.results[i])));
    }
    folders::AtomicFile file{folder.path() / "sweep.csv"};
    file.append(folders::sweep_csv(table));
    file.commit();
    if (arguments.json) {
        std::cout << folders::sweep_json(table) << "\n";
    } else {
        folders::print_sweep(std::cout, table, isatty(STDOUT_FILENO) == 1);
        std::cout << "\nTable: " << (folder.path() / "sweep.csv").string() << "\n";
    }
    return 0;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<SweepArguments>();
    CLI::App* command = app.add_subcommand(
        "sweep",
        "Backtest many sets of parameters in one pass over a range of the store: each decides what "
        "it would decide alone");
    add_recorded_options(*command, *arguments);
    command->add_option("--vary", arguments->vary,
                        "Values of a key: section.key=value,value or strategy[0].fast=5,10; "
                        "repeated, every combination is a set");
    command
        ->add_option("--threads", arguments->threads,
                     "Threads; as many as there are cores when left out. Changes no result")
        ->check(CLI::Range(std::size_t{1}, kThreadsMost));
    command->add_option("--out", arguments->out, "Folder in which the run's own folder is made");
    command->add_flag("--json", arguments->json, "Print the sets as JSON");
    add_trust_option(*command, *arguments);
    command->callback([&action, arguments] { action = [arguments] { return sweep(*arguments); }; });
}

}  // namespace sluice::tools
