// `sluice explain`: what lies behind an order, and whether it is made the same again.
#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/core/random.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

#include "explain_text.hpp"
#include "recorded_run.hpp"

namespace sluice::tools {

namespace {

using nlohmann::ordered_json;

struct ExplainArguments {
    std::string folder;
    std::uint64_t order = 0;
    std::string store;
    std::uint64_t random = 0;
    std::uint64_t seed = 1;
    std::size_t bars = 5;
    std::size_t ticks = 20;
    bool json = false;
};

OrderCheck check_of(std::uint64_t order, const RecordedRun& run,
                    const RecordedRun::Commands& made) {
    const auto recorded = run.commands().find(order);
    if (recorded == run.commands().end())
        throw std::runtime_error("order " + std::to_string(order) +
                                 " was given after the last tick of a run that was interrupted: "
                                 "it hung on the wall clock and cannot be made again");
    OrderCheck check{order, recorded->second, {}};
    if (const auto found = made.find(order); found != made.end()) check.made = found->second;
    return check;
}

ordered_json check_json(const OrderCheck& check) {
    const auto texts = [](const std::vector<pipeline::CommandBytes>& commands) {
        ordered_json out = ordered_json::array();
        for (const pipeline::CommandBytes& command : commands) out.push_back(hexadecimal(command));
        return out;
    };
    return {{"order", check.order},
            {"same", check.same()},
            {"recorded", texts(check.recorded)},
            {"made", texts(check.made)}};
}

void print_check(const OrderCheck& check) {
    if (check.same()) {
        std::cout << "Made again: the same to the byte (" << check.recorded.size()
                  << (check.recorded.size() == 1 ? " command" : " commands") << ")\n";
    } else {
        std::cout << "Made again: NOT the same\n";
    }
    const auto print = [](const char* heading, const auto& commands) {
        for (const pipeline::CommandBytes& command : commands)
            std::cout << "  " << heading << command_text(command) << "  " << hexadecimal(command)
                      << "\n";
    };
    print("", check.recorded);
    if (!check.same()) print("made:  ", check.made);
}

int explain_one(const ExplainArguments& arguments, RecordedRun& run) {
    const auto found = run.commands().find(arguments.order);
    if (found == run.commands().end()) {
        const std::string all = run.commands().empty()
                                    ? "it gave none"
                                    : "its orders are " +
                                          std::to_string(run.commands().begin()->first) + " to " +
                                          std::to_string(run.commands().rbegin()->first);
        throw UsageError("the run in " + run.folder().string() + " gave no order " +
                         std::to_string(arguments.order) + "; " + all +
                         ", and orders.csv lists them");
    }
    proofs::OrderWatcher watcher{run.settings(), found->second.front(), arguments.bars};
    run.again(watcher);
    const OrderCheck check = check_of(arguments.order, run, run.made(watcher));
    if (arguments.json) {
        ordered_json out{{"schema", "sluice.explain/1"},
                         {"folder", run.folder().string()},
                         {"source", run.source().string()}};
        out["again"] = check_json(check);
        out["trail"] = watcher.trail()
                           ? trail_json(*watcher.trail(), run.instruments(), arguments.ticks)
                           : ordered_json(nullptr);
        std::cout << out.dump(2) << "\n";
    } else {
        if (watcher.trail())
            print_trail(std::cout, *watcher.trail(), run.instruments(), arguments.ticks);
        print_check(check);
    }
    return check.same() ? 0 : 1;
}

// Different ones, in their order; all where there are no more.
std::vector<std::uint64_t> draw(const RecordedRun& run, std::uint64_t count, std::uint64_t seed) {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, commands] : run.commands()) ids.push_back(id);
    core::Random random{seed, 0, 0};
    const std::size_t wanted = std::min<std::size_t>(ids.size(), count);
    for (std::size_t i = 0; i < wanted; ++i)
        std::swap(ids[i], ids[i + static_cast<std::size_t>(
                                      random.below(static_cast<std::int64_t>(ids.size() - i)))]);
    ids.resize(wanted);
    std::sort(ids.begin(), ids.end());
    return ids;
}

int explain_random(const ExplainArguments& arguments, RecordedRun& run) {
    if (run.commands().empty())
        throw UsageError("the run in " + run.folder().string() + " gave no orders");
    proofs::OrderWatcher watcher{run.settings()};
    run.again(watcher);
    const RecordedRun::Commands made = run.made(watcher);
    std::uint64_t same = 0;
    std::uint64_t commands = 0;
    ordered_json differing = ordered_json::array();
    const auto ids = draw(run, arguments.random, arguments.seed);
    std::optional<OrderCheck> first;
    for (const std::uint64_t id : ids) {
        OrderCheck check = check_of(id, run, made);
        commands += check.recorded.size();
        if (check.same()) {
            ++same;
            continue;
        }
        if (differing.size() < 20) differing.push_back(check_json(check));
        if (!first) first = std::move(check);
    }
    if (arguments.json) {
        const ordered_json out{{"schema", "sluice.explain_random/1"},
                               {"folder", run.folder().string()},
                               {"source", run.source().string()},
                               {"seed", arguments.seed},
                               {"orders_of_run", run.commands().size()},
                               {"orders", ids.size()},
                               {"commands", commands},
                               {"same", same},
                               {"differing", differing}};
        std::cout << out.dump(2) << "\n";
    } else {
        std::cout << same << " of " << ids.size() << " orders made again the same to the byte ("
                  << commands << " commands; the run gave " << run.commands().size()
                  << " orders)\n";
        if (first) {
            std::cout << "The first that is not, order " << first->order << ":\n";
            print_check(*first);
        }
    }
    return same == ids.size() ? 0 : 1;
}

int explain(const ExplainArguments& arguments) {
    if ((arguments.order == 0) == (arguments.random == 0))
        throw UsageError(
            "give the id of an order, as orders.csv has it, or --random with a number");
    RecordedRun run{arguments.folder, arguments.store};
    return arguments.random == 0 ? explain_one(arguments, run) : explain_random(arguments, run);
}

}  // namespace

void add_explain(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<ExplainArguments>();
    CLI::App* command = app.add_subcommand(
        "explain",
        "What lies behind an order of a run: risk, intent, strategies, bars and ticks; made again "
        "from the record. Exits 1 where it does not come out the same to the byte");
    command->add_option("folder", arguments->folder, "Folder of the run")->required();
    command->add_option("order", arguments->order, "Id of the order, as orders.csv has it");
    command->add_option("--random", arguments->random,
                        "Make so many random orders again, in one pass, and count the same ones");
    command->add_option("--seed", arguments->seed, "The same seed draws the same orders")
        ->capture_default_str();
    command->add_option("--store", arguments->store,
                        "Where the run's store lies now; where it lay then when left out");
    command->add_option("--bars", arguments->bars, "Last bars to show of each strategy")
        ->capture_default_str();
    command->add_option("--ticks", arguments->ticks, "Last ticks to show")->capture_default_str();
    command->add_flag("--json", arguments->json, "Print as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return explain(*arguments); }; });
}

}  // namespace sluice::tools
