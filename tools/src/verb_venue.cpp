// `sluice venue`: the simulated exchange as a process of its own.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/itch/mold_publisher.hpp>
#include <sluice/adapters/net/net_error.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/config/units.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/verbs.hpp>

#include "venue_process.hpp"

namespace sluice::tools {

namespace {

using namespace adapters;

struct VenueArguments {
    std::string address = "127.0.0.1";
    std::string feed_to;
    std::string ouch_version = "4.2";
    std::vector<std::string> users;
    std::vector<std::string> watchdogs;
    std::string symbols;
    std::string store;
    std::string from;
    std::string to;
    std::string speed = "1";
    std::string duration;
    std::string line_silence;
    std::string late;
    std::string halts;
    std::string halt_length = "500ms";
    std::string bursts;
    std::string ports_file;
    std::string pack;
    std::string idle = "backoff";
    bool cancel_on_disconnect = false;
    bool json = false;
    std::optional<std::size_t> core;
    VenueOptions options;
};

core::Nanos duration_of(const std::string& text, const std::string& option) {
    const auto parsed = core::config::parse_duration(text);
    if (!parsed.ok() || parsed.value <= 0)
        throw UsageError(option + " takes a time such as 500ms, 30s or 10m, not '" + text + "'");
    return core::Nanos{parsed.value};
}

// "left:right"; without a colon all is left.
std::pair<std::string, std::string> split(const std::string& text, char at) {
    const std::size_t place = text.find(at);
    if (place == std::string::npos) return {text, ""};
    return {text.substr(0, place), text.substr(place + 1)};
}

void read_addresses(const VenueArguments& arguments, VenueOptions& options) {
    try {
        options.host = net::parse_host(arguments.address);
        const auto [a, b] = split(arguments.feed_to, ',');
        options.feed_to_a = a.empty() ? options.host : net::parse_host(a);
        options.feed_to_b = b.empty() ? options.feed_to_a : net::parse_host(b);
    } catch (const net::AddressError& error) {
        throw UsageError(std::string("--address, --feed-to: ") + error.what());
    }
    if (options.itch_port_a != 0 && options.itch_port_a == options.itch_port_b &&
        options.feed_to_a == options.feed_to_b)
        throw UsageError("--itch-port-a and --itch-port-b: the two lines need two ports");
}

void read_users(const VenueArguments& arguments, VenueOptions& options) {
    const std::vector<std::string> users =
        arguments.users.empty() ? std::vector<std::string>{"SLUICE"} : arguments.users;
    for (const std::string& text : users) {
        const auto [name, password] = split(text, ':');
        options.users.push_back({.name = name,
                                 .password = password,
                                 .client = static_cast<std::uint32_t>(options.users.size() + 1),
                                 .version = arguments.ouch_version == "4.2"
                                                ? ouch::OuchVersion::k42
                                                : ouch::OuchVersion::k50,
                                 .cancel_on_disconnect = arguments.cancel_on_disconnect});
    }
    for (const std::string& text : arguments.watchdogs) {
        const auto [name, rest] = split(text, ':');
        const auto [owner, password] = split(rest, ':');
        const auto watched =
            std::find_if(options.users.begin(), options.users.end(),
                         [&owner = owner](const auto& user) { return user.name == owner; });
        if (watched == options.users.end())
            throw UsageError(
                "--watchdog takes NAME:USER or NAME:USER:PASSWORD, where USER is one "
                "of --user, not '" +
                text + "'");
        auto user = *watched;
        user.cancels_for = user.client;
        user.name = name;
        user.password = password;
        user.client = static_cast<std::uint32_t>(options.users.size() + 1);
        user.cancel_on_disconnect = false;
        options.users.push_back(user);
    }
}

void read_market(const VenueArguments& arguments, VenueOptions& options) {
    std::vector<std::string> names{"SIM1", "SIM2", "SIM3"};
    if (!arguments.store.empty()) {
        names = tick_store::TickStore::open(arguments.store).symbols();
        options.replay =
            VenueReplay{.store = arguments.store, .speed = parse_speed(arguments.speed)};
        if (options.replay->speed == 0)
            throw UsageError("--speed: a venue needs a pace, such as 1 or 60, not full");
        if (!arguments.from.empty()) options.replay->from = parse_time(arguments.from, "--from");
        if (!arguments.to.empty()) options.replay->to = parse_time(arguments.to, "--to");
    }
    if (!arguments.symbols.empty()) names = parse_list(arguments.symbols, "--symbols");
    for (const std::string& name : names) {
        options.exchange.symbols.push_back({.name = name});
    }
    options.exchange.flow.seed = options.seed;
}

void read_faults(const VenueArguments& arguments, VenueOptions& options) {
    exchange::VenueFaults& faults = options.exchange.faults;
    faults.seed = options.seed;
    if (!arguments.late.empty()) {
        const auto [rate, most] = split(arguments.late, ':');
        try {
            std::size_t read = 0;
            faults.late = std::stod(rate, &read);
            if (read != rate.size()) throw std::invalid_argument(rate);
        } catch (const std::logic_error&) {
            throw UsageError(
                "--late-reports takes a rate, and a time at most, such as 0.05:5ms, "
                "not '" +
                arguments.late + "'");
        }
        if (!most.empty()) faults.late_max_ns = duration_of(most, "--late-reports").count();
    }
    if (!arguments.halts.empty())
        faults.halt_mean_ns = duration_of(arguments.halts, "--halts").count();
    faults.halt_length_ns = duration_of(arguments.halt_length, "--halt-length").count();
    if (!arguments.bursts.empty())
        faults.burst_mean_ns = duration_of(arguments.bursts, "--bursts").count();
    if (!arguments.line_silence.empty()) {
        const auto [period, length] = split(arguments.line_silence, ':');
        options.silence = {duration_of(period, "--line-silence"),
                           duration_of(length, "--line-silence")};
        if (options.silence.length >= options.silence.period)
            throw UsageError("--line-silence PERIOD:LENGTH: the length must be below the period");
    }
}

VenueOptions read_options(const VenueArguments& arguments) {
    VenueOptions options = arguments.options;
    read_addresses(arguments, options);
    read_users(arguments, options);
    read_market(arguments, options);
    read_faults(arguments, options);
    if (!arguments.duration.empty())
        options.duration = duration_of(arguments.duration, "--duration");
    if (!arguments.pack.empty()) options.pack = duration_of(arguments.pack, "--pack");
    if (options.pack >= core::Nanos{adapters::itch::PublisherOptions{}.heartbeat_ns})
        throw UsageError("--pack is less than a second, the time between heartbeats, not '" +
                         arguments.pack + "'");
    const auto idle = core::idle_strategy_from(arguments.idle);
    if (!idle)
        throw UsageError("--idle takes spin, spin_pause, yield or backoff, not '" + arguments.idle +
                         "'");
    options.idle = *idle;
    return options;
}

void pin(std::size_t core) {
    const core::PinResult result = core::pin_this_thread(core);
    if (result != core::PinResult::kPinned)
        throw UsageError("--core " + std::to_string(core) + ": " +
                         std::string(core::to_string(result)) +
                         "; `taskset -p $$` shows the cores that may be used");
}

void print_summary(const nlohmann::ordered_json& summary) {
    std::cout << "\nEnded after " << summary["seconds"].get<double>() << " s.\n";
    for (const auto& [part, counts] : summary.items()) {
        if (!counts.is_object()) continue;
        std::cout << "  " << part << ":";
        for (const auto& [name, count] : counts.items()) {
            if (count.is_object()) continue;
            std::cout << " " << name << " " << count;
        }
        std::cout << "\n";
    }
}

int venue(const VenueArguments& arguments) {
    const VenueOptions options = read_options(arguments);
    if (arguments.core) pin(*arguments.core);
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    std::unique_ptr<VenueProcess> process;
    try {
        process = std::make_unique<VenueProcess>(options);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    const VenueFile where = process->addresses();
    if (!arguments.json) {
        std::cout << "Feed      " << where.feed_a << " and " << where.feed_b
                  << " (MoldUDP64, ITCH 5.0)\nRequests  " << where.feed_requests << "\nOrders    "
                  << where.orders << " (SoupBinTCP, OUCH " << arguments.ouch_version
                  << ")\nSymbols   " << where.symbols.size() << ", seed " << options.seed
                  << ". Ctrl-C ends the session.\n"
                  << std::flush;
    }
    // Last: who waits for the file may call at once.
    if (!arguments.ports_file.empty()) write_venue_file(where, arguments.ports_file);
    process->run(stop);
    const nlohmann::ordered_json summary = process->summary();
    if (arguments.json) {
        std::cout << summary.dump(2) << "\n";
    } else {
        print_summary(summary);
    }
    return 0;
}

void add_ports(CLI::App& command, VenueArguments& arguments) {
    const char* group = "Ports (0: one that is free)";
    VenueOptions& options = arguments.options;
    command.add_option("--address", arguments.address, "Where orders and requests are taken")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--feed-to", arguments.feed_to,
                    "Where the feed is sent: a host, or two multicast groups A,B; --address "
                    "when left out")
        ->group(group);
    command.add_option("--itch-port-a", options.itch_port_a, "Line A")->group(group);
    command.add_option("--itch-port-b", options.itch_port_b, "Line B")->group(group);
    command.add_option("--request-port", options.request_port, "Messages are asked for again here")
        ->group(group);
    command.add_option("--ouch-port", options.ouch_port, "Orders are taken here")->group(group);
    command
        .add_option("--ports-file", arguments.ports_file,
                    "Write them here as JSON, for `sluice run --venue`")
        ->group(group);
    command.add_option("--ouch-version", arguments.ouch_version, "4.2 or 5.0")
        ->check(CLI::IsMember({"4.2", "5.0"}))
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--user", arguments.users,
                    "NAME or NAME:PASSWORD of a client; may be repeated; SLUICE when left out")
        ->group(group);
    command
        .add_option("--watchdog", arguments.watchdogs,
                    "NAME:USER or NAME:USER:PASSWORD of a client that may only cancel the orders "
                    "of USER, for `sluice watchdog`")
        ->group(group);
    command
        .add_flag("--cancel-on-disconnect", arguments.cancel_on_disconnect,
                  "A client that is lost loses its open orders")
        ->group(group);
}

void add_market(CLI::App& command, VenueArguments& arguments) {
    const char* group = "Market";
    VenueOptions& options = arguments.options;
    command.add_option("--symbols", arguments.symbols, "Separated by commas; SIM1,SIM2,SIM3")
        ->group(group);
    command
        .add_option("--rate", options.exchange.flow.actions_per_second,
                    "What other participants do a second, in all symbols together")
        ->capture_default_str()
        ->group(group);
    command
        .add_option("--pack", arguments.pack,
                    "Messages wait so long for others in their datagram, such as 50us; without it, "
                    "for none")
        ->group(group);
    command.add_option("--seed", options.seed, "Of the market and of the faults")
        ->capture_default_str()
        ->group(group);
    CLI::Option* store =
        command
            .add_option("--store", arguments.store, "Replay this store instead of a made market")
            ->group(group);
    command.add_option("--from", arguments.from, "First time (UTC)")->needs(store)->group(group);
    command.add_option("--to", arguments.to, "End, exclusive (UTC)")->needs(store)->group(group);
    command.add_option("--speed", arguments.speed, "Times the recorded pace")
        ->needs(store)
        ->capture_default_str()
        ->group(group);
}

void add_wire_faults(CLI::App& command, VenueArguments& arguments) {
    const char* group = "Faults on the wire (rates from 0 to 1)";
    net::DatagramFaults& lines = arguments.options.line_faults;
    net::StreamFaults& streams = arguments.options.stream_faults;
    const auto rate = [&](const char* name, double& value, const char* text) {
        command.add_option(name, value, text)->check(CLI::Range(0.0, 1.0))->group(group);
    };
    rate("--loss", lines.loss, "Datagrams lost, on each line by itself");
    rate("--duplicate", lines.duplicate, "Datagrams sent twice");
    rate("--reorder", lines.reorder, "Datagrams overtaken by later ones");
    command.add_option("--reorder-by", lines.reorder_by, "By so many at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str()
        ->group(group);
    command.add_option("--line-delay", lines.delay, "Both lines lag by so many datagrams")
        ->check(CLI::Range(0, 1000))
        ->group(group);
    command
        .add_option("--line-silence", arguments.line_silence,
                    "PERIOD:LENGTH, such as 10s:2s: line A is silent for 2 s in every 10")
        ->group(group);
    command
        .add_option("--disconnect-every", streams.disconnect_after,
                    "Break each order connection after so many bytes")
        ->check(CLI::Range(128, 1'000'000'000))
        ->group(group);
    rate("--disconnect", streams.disconnect, "Reads and writes of orders that break it anywhere");
    rate("--short-writes", streams.short_write, "Writes that take less than they could");
    rate("--stall", streams.stall, "Reads and writes after which nothing passes for 100 calls");
}

void add_exchange_faults(CLI::App& command, VenueArguments& arguments) {
    const char* group = "Faults of the exchange (rates from 0 to 1)";
    exchange::VenueFaults& faults = arguments.options.exchange.faults;
    const auto rate = [&](const char* name, double& value, const char* text) {
        command.add_option(name, value, text)->check(CLI::Range(0.0, 1.0))->group(group);
    };
    rate("--reject-rate", faults.reject, "Orders and replacements refused");
    rate("--cancel-rate", faults.cancel, "Orders cancelled right after they were accepted");
    rate("--partial-fills", faults.partial, "Orders of which somebody takes a part");
    rate("--duplicate-reports", faults.duplicate, "Executions reported twice");
    rate("--unknown-reports", faults.unknown, "Executions of orders that were never sent");
    command
        .add_option("--late-reports", arguments.late,
                    "RATE or RATE:TIME: reports held back, 5ms at most unless said otherwise")
        ->group(group);
    command.add_option("--halts", arguments.halts, "A symbol is halted about every so often: 10s")
        ->group(group);
    command.add_option("--halt-length", arguments.halt_length, "For so long")
        ->capture_default_str()
        ->group(group);
    command.add_option("--bursts", arguments.bursts, "The market bursts about every so often: 10s")
        ->group(group);
    command.add_option("--burst-actions", faults.burst_actions, "With so many actions at once")
        ->capture_default_str()
        ->group(group);
}

}  // namespace

void add_venue(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<VenueArguments>();
    arguments->options.stream_faults.stall_calls = 100;
    CLI::App* command = app.add_subcommand(
        "venue", "A simulated exchange to trade against: ITCH 5.0 out, OUCH in, faults on demand");
    add_ports(*command, *arguments);
    add_market(*command, *arguments);
    add_wire_faults(*command, *arguments);
    add_exchange_faults(*command, *arguments);
    command->add_option("--duration", arguments->duration, "End after so long, such as 10m");
    command->add_option("--core", arguments->core, "Run on this core");
    command
        ->add_option("--idle", arguments->idle,
                     "When there is nothing to do: spin (a core of its own) or backoff")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Print the summary as JSON, and nothing else");
    command->callback([&action, arguments] { action = [arguments] { return venue(*arguments); }; });
}

}  // namespace sluice::tools
