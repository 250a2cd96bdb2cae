#include <sluice/pipeline/currency_table.hpp>

#include <algorithm>
#include <stdexcept>

#include <sluice/core/decimal.hpp>

namespace sluice::pipeline {

std::optional<CurrencyId> CurrencyTable::find(std::string_view name) const noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<CurrencyId>(found - names.begin());
}

std::optional<std::string> fault_of_rate(core::Price rate) {
    if (rate >= kLeastExchangeRate && rate <= kMostExchangeRate) return std::nullopt;
    return "a rate is from " + core::to_string(kLeastExchangeRate) + " to " +
           core::to_string(kMostExchangeRate);
}

CurrencyTable currency_table_of(const AccountSettings& account) {
    CurrencyTable out{{account.currency}, {core::Price::from_units(1)}};
    for (const std::string& entry : account.rates) {
        const auto refuse = [&entry](const std::string& why) {
            throw std::invalid_argument("'" + entry + "' " + why);
        };
        const std::size_t equals = entry.find('=');
        core::Price rate;
        if (equals == std::string::npos || equals == 0 ||
            core::parse_fixed(std::string_view{entry}.substr(equals + 1), rate) !=
                core::DecimalError::kOk)
            refuse("is not CURRENCY=RATE, such as EUR=1.0812: what one unit is worth in " +
                   account.currency);
        if (const auto fault = fault_of_rate(rate)) refuse("is no rate: " + *fault);
        std::string name = entry.substr(0, equals);
        if (name == account.currency) refuse("is of the account's own currency, which is worth 1");
        if (out.find(name)) refuse("states the rate of " + name + " twice");
        out.names.push_back(std::move(name));
        out.rates.push_back(rate);
    }
    if (out.names.size() > kMaxCurrencies)
        throw std::invalid_argument("more than " + std::to_string(kMaxCurrencies - 1) +
                                    " currencies beside the account's");
    return out;
}

Currencies currencies_of(const AccountSettings& account, const InstrumentTable& instruments) {
    CurrencyTable table = currency_table_of(account);
    std::vector<CurrencyId> of;
    for (const Instrument& instrument : instruments) {
        const auto found = table.find(instrument.currency);
        if (!found)
            throw std::invalid_argument(instrument.symbol + " is priced in " + instrument.currency +
                                        ", but account.currency is " + account.currency +
                                        " and account.rates has no rate of " + instrument.currency +
                                        "; state what one " + instrument.currency +
                                        " is worth in " + account.currency +
                                        " at the start, such as account.rates = [\"" +
                                        instrument.currency + "=1.25\"], or leave the symbol out");
        of.push_back(*found);
    }
    return {std::move(table.rates), std::move(of)};
}

}  // namespace sluice::pipeline
