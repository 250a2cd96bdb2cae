// What may go wrong at an exchange, as rates: decided by a seed, so that a failure can be repeated.
// Loss and disconnects belong to the wire and are not here.
#pragma once

#include <cstdint>

namespace sluice::adapters::exchange {

// Probabilities are 0 to 1 and hold for each request or report of a client; the market's own orders
// are left alone. Mean times are those of a Poisson process, 0 for never.
struct VenueFaults {
    std::uint64_t seed = 1;
    double reject = 0;   // an order or replacement is refused, reason O; it never gets to the books
    double cancel = 0;   // a resting order is cancelled right after it was accepted, reason S
    double partial = 0;  // somebody is faster, or trades with a part of the order: a partial fill
    double late = 0;     // a report is held back, and with it all that follow it
    std::int64_t late_max_ns = 5'000'000;  // for that long at most
    double duplicate = 0;                  // an execution is reported twice, with one match number
    double unknown = 0;  // an execution of an order that the client never sent is reported too
    std::int64_t halt_mean_ns = 0;  // between halts, of a symbol chosen at random
    std::int64_t halt_length_ns = 500'000'000;
    std::int64_t burst_mean_ns = 0;       // between bursts
    std::uint32_t burst_actions = 1'000;  // of the market at one moment

    [[nodiscard]] bool any() const noexcept {
        return reject > 0 || cancel > 0 || partial > 0 || late > 0 || duplicate > 0 ||
               unknown > 0 || halt_mean_ns > 0 || burst_mean_ns > 0;
    }
};

}  // namespace sluice::adapters::exchange
