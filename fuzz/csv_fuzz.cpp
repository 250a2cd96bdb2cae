// The CSV reader on arbitrary bytes, from a stream of small windows (compressed or not) to rows.
// The first three bytes pick kind, time format and window. Reading must end, lines must ascend, and
// what is accepted is a row that a store can hold. Records of the stream equal those of one piece.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/adapters/csv/csv_stream.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace {

using namespace sluice;
using adapters::csv::CsvLayout;
using adapters::csv::CsvMapping;
using adapters::csv::CsvRecords;
using adapters::csv::CsvStream;
using adapters::csv::RecordFault;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class Columns>
void read_rows(CsvStream& records, CsvLayout& layout) {
    std::uint64_t line = records.line();
    while (records.next()) {
        require(records.line() > line);
        line = records.line();
        typename Columns::Row row{};
        if (records.fault() != RecordFault::kOk || !layout.read(records.fields(), row).empty())
            continue;
        Columns columns;
        columns.append(row);
        bool time = true;
        Columns::each(columns, [&time](const char*, const auto& column, bool) {
            for (const auto value : column) require(time || static_cast<std::int64_t>(value) >= 0);
            time = false;
        });
    }
}

void read_all(CsvStream& records, const CsvMapping& mapping) {
    if (!records.next() || records.fault() != RecordFault::kOk) return;
    CsvLayout layout(records.fields(), mapping, "fuzz");
    switch (mapping.key.kind) {
        case pipeline::TableKind::kTrades:
            read_rows<pipeline::TradeColumns>(records, layout);
            break;
        case pipeline::TableKind::kQuotes:
            read_rows<pipeline::QuoteColumns>(records, layout);
            break;
        case pipeline::TableKind::kBars: read_rows<pipeline::BarColumns>(records, layout); break;
        case pipeline::TableKind::kQuoteBars:
            read_rows<pipeline::QuoteBarColumns>(records, layout);
            break;
        default: read_rows<pipeline::OpenInterestColumns>(records, layout);
    }
}

// Whatever the window, the records are the same.
void compare(std::string_view text, std::size_t window) {
    if (text.starts_with("\x1F\x8B")) return;
    CsvRecords whole(text);
    CsvStream pieces(text, ',', "fuzz", window);
    while (whole.next()) {
        require(pieces.next());
        require(pieces.fields() == whole.fields() && pieces.line() == whole.line());
        require(pieces.fault() == whole.fault() && pieces.text() == whole.text());
    }
    require(!pieces.next());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr pipeline::TableKind kKinds[] = {
        pipeline::TableKind::kTrades, pipeline::TableKind::kQuotes, pipeline::TableKind::kBars,
        pipeline::TableKind::kQuoteBars, pipeline::TableKind::kOpenInterest};
    constexpr const char* kPatterns[] = {"%Y%m%d %H:%M:%S", "%d/%b/%y %I:%M %p",
                                         "%Y-%m-%dT%H%M%S.%f%z"};
    if (size < 3) return 0;
    CsvMapping mapping;
    mapping.key = {kKinds[data[0] % 5U], 60};
    mapping.header = (data[0] & 0x80U) == 0;
    mapping.time_format = static_cast<adapters::csv::TimeFormat>(data[1] % 6U);
    mapping.time_pattern = kPatterns[(data[1] >> 4U) % 3U];
    mapping.time_zone = (data[1] & 8U) != 0 ? "America/New_York" : "UTC";
    if (!mapping.header)
        for (std::size_t i = 0; i < mapping.columns.size(); ++i)
            mapping.columns[i] = "#" + std::to_string(i % 5 + 1);
    const std::size_t window = 16U + data[2];
    const std::string_view text(reinterpret_cast<const char*>(data) + 3, size - 3);
    try {
        compare(text, 1U << 16U);
        CsvStream records(text, ',', "fuzz", window);
        read_all(records, mapping);
    } catch (const pipeline::ImportError&) {
        // A header without the columns, a record longer than the window, damaged compression.
    }
    try {
        compare(text, window);
    } catch (const pipeline::ImportError&) {}
    return 0;
}
