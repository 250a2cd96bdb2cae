// What the names say: of a market, a pair, a capture file.
#include "capture_name.hpp"

#include <array>

#include <sluice/adapters/binance/capture_message.hpp>

namespace sluice::adapters::binance {
namespace {

// What pairs are quoted in, the longer before what they end in.
constexpr std::array kQuoteCurrencies = {
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USDS", "AEUR", "DAI",  "EURI",
    "EUR",   "USD1", "USD",  "GBP",  "TRY",  "BRL",  "JPY",  "AUD",  "ARS",  "COP",
    "CZK",   "MXN",  "PLN",  "RON",  "RUB",  "UAH",  "ZAR",  "NGN",  "IDRT", "BIDR",
    "VAI",   "BTC",  "ETH",  "BNB",  "TRX",  "XRP",  "DOGE", "DOT",  "SOL"};

[[nodiscard]] std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

const char* to_string(Market market) noexcept { return market == Market::kSpot ? "spot" : "usdm"; }

std::optional<Market> parse_market(std::string_view text) noexcept {
    if (text == "spot") return Market::kSpot;
    if (text == "usdm") return Market::kUsdM;
    return std::nullopt;
}

std::optional<Market> market_of(const std::filesystem::path& file) {
    for (auto folder = file.parent_path(); !folder.empty(); folder = folder.parent_path()) {
        if (const auto market = parse_market(folder.filename().string())) return market;
        if (folder == folder.parent_path()) break;  // the root
    }
    return std::nullopt;
}

std::string symbol_of(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const std::string symbol = upper(name.substr(0, name.find_first_of("_.")));
    return is_symbol(symbol) ? symbol : std::string();
}

pipeline::Instrument instrument_for(std::string_view symbol, Market market) {
    pipeline::Instrument out;
    const std::size_t dash = symbol.find('_');  // of a dated future
    const std::string_view pair = symbol.substr(0, dash);
    for (const std::string_view currency : kQuoteCurrencies) {
        if (pair.size() <= currency.size() || !pair.ends_with(currency)) continue;
        out.currency = currency;
        break;
    }
    out.symbol = symbol;
    if (market == Market::kUsdM && dash == symbol.npos) out.symbol += "-PERP";
    out.symbol += ".BINANCE";
    out.time_zone = "UTC";
    out.tick_size = core::PriceDelta::from_raw(10);  // 8 decimals
    out.lot_size = core::Quantity::from_raw(1);
    out.asset_class =
        market == Market::kSpot ? pipeline::AssetClass::kCrypto : pipeline::AssetClass::kFuture;
    return out;
}

}  // namespace sluice::adapters::binance
