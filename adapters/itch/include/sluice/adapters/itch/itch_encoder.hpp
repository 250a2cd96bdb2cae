// ITCH 5.0 messages from what an exchange tells its market. Off the hot path; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/itch/itch_messages.hpp>
#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::itch {

class ItchEncoder {
  public:
    // `symbols`: locate 1 is the first. `midnight_ns`: midnight of the exchange's day, as
    // nanoseconds since the epoch, UTC; times are written as the distance from it.
    ItchEncoder(std::span<const pipeline::ExchangeSymbol> symbols, std::int64_t midnight_ns);

    // Writes one message and returns its size; 0 when the update cannot be said in ITCH: an
    // unknown action, a symbol that is not listed, a time before midnight or 2^48 ns after it.
    //
    // Of 'P' the specification fixes the side ('B') and the order (0). A listed stock's
    // particulars are those of a common stock in a test ('T') of the exchange.
    [[nodiscard]] std::size_t encode(const pipeline::MarketUpdate& update,
                                     std::span<std::byte, kItchMessageMax> into) const noexcept;

  private:
    std::vector<pipeline::ExchangeSymbol> symbols_;
    std::int64_t midnight_ns_;
};

}  // namespace sluice::adapters::itch
