// `sluice stop`, `halt`, `pause`, `resume`, `halts` and `set`: the operator's hands on a state folder.
#include <iostream>
#include <memory>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/control/control_client.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

using namespace adapters::control;

struct OperatorArguments {
    std::string state = "runs/state";
    std::string symbol;
    std::string id;
    std::string reason;
    std::vector<std::string> settings;
    bool json = false;
};

// A folder that is not there is a mistake of the command line: nothing would be stopped by it.
StateFolder folder_of(const OperatorArguments& arguments) {
    if (!std::filesystem::is_directory(arguments.state))
        throw UsageError("there is no state folder " + arguments.state +
                         "; name the one of the session with --state (a live session's is state "
                         "in its report.folder)");
    return StateFolder{arguments.state};
}

int tell(const OperatorArguments& arguments, const CommandResult& result, const std::string& done) {
    if (arguments.json) {
        std::cout << nlohmann::ordered_json{{"id", result.id},
                                            {"live", result.live},
                                            {"text", result.text}}
                         .dump(2)
                  << "\n";
        return 0;
    }
    std::cout << done
              << (result.live ? " by the running session"
                              : "; no session runs, the next one will find it")
              << (result.text.empty() ? "" : "; " + result.text) << ".\n";
    if (!result.id.empty()) std::cout << "id " << result.id << "\n";
    return 0;
}

std::string when(std::int64_t ns) {
    return date::format("%FT%TZ", date::sys_time<std::chrono::milliseconds>{
                                      std::chrono::milliseconds{ns / 1'000'000}});
}

int stop(const OperatorArguments& arguments) {
    StateFolder folder = folder_of(arguments);
    const CommandResult result = emergency_stop(folder, arguments.reason, std::chrono::seconds{5});
    const int status = tell(arguments, result, "Stopped");
    if (!arguments.json)
        std::cout << "To trade again: remove " << folder.stop_file().string()
                  << (result.id.empty()
                          ? ""
                          : ", then sluice resume " + result.id + " --state " + arguments.state)
                  << "\n";
    return status;
}

nlohmann::ordered_json tree_of(const RiskState& state, const StateFolder& folder) {
    nlohmann::ordered_json tree{{"state", folder.path().string()},
                                {"session", state.session},
                                {"emergency_stop_file", folder.emergency_stop().has_value()},
                                {"holds", nlohmann::ordered_json::array()}};
    for (const Hold& hold : state.holds)
        tree["holds"].push_back({{"id", hold.id},
                                 {"reason", to_string(hold.reason)},
                                 {"symbol", hold.symbol},
                                 {"text", hold.text},
                                 {"since", when(hold.since_ns)}});
    const auto level = [&](const char* key, const std::optional<RiskState::Level>& from) {
        if (from)
            tree[key] = {{"value", core::to_string(from->value)}, {"breached", from->breached}};
    };
    if (state.equity) tree["equity"] = core::to_string(*state.equity);
    level("day_start", state.day_start);
    level("peak", state.peak);
    level("window_peak", state.window);
    return tree;
}

int halts(const OperatorArguments& arguments) {
    const StateFolder folder = folder_of(arguments);
    const RiskState state = folder.load();
    if (arguments.json) {
        std::cout << tree_of(state, folder).dump(2) << "\n";
        return 0;
    }
    if (const auto text = folder.emergency_stop())
        std::cout << "EMERGENCY_STOP is there" << (text->empty() ? "" : ": " + *text) << "\n";
    for (const Hold& hold : state.holds)
        std::cout << hold.id << "  " << to_string(hold.reason)
                  << (hold.symbol.empty() ? "" : " in " + hold.symbol) << " since "
                  << when(hold.since_ns) << (hold.text.empty() ? "" : ": " + hold.text) << "\n";
    if (state.holds.empty() && !folder.emergency_stop())
        std::cout << "Nothing is held by hand or by a drawdown.\n";
    if (state.day_start && state.day_start->breached)
        std::cout << "The daily loss is reached; it ends with the account's day.\n";
    const auto fall = [&](const char* name, const std::optional<RiskState::Level>& from) {
        if (!from || !state.equity || from->value.raw() <= 0) return;
        std::printf("%s %.2f %% below its peak of %.2f\n", name,
                    (from->value - *state.equity).to_double() / from->value.to_double() * 100,
                    from->value.to_double());
    };
    std::cout.flush();
    fall("Equity is        ", state.peak);
    fall("within the window", state.window);
    std::fflush(stdout);
    return 0;
}

int change_parameters(const OperatorArguments& arguments) {
    std::vector<ParameterSetting> settings;
    for (const std::string& text : arguments.settings) {
        try {
            settings.push_back(parse_setting(text));
        } catch (const ControlError& error) {
            throw UsageError(error.what());
        }
    }
    StateFolder folder = folder_of(arguments);
    return tell(arguments, set(folder, settings, arguments.reason), "Set");
}

CLI::App* add_verb(CLI::App& app, const std::string& name, const std::string& text,
                   const std::shared_ptr<OperatorArguments>& arguments, Action& action,
                   int (*run)(const OperatorArguments&)) {
    CLI::App* command = app.add_subcommand(name, text);
    command->add_option("--state", arguments->state, "State folder of the session")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Print as JSON");
    command->callback(
        [&action, arguments, run] { action = [arguments, run] { return run(*arguments); }; });
    return command;
}

void add_reason(CLI::App* command, const std::shared_ptr<OperatorArguments>& arguments) {
    command->add_option("--reason", arguments->reason, "Why, for whoever looks it up later");
}

}  // namespace

void add_operator(CLI::App& app, Action& action) {
    {
        auto a = std::make_shared<OperatorArguments>();
        add_reason(
            add_verb(app, "stop", "Emergency stop: cancel what is open, and as risk.on_kill says",
                     a, action, &stop),
            a);
    }
    {
        auto a = std::make_shared<OperatorArguments>();
        add_reason(add_verb(app, "halt", "Hold back new exposure until it is resumed", a, action,
                            [](const OperatorArguments& given) {
                                StateFolder folder = folder_of(given);
                                return tell(given, hold(folder, "", given.reason), "Halted");
                            }),
                   a);
    }
    {
        auto a = std::make_shared<OperatorArguments>();
        CLI::App* command =
            add_verb(app, "pause", "Hold back new exposure in one instrument until it is resumed",
                     a, action, [](const OperatorArguments& given) {
                         StateFolder folder = folder_of(given);
                         return tell(given, hold(folder, given.symbol, given.reason),
                                     given.symbol + " paused");
                     });
        command->add_option("symbol", a->symbol, "The instrument")->required();
        add_reason(command, a);
    }
    {
        auto a = std::make_shared<OperatorArguments>();
        CLI::App* command =
            add_verb(app, "resume", "Lift a hold, by its id, which sluice halts shows", a, action,
                     [](const OperatorArguments& given) {
                         StateFolder folder = folder_of(given);
                         return tell(given, resume(folder, given.id), "Resumed");
                     });
        command->add_option("id", a->id, "Of the hold")->required();
    }
    {
        auto a = std::make_shared<OperatorArguments>();
        CLI::App* command = add_verb(
            app, "set",
            "Change parameters of strategies in the running session, for as long as it runs", a,
            action, &change_parameters);
        command
            ->add_option("changes", a->settings,
                         "Such as trend.fast=5, or trend.weight=0; all of them are made, or none")
            ->required();
        add_reason(command, a);
    }
    add_verb(app, "halts", "Show what stops trading, why and since when",
             std::make_shared<OperatorArguments>(), action, &halts);
}

}  // namespace sluice::tools
