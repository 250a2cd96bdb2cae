// The CSV reader on arbitrary bytes, from records to rows. The first byte picks kind and time
// format. Every record must lie within the text, reading must end, and what is accepted is a tick
// that a market can have.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace {

using namespace sluice;
using adapters::csv::CsvLayout;
using adapters::csv::CsvRecords;
using adapters::csv::RecordFault;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void read_rows(CsvRecords& records, const CsvLayout& layout, std::size_t size) {
    std::uint64_t line = records.line();
    std::size_t consumed = records.consumed();
    while (records.next()) {
        require(records.line() > line && records.consumed() > consumed);
        require(records.consumed() <= size);
        line = records.line();
        consumed = records.consumed();
        if (records.fault() != RecordFault::kOk) continue;
        pipeline::TradeRow trade{};
        if (layout.read(records.fields(), trade).empty())
            require(trade.price_raw > 0 && trade.quantity_raw > 0);
    }
}

void read_quotes(CsvRecords& records, const CsvLayout& layout) {
    while (records.next()) {
        pipeline::QuoteRow quote{};
        if (records.fault() != RecordFault::kOk || !layout.read(records.fields(), quote).empty())
            continue;
        require(quote.bid_raw > 0 || (quote.bid_raw == 0 && quote.bid_size_raw == 0));
        require(quote.ask_raw > 0 || (quote.ask_raw == 0 && quote.ask_size_raw == 0));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto kind =
        (data[0] & 1U) != 0 ? pipeline::TableKind::kTrades : pipeline::TableKind::kQuotes;
    const auto format = static_cast<adapters::csv::TimeFormat>((data[0] >> 1U) % 5U);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    CsvRecords records(text);
    if (!records.next() || records.fault() != RecordFault::kOk) return 0;
    try {
        const CsvLayout layout(records.fields(), kind, {}, format, "fuzz");
        if (kind == pipeline::TableKind::kTrades)
            read_rows(records, layout, text.size());
        else
            read_quotes(records, layout);
    } catch (const pipeline::ImportError&) {
        // A header without the columns.
    }
    return 0;
}
