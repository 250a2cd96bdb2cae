// `sluice prove orders`: the life cycle of orders keeps its rules, shown by trying.
#include "prove_verbs.hpp"

#include <atomic>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/proofs/order_explorer.hpp>
#include <sluice/proofs/planted_bugs.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>

namespace sluice::tools {

namespace {

using nlohmann::ordered_json;
using proofs::OrderExploreOptions;
using proofs::OrderExploreReport;
using proofs::OrderRule;
using proofs::OrderViolation;

struct OrdersArguments {
    OrderExploreOptions options;
    bool planted = false;
    bool json = false;
};

struct Planted {
    OrderRule rule{};
    OrderExploreReport report;
};

ordered_json violation_json(const std::optional<OrderViolation>& violation) {
    if (!violation) return nullptr;
    return {{"rule", to_string(violation->rule)},
            {"sequence", violation->sequence},
            {"steps_before", violation->steps_before},
            {"steps", violation->steps}};
}

void print_json(const OrdersArguments& arguments, const OrderExploreReport& report,
                const std::vector<Planted>& planted) {
    ordered_json acts = ordered_json::object();
    for (std::size_t i = 0; i < report.by_act.size(); ++i)
        acts[proofs::act_names()[i]] = report.by_act[i];
    ordered_json bugs = ordered_json::array();
    for (const Planted& p : planted)
        bugs.push_back({{"rule", to_string(p.rule)},
                        {"bug", proofs::describe_planted(p.rule)},
                        {"found", violation_json(p.report.violation)}});
    const ordered_json out{{"schema", "sluice.orders/1"},
                           {"seed", arguments.options.seed},
                           {"brackets", arguments.options.brackets},
                           {"sequences", report.sequences},
                           {"complete_depth", report.complete_depth},
                           {"complete", report.complete},
                           {"random", report.random},
                           {"random_depth", arguments.options.depth},
                           {"steps", report.steps},
                           {"acts", acts},
                           {"rules", proofs::kOrderRuleNames},
                           {"clean", report.clean()},
                           {"ended_early", report.ended_early},
                           {"violation", violation_json(report.violation)},
                           {"planted", bugs}};
    std::cout << out.dump(2) << "\n";
}

void print_steps(const OrderViolation& violation) {
    for (std::size_t i = 0; i < violation.steps.size(); ++i)
        std::cout << "    " << i + 1 << ". " << violation.steps[i] << "\n";
}

void print_text(const OrdersArguments& arguments, const OrderExploreReport& report,
                const std::vector<Planted>& planted) {
    std::cout << "Orders: " << report.sequences << " sequences, " << report.steps << " steps"
              << (report.ended_early ? " (stopped early)" : "") << "; every one of up to "
              << report.complete_depth << " steps, " << report.random << " random ones of "
              << arguments.options.depth << "\n";
    if (report.violation) {
        std::cout << "  Rule broken: " << to_string(report.violation->rule) << ", in sequence "
                  << report.violation->sequence << ", of which these steps are enough:\n";
        print_steps(*report.violation);
    } else {
        std::cout << "No rule is broken:";
        for (std::size_t i = 0; i < proofs::kOrderRuleCount; ++i) {
            const auto rule = static_cast<OrderRule>(i);
            if (arguments.options.brackets || !proofs::is_of_brackets(rule))
                std::cout << " " << to_string(rule);
        }
        std::cout << "\n";
    }
    if (planted.empty()) return;
    std::cout << "Planted bugs, each looked for by its own rule:\n";
    for (const Planted& p : planted) {
        std::cout << "  " << to_string(p.rule) << ": an engine that "
                  << proofs::describe_planted(p.rule);
        if (!p.report.violation) {
            std::cout << ": NOT FOUND in " << p.report.sequences << " sequences\n";
            continue;
        }
        std::cout << ": found in sequence " << p.report.violation->sequence << "\n";
        print_steps(*p.report.violation);
    }
}

int prove(const OrdersArguments& arguments) {
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    OrderExploreReport report;
    {
        ProgressBar bar{"sequences"};
        OrderExploreOptions options = arguments.options;
        options.progress = [&](std::uint64_t done, std::uint64_t all) {
            bar.show(static_cast<double>(done) / static_cast<double>(all), done);
            return !stop.load(std::memory_order_relaxed);  // relaxed: the flag stands alone
        };
        report = proofs::explore_orders(options);
    }
    std::vector<Planted> planted;
    bool found = true;
    for (std::size_t i = 0; arguments.planted && i < proofs::kOrderRuleCount; ++i) {
        const auto rule = static_cast<OrderRule>(i);
        OrderExploreOptions options = arguments.options;
        options.rules = proofs::rule_bit(rule);
        options.brackets = options.brackets || proofs::is_of_brackets(rule);
        options.make = proofs::plant(rule);
        planted.push_back({rule, proofs::explore_orders(options)});
        found = found && !planted.back().report.clean();
    }
    if (arguments.json) {
        print_json(arguments, report, planted);
    } else {
        print_text(arguments, report, planted);
    }
    return report.clean() && !report.ended_early && found ? 0 : 1;
}

}  // namespace

void add_prove_orders(CLI::App& prove_group, Action& action) {
    auto arguments = std::make_shared<OrdersArguments>();
    CLI::App* command = prove_group.add_subcommand(
        "orders",
        "Whatever comes in which order (answers, fills, refusals, ends, silence, a broken line, "
        "reports twice), the life of an order keeps its rules. Tries every sequence up to a depth, "
        "then random longer ones");
    command->add_option("--sequences", arguments->options.sequences, "Sequences in all")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
        ->capture_default_str();
    command->add_option("--depth", arguments->options.depth, "Steps of a random sequence")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    command->add_option("--seed", arguments->options.seed, "The same seed draws the same sequences")
        ->capture_default_str();
    command->add_flag("--brackets", arguments->options.brackets,
                      "With a stop and an order that takes the profit for each position");
    command->add_flag("--planted", arguments->planted,
                      "Then look for a planted bug a rule, to see that each is found");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback([&action, arguments] { action = [arguments] { return prove(*arguments); }; });
}

}  // namespace sluice::tools
