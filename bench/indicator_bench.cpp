// What an update of each indicator costs, what the same costs when the window is gone through again,
// and what a strategy's bundle of 20 costs per bar.
//
//   indicator_bench [--rounds 31] [--json FILE]
//   indicator_bench --count        runs each once under run_updates(), for perf/indicator_instructions
//
// One pinned thread. Every round runs all contenders in random order, each over the same 1,024
// observations, a little over half a millisecond at a time; reported are the median over rounds and
// its tenth and ninetieth percentile.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sluice/core/thread.hpp>
#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/returns.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>
#include <sluice/pipeline/indicator_catalogue.hpp>

namespace sluice::bench {
namespace {

using namespace pipeline::indicators;
using pipeline::Observation;
using Series = std::vector<Observation>;

constexpr std::size_t kSeries = 1'024;
constexpr double kBlock_ns = 600'000;

// Minute bars of a walk.
Series made_series() {
    std::mt19937_64 random{17};
    std::uniform_real_distribution<double> step{-1, 1};
    std::uniform_real_distribution<double> unit{0, 1};
    Series out(kSeries);
    double price = 100;
    double reference = 40;
    for (Observation& now : out) {
        const double open = price;
        price *= 1 + 0.001 * step(random);
        reference *= 1 + 0.001 * step(random);
        now.candle = {open, std::max(open, price) * (1 + 0.0005 * unit(random)),
                      std::min(open, price) * (1 - 0.0005 * unit(random)), price,
                      std::floor(1e4 * unit(random))};
        now.value = price;
        now.reference = reference;
        now.top = {price - 0.01, std::floor(100 * unit(random)), price + 0.01,
                   std::floor(100 * unit(random))};
    }
    return out;
}

// What trading one instrument on its minute bars might look at.
class Bundle {
  public:
    void update(const Candle& bar) noexcept {
        const auto values = [&](auto&... each) { (each.update(bar.close), ...); };
        const auto bars = [&](auto&... each) { (each.update(bar), ...); };
        values(sma_, slow_sma_, ema_, slow_ema_, hma_, kama_, rsi_, macd_, bollinger_, z_score_,
               roc_, volatility_);
        bars(atr_, adx_, stochastic_, donchian_, cci_, mfi_, vwap_, obv_);
    }
    [[nodiscard]] double sum() const noexcept {
        return sma_.value() + slow_sma_.value() + ema_.value() + slow_ema_.value() + hma_.value() +
               kama_.value() + rsi_.value() + macd_.value() + bollinger_.value() +
               z_score_.value() + roc_.value() + volatility_.value() + atr_.value() + adx_.value() +
               stochastic_.value() + donchian_.value() + cci_.value() + mfi_.value() +
               vwap_.value() + obv_.value();
    }

  private:
    Sma sma_{20};
    Sma slow_sma_{50};
    Ema ema_{12};
    Ema slow_ema_{26};
    Hma hma_{16};
    Kama kama_{10, 2, 30};
    Rsi rsi_{14};
    Macd macd_{12, 26, 9};
    BollingerBands bollinger_{20, 2};
    ZScore z_score_{60};
    RateOfChange roc_{10};
    RealisedVolatility volatility_{30, 252};
    Atr atr_{14};
    Adx adx_{14};
    Stochastic stochastic_{14, 3, 3};
    Donchian donchian_{20};
    Cci cci_{20};
    MoneyFlowIndex mfi_{14};
    Vwap vwap_{50, BarPrice::kTypical};
    Obv obv_;
};

// The window gone through at every update, as a first draft would: the baseline.
class NaiveWindow {
  public:
    explicit NaiveWindow(std::size_t period) : window_(period) {}
    void push(double value) noexcept {
        window_[next_] = value;
        next_ = next_ + 1 == window_.size() ? 0 : next_ + 1;
    }
    [[nodiscard]] double mean() const noexcept {
        return std::accumulate(window_.begin(), window_.end(), 0.0) /
               static_cast<double>(window_.size());
    }
    [[nodiscard]] double deviation() const noexcept {
        const double middle = mean();
        double squares = 0;
        for (const double value : window_) squares += (value - middle) * (value - middle);
        return std::sqrt(squares / static_cast<double>(window_.size()));
    }
    [[nodiscard]] double highest() const noexcept {
        return *std::max_element(window_.begin(), window_.end());
    }

  private:
    std::vector<double> window_;
    std::size_t next_ = 0;
};

double sink = 0;  // what is computed has to be needed

struct Contender {
    std::string name;
    std::function<void()> pass;  // over the whole series once
    std::vector<double> ns{};
};

// Out of line and by this name: perf/indicator_instructions counts what happens below it.
[[gnu::noinline]] void run_updates(const std::function<void()>& pass) {
    pass();
    asm volatile("" ::: "memory");  // a tail call would leave this function before the work
}

std::vector<Contender> contenders(const Series& series) {
    std::vector<Contender> out;
    for (const pipeline::IndicatorSpec& spec : pipeline::indicator_catalogue()) {
        const std::shared_ptr<pipeline::AnyIndicator> it = pipeline::make_indicator(spec.name);
        out.push_back({spec.name, [it, &series] { it->update_all(series); }});
    }
    for (const std::size_t period : {std::size_t{20}, std::size_t{200}}) {
        const std::string n = std::to_string(period);
        for (const char* name : {"sma", "stddev", "max"}) {
            const std::shared_ptr<pipeline::AnyIndicator> it =
                pipeline::make_indicator(name, "period=" + n);
            out.push_back(
                {std::string(name) + " of " + n, [it, &series] { it->update_all(series); }});
        }
        const auto naive = [&](const char* name, auto read) {
            const auto window = std::make_shared<NaiveWindow>(period);
            out.push_back(
                {std::string(name) + " of " + n + ", window again", [window, read, &series] {
                     for (const Observation& now : series) {
                         window->push(now.value);
                         sink += read(*window);
                     }
                 }});
        };
        naive("sma", [](const NaiveWindow& w) { return w.mean(); });
        naive("stddev", [](const NaiveWindow& w) { return w.deviation(); });
        naive("max", [](const NaiveWindow& w) { return w.highest(); });
    }
    const auto bundle = std::make_shared<Bundle>();
    out.push_back({"bundle of 20", [bundle, &series] {
                       for (const Observation& now : series) bundle->update(now.candle);
                       sink += bundle->sum();
                   }});
    return out;
}

double block_ns(const Contender& contender, int passes) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < passes; ++i) run_updates(contender.pass);
    const auto took = std::chrono::steady_clock::now() - start;
    return std::chrono::duration<double, std::nano>(took).count() /
           static_cast<double>(kSeries * static_cast<std::size_t>(passes));
}

void measure(std::vector<Contender>& all, int rounds) {
    std::vector<int> passes;
    for (const Contender& contender : all) {
        (void)block_ns(contender, 2);
        const double once = block_ns(contender, 2) * static_cast<double>(kSeries);
        passes.push_back(std::max(1, static_cast<int>(kBlock_ns / once)));
    }
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 random{1};
    for (int round = 0; round < rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t i : order) all[i].ns.push_back(block_ns(all[i], passes[i]));
    }
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    using namespace sluice;
    int rounds = 31;
    bool count = false;
    std::string json_file;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--count") == 0) count = true;
        if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--json") == 0 && i + 1 < argc) json_file = argv[i + 1];
    }
    const bench::Series series = bench::made_series();
    std::vector<bench::Contender> all = bench::contenders(series);
    if (count) {
        // The first pass warms up, the second is the one that counts.
        for (const bench::Contender& contender : all) {
            bench::run_updates(contender.pass);
            bench::run_updates(contender.pass);
            std::printf("%s\n", contender.name.c_str());
        }
        return 0;
    }
    const auto cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    bench::measure(all, rounds);
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    std::printf("%-32s %9s %9s %9s  ns per update\n", "", "P50", "P10", "P90");
    for (const bench::Contender& contender : all) {
        const double middle = bench::percentile(contender.ns, 0.5);
        const double low = bench::percentile(contender.ns, 0.1);
        const double high = bench::percentile(contender.ns, 0.9);
        std::printf("%-32s %9.2f %9.2f %9.2f\n", contender.name.c_str(), middle, low, high);
        out[contender.name] = {{"p50", middle}, {"p10", low}, {"p90", high}};
    }
    if (!json_file.empty()) std::ofstream(json_file) << out.dump(2) << "\n";
    return std::isfinite(bench::sink) ? 0 : 1;
}
