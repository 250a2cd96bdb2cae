#include <sluice/pipeline/placement.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace sluice::pipeline {

namespace {

// The cut to make first when only so many threads fit: the one that takes most work off the
// sequencer's core (risk and orders with their books), then the rest, outermost last.
constexpr std::size_t kCutOrder[kStageCount] = {0, 2, 1, 3};

CutMask cuts_for_threads(std::size_t threads) {
    unsigned mask = 0;
    for (std::size_t i = 0; i + 1 < threads && i < kStageCount; ++i) mask |= 1U << kCutOrder[i];
    return static_cast<CutMask>(mask);
}

// The parts of "a, b,c" without the spaces around them.
std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view part = text.substr(0, comma);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        out.push_back(part);
        if (comma == text.size()) return out;
        text.remove_prefix(comma + 1);
    }
}

CutMask parse_cuts(std::string_view text) {
    unsigned mask = 0;
    for (const std::string_view name : split(text)) {
        const auto* found = std::find(std::begin(kStageNames), std::end(kStageNames), name);
        if (found == std::end(kStageNames))
            throw std::invalid_argument(
                "placement '" + std::string(name) +
                "' is not known; use auto, fused, split, or the stages to cut in front of, "
                "separated by commas: bars, signals, risk, orders");
        mask |= 1U << (found - std::begin(kStageNames));
    }
    return static_cast<CutMask>(mask);
}

core::IdleStrategy choose_idle(std::string_view text, bool enough_cores, bool live,
                               std::string& warning) {
    using core::IdleStrategy;
    if (text == "auto" || text.empty()) {
        if (!enough_cores) return IdleStrategy::kYield;
        return live ? IdleStrategy::kBackoff : IdleStrategy::kSpinPause;
    }
    const auto chosen = core::idle_strategy_from(text);
    if (!chosen)
        throw std::invalid_argument("idle strategy '" + std::string(text) +
                                    "' is not known; use auto, spin, spin_pause, yield or backoff");
    const bool spins = *chosen == IdleStrategy::kSpin || *chosen == IdleStrategy::kSpinPause;
    if (!spins || enough_cores) return *chosen;
    warning = "more threads than cores: idle threads yield instead of spinning";
    return IdleStrategy::kYield;
}

std::vector<std::size_t> choose_cores(std::string_view text, std::size_t threads,
                                      const std::vector<std::size_t>& usable) {
    if (text == "none") return {};
    if (text == "auto" || text.empty()) {
        if (threads > usable.size()) return {};
        return {usable.begin(), usable.begin() + static_cast<std::ptrdiff_t>(threads)};
    }
    std::vector<std::size_t> out;
    for (const std::string_view name : split(text)) {
        std::size_t core = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), core);
        if (error != std::errc{} || end != name.data() + name.size())
            throw std::invalid_argument("engine.cores: '" + std::string(name) +
                                        "' is no core; use auto, none, or numbers such as 2,3");
        if (std::find(usable.begin(), usable.end(), core) == usable.end())
            throw std::invalid_argument("engine.cores names core " + std::to_string(core) +
                                        ", which this process may not use");
        if (std::find(out.begin(), out.end(), core) != out.end())
            throw std::invalid_argument("engine.cores names core " + std::to_string(core) +
                                        " twice; two pinned threads cannot share a core");
        out.push_back(core);
    }
    if (out.size() != threads)
        throw std::invalid_argument("engine.cores lists " + std::to_string(out.size()) +
                                    " cores, but the placement has " + std::to_string(threads) +
                                    " threads");
    return out;
}

}  // namespace

Placement choose_placement(std::string_view text, std::string_view idle,
                           const std::vector<std::size_t>& cores, std::string_view requested_cores,
                           bool live, std::string& warning) {
    const std::size_t usable = std::max<std::size_t>(cores.size(), 1);
    Placement out;
    if (text == "fused" || text == "auto" || text.empty()) {
        out.cuts = kFused;
        // A live session gains from a second core; one core left over serves everything else.
        if (text != "fused" && live && usable > 2)
            out.cuts = cuts_for_threads(std::min(usable - 1, kStageCount + 1));
    } else if (text == "split") {
        out.cuts = cuts_for_threads(std::min(std::max<std::size_t>(usable, 2), kStageCount + 1));
    } else {
        out.cuts = parse_cuts(text);
    }

    // On a single core even one thread must yield, or the recorder would never run beside it.
    const bool enough = out.threads() <= usable && usable > 1;
    out.idle = choose_idle(idle, enough, live, warning);
    out.cores = choose_cores(requested_cores, out.threads(), cores);
    return out;
}

std::string describe_cuts(CutMask cuts) {
    if (cuts == kFused) return "fused";
    std::string out = "sequencer";
    for (std::size_t k = 0; k < kStageCount; ++k) {
        out += ((static_cast<unsigned>(cuts) >> k) & 1U) != 0 ? " | " : "+";
        out += kStageNames[k];
    }
    return out;
}

}  // namespace sluice::pipeline
