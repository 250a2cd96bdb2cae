// `sluice prove queue`: the venue's models of the place in a queue against the true outcome, over an
// order-by-order record.
#include <array>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>

#include "prove_verbs.hpp"
#include "queue_probes.hpp"

namespace sluice::tools {

namespace {

using adapters::tick_store::TickStore;
using nlohmann::ordered_json;
using proofs::QueueProbe;
using proofs::QueueScore;

struct QueueArguments {
    std::string store;
    std::string symbol;
    std::size_t probes = 2000;
    double horizon_s = 60;
    std::uint64_t seed = 1;
    bool json = false;
};

struct NamedModel {
    const char* name;
    pipeline::QueueModel model;
};
constexpr std::array kModels{NamedModel{"back", pipeline::QueueModel::kBack},
                             NamedModel{"proportional", pipeline::QueueModel::kProportional},
                             NamedModel{"front", pipeline::QueueModel::kFront}};

struct DayStudy {
    std::string date;
    std::vector<QueueProbe> probes;
};

std::vector<DayStudy> study(const QueueArguments& arguments) {
    const TickStore store = TickStore::open(arguments.store);
    std::vector<DayStudy> out;
    for (const auto& day : store.describe(arguments.symbol).days) {
        const auto* table = day.table(pipeline::TableKind::kOrders);
        if (table == nullptr || table->rows == 0) continue;
        const auto rows = TickStore::read_file<pipeline::OrderColumns>(day.file);
        std::vector<std::unique_ptr<VenueProbes>> venues;
        std::vector<proofs::QueueModel*> models;
        for (const NamedModel& named : kModels) {
            venues.push_back(std::make_unique<VenueProbes>(named.model, arguments.probes));
            models.push_back(venues.back().get());
        }
        proofs::QueueStudyOptions options;
        options.probes = arguments.probes;
        options.horizon_ns = static_cast<std::int64_t>(arguments.horizon_s * 1e9);
        options.seed = arguments.seed;
        options.quantity_raw = day.instrument.lot_size.raw();
        auto probes = proofs::study_queues(rows, options, models);
        if (!probes.empty()) out.push_back({pipeline::iso_date(day.date), std::move(probes)});
    }
    if (out.empty())
        throw std::runtime_error(
            arguments.store + ": " + arguments.symbol +
            " has no order-by-order record longer than the horizon; 'sluice import dbn' brings "
            "market-by-order files, and --horizon shortens the wait");
    return out;
}

std::uint64_t true_fills(const std::vector<QueueProbe>& probes) {
    std::uint64_t out = 0;
    for (const QueueProbe& probe : probes) out += probe.true_ns ? 1U : 0U;
    return out;
}

ordered_json day_json(const DayStudy& day) {
    ordered_json models = ordered_json::array();
    const auto truth = static_cast<double>(true_fills(day.probes));
    for (std::size_t i = 0; i < kModels.size(); ++i) {
        const QueueScore s = score(day.probes, i);
        models.push_back(
            {{"queue", kModels[i].name},
             {"fills", s.fills},
             {"error_percent",
              truth > 0 ? ordered_json(100.0 * (static_cast<double>(s.fills) - truth) / truth)
                        : ordered_json(nullptr)},
             {"both", s.both},
             {"model_only", s.model_only},
             {"truth_only", s.truth_only},
             {"time_error_mean_s", s.error_mean_s},
             {"time_error_median_s", s.error_median_s},
             {"time_error_absolute_median_s", s.error_absolute_median_s}});
    }
    double ahead = 0;
    for (const QueueProbe& probe : day.probes)
        ahead += static_cast<double>(probe.ahead_raw) / core::Quantity::kScale;
    return {{"date", day.date},
            {"orders", day.probes.size()},
            {"ahead_mean", ahead / static_cast<double>(day.probes.size())},
            {"true_fills", true_fills(day.probes)},
            {"models", models}};
}

void print_day(const QueueArguments& arguments, const ordered_json& day) {
    std::cout << arguments.symbol << " " << day["date"].get<std::string>() << ": " << day["orders"]
              << " orders of one lot at the best price, on average behind " << std::fixed
              << std::setprecision(1) << day["ahead_mean"].get<double>() << "; filled within "
              << arguments.horizon_s << " s in truth: " << day["true_fills"]
              << "\n  queue           fills   error    both  model only  truth only  time error, "
                 "median (absolute)\n";
    for (const auto& m : day["models"]) {
        std::ostringstream error;
        if (m["error_percent"].is_null()) {
            error << "-";
        } else {
            error << std::showpos << std::fixed << std::setprecision(1)
                  << m["error_percent"].get<double>() << "%";
        }
        std::cout << "  " << std::left << std::setw(14) << m["queue"].get<std::string>()
                  << std::right << std::setw(7) << m["fills"].get<std::uint64_t>() << std::setw(8)
                  << error.str() << std::setw(8) << m["both"].get<std::uint64_t>() << std::setw(12)
                  << m["model_only"].get<std::uint64_t>() << std::setw(12)
                  << m["truth_only"].get<std::uint64_t>() << std::setprecision(2) << std::setw(14)
                  << m["time_error_median_s"].get<double>() << " s ("
                  << m["time_error_absolute_median_s"].get<double>() << " s)\n";
    }
}

int prove_queue(const QueueArguments& arguments) {
    const std::vector<DayStudy> days = study(arguments);
    ordered_json out{{"schema", "sluice.queue/1"},
                     {"store", arguments.store},
                     {"symbol", arguments.symbol},
                     {"horizon_s", arguments.horizon_s},
                     {"seed", arguments.seed}};
    out["days"] = ordered_json::array();
    for (const DayStudy& day : days) out["days"].push_back(day_json(day));
    if (arguments.json) {
        std::cout << out.dump(2) << "\n";
    } else {
        for (const auto& day : out["days"]) print_day(arguments, day);
    }
    return 0;
}

}  // namespace

void add_prove_queue(CLI::App& prove, Action& action) {
    auto arguments = std::make_shared<QueueArguments>();
    CLI::App* command = prove.add_subcommand(
        "queue",
        "The models of the place in a queue (venue.queue) against an order-by-order record: "
        "hypothetical orders at random times, filled or not and when, in truth and by each model");
    command->add_option("--store", arguments->store, "Folder of the tick store")->required();
    command->add_option("--symbol", arguments->symbol, "Instrument with an order-by-order record")
        ->required();
    command->add_option("--orders", arguments->probes, "Hypothetical orders a day")
        ->check(CLI::Range(std::size_t{1}, kMostProbes))
        ->capture_default_str();
    command->add_option("--horizon", arguments->horizon_s, "Seconds that each order waits")
        ->check(CLI::Range(0.001, 86'400.0))
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "The same seed draws the same orders")
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return prove_queue(*arguments); }; });
}

}  // namespace sluice::tools
