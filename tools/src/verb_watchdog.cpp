// `sluice watchdog`: cancels a live engine's orders when the engine is no more.
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

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
    std::string silence = "500ms";
    bool json = false;
    WatchdogOptions options;
};

int watchdog(const WatchdogArguments& arguments) {
    WatchdogOptions options = arguments.options;
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
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    const bool done = run_watchdog(
        options, stop,
        [&](const std::string& text) {
            if (!arguments.json) std::cout << text << "\n" << std::flush;
        },
        [&](const WatchdogAction& action) {
            if (arguments.json) {
                std::cout << nlohmann::ordered_json{{"reason", action.reason},
                                                    {"orders", action.orders},
                                                    {"found_after_ms", action.found_after_ms},
                                                    {"sent_after_ms", action.sent_after_ms}}
                                 .dump()
                          << "\n"
                          << std::flush;
            } else {
                std::cout << "the engine is " << action.reason << ": " << action.orders
                          << " orders cancelled, the last " << action.sent_after_ms
                          << " ms after its last beat\n"
                          << std::flush;
            }
        });
    return done ? 0 : 1;
}

}  // namespace

void add_watchdog(CLI::App& app, Action& action) {
    auto a = std::make_shared<WatchdogArguments>();
    CLI::App* command = app.add_subcommand(
        "watchdog", "Cancel a live engine's orders, over a log-in of its own, when it is no more");
    command->add_option("--state", a->state, "State folder of the session")->capture_default_str();
    command->add_option("--venue", a->venue, "The file that `sluice venue --ports-file` wrote");
    command->add_option("--orders", a->options.orders, "Where orders are taken, HOST:PORT");
    command->add_option("--user", a->options.user, "Its own log-in, see `sluice venue --watchdog`")
        ->required();
    command->add_option("--password", a->options.password, "Of the log-in");
    command
        ->add_option("--silence", a->silence,
                     "An engine that has not moved for so long counts as dead")
        ->capture_default_str();
    command->add_flag("--once", a->options.once, "End with the first engine");
    command->add_flag("--json", a->json, "Say what was done as JSON, a line each time");
    command->callback([&action, a] { action = [a] { return watchdog(*a); }; });
}

}  // namespace sluice::tools
