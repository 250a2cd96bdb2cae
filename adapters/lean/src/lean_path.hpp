// What LEAN's folder and file names say about a file:
//
//   <security>/<market>/<tick|second|minute>/<symbol>/<yyyymmdd>_<trade|quote|openinterest>.zip
//   <security>/<market>/<hour|daily>/<symbol>[_<trade|quote|openinterest>].zip
//   <security>/<market>/factor_files/<symbol>.csv, map_files/<symbol>.csv
//   market-hours/market-hours-database.json
//   symbol-properties/symbol-properties-database.csv
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/lean/lean_rows.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/table_key.hpp>

namespace sluice::adapters::lean {

enum class Security : std::uint8_t {
    kEquity,
    kForex,
    kCfd,
    kCrypto,
    kCryptoFuture,
    kFuture,
    kIndex,
};
[[nodiscard]] std::optional<Security> parse_security(std::string_view folder) noexcept;
[[nodiscard]] pipeline::AssetClass asset_class_of(Security security) noexcept;

enum class Resolution : std::uint8_t { kTick, kSecond, kMinute, kHour, kDaily };

// One archive of rows.
struct LeanFile {
    std::filesystem::path path;
    Security security{};
    std::string market;  // lower case
    std::string ticker;  // upper case: "IBM", "EURUSD", a future's root
    Resolution resolution{};
    pipeline::TableKey key;
    pipeline::Date date;  // of ticks, seconds and minutes

    [[nodiscard]] RowFormat row_format() const noexcept;
};

// The store's name: "IBM", "EURUSD.FXCM", "BTCUSDT-PERP.BINANCE".
[[nodiscard]] std::string store_symbol(Security security, const std::string& market,
                                       const std::string& ticker);
// "ESZ13" of the root "ES" and an entry named "..._201312.csv" or "..._201312_20131220.csv";
// nothing for another name.
[[nodiscard]] std::optional<std::string> contract_ticker(const std::string& root,
                                                         std::string_view entry);
[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);

enum class ReferenceKind : std::uint8_t { kFactors, kTickers, kMarketHours, kSymbolProperties };
struct ReferenceFile {
    std::filesystem::path path;
    ReferenceKind kind{};
    std::string symbol;  // of factors and tickers, as the store names it
};

struct LeanWork {
    std::vector<LeanFile> archives;         // by path
    std::vector<ReferenceFile> references;  // by path
    std::uint64_t ignored = 0;
    std::vector<std::string> notes;  // what is ignored and why, the first kNotesKept
};
// One file, or all below a folder. Throws ImportError: kMissing, and kUnsupported when there is
// nothing to read, saying what the names should be.
[[nodiscard]] LeanWork find_work(const std::filesystem::path& path);

}  // namespace sluice::adapters::lean
