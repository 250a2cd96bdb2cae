// `sluice replay` and `sluice run`: the same session, at full speed or with the clock.
#include <iostream>
#include <memory>
#include <stdexcept>
#include <utility>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/core/config/units.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/live_session.hpp>
#include <sluice/tools/session.hpp>
#include <sluice/tools/verbs.hpp>

#include "recorded_options.hpp"

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
    std::string parameters;
    std::string placement;
    std::string speed;
    std::string out;
    std::string venue;
    std::string duration;
    std::string journal;
    std::string state;
    bool json = false;
    bool trust = false;
};

pipeline::Settings settings_of(const RunArguments& arguments) {
    std::vector<std::string> overrides = arguments.set;
    if (!arguments.placement.empty())
        overrides.push_back("engine.placement=" + arguments.placement);
    if (!arguments.out.empty()) overrides.push_back("report.folder=" + arguments.out);
    if (!arguments.state.empty()) overrides.push_back("report.state_folder=" + arguments.state);
    pipeline::Settings settings = load_settings(arguments.config, overrides);
    if (!arguments.strategy.empty())
        select_strategies(settings, parse_list(arguments.strategy, "--strategy"));
    return settings;
}

void print(const SessionResult& result, bool json) {
    if (json) {
        nlohmann::ordered_json summary =
            nlohmann::ordered_json::parse(adapters::run_folder::summary_json(result.record));
        summary["folder"] = result.folder.string();
        std::cout << summary.dump(2) << "\n";
        return;
    }
    adapters::run_folder::print_summary(std::cout, result.record, isatty(STDOUT_FILENO) == 1);
    std::cout << "\nReport: " << (result.folder / "report.html").string() << "\n";
}

void refuse(bool given, const std::string& option, const std::string& with) {
    if (given) throw UsageError(option + " has no meaning with " + with + "; leave it out");
}

int live(const RunArguments& arguments) {
    refuse(!arguments.from.empty(), "--from", "--venue");
    refuse(!arguments.to.empty(), "--to", "--venue");
    refuse(arguments.speed != "1", "--speed", "--venue");
    refuse(arguments.trust, "--trust-checksums", "--venue");
    refuse(!arguments.parameters.empty(), "--parameters", "--venue");
    LiveOptions options;
    options.settings = settings_of(arguments);
    if (!arguments.symbols.empty()) options.symbols = parse_list(arguments.symbols, "--symbols");
    if (arguments.venue != "config") use_venue_file(options, arguments.venue);
    if (!arguments.store.empty()) options.store = arguments.store;
    if (!arguments.duration.empty()) {
        const auto duration = core::config::parse_duration(arguments.duration);
        if (!duration.ok() || duration.value <= 0)
            throw UsageError("--duration takes a time such as 30s, 10m or 8h, not '" +
                             arguments.duration + "'");
        options.duration = core::Nanos{duration.value};
    }
    const SessionResult result = run_live_session(options);
    print(result, arguments.json);
    return result.failed ? 1 : 0;
}

int from_journal(const RunArguments& arguments) {
    for (const auto& [given, option] :
         {std::pair{!arguments.store.empty(), "--store"},
          std::pair{!arguments.symbols.empty(), "--symbols"},
          std::pair{!arguments.config.empty(), "--config"},
          std::pair{!arguments.set.empty(), "--set"},
          std::pair{!arguments.strategy.empty(), "--strategy"},
          std::pair{!arguments.parameters.empty(), "--parameters"},
          std::pair{!arguments.from.empty(), "--from"}, std::pair{!arguments.to.empty(), "--to"},
          std::pair{arguments.speed != "full", "--speed"},
          std::pair{arguments.trust, "--trust-checksums"}})
        refuse(given, option, "--journal: a session is replayed as it was");
    const JournalReplay replay =
        replay_journal(arguments.journal, arguments.placement, arguments.out);
    const pipeline::JournalCheck& check = replay.check;
    if (arguments.json) {
        nlohmann::ordered_json summary =
            nlohmann::ordered_json::parse(adapters::run_folder::summary_json(replay.result.record));
        summary["folder"] = replay.result.folder.string();
        summary["journal"] = {{"same", replay.same()},
                              {"recorded_digest", replay.recorded_digest},
                              {"ended", check.ended},
                              {"commands_matched", check.matched},
                              {"commands_differing", check.differing},
                              {"commands_missing", check.missing},
                              {"commands_extra", check.extra}};
        std::cout << summary.dump(2) << "\n";
    } else {
        print(replay.result, false);
        std::cout << "Journal: " << check.matched << " commands as recorded, " << check.differing
                  << " differing, " << check.missing << " missing, " << check.extra << " extra; "
                  << (replay.recorded_digest.empty() ? "the session left no digest"
                      : replay.recorded_digest == replay.result.record.digest
                          ? "the session's digest"
                          : "NOT the session's digest " + replay.recorded_digest)
                  << "\n";
    }
    return replay.same() ? 0 : 1;
}

int session(const std::string& verb, const RunArguments& arguments) {
    if (!arguments.venue.empty()) return live(arguments);
    if (!arguments.journal.empty()) return from_journal(arguments);
    if (arguments.store.empty())
        throw UsageError("--store is required: the folder of the tick store; or " +
                         std::string(verb == "run" ? "--venue, for a live session"
                                                   : "--journal, for a live session's record") +
                         "\nRun with --help for more information.");
    refuse(!arguments.duration.empty(), "--duration", "--store");
    SessionOptions options;
    options.verb = verb;
    options.live = verb == "run";
    options.settings = settings_of(arguments);
    options.parameters = arguments.parameters;
    options.speed = parse_speed(arguments.speed);
    take_range(arguments, options);

    const SessionResult result = run_session(options);
    print(result, arguments.json);
    return result.failed ? 1 : 0;
}

void add_session(CLI::App& app, Action& action, const std::string& verb,
                 const std::string& description, const std::string& default_speed) {
    auto arguments = std::make_shared<RunArguments>();
    arguments->speed = default_speed;
    CLI::App* command = app.add_subcommand(verb, description);
    add_recorded_options(*command, *arguments);
    command->add_option("--strategy", arguments->strategy,
                        "Use these strategies of the configuration only, by name or kind");
    command->add_option("--parameters", arguments->parameters,
                        "Change parameters while it runs: a CSV file of time,strategy,parameter,"
                        "value");
    command->add_option("--placement", arguments->placement,
                        "Where stages run: auto, fused, split, or stages to cut in front of");
    command->add_option("--speed", arguments->speed, "full, or a factor of the clock's pace")
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Folder in which the run's own folder is made");
    if (verb == "run") {
        command->add_option("--state", arguments->state,
                            "State folder: what stops trading, over restarts and by hand");
        command->add_option("--venue", arguments->venue,
                            "A live session: the file that `sluice venue --ports-file` wrote, or "
                            "config, for the addresses of the configuration's [live]");
        command->add_option("--duration", arguments->duration,
                            "With --venue: end after so long, such as 10m");
    } else {
        command->add_option("--journal", arguments->journal,
                            "Replay what a live session recorded: the folder of its run. Exits 1 "
                            "when the orders are not those on record");
    }
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
    add_session(
        app, action, "run",
        "Run a session in time with the clock on pinned threads: on paper over a store, or live "
        "against a venue",
        "1");
}

}  // namespace sluice::tools
