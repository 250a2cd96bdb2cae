// What a run knows of each instrument. Built at start, read-only afterwards, indexed by SymbolId.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/core/ids.hpp>

namespace sluice::pipeline {

struct Instrument {
    std::string symbol;                          // "IBM"
    std::string currency = "USD";                // of its price and of its profit
    std::string time_zone = "America/New_York";  // IANA name of its exchange's zone
    core::PriceDelta tick_size = core::PriceDelta::from_raw(10'000'000);  // 0.01
    core::Quantity lot_size = core::Quantity::from_units(1);
    bool generated = false;  // made by Sluice, not by a market

    friend bool operator==(const Instrument&, const Instrument&) = default;
};

using InstrumentTable = std::vector<Instrument>;

}  // namespace sluice::pipeline
