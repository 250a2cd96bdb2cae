// How far each model of the place in a queue is from the truth, as `sluice prove queue` measured it with its
// defaults (perf/queue.md): fills within a minute of orders of one lot that joined the best price.
#pragma once

#include <array>
#include <string_view>

namespace sluice::pipeline {

inline constexpr std::string_view kQueueErrorRecord = "ESH4.GLBX 2023-12-25";

struct QueueError {
    std::string_view queue;  // as venue.queue has it
    double fills_percent;    // fills of the model less true ones, of the true ones
};
inline constexpr std::array kQueueErrors{QueueError{"back", -2.5}, QueueError{"proportional", 4.4},
                                         QueueError{"front", 31.3}};

// 0 for a model that was not measured.
[[nodiscard]] constexpr double queue_fills_error_percent(std::string_view queue) noexcept {
    for (const QueueError& error : kQueueErrors)
        if (error.queue == queue) return error.fills_percent;
    return 0;
}

}  // namespace sluice::pipeline
