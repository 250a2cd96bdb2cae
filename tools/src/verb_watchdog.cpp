// `sluice watchdog`: cancels a live engine's orders when the engine is no more.
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/adapters/net/net_error.hpp>
#include <sluice/core/config/units.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/live_session.hpp>
#include <sluice/tools/verbs.hpp>

#include "watchdog.hpp"

namespace sluice::tools {

namespace {

struct WatchdogArguments {
    std::string state = "runs/state";
    std::string venue;
    std::string silence = "1s";
    bool json = false;
    WatchdogOptions options;
};

void tell(const WatchdogAction& action, bool json) {
    if (json) {
        std::cout << nlohmann::ordered_json{{"reason", action.reason},
                                            {"orders", action.orders},
                                            {"found_after_ms", action.found_after_ms},
                                            {"sent_after_ms", action.sent_after_ms}}
                         .dump()
                  << "\n"
                  << std::flush;
    } else {
        std::cout << "the engine is " << action.reason << ": " << action.orders
                  << " cancels sent, the last " << action.sent_after_ms
                  << " ms after the engine's last beat\n"
                  << std::flush;
    }
}

WatchdogOptions read_options(const WatchdogArguments& arguments) {
    WatchdogOptions options = arguments.options;
    if (!std::filesystem::is_directory(arguments.state))
        throw UsageError("there is no state folder " + arguments.state +
                         "; name the one of the session with --state (a live session's is state "
                         "in its report.folder)");
    options.heartbeat = std::filesystem::path{arguments.state} / "heartbeat";
    if (!arguments.venue.empty()) {
        LiveOptions live;
        use_venue_file(live, arguments.venue);
        options.orders = live.settings.live.orders;
    }
    if (options.orders.empty())
        throw UsageError("--orders HOST:PORT or --venue FILE says where orders are cancelled");
    const auto silence = core::config::parse_duration(arguments.silence);
    if (!silence.ok() || silence.value <= 0)
        throw UsageError("--silence takes a time such as 500ms, not '" + arguments.silence + "'");
    options.silence = core::Nanos{silence.value};
    return options;
}

int watchdog(const WatchdogArguments& arguments) {
    const WatchdogOptions options = read_options(arguments);
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    try {
        const bool done = run_watchdog(
            options, stop,
            [&](const std::string& text) {
                (arguments.json ? std::cerr : std::cout) << text << "\n" << std::flush;
            },
            [&](const WatchdogAction& action) { tell(action, arguments.json); });
        return done ? 0 : 1;
    } catch (const adapters::net::AddressError& error) {
        throw UsageError(std::string("--orders: ") + error.what());
    } catch (const std::invalid_argument& error) {
        throw UsageError(std::string("--user, --password: ") + error.what());
    }
}

}  // namespace

void add_watchdog(CLI::App& app, Action& action) {
    auto a = std::make_shared<WatchdogArguments>();
    CLI::App* command = app.add_subcommand(
        "watchdog", "Cancel a live engine's orders, over a log-in of its own, when it is no more");
    command->add_option("--state", a->state, "State folder of the session")->capture_default_str();
    CLI::Option* venue =
        command->add_option("--venue", a->venue, "The file that `sluice venue --ports-file` wrote");
    command->add_option("--orders", a->options.orders, "Where orders are taken, HOST:PORT")
        ->excludes(venue);
    command->add_option("--user", a->options.user, "Its own log-in, see `sluice venue --watchdog`")
        ->required();
    command->add_option("--password", a->options.password, "Of the log-in");
    command
        ->add_option("--silence", a->silence,
                     "An engine that has not moved for so long counts as dead")
        ->capture_default_str();
    command->add_flag("--once", a->options.once,
                      "End when it has acted, or when the engine has ended in good order");
    command->add_flag("--json", a->json, "Say what was done as JSON, a line each time");
    command->callback([&action, a] { action = [a] { return watchdog(*a); }; });
}

}  // namespace sluice::tools
