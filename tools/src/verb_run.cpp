// `sluice replay` and `sluice run`: the same session, at full speed or with the clock.
#include <iostream>
#include <memory>
#include <stdexcept>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/session.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

struct RunArguments {
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::string strategy;
    std::string placement;
    std::string speed;
    std::string out;
    bool json = false;
    bool trust = false;
};

pipeline::Settings load_settings(const RunArguments& arguments) {
    const pipeline::SettingsSchema schema = pipeline::make_settings_schema();
    std::vector<std::string> overrides = arguments.set;
    if (!arguments.placement.empty())
        overrides.push_back("engine.placement=" + arguments.placement);
    if (!arguments.out.empty()) overrides.push_back("report.folder=" + arguments.out);
    auto loaded = arguments.config.empty() ? schema.load_text("", "defaults", overrides)
                                           : schema.load_file(arguments.config, overrides);
    if (!arguments.strategy.empty())
        select_strategies(loaded.settings, parse_list(arguments.strategy, "--strategy"));
    return std::move(loaded.settings);
}

int session(const std::string& verb, const RunArguments& arguments) {
    SessionOptions options;
    options.verb = verb;
    options.live = verb == "run";
    options.store = arguments.store;
    options.settings = load_settings(arguments);
    options.speed = parse_speed(arguments.speed);
    options.trust_checksums = arguments.trust;
    if (!arguments.symbols.empty()) options.symbols = parse_list(arguments.symbols, "--symbols");
    if (!arguments.from.empty()) options.from = parse_time(arguments.from, "--from");
    if (!arguments.to.empty()) options.to = parse_time(arguments.to, "--to");
    if (options.from >= options.to)
        throw UsageError("--from must be before --to; --to is exclusive");

    const SessionResult result = run_session(options);
    if (arguments.json) {
        nlohmann::ordered_json summary =
            nlohmann::ordered_json::parse(adapters::run_folder::summary_json(result.record));
        summary["folder"] = result.folder.string();
        std::cout << summary.dump(2) << "\n";
    } else {
        adapters::run_folder::print_summary(std::cout, result.record, isatty(STDOUT_FILENO) == 1);
        std::cout << "\nReport: " << (result.folder / "report.html").string() << "\n";
    }
    return 0;
}

void add_session(CLI::App& app, Action& action, const std::string& verb,
                 const std::string& description, const std::string& default_speed) {
    auto arguments = std::make_shared<RunArguments>();
    arguments->speed = default_speed;
    CLI::App* command = app.add_subcommand(verb, description);
    command->add_option("--store", arguments->store, "Folder of the tick store")->required();
    command->add_option("--symbols", arguments->symbols,
                        "Instruments, separated by commas; all of the store when left out");
    command->add_option("--from", arguments->from, "First time (UTC), such as 2013-10-07");
    command->add_option("--to", arguments->to, "End, exclusive (UTC)");
    command->add_option("--config", arguments->config,
                        "Configuration file; `sluice config default` writes one");
    command->add_option("--set", arguments->set,
                        "Set a key over the file: section.key=value; may be repeated");
    command->add_option("--strategy", arguments->strategy,
                        "Use these strategies of the configuration only, by name or kind");
    command->add_option("--placement", arguments->placement,
                        "Where stages run: auto, fused, split, or stages to cut in front of");
    command->add_option("--speed", arguments->speed, "full, or a factor of the clock's pace")
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Folder in which the run's own folder is made");
    command->add_flag("--json", arguments->json, "Print the summary as JSON");
    command->add_flag("--trust-checksums", arguments->trust,
                      "Do not compare the checksums of the columns before the run");
    command->callback([&action, verb, arguments] {
        action = [verb, arguments] { return session(verb, *arguments); };
    });
}

}  // namespace

void add_replay(CLI::App& app, Action& action) {
    add_session(app, action, "replay",
                "Replay recorded or generated ticks through the whole pipeline", "full");
}

void add_run(CLI::App& app, Action& action) {
    add_session(app, action, "run",
                "Run a paper session in time with the clock, or faster, on pinned threads", "1");
}

}  // namespace sluice::tools
