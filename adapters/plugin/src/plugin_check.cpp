#include <sluice/adapters/plugin/plugin_check.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/plugin_states.hpp>

namespace sluice::adapters::plugin {

namespace {

void note_first(std::optional<std::uint64_t>& first, std::uint64_t bar) {
    if (!first) first = bar;
}

void note_strength(CheckReport& report, std::uint64_t bar, SluiceStatus status, double strength) {
    if (status != kSluiceReady) return;  // it does not count yet
    if (!std::isfinite(strength)) {
        ++report.non_finite;
        note_first(report.bad_strength_at, bar);
    } else if (strength < -1 || strength > 1) {
        ++report.out_of_range;
        note_first(report.bad_strength_at, bar);
    }
    note_first(report.ready_at, bar);
    report.long_bars += strength > 0 ? 1U : 0U;
    report.short_bars += strength < 0 ? 1U : 0U;
}

// The first pass: each call by itself, its heap calls counted.
std::vector<std::uint64_t> watched_pass(CheckReport& report, const SluicePlugin& table, void* state,
                                        const std::vector<SluiceBar>& bars,
                                        pipeline::HeapCalls heap) {
    std::vector<std::uint64_t> strengths;
    strengths.reserve(bars.size());
    for (std::uint64_t i = 0; i < bars.size(); ++i) {
        double strength = 0;
        const std::uint64_t before = heap == nullptr ? 0 : heap();
        const SluiceStatus status = table.on_bar(state, &bars[i], &strength);
        const std::uint64_t calls = heap == nullptr ? 0 : heap() - before;
        report.heap_calls += calls;
        ++report.bars;
        if (status > kSluiceReady) {
            report.threw_at = i;
            break;
        }
        if (calls != 0) note_first(report.allocated_at, i);
        note_strength(report, i, status, strength);
        strengths.push_back(std::bit_cast<std::uint64_t>(strength));
    }
    return strengths;
}

}  // namespace

std::vector<std::string> CheckReport::faults() const {
    const auto at = [](std::uint64_t bar) { return "bar " + std::to_string(bar + 1); };
    std::vector<std::string> out;
    if (threw_at)
        out.push_back("it throws on " + at(*threw_at) + ": catch what can be borne in on_bar");
    if (allocated_at)
        out.push_back("it calls the heap " + std::to_string(heap_calls) + " times, first on " +
                      at(*allocated_at) + ": take all memory in the constructor");
    if (bad_strength_at)
        out.push_back("its strength is outside -1 to 1 or no number on " +
                      std::to_string(non_finite + out_of_range) + " bars, first on " +
                      at(*bad_strength_at) + ": limit it, and divide by nothing that may be 0");
    if (!deterministic)
        out.push_back(
            "the same bars give other strengths a second time, beside another instrument: let "
            "objects share no variables, and set every member in the constructor");
    return out;
}

std::vector<SluiceBar> check_bars(std::size_t count, std::uint64_t seed) {
    constexpr std::int64_t kCent = 10'000'000;  // in 1e-9 currency units
    constexpr std::int64_t kMinute = 60'000'000'000;
    constexpr std::int64_t kStart = 1'704'067'200'000'000'000;  // 2024-01-01 00:00 UTC
    core::Random random(seed, 0, 0);
    std::vector<SluiceBar> bars;
    bars.reserve(count);
    std::int64_t price = 100 * 100;  // cents
    for (std::size_t i = 0; i < count; ++i) {
        const bool flat = (i / 64) % 8 == 7;  // a stretch in which nothing moves
        const std::int64_t gap = !flat && random.percent(1) ? random.bell() * 20 : 0;
        const std::int64_t open = std::max<std::int64_t>(100, price + gap);
        const std::int64_t close =
            flat ? open : std::max<std::int64_t>(100, open + random.bell() * 2);
        const std::int64_t high = std::max(open, close) + (flat ? 0 : random.below(10));
        const std::int64_t low = std::min(open, close) - (flat ? 0 : random.below(10));
        bars.push_back({open * kCent, high * kCent, low * kCent, close * kCent,
                        (flat ? 0 : random.below(10'000)) * 100'000'000,
                        kStart + static_cast<std::int64_t>(i + 1) * kMinute});
        price = close;
    }
    return bars;
}

CheckReport check(const pipeline::PluginKind& plugin, const pipeline::StrategyValues& values,
                  const std::vector<SluiceBar>& bars) {
    CheckReport report;
    report.heap_counted = plugin.heap_calls != nullptr;
    const SluicePlugin& table = *plugin.table;
    report.bytes_per_instrument = table.state_bytes;

    std::vector<std::uint64_t> first;
    {
        const pipeline::PluginStates one(plugin, values, 1);
        first = watched_pass(report, table, one.at(0), bars, plugin.heap_calls);
    }
    if (report.threw_at) return report;

    // The second pass is timed, in a fresh object beside another that sees the same bars at a pace of its
    // own, in no rhythm that variables they share could keep.
    const pipeline::PluginStates two(plugin, values, 2);
    core::Random random(bars.size(), 1, 0);
    std::size_t other = 0;
    std::chrono::nanoseconds spent{0};
    for (std::size_t i = 0; i < bars.size(); ++i) {
        double strength = 0;
        const auto before = std::chrono::steady_clock::now();
        (void)table.on_bar(two.at(0), &bars[i], &strength);
        spent += std::chrono::steady_clock::now() - before;
        if (std::bit_cast<std::uint64_t>(strength) != first[i]) report.deterministic = false;
        for (std::int64_t more = random.below(3); more > 0 && other < bars.size(); --more)
            (void)table.on_bar(two.at(1), &bars[other++], &strength);
    }
    if (!bars.empty())
        report.ns_per_bar = static_cast<double>(spent.count()) / static_cast<double>(bars.size());
    return report;
}

}  // namespace sluice::adapters::plugin
