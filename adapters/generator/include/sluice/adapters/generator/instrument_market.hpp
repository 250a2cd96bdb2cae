// One instrument of a generated market, day after day.
//
// A hidden value walks on the tick grid through stretches of 10 to 40 minutes, each with a regime:
// trending up or down (a steady drift), ranging (pulled back to where the stretch began) or
// volatile (four times the noise, wide spread, small sizes, twice the events). Events arrive as a
// Poisson process whose rate goes with the regime. A quote shows both sides around the value; a
// trade prints at the standing bid or ask and takes from the size shown there, never more than is
// left of it. Bid < ask always; times increase strictly within the session.
//
// Integers only, so a seed gives the same ticks everywhere. One thread; about 40 ns a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::generator {

struct GeneratedDay {
    pipeline::TradeColumns trades;
    pipeline::QuoteColumns quotes;
    std::vector<pipeline::TruthStretch> truth;  // contiguous from the open to the close
};

class InstrumentMarket {
  public:
    // `index` picks the instrument's own stream of randomness and its first price (20 to 200).
    InstrumentMarket(std::uint64_t seed, std::uint64_t index,
                     std::uint64_t trades_per_day) noexcept;

    // The next day, between the given open and close.
    [[nodiscard]] GeneratedDay next_day(core::StreamTime open, core::StreamTime close);

  private:
    std::uint64_t seed_;
    std::uint64_t index_;
    std::uint64_t trades_per_day_;
    std::uint64_t day_ = 0;
    std::int64_t value_;  // in 1/65536 ticks; carried over night
};

}  // namespace sluice::adapters::generator
