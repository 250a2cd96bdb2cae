// A book behind generated quotes: the best price of each side as the quote shows it, and behind it levels a
// tick apart, whose sizes follow from their prices alone.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/tables.hpp>

namespace sluice::adapters::generator {

// `levels` a side, the best included, at least 1. The first quote's is a snapshot, every other one an event of
// what has changed since; a nanosecond after the quote, so that a day's book is a day's own.
[[nodiscard]] pipeline::LevelColumns levels_behind(const pipeline::QuoteColumns& quotes,
                                                   std::size_t levels, std::int64_t tick_raw);

}  // namespace sluice::adapters::generator
