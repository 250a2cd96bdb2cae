// LEAN's row parsers on arbitrary bytes, every kind and format: no crash, no overflow, and what is
// accepted is a row that a store can hold. The first byte picks the format.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <sluice/adapters/lean/lean_rows.hpp>

namespace {

using namespace sluice;
using adapters::lean::RowFault;
using adapters::lean::RowFormat;

constexpr std::int64_t kDay = 86'400'000'000'000;

void require(bool holds) {
    if (!holds) std::abort();
}

// Accepted rows have no negative value and a time within the day, or within what is dated.
template <class Columns>
void check(std::string_view line, const RowFormat& format) {
    typename Columns::Row row{};
    if (parse_row(line, format, row) > RowFault::kRounded) return;
    require(format.dated || (row.time_ns >= 0 && row.time_ns < kDay));
    require(!format.dated || row.time_ns % 60'000'000'000 == 0);
    Columns columns;
    columns.append(row);
    bool time = true;
    Columns::each(columns, [&time](const char*, const auto& column, bool) {
        for (const auto value : column) require(time || static_cast<std::int64_t>(value) >= 0);
        time = false;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    RowFormat format;
    format.price_scale = (data[0] & 1U) != 0 ? 100'000 : 1'000'000'000;
    format.dated = (data[0] & 2U) != 0;
    format.sizes = (data[0] & 4U) != 0;
    format.tail = static_cast<adapters::lean::TickTail>((data[0] >> 3U) % 4U);
    const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
    check<pipeline::TradeColumns>(line, format);
    check<pipeline::QuoteColumns>(line, format);
    check<pipeline::BarColumns>(line, format);
    check<pipeline::QuoteBarColumns>(line, format);
    check<pipeline::OpenInterestColumns>(line, format);
    return 0;
}
