// `sluice generate`: a seeded market with known truth, into a store.
#include <atomic>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/adapters/generator/generate.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::OnConflict;
using adapters::tick_store::StoreWriter;

struct GenerateArguments {
    std::string store;
    std::string symbols;
    std::uint64_t instruments = 3;
    std::string start;
    bool replace = false;
    bool json = false;
    adapters::generator::GeneratorOptions options;
};

std::vector<std::string> symbols_of(const GenerateArguments& arguments) {
    if (!arguments.symbols.empty()) return parse_list(arguments.symbols, "--symbols");
    std::vector<std::string> out;
    for (std::uint64_t i = 1; i <= arguments.instruments; ++i)
        out.push_back("SIM" + std::to_string(i));
    return out;
}

int generate(GenerateArguments& arguments) {
    arguments.options.symbols = symbols_of(arguments);
    if (!arguments.start.empty()) {
        const auto date = pipeline::parse_iso_date(arguments.start);
        if (!date)
            throw UsageError("--start: '" + arguments.start + "' is no date; write 2024-01-02");
        arguments.options.start = *date;
    }
    StoreWriter writer{
        arguments.store,
        {.on_conflict = arguments.replace ? OnConflict::kReplace : OnConflict::kRefuse}};
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    pipeline::ImportReport report;
    {
        ProgressBar bar{"rows"};
        arguments.options.progress = [&](const pipeline::ImportProgress& p) {
            bar.show(p.bytes_total == 0
                         ? -1.0
                         : static_cast<double>(p.bytes) / static_cast<double>(p.bytes_total),
                     p.rows);
            return !stop.load(std::memory_order_relaxed);  // relaxed: the flag stands alone
        };
        report = adapters::generator::generate_market(writer, arguments.options);
    }
    if (arguments.json) {
        const nlohmann::ordered_json out{{"store", arguments.store},
                                         {"generated", true},
                                         {"seed", arguments.options.seed},
                                         {"symbols", arguments.options.symbols},
                                         {"rows", report.rows_stored},
                                         {"tables_written", report.tables_written},
                                         {"tables_unchanged", report.tables_unchanged},
                                         {"cancelled", report.cancelled}};
        std::cout << out.dump(2) << "\n";
    } else {
        std::cout << "Generated market, seed " << arguments.options.seed << ": "
                  << report.rows_stored << " rows in " << report.tables_written
                  << " tables written, " << report.tables_unchanged << " unchanged"
                  << (report.cancelled ? " (stopped early; what is written is whole)" : "")
                  << ".\nNext: sluice replay --store " << arguments.store << "\n";
    }
    return 0;
}

}  // namespace

void add_generate(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<GenerateArguments>();
    CLI::App* command =
        app.add_subcommand("generate", "Make a seeded market with known truth, into a store");
    command->add_option("--store", arguments->store, "Folder of the tick store")->required();
    CLI::Option* count =
        command->add_option("--instruments", arguments->instruments, "How many: SIM1, SIM2, ...")
            ->check(CLI::Range(1, 1024))
            ->capture_default_str();
    command->add_option("--symbols", arguments->symbols, "Their names, separated by commas")
        ->excludes(count);
    command->add_option("--days", arguments->options.days, "Sessions, weekends not counted")
        ->capture_default_str();
    command->add_option("--seed", arguments->options.seed, "The same seed gives the same market")
        ->capture_default_str();
    command
        ->add_option("--trades-per-day", arguments->options.trades_per_day,
                     "About, of each instrument; quotes come on top")
        ->capture_default_str();
    command
        ->add_option("--levels", arguments->options.levels,
                     "Of a side of a full book behind the quotes, a tick apart; 0: none")
        ->capture_default_str();
    command->add_option("--start", arguments->start, "First date; 2024-01-02 when left out");
    command->add_flag("--replace", arguments->replace, "Replace days that are held already");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return generate(*arguments); }; });
}

}  // namespace sluice::tools
