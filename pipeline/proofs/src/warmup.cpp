#include <sluice/proofs/warmup.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include <sluice/proofs/tick_tape.hpp>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::StreamTime;

namespace {

// What is wanted from each bar on.
struct Step {
    StreamTime end;
    std::int64_t target;  // raw; of market making the half spread instead
};

// A bar comes before the intent that it leads to.
class WantedPath final : public pipeline::RecordObserver {
  public:
    explicit WantedPath(std::size_t timeframe) : timeframe_(timeframe) {}

    void take(const Event& event) override {
        stopped_ = stopped_ || event.kind() == EventKind::kStop;
        if (stopped_) return;
        std::vector<Step>& path = paths_[static_cast<std::uint16_t>(event.symbol())];
        if (event.kind() == EventKind::kBar && event.timeframe() == timeframe_) {
            path.push_back({event.time(), path.empty() ? 0 : path.back().target});
        } else if (event.kind() == EventKind::kIntent && !path.empty()) {
            path.back().target = event.intent().target.raw();
        } else if (event.kind() == EventKind::kQuoteIntent && !path.empty()) {
            path.back().target = event.quote_intent().half_spread.raw();
        }
    }
    using Paths = std::map<std::uint16_t, std::vector<Step>>;
    [[nodiscard]] const Paths& paths() const noexcept { return paths_; }

  private:
    std::size_t timeframe_;
    bool stopped_ = false;
    Paths paths_;
};

// Bars until `late` is what `whole` has from there on; nothing where the last bar still differs.
[[nodiscard]] std::optional<std::uint64_t> bars_until_equal(const std::vector<Step>& whole,
                                                            const std::vector<Step>& late,
                                                            StreamTime start) {
    auto at = std::upper_bound(whole.begin(), whole.end(), start,
                               [](StreamTime time, const Step& step) { return time < step.end; });
    std::uint64_t bars = 0;
    std::uint64_t until = 0;
    for (const Step& step : late) {
        while (at != whole.end() && at->end < step.end) ++at;
        const bool equal = at != whole.end() && at->end == step.end && at->target == step.target;
        ++bars;
        if (!equal) until = bars;
    }
    if (until == bars && bars != 0) return std::nullopt;
    return until;
}

}  // namespace

WarmupReport measure_warmup(std::span<const Event> tape, const RunOnce& run,
                            const WarmupOptions& options) {
    WantedPath whole{options.timeframe};
    TapeSource all{tape, {}};
    run(all, whole);
    WarmupReport report;
    std::vector<StreamTime> ends;
    for (const auto& [symbol, path] : whole.paths()) {
        report.bars += path.size();
        for (const Step& step : path) ends.push_back(step.end);
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    if (ends.size() < 4) return report;

    core::Random random{options.seed, 1, 0};
    std::vector<std::uint64_t> settled;
    for (; report.starts < options.starts; ++report.starts) {
        const StreamTime start = ends[static_cast<std::size_t>(
            random.below(static_cast<std::int64_t>(ends.size() / 2)))];
        const auto first = std::find_if(
            tape.begin(), tape.end(), [start](const Event& tick) { return tick.time() >= start; });
        WantedPath late{options.timeframe};
        TapeSource rest{tape.subspan(static_cast<std::size_t>(first - tape.begin())), {}};
        run(rest, late);
        std::optional<std::uint64_t> slowest = 0;
        for (const auto& [symbol, path] : late.paths()) {
            const auto found = whole.paths().find(symbol);
            if (found == whole.paths().end()) continue;
            const auto bars = bars_until_equal(found->second, path, start);
            if (!bars || !slowest) {
                slowest.reset();
            } else {
                slowest = std::max(*slowest, *bars);
            }
        }
        if (slowest) settled.push_back(*slowest);
    }
    report.settled = settled.size();
    if (settled.empty()) return report;
    std::sort(settled.begin(), settled.end());
    report.bars_least = settled.front();
    report.bars_median = settled[settled.size() / 2];
    report.bars_most = settled.back();
    return report;
}

}  // namespace sluice::proofs
