// Where the stages run: which of the four cuts of the stage graph are made, and on which cores.
//
//   sequencer | bars | signals | risk | orders
//             0      1         2      3          cut k stands in front of stage k
//
// No cut is `fused`, all in one thread; each cut adds a pinned thread and a ring.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/idle.hpp>

namespace sluice::pipeline {

inline constexpr std::size_t kStageCount = 4;
inline constexpr const char* kStageNames[kStageCount] = {"bars", "signals", "risk", "orders"};

using CutMask = std::uint8_t;  // bit k: a cut in front of stage k
inline constexpr CutMask kFused = 0;
inline constexpr std::size_t kPlacementCount = 1U << kStageCount;

struct Placement {
    CutMask cuts = kFused;
    core::IdleStrategy idle = core::IdleStrategy::kSpinPause;
    std::vector<std::size_t> cores;  // one per thread; empty: not pinned

    [[nodiscard]] std::size_t threads() const noexcept {
        return 1U + static_cast<std::size_t>(__builtin_popcount(cuts));
    }
};

// "fused", "split" (every cut that the cores allow), "auto", or the stages to cut in front of, such
// as "signals,orders". Throws std::invalid_argument naming what is understood.
// `cores`: those this process may use. `requested_cores`: "auto" (the first ones, when there is one
// for each thread), "none" (not pinned) or one number per thread, "2,3". A placement of more
// threads than cores is made all the same, but its threads never spin; `warning` says so.
[[nodiscard]] Placement choose_placement(std::string_view text, std::string_view idle,
                                         const std::vector<std::size_t>& cores,
                                         std::string_view requested_cores, bool live,
                                         std::string& warning);

// "fused", or the groups: "sequencer+bars | signals+risk | orders".
[[nodiscard]] std::string describe_cuts(CutMask cuts);

}  // namespace sluice::pipeline
