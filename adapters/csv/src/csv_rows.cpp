#include <sluice/adapters/csv/csv_rows.hpp>

#include <algorithm>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::csv {
namespace {

[[nodiscard]] std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names)
        out += (out.empty() ? "'" : ", '") + pipeline::shown_text(name) + "'";
    return out;
}

[[nodiscard]] const char* name_of(TimeFormat format) noexcept {
    switch (format) {
        case TimeFormat::kNanoseconds: return "nanoseconds since the epoch";
        case TimeFormat::kMicroseconds: return "microseconds since the epoch";
        case TimeFormat::kMilliseconds: return "milliseconds since the epoch";
        case TimeFormat::kSeconds: return "seconds since the epoch";
        case TimeFormat::kIso8601: return "a time like 2013-10-07T13:30:00.123Z";
    }
    return "a time";
}

}  // namespace

CsvLayout::CsvLayout(const std::vector<std::string_view>& header, pipeline::TableKind kind,
                     const CsvColumns& names, TimeFormat format, const std::string& where)
    : width_(header.size()), format_(format) {
    const bool trades = kind == pipeline::TableKind::kTrades;
    const std::vector<std::string> wanted =
        trades ? std::vector<std::string>{names.time, names.price, names.quantity}
               : std::vector<std::string>{names.time, names.bid, names.ask, names.bid_size,
                                          names.ask_size};
    for (const std::string& name : wanted) {
        const auto found = std::find(header.begin(), header.end(), name);
        const char* problem = nullptr;
        if (found == header.end())
            problem = "has no column '";
        else if (std::find(found + 1, header.end(), name) != header.end())
            problem = "has more than one column '";
        if (problem != nullptr)
            throw pipeline::ImportError(pipeline::ImportFault::kBadHeader,
                                        where + ": the header " + problem + name + "'; it has " +
                                            joined(header) + ". Name the columns to be read as " +
                                            pipeline::table_name(kind) + ".");
        columns_.push_back({name, static_cast<std::size_t>(found - header.begin())});
    }
}

std::string CsvLayout::check_width(std::span<const std::string_view> fields) const {
    if (fields.size() == width_) return {};
    return std::to_string(fields.size()) + " columns where the header has " +
           std::to_string(width_);
}

std::string CsvLayout::read_time(std::span<const std::string_view> fields,
                                 std::int64_t& out) const {
    if (parse_time(fields[columns_[0].index], format_, out)) return {};
    return columns_[0].name + ": not " + name_of(format_);
}

std::string CsvLayout::read_number(std::span<const std::string_view> fields, std::size_t column,
                                   std::int64_t scale, bool may_be_empty, std::int64_t& out) const {
    const std::string_view text = fields[columns_[column].index];
    if (text.empty() && may_be_empty) {
        out = 0;
        return {};
    }
    const core::DecimalError error = core::parse_decimal(text, scale, out);
    if (error != core::DecimalError::kOk)
        return columns_[column].name + ": " + core::describe(error);
    return out < 0 ? columns_[column].name + ": negative" : std::string{};
}

std::string CsvLayout::read(std::span<const std::string_view> fields,
                            pipeline::TradeRow& out) const {
    pipeline::TradeRow row{};
    if (auto why = check_width(fields); !why.empty()) return why;
    if (auto why = read_time(fields, row.time_ns); !why.empty()) return why;
    if (auto why = read_number(fields, 1, core::Price::kScale, false, row.price_raw); !why.empty())
        return why;
    if (auto why = read_number(fields, 2, core::Quantity::kScale, false, row.quantity_raw);
        !why.empty())
        return why;
    if (row.price_raw == 0) return columns_[1].name + ": zero";
    if (row.quantity_raw == 0) return columns_[2].name + ": zero";
    out = row;
    return {};
}

std::string CsvLayout::read(std::span<const std::string_view> fields,
                            pipeline::QuoteRow& out) const {
    pipeline::QuoteRow row{};
    if (auto why = check_width(fields); !why.empty()) return why;
    if (auto why = read_time(fields, row.time_ns); !why.empty()) return why;
    struct Target {
        std::size_t column;
        std::int64_t scale;
        std::int64_t* value;
    };
    for (const Target& t : {Target{1, core::Price::kScale, &row.bid_raw},
                            Target{2, core::Price::kScale, &row.ask_raw},
                            Target{3, core::Quantity::kScale, &row.bid_size_raw},
                            Target{4, core::Quantity::kScale, &row.ask_size_raw}})
        if (auto why = read_number(fields, t.column, t.scale, true, *t.value); !why.empty())
            return why;
    if (row.bid_raw == 0 && row.bid_size_raw != 0) return columns_[3].name + ": without a bid";
    if (row.ask_raw == 0 && row.ask_size_raw != 0) return columns_[4].name + ": without an ask";
    out = row;
    return {};
}

}  // namespace sluice::adapters::csv
