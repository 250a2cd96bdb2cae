// Best bid and ask of one instrument, put together from updates that may carry one side only.
// Owned by the stage that keeps it; constant time.
#pragma once

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

struct TopOfBook {
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;

    // A side with a zero price is not part of the update.
    void update(const Quote& quote) noexcept {
        if (!quote.bid.is_zero()) {
            bid = quote.bid;
            bid_size = quote.bid_size;
        }
        if (!quote.ask.is_zero()) {
            ask = quote.ask;
            ask_size = quote.ask_size;
        }
    }
    [[nodiscard]] bool two_sided() const noexcept { return !bid.is_zero() && !ask.is_zero(); }
    // Rounded down to the price unit. Only when two_sided().
    [[nodiscard]] Price mid() const noexcept {
        const core::Int128 sum = static_cast<core::Int128>(bid.raw()) + ask.raw();
        return Price::from_raw(static_cast<std::int64_t>(sum >> 1));
    }
};

}  // namespace sluice::pipeline
