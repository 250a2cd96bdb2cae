#include <sluice/adapters/dukascopy/dukascopy_instrument.hpp>

#include <algorithm>
#include <string>

#include <sluice/core/fixed.hpp>

namespace sluice::adapters::dukascopy {
namespace {

constexpr std::size_t kCode = 3;  // letters of a currency

constexpr std::string_view kJpy = "JPY";
// Every pair of these is filed alike; with others there are exceptions.
constexpr std::string_view kCurrencies[] = {"AUD", "CAD", "CHF", "CNH", "DKK", "EUR", "GBP", "MXN",
                                            "NOK", "NZD", "PLN", "SEK", "SGD", "TRY", "USD", "ZAR"};
constexpr std::string_view kMajors[] = {"AUD", "CAD", "CHF", "EUR", "GBP", "NZD", "SGD", "USD"};
constexpr std::string_view kMetals[] = {"XAG", "XAU"};
constexpr std::string_view kMetalQuotes[] = {"AUD", "CAD", "CHF", "EUR", "GBP", "USD"};
constexpr std::string_view kCoins[] = {"BTC", "ETH"};
constexpr std::string_view kCoinQuotes[] = {"CHF", "EUR", "GBP", "USD"};

template <std::size_t N>
[[nodiscard]] bool is_one_of(std::string_view code, const std::string_view (&list)[N]) noexcept {
    return std::find(std::begin(list), std::end(list), code) != std::end(list);
}

[[nodiscard]] bool is_currency(std::string_view code) noexcept {
    return code == kJpy || is_one_of(code, kCurrencies);
}
[[nodiscard]] bool is_pair(std::string_view name) noexcept {
    return name.size() == 2 * kCode && is_currency(name.substr(kCode));
}

[[nodiscard]] pipeline::AssetClass class_of(std::string_view name) noexcept {
    if (!is_pair(name)) return pipeline::AssetClass::kCfd;
    const std::string_view base = name.substr(0, kCode);
    if (is_currency(base)) return pipeline::AssetClass::kForex;
    return is_one_of(base, kCoins) ? pipeline::AssetClass::kCrypto : pipeline::AssetClass::kCfd;
}

}  // namespace

std::optional<std::int64_t> known_points_per_unit(std::string_view name) noexcept {
    if (!is_pair(name)) return std::nullopt;
    const std::string_view base = name.substr(0, kCode);
    const std::string_view quote = name.substr(kCode);
    if (is_one_of(base, kCurrencies) && is_one_of(quote, kCurrencies)) return 100'000;
    if (is_one_of(base, kMajors) && quote == kJpy) return 1'000;
    if (is_one_of(base, kMetals) && is_one_of(quote, kMetalQuotes)) return 1'000;
    if (is_one_of(base, kCoins) && is_one_of(quote, kCoinQuotes)) return 10;
    return std::nullopt;
}

pipeline::Instrument instrument_of(std::string_view name, std::int64_t points_per_unit) {
    pipeline::Instrument out;
    out.symbol = std::string(name) + ".DUKASCOPY";
    if (is_pair(name)) out.currency = name.substr(kCode);
    out.time_zone = "UTC";
    out.tick_size = core::PriceDelta::from_raw(core::PriceDelta::kScale / points_per_unit);
    out.asset_class = class_of(name);
    return out;
}

}  // namespace sluice::adapters::dukascopy
