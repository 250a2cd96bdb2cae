// What one unit of each of a run's currencies is worth in the account's, and amounts of one in the other.
// Owned by whoever counts money of several instruments; a new rate is one store, a conversion a
// multiplication in 192 bits. In a run of one currency nothing is converted.
//
// The account is worth what `sluice account` says: to_account() rounds as accounting::Account::in_base()
// does. What a limit judges is rounded against the order that asks: at_most(), at_least().
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/core/fixed.hpp>
#include <sluice/core/ids.hpp>

namespace sluice::pipeline {

// A currency's place in the run's table (currency_table.hpp), which a journal keeps.
using CurrencyId = std::uint8_t;
inline constexpr CurrencyId kAccountCurrency = 0;
inline constexpr std::size_t kMaxCurrencies = 32;
// Within these the largest charge, of 10^15, is an amount in the account's currency as well.
inline constexpr core::Price kLeastExchangeRate = core::Price::from_raw(1'000);
inline constexpr core::Price kMostExchangeRate = core::Price::from_units(1'000'000);

class Currencies {
  public:
    Currencies() : rates_{core::Price::from_units(1)} {}  // the account's alone
    // Rates by currency, the first one the account's; the currency of each instrument.
    Currencies(std::vector<core::Price> rates, std::vector<CurrencyId> of_instruments)
        : is_one_(rates.size() == 1), rates_(std::move(rates)), of_(std::move(of_instruments)) {}

    [[nodiscard]] bool is_one() const noexcept { return is_one_; }
    [[nodiscard]] std::size_t size() const noexcept { return rates_.size(); }
    [[nodiscard]] CurrencyId of(core::SymbolId symbol) const noexcept {
        return is_one_ ? kAccountCurrency : of_[core::index_of(symbol)];
    }
    [[nodiscard]] core::Price rate(CurrencyId currency) const noexcept { return rates_[currency]; }
    void set_rate(CurrencyId currency, core::Price rate) noexcept { rates_[currency] = rate; }

    // Towards zero.
    [[nodiscard]] core::Money to_account(CurrencyId currency, core::Money amount) const noexcept {
        return convert(currency, amount, core::Rounding::kTowardZero);
    }
    [[nodiscard]] core::Money to_account(core::SymbolId symbol, core::Money amount) const noexcept {
        if (is_one_) [[likely]]
            return amount;
        return to_account(of(symbol), amount);
    }
    // Of an instrument's currency in the account's, rounded up.
    [[nodiscard]] SLUICE_ALWAYS_INLINE core::Money at_most(core::SymbolId symbol,
                                                           core::Money amount) const noexcept {
        if (is_one_) [[likely]]
            return amount;
        return rounded_up(of(symbol), amount);
    }
    // The same, rounded down.
    [[nodiscard]] core::Money at_least(core::SymbolId symbol, core::Money amount) const noexcept {
        if (is_one_) [[likely]]
            return amount;
        return -rounded_up(of(symbol), -amount);
    }
    [[nodiscard]] core::Money at_least(CurrencyId currency, core::Money amount) const noexcept {
        return -rounded_up(currency, -amount);
    }
    // An amount of the account's currency, not negative, in the instrument's: what it buys, rounded down.
    [[nodiscard]] core::Money to_instrument(core::SymbolId symbol,
                                            core::Money amount) const noexcept {
        const CurrencyId currency = of(symbol);
        if (currency == kAccountCurrency) return amount;
        return core::Money::from_raw(core::mul_div(amount.raw(), core::Price::kScale,
                                                   rates_[currency].raw(),
                                                   core::Rounding::kTowardZero));
    }

  private:
    [[nodiscard]] core::Money convert(CurrencyId currency, core::Money amount,
                                      core::Rounding rounding) const noexcept {
        if (currency == kAccountCurrency) return amount;
        return core::Money::from_raw(
            core::mul_div(amount.raw(), rates_[currency].raw(), core::Price::kScale, rounding));
    }
    [[nodiscard]] SLUICE_NEVER_INLINE core::Money rounded_up(CurrencyId currency,
                                                             core::Money amount) const noexcept {
        return convert(
            currency, amount,
            amount.raw() < 0 ? core::Rounding::kTowardZero : core::Rounding::kAwayFromZero);
    }

    bool is_one_ = true;
    std::vector<core::Price> rates_;
    std::vector<CurrencyId> of_;  // by instrument
};

}  // namespace sluice::pipeline
