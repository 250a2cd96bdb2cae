// From the fields of a CSV record to a trade or quote row: times, prices and sizes, all exact.
// Any thread; allocates only for the text of a refusal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::csv {

enum class TimeFormat : std::uint8_t {
    kNanoseconds,  // since the epoch, UTC; so are the next three, which may have decimals
    kMicroseconds,
    kMilliseconds,
    kSeconds,
    kIso8601,  // 2013-10-07T13:30:00.123456789Z; a space for the T, an offset like -04:00 for
               // the Z, and up to nine decimals are accepted; without a Z or offset it is UTC
};

// ns since the epoch; false when the text is no time of that form or beyond 1677..2262.
[[nodiscard]] bool parse_time(std::string_view text, TimeFormat format, std::int64_t& out) noexcept;

// Names of the columns; a file may have more, in any order.
struct CsvColumns {
    std::string time = "time";
    std::string price = "price";
    std::string quantity = "quantity";
    std::string bid = "bid";
    std::string ask = "ask";
    std::string bid_size = "bid_size";
    std::string ask_size = "ask_size";
};

// Where the wanted columns stand in a record; made from the header once.
class CsvLayout {
  public:
    // Throws ImportError (kBadHeader): a column missing or named twice.
    CsvLayout(const std::vector<std::string_view>& header, pipeline::TableKind kind,
              const CsvColumns& names, TimeFormat format, const std::string& where);

    // Empty on success, else the reason; `out` is then not written. A trade's price and quantity
    // must be above zero; an empty or zero side of a quote is not in the row.
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::TradeRow& out) const;
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::QuoteRow& out) const;

  private:
    struct Column {
        std::string name;
        std::size_t index = 0;
    };
    [[nodiscard]] std::string check_width(std::span<const std::string_view> fields) const;
    [[nodiscard]] std::string read_time(std::span<const std::string_view> fields,
                                        std::int64_t& out) const;
    [[nodiscard]] std::string read_number(std::span<const std::string_view> fields,
                                          std::size_t column, std::int64_t scale, bool may_be_empty,
                                          std::int64_t& out) const;

    std::vector<Column> columns_;  // time, then price, quantity or bid, ask, bid size, ask size
    std::size_t width_;
    TimeFormat format_;
};

}  // namespace sluice::adapters::csv
