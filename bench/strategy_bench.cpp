// What strategies cost per tick and per bar, over recorded ticks: bars and signals alone, all ticks in
// memory, once without a strategy and once with each kind.
//
//   sluice import lean <folder> --store ticks
//   strategy_bench --store ticks [--symbols SPY] [--timeframe 60] [--rounds 31] [--json FILE]
//
// One pinned thread. Every round runs all contenders once, in random order; reported are medians over
// rounds, with the tenth and ninetieth percentile, of the difference to the run of the same round that
// has no strategy.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/pipeline/hot/bar_stage.hpp>
#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::bench {
namespace {

using namespace pipeline;  // NOLINT: speaks its vocabulary throughout

struct End {
    std::uint64_t* intents;
    template <EventKind kKnown>
    void pass(const Event&) const noexcept {}
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event&) const noexcept {
        ++*intents;
    }
};
struct ToSignals {
    SignalStage* signals;
    End end;
    template <EventKind kKnown>
    void pass(const Event& event) const noexcept {
        signals->on<kKnown>(event, end);
    }
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event& event) const noexcept {
        signals->on<EventKind::kNone>(event, end);
    }
};

struct Outcome {
    double seconds = 0;
    std::uint64_t bars = 0;
    std::uint64_t intents = 0;
};

Outcome run(const Settings& settings, const InstrumentTable& instruments,
            const std::vector<Event>& ticks) {
    BarStage bars{settings.bars, instruments};
    auto signals = std::make_unique<SignalStage>(settings, instruments);
    Outcome out;
    const ToSignals next{signals.get(), {&out.intents}};
    const auto start = std::chrono::steady_clock::now();
    for (const Event& tick : ticks) {
        if (tick.kind() == EventKind::kTrade) {
            bars.on<EventKind::kTrade>(tick, next);
        } else {
            bars.on<EventKind::kQuote>(tick, next);
        }
    }
    const auto end = Event::timer(ticks.back().time(), EventKind::kEnd);
    bars.on<EventKind::kEnd>(end, next);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    out.bars = bars.closed().front();
    return out;
}

struct Contender {
    std::string name;
    Settings settings;
    std::vector<double> seconds{};
    Outcome last{};
};

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct Options {
    std::string store;
    std::vector<std::string> symbols;
    std::int64_t timeframe_s = 60;
    int rounds = 31;
    std::string json;
};

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string value = argv[i + 1];
        if (std::strcmp(argv[i], "--store") == 0) o.store = value;
        if (std::strcmp(argv[i], "--timeframe") == 0) o.timeframe_s = std::stoll(value);
        if (std::strcmp(argv[i], "--rounds") == 0) o.rounds = std::stoi(value);
        if (std::strcmp(argv[i], "--json") == 0) o.json = value;
        if (std::strcmp(argv[i], "--symbols") == 0) {
            std::istringstream list{value};
            for (std::string one; std::getline(list, one, ',');) o.symbols.push_back(one);
        }
    }
    return o;
}

std::vector<Contender> contenders(std::int64_t timeframe_s) {
    Settings base;
    base.bars.timeframes = {Nanos{timeframe_s * 1'000'000'000}};
    std::vector<Contender> out{{"no strategy", base}};
    Settings all = base;
    for (const StrategyDeclaration* kind : strategy_declarations()) {
        Settings one = base;
        StrategySettings strategy;
        strategy.kind = kind->kind;
        strategy.name = kind->name;
        strategy.timeframe = base.bars.timeframes.front();
        one.signals.strategies = {strategy};
        all.signals.strategies.push_back(strategy);
        out.push_back({strategy.name, one});
    }
    out.push_back({"all of them", all});
    return out;
}

int measure(const Options& options) {
    const auto store = adapters::tick_store::TickStore::open(options.store);
    adapters::tick_store::StoreSource source{
        store, options.symbols.empty() ? store.symbols() : options.symbols, {}};
    std::vector<Event> ticks;
    for (auto block = source.next_block(); !block.empty(); block = source.next_block())
        std::copy_if(block.begin(), block.end(), std::back_inserter(ticks), [](const Event& tick) {
            return (tick.flags() & kFlagFromBar) == 0;  // of days that have no ticks
        });
    const auto trades =
        static_cast<double>(std::count_if(ticks.begin(), ticks.end(), [](const Event& tick) {
            return tick.kind() == EventKind::kTrade;
        }));
    if (ticks.empty()) return std::fprintf(stderr, "the store has no ticks of these\n"), 1;

    std::vector<Contender> all = contenders(options.timeframe_s);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 random{1};
    for (int round = 0; round < options.rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t i : order) {
            all[i].last = run(all[i].settings, source.instruments(), ticks);
            all[i].seconds.push_back(all[i].last.seconds);
        }
    }

    const auto count = static_cast<double>(ticks.size());
    const auto bars = static_cast<double>(all.front().last.bars);
    std::printf(
        "%zu ticks (%.0f trades) of %zu instruments, %.0f bars of %lld s; without a strategy %.2f "
        "ns a "
        "tick\n",
        ticks.size(), trades, source.instruments().size(), bars,
        static_cast<long long>(options.timeframe_s),
        percentile(all.front().seconds, 0.5) / count * 1e9);
    std::printf("%-18s %10s %10s %10s %10s %10s\n", "", "ns a tick", "P10", "P90", "ns a trade",
                "ns a bar");
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (std::size_t i = 1; i < all.size(); ++i) {
        std::vector<double> more;
        for (std::size_t r = 0; r < all[i].seconds.size(); ++r)
            more.push_back((all[i].seconds[r] - all.front().seconds[r]) * 1e9);
        const double middle = percentile(more, 0.5);
        std::printf("%-18s %10.3f %10.3f %10.3f %10.3f %10.1f\n", all[i].name.c_str(),
                    middle / count, percentile(more, 0.1) / count, percentile(more, 0.9) / count,
                    middle / trades, middle / bars);
        json[all[i].name] = {{"ns_per_tick", middle / count}, {"ns_per_bar", middle / bars}};
    }
    if (!options.json.empty()) std::ofstream(options.json) << json.dump(2) << "\n";
    return 0;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    using namespace sluice;
    const bench::Options options = bench::parse(argc, argv);
    if (options.store.empty()) {
        std::fprintf(
            stderr, "usage: strategy_bench --store FOLDER [--symbols A,B] [--timeframe SECONDS]\n");
        return 2;
    }
    const auto cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    return bench::measure(options);
}
