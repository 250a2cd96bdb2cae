// From a record of the definition schema to what Sluice knows of an instrument.
//
// One unit of quantity is worth `multiplier` in units of the price. The vendor's own rule gives it
// as (min_price_increment_amount / display_factor) / min_price_increment, the value of one tick in
// money over the tick's height. Where one of these is absent or the quotient is not exact it is
// unit_of_measure_qty, then contract_multiplier, then 1 (shares). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <sluice/pipeline/instrument.hpp>

namespace sluice::adapters::dbn {

// What a definition says, in the units of the file.
struct DefinitionFields {
    std::int64_t min_price_increment;         // 1e-9 of a price
    std::int64_t display_factor;              // 1e-9
    std::int64_t unit_of_measure_qty;         // 1e-9
    std::int64_t min_price_increment_amount;  // 1e-9 of the currency, before the display factor
    std::int32_t contract_multiplier;
    char instrument_class;
    std::string currency;
    std::string raw_symbol;
};

// `record` begins at its header; nothing when it is shorter than a definition of that version.
[[nodiscard]] std::optional<DefinitionFields> read_definition(std::uint8_t version,
                                                              std::span<const std::byte> record);
[[nodiscard]] std::size_t definition_size(std::uint8_t version) noexcept;

// In units of 1e-8.
[[nodiscard]] std::int64_t multiplier_raw(const DefinitionFields& fields) noexcept;

// `base` gives what the definition leaves open.
[[nodiscard]] pipeline::Instrument instrument_of(const DefinitionFields& fields,
                                                 const std::string& venue,
                                                 const pipeline::Instrument& base);

// "ESH4" at "GLBX" is "ESH4.GLBX"; small letters become capitals.
[[nodiscard]] std::string symbol_of(std::string_view raw_symbol, const std::string& venue);

}  // namespace sluice::adapters::dbn
