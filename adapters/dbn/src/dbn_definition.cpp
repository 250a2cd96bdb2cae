#include <sluice/adapters/dbn/dbn_definition.hpp>

#include <limits>

#include <sluice/adapters/dbn/dbn_layout.hpp>
#include <sluice/adapters/dbn/dbn_metadata.hpp>
#include <sluice/core/fixed.hpp>

namespace sluice::adapters::dbn {
namespace {

using core::Int128;
using pipeline::AssetClass;

template <class Record>
[[nodiscard]] DefinitionFields fields_of(std::span<const std::byte> bytes) {
    const auto record = load<Record>(bytes.data());
    return {record.min_price_increment,
            record.display_factor,
            record.unit_of_measure_qty,
            record.min_price_increment_amount,
            record.contract_multiplier,
            record.instrument_class,
            std::string(fixed_text(record.currency, sizeof record.currency)),
            std::string(fixed_text(record.raw_symbol, sizeof record.raw_symbol))};
}

[[nodiscard]] constexpr bool given(std::int64_t value) noexcept {
    return value > 0 && value != kNoPrice;
}

// Bonds and goods for immediate delivery have no class of their own: a contract on a price.
[[nodiscard]] AssetClass asset_class_of(char instrument_class, AssetClass otherwise) noexcept {
    switch (instrument_class) {
        case 'F':
        case 'S': return AssetClass::kFuture;
        case 'C':
        case 'P':
        case 'T':
        case 'M': return AssetClass::kOption;
        case 'K': return AssetClass::kEquity;
        case 'X': return AssetClass::kForex;
        case 'I': return AssetClass::kIndex;
        case 'B':
        case 'Y': return AssetClass::kCfd;
        default: return otherwise;
    }
}

}  // namespace

std::size_t definition_size(std::uint8_t version) noexcept {
    if (version == 1) return sizeof(DefinitionV1);
    return version == 2 ? sizeof(DefinitionV2) : sizeof(DefinitionV3);
}

std::optional<DefinitionFields> read_definition(std::uint8_t version,
                                                std::span<const std::byte> record) {
    if (record.size() < definition_size(version)) return std::nullopt;
    if (version == 1) return fields_of<DefinitionV1>(record);
    return version == 2 ? fields_of<DefinitionV2>(record) : fields_of<DefinitionV3>(record);
}

std::int64_t multiplier_raw(const DefinitionFields& fields) noexcept {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t kUnit = core::Quantity::kScale;
    if (given(fields.min_price_increment_amount) && given(fields.display_factor) &&
        given(fields.min_price_increment)) {
        // All three count in 1e-9, so the quotient lacks one factor of 1e9.
        const Int128 top = Int128{fields.min_price_increment_amount} * 1'000'000'000 * kUnit;
        const Int128 bottom = Int128{fields.display_factor} * fields.min_price_increment;
        if (top % bottom == 0 && top / bottom <= kMost)
            return static_cast<std::int64_t>(top / bottom);
    }
    constexpr std::int64_t kNanosPerRaw = 1'000'000'000 / kUnit;
    if (given(fields.unit_of_measure_qty) && fields.unit_of_measure_qty % kNanosPerRaw == 0)
        return fields.unit_of_measure_qty / kNanosPerRaw;
    if (fields.contract_multiplier > 0 && fields.contract_multiplier != kNoInt32)
        return std::int64_t{fields.contract_multiplier} * kUnit;
    return kUnit;
}

std::string symbol_of(std::string_view raw_symbol, const std::string& venue) {
    std::string out(raw_symbol);
    if (!venue.empty()) out += "." + venue;
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

pipeline::Instrument instrument_of(const DefinitionFields& fields, const std::string& venue,
                                   const pipeline::Instrument& base) {
    pipeline::Instrument out = base;
    out.symbol = symbol_of(fields.raw_symbol, venue);
    if (!fields.currency.empty()) out.currency = fields.currency;
    if (given(fields.min_price_increment))
        out.tick_size = core::PriceDelta::from_raw(fields.min_price_increment);
    out.multiplier = core::Quantity::from_raw(multiplier_raw(fields));
    out.asset_class = asset_class_of(fields.instrument_class, base.asset_class);
    return out;
}

}  // namespace sluice::adapters::dbn
