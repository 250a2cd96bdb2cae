// Start-up half of contract sizes: what a multiplier may be.
#include <sluice/pipeline/hot/contract_size.hpp>

#include <numeric>
#include <stdexcept>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {
namespace {

constexpr std::int64_t kMostMultiplier = 100'000'000;
// Positions stay within a Quantity of the underlying with this much of it, whatever is open besides.
constexpr std::int64_t kMostUnderlying = 40'000'000'000;

}  // namespace

std::optional<Quantity> AccountSettings::multiplier_of(std::string_view symbol) const {
    std::optional<Quantity> own;
    for (const std::string& entry : multipliers) {
        const std::size_t equals = entry.rfind('=');
        Quantity value;
        if (equals == std::string::npos || equals == 0 ||
            core::parse_fixed(std::string_view{entry}.substr(equals + 1), value) !=
                core::DecimalError::kOk ||
            value.raw() <= 0 || value > Quantity::from_units(kMostMultiplier))
            throw std::invalid_argument(
                "'" + entry + "' is not SYMBOL=MULTIPLIER with a multiplier above 0 and up to " +
                std::to_string(kMostMultiplier));
        if (std::string_view{entry}.substr(0, equals) == symbol) own = value;
    }
    return own;
}

ContractSize contract_size_of(const Instrument& instrument) {
    const core::Quantity multiplier = instrument.multiplier;
    const auto refuse = [&](const std::string& why) {
        throw std::invalid_argument(instrument.symbol + " has a multiplier of " +
                                    core::to_string(multiplier) + ", " + why +
                                    "; set account.multipliers, or import it with another");
    };
    if (multiplier.raw() <= 0 || multiplier > core::Quantity::from_units(kMostMultiplier))
        refuse("which is not above 0 and up to " + std::to_string(kMostMultiplier));
    const std::int64_t common = std::gcd(multiplier.raw(), core::Quantity::kScale);
    const ContractSize size{multiplier.raw() / common, core::Quantity::kScale / common};
    if (instrument.lot_size.raw() % size.part() != 0)
        refuse("of which a lot of " + core::to_string(instrument.lot_size) +
               " is no amount with eight decimals");
    return size;
}

void check_contract(const Instrument& instrument, Quantity max_position) {
    (void)contract_size_of(instrument);
    const core::Int128 most =
        core::widening_mul(max_position.raw(), instrument.multiplier.raw()) / Quantity::kScale;
    if (most > core::widening_mul(kMostUnderlying, Quantity::kScale))
        throw std::invalid_argument(instrument.symbol + " has a multiplier of " +
                                    core::to_string(instrument.multiplier) +
                                    ", so risk.max_position of " + core::to_string(max_position) +
                                    " is more than can be counted; lower it to what you mean to "
                                    "hold at most");
}

std::vector<ContractSize> contract_sizes_of(const InstrumentTable& instruments) {
    std::vector<ContractSize> out;
    for (const Instrument& each : instruments) out.push_back(contract_size_of(each));
    return out;
}

}  // namespace sluice::pipeline
