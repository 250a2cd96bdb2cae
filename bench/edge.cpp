// Do the built-in strategies earn what they should, and nothing where nothing can be earned? Whole runs
// of the engine, each strategy alone, over two kinds of made market:
//
//   known regimes   the generator's. What a run's equity moved in stretches of each true regime, net of
//                   spread and commission, by seed; t over the seeds.
//   random walk     the same noise and rate of events, no drift and no pull: nothing predicts it. Share of
//                   the seeds in which a one-sided t-test at 5 % over half-hours calls the profit real.
//
//     edge [--seeds 30] [--walks 200] [--days 3] [--first-seed 101] [--json FILE]
//
// Exits 1 where a claim does not hold: trend following earns in trends, mean reversion in ranges, and no
// strategy is called real in more than 5 % of the walks.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "edge_measure.hpp"

namespace sluice::bench {
namespace {

constexpr double kLevel = 0.05;

struct Options {
    std::uint64_t seeds = 30;
    std::uint64_t walks = 200;
    std::uint64_t days = 3;
    std::uint64_t first = 101;
    std::string json;
};

int measure(const Options& options) {
    const auto days = static_cast<std::int64_t>(options.days);
    nlohmann::json report;
    bool holds = true;
    for (const Contender& contender : contenders()) {
        const KnownResult known = over_known_regimes(contender, options.first, options.seeds, days);
        std::printf("%s: %llu fills, commission %.0f\n", contender.kind.c_str(),
                    static_cast<unsigned long long>(known.fills), known.commission);
        nlohmann::json& entry = report["strategies"][contender.kind];
        entry["fills"] = known.fills;
        entry["commission"] = known.commission;
        for (std::size_t k = 0; k < kKinds.size(); ++k) {
            const auto& profits = known.profits[k];
            const auto won =
                std::count_if(profits.begin(), profits.end(), [](double p) { return p > 0; });
            entry["known_regimes"][kKinds[k]] = {{"mean_profit", stats::mean(profits)},
                                                 {"t", known.t(k)},
                                                 {"seeds_with_profit", won}};
            std::printf("  %-9s %10.2f a seed, t %6.2f, a profit in %ld of %llu\n", kKinds[k],
                        stats::mean(profits), known.t(k), static_cast<long>(won),
                        static_cast<unsigned long long>(options.seeds));
        }
        if (contender.home >= 0) {
            const bool earns = known.earns(static_cast<std::size_t>(contender.home));
            entry["earns_where_it_should"] = earns;
            holds = holds && earns;
        }
        const WalkResult walked = over_walks(contender, options.first, options.walks, days);
        entry["random_walk"] = {{"called_real", walked.called_real},
                                {"share", walked.share()},
                                {"fills", walked.fills},
                                {"mean_profit", stats::mean(walked.profits)}};
        std::printf("  walks     %10.2f a walk, %llu of %llu called real\n",
                    stats::mean(walked.profits),
                    static_cast<unsigned long long>(walked.called_real),
                    static_cast<unsigned long long>(options.walks));
        holds = holds && walked.share() <= kLevel;
    }
    report["holds"] = holds;
    if (!options.json.empty()) std::ofstream(options.json) << report.dump(2) << '\n';
    return holds ? 0 : 1;
}

int usage(const char* what, const char* argument) {
    std::fprintf(stderr, "edge: %s: %s\n", what, argument);
    return 2;
}

int start(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        if (i + 1 >= argc) return usage("a value is missing", argv[i]);
        const std::string_view value = argv[i + 1];
        std::uint64_t* const number = name == "--seeds"        ? &options.seeds
                                      : name == "--walks"      ? &options.walks
                                      : name == "--days"       ? &options.days
                                      : name == "--first-seed" ? &options.first
                                                               : nullptr;
        if (name == "--json") {
            options.json = value;
        } else if (number == nullptr) {
            return usage("unknown option", argv[i]);
        } else if (std::from_chars(value.data(), value.data() + value.size(), *number).ptr !=
                   value.data() + value.size()) {
            return usage("a whole number is needed", argv[i + 1]);
        }
    }
    if (options.seeds < 11 || options.walks < 1 || options.days < 1 || options.days > 250)
        return usage("out of range", "11 seeds, 1 walk and 1 to 250 days at least");
    return measure(options);
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) { return sluice::bench::start(argc, argv); }
