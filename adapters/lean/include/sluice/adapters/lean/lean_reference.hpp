// LEAN's reference files: corporate actions, trading hours and properties of instruments. Pure
// functions of a text in memory; any thread, off the hot path. Every length is that of the text.
//
//   factor_files/<symbol>.csv   yyyymmdd, price factor, split factor, reference close
//   map_files/<symbol>.csv      yyyymmdd, ticker [, exchange code]
//   market-hours-database.json  entries by "Security-market-SYMBOL", "[*]" for the others
//   symbol-properties-database.csv  market, symbol, type, description, quote currency, contract
//                               multiplier, minimum price variation, lot size, ...; # comments
//
// A row of a factor or map file holds up to and including its date. `where` names the file in
// messages. A bad row follows `policy`; a file that is no such file at all is an ImportError.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/reference.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {

// How the bad rows of a file are dealt with, and where they are counted.
struct RowPolicy {
    const std::string& where;
    pipeline::OnBadRow on_bad_row;
    pipeline::ImportReport& report;
};

// Factors above zero, dates ascending.
[[nodiscard]] std::vector<pipeline::AdjustmentRow> parse_factor_file(std::string_view text,
                                                                     const RowPolicy& policy);
[[nodiscard]] std::vector<pipeline::TickerRow> parse_map_file(std::string_view text,
                                                              const RowPolicy& policy);

// "America/New_York" as it is; LEAN's "UTC-05" as "Etc/GMT+5".
[[nodiscard]] std::string iana_zone(const std::string& lean_zone);

class MarketHours {
  public:
    struct Entry {
        pipeline::SessionCalendar calendar;  // its zone is the exchange's
        std::string data_zone;               // of the times in data files
    };
    // Throws ImportError (kDamaged) that names the entry.
    [[nodiscard]] static MarketHours parse(std::string_view json, const std::string& where);

    // Of "Equity-usa-IBM", else of "Equity-usa-[*]"; null when there is neither.
    [[nodiscard]] const Entry* find(std::string_view security, std::string_view market,
                                    std::string_view symbol) const;
    [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const noexcept {
        return entries_;
    }

  private:
    std::map<std::string, Entry, std::less<>> entries_;  // by LEAN's key in lower case
};

struct SymbolProperties {
    std::string market;  // lower case
    std::string symbol;  // upper case, "[*]" for the others
    std::string type;    // "equity", "cryptofuture"
    std::string currency;
    core::Quantity multiplier;
    core::PriceDelta tick_size;
    core::Quantity lot_size;
    bool holdable = true;  // false: a step finer than a price or quantity holds
};

class PropertiesTable {
  public:
    [[nodiscard]] static PropertiesTable parse(std::string_view text, const RowPolicy& policy);

    // Of the symbol, else of its market's wildcard; null when there is neither.
    [[nodiscard]] const SymbolProperties* find(std::string_view market, std::string_view symbol,
                                               std::string_view type) const;
    [[nodiscard]] const std::vector<SymbolProperties>& rows() const noexcept { return rows_; }

  private:
    using Key = std::tuple<std::string, std::string, std::string>;
    std::vector<SymbolProperties> rows_;
    std::map<Key, std::size_t> by_key_;
};

}  // namespace sluice::adapters::lean
