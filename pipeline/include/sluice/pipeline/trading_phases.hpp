// When an instrument does not trade continuously, as [venue] says it: its halts, and which prints are
// those of an auction. Start-up only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// From `from` to before `to`, of one symbol or, "*", of all.
struct PlannedHalt {
    std::string symbol;
    StreamTime from;
    StreamTime to;

    [[nodiscard]] bool is_of(std::string_view name) const noexcept {
        return symbol == "*" || symbol == name;
    }
};

// Of venue.halts, by their beginnings. Throws std::invalid_argument naming the entry that is none.
[[nodiscard]] std::vector<PlannedHalt> planned_halts(const VenueSettings& settings);

// The prints of one auction: those with any of the conditions, from the exchange; 0: from any.
struct AuctionPrints {
    std::uint32_t conditions = 0;  // 0: no print is one
    std::uint8_t exchange = 0;

    [[nodiscard]] bool have(std::uint32_t print_conditions,
                            std::uint8_t print_exchange) const noexcept {
        return (print_conditions & conditions) != 0 &&
               (exchange == 0 || print_exchange == exchange);
    }
};

// Of kOpening or kClosing. Throws std::invalid_argument naming the entry of venue.auction_exchanges that
// is none.
[[nodiscard]] AuctionPrints auction_prints(const VenueSettings& settings, TimeInForce tif,
                                           std::string_view symbol);

// The symbol of a halt that is of none of the instruments; empty where all are.
[[nodiscard]] std::string halted_stranger(const VenueSettings& settings,
                                          const InstrumentTable& instruments);

// What is wrong in venue.halts, or venue.auction_exchanges; empty where all is well.
[[nodiscard]] std::string halts_fault(const VenueSettings& settings);
[[nodiscard]] std::string auctions_fault(const VenueSettings& settings);

}  // namespace sluice::pipeline
