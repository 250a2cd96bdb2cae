// A number of the command line that must be above 0, as exact as a price or a quantity is.
#pragma once

#include <string>

#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

// Fixed: core::PriceDelta or core::Quantity. `option` is named in the UsageError.
template <class Fixed>
[[nodiscard]] Fixed positive_decimal(const std::string& text, const std::string& option) {
    Fixed out;
    const core::DecimalError error = core::parse_fixed(text, out);
    if (error != core::DecimalError::kOk || out.raw() <= 0)
        throw UsageError(option + ": '" + text + "' must be a positive decimal number");
    return out;
}

}  // namespace sluice::tools
