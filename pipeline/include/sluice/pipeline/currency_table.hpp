// The currencies of a run, fixed before it: the account's, then those of account.rates in their order. A journal
// keeps their places, and the configuration that comes with it their names. Any thread, off the hot path.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/pipeline/hot/currencies.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct CurrencyTable {
    std::vector<std::string> names;
    std::vector<core::Price> rates;  // at the start; the first is 1

    [[nodiscard]] std::optional<CurrencyId> find(std::string_view name) const noexcept;
};

// Why it is no rate; nothing where it is one.
[[nodiscard]] std::optional<std::string> fault_of_rate(core::Price rate);

// Throws std::invalid_argument for an entry of account.rates that is none.
[[nodiscard]] CurrencyTable currency_table_of(const AccountSettings& account);
// The same, and for an instrument whose currency has no rate.
[[nodiscard]] Currencies currencies_of(const AccountSettings& account,
                                       const InstrumentTable& instruments);

}  // namespace sluice::pipeline
