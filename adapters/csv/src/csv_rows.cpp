#include <sluice/adapters/csv/csv_rows.hpp>

#include <algorithm>
#include <charconv>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::csv {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

[[nodiscard]] std::string joined(const std::vector<std::string_view>& names) {
    std::string out;
    for (const std::string_view name : names)
        out += (out.empty() ? "'" : ", '") + pipeline::shown_text(name) + "'";
    return out;
}

// "#3" -> 2; nothing for another text.
[[nodiscard]] bool parse_index(std::string_view text, std::size_t& out) noexcept {
    if (text.size() < 2 || text.size() > 6 || text.front() != '#') return false;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 1, end, out);
    if (error != std::errc{} || stop != end || out == 0) return false;
    --out;
    return true;
}

// Flags of the aggressor's side; false for a word that is none.
[[nodiscard]] bool parse_side(std::string_view text, std::uint8_t& flags) noexcept {
    const auto is = [text](std::string_view word) {
        return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                          [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    };
    if (is("b") || is("buy") || is("bid"))
        flags |= pipeline::kRowBuyer;
    else if (is("s") || is("sell") || is("ask"))
        flags |= pipeline::kRowSeller;
    else
        return text.empty();
    return true;
}

[[nodiscard]] std::uint8_t first_letter(std::string_view text) noexcept {
    return text.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(text.front());
}

}  // namespace

CsvLayout::CsvLayout(const std::vector<std::string_view>& first, const CsvMapping& mapping,
                     const std::string& where)
    : width_(first.size()), header_(mapping.header), time_(mapping) {
    const auto uses = fields_of(mapping.key.kind);
    if (uses.empty())
        throw ImportError(ImportFault::kBadOption,
                          where + ": " + table_name(mapping.key) + " are not read from CSV.");
    for (const FieldUse& use : uses)
        columns_[static_cast<std::size_t>(use.field)] =
            place(use.field, use.required, first, mapping, where);
}

CsvLayout::Column CsvLayout::place(CsvField field, bool required,
                                   const std::vector<std::string_view>& first,
                                   const CsvMapping& mapping, const std::string& where) const {
    Column out;
    const std::string& given = mapping.column(field);
    out.name = given.empty() ? to_string(field) : given;
    out.constant = mapping.constant(field);
    if (!out.constant.empty()) {
        out.index = kConstant;
        return out;
    }
    if (parse_index(given, out.index)) {
        if (out.index < first.size()) return out;
        throw ImportError(ImportFault::kBadHeader, where + ": has " + std::to_string(first.size()) +
                                                       " columns, no " + given + " for " +
                                                       to_string(field) + ".");
    }
    if (!mapping.header) {
        if (given.empty() && !required) return out;
        throw ImportError(ImportFault::kBadHeader,
                          where + ": without a header the column of " + to_string(field) +
                              " has to be given by its number, like \"#1\".");
    }
    const auto found = std::find(first.begin(), first.end(), out.name);
    const char* problem = nullptr;
    if (found == first.end()) {
        if (given.empty() && !required) return out;
        problem = "has no column '";
    } else if (std::find(found + 1, first.end(), out.name) != first.end()) {
        problem = "has more than one column '";
    }
    if (problem != nullptr)
        throw ImportError(ImportFault::kBadHeader, where + ": the header " + problem + out.name +
                                                       "'; it has " + joined(first) +
                                                       ". Name the columns to be read as " +
                                                       table_name(mapping.key) + ".");
    out.index = static_cast<std::size_t>(found - first.begin());
    return out;
}

std::string_view CsvLayout::text_of(Fields fields, CsvField field) const noexcept {
    const Column& c = column(field);
    if (c.index == kConstant) return c.constant;
    return c.index == kAbsent ? std::string_view{} : fields[c.index];
}

std::string CsvLayout::begin(Fields fields, std::int64_t& time_ns) {
    if (fields.size() != width_)
        return std::to_string(fields.size()) + " columns where the " +
               (header_ ? "header" : "first line") + " has " + std::to_string(width_);
    if (time_.read(text_of(fields, CsvField::kTime), time_ns)) return {};
    return column(CsvField::kTime).name + ": not " + time_.expected();
}

std::string CsvLayout::number(Fields fields, CsvField field, std::int64_t scale, bool may_be_empty,
                              std::int64_t& out) const {
    const std::string_view text = text_of(fields, field);
    if (text.empty() && may_be_empty) {
        out = 0;
        return {};
    }
    const core::DecimalError error = core::parse_decimal(text, scale, out);
    if (error != core::DecimalError::kOk) return column(field).name + ": " + core::describe(error);
    if (out < 0) return column(field).name + ": negative";
    // A side of a quote may be absent, a trade's price may not.
    if (out == 0 && field == CsvField::kPrice) return column(field).name + ": zero";
    return {};
}

std::string CsvLayout::prices(Fields fields, bool may_be_empty,
                              std::initializer_list<Target> targets) const {
    for (const Target& t : targets)
        if (auto why = number(fields, t.field, core::Price::kScale, may_be_empty, *t.value);
            !why.empty())
            return why;
    return {};
}

std::string CsvLayout::sizes(Fields fields, bool may_be_empty,
                             std::initializer_list<Target> targets) const {
    for (const Target& t : targets)
        if (auto why = number(fields, t.field, core::Quantity::kScale, may_be_empty, *t.value);
            !why.empty())
            return why;
    return {};
}

std::string CsvLayout::read(Fields fields, pipeline::TradeRow& out) {
    pipeline::TradeRow row{};
    if (auto why = begin(fields, row.time_ns); !why.empty()) return why;
    if (auto why = prices(fields, false, {{CsvField::kPrice, &row.price_raw}}); !why.empty())
        return why;
    if (auto why = sizes(fields, false, {{CsvField::kQuantity, &row.quantity_raw}}); !why.empty())
        return why;
    if (!parse_side(text_of(fields, CsvField::kSide), row.flags))
        return column(CsvField::kSide).name + ": neither buy nor sell";
    row.exchange = first_letter(text_of(fields, CsvField::kExchange));
    out = row;
    return {};
}

std::string CsvLayout::read(Fields fields, pipeline::QuoteRow& out) {
    pipeline::QuoteRow row{};
    if (auto why = begin(fields, row.time_ns); !why.empty()) return why;
    if (auto why =
            prices(fields, true, {{CsvField::kBid, &row.bid_raw}, {CsvField::kAsk, &row.ask_raw}});
        !why.empty())
        return why;
    if (auto why = sizes(
            fields, true,
            {{CsvField::kBidSize, &row.bid_size_raw}, {CsvField::kAskSize, &row.ask_size_raw}});
        !why.empty())
        return why;
    if (row.bid_raw == 0 && row.bid_size_raw != 0)
        return column(CsvField::kBidSize).name + ": without a bid";
    if (row.ask_raw == 0 && row.ask_size_raw != 0)
        return column(CsvField::kAskSize).name + ": without an ask";
    row.exchange = first_letter(text_of(fields, CsvField::kExchange));
    out = row;
    return {};
}

std::string CsvLayout::read(Fields fields, pipeline::BarRow& out) {
    pipeline::BarRow row{};
    if (auto why = begin(fields, row.time_ns); !why.empty()) return why;
    if (auto why = prices(fields, false,
                          {{CsvField::kOpen, &row.open_raw},
                           {CsvField::kHigh, &row.high_raw},
                           {CsvField::kLow, &row.low_raw},
                           {CsvField::kClose, &row.close_raw}});
        !why.empty())
        return why;
    if (auto why = sizes(fields, true, {{CsvField::kVolume, &row.volume_raw}}); !why.empty())
        return why;
    out = row;
    return {};
}

std::string CsvLayout::read(Fields fields, pipeline::QuoteBarRow& out) {
    pipeline::QuoteBarRow row{};
    if (auto why = begin(fields, row.time_ns); !why.empty()) return why;
    if (auto why = prices(fields, true,
                          {{CsvField::kBidOpen, &row.bid_open_raw},
                           {CsvField::kBidHigh, &row.bid_high_raw},
                           {CsvField::kBidLow, &row.bid_low_raw},
                           {CsvField::kBidClose, &row.bid_close_raw},
                           {CsvField::kAskOpen, &row.ask_open_raw},
                           {CsvField::kAskHigh, &row.ask_high_raw},
                           {CsvField::kAskLow, &row.ask_low_raw},
                           {CsvField::kAskClose, &row.ask_close_raw}});
        !why.empty())
        return why;
    if (auto why = sizes(
            fields, true,
            {{CsvField::kBidSize, &row.bid_size_raw}, {CsvField::kAskSize, &row.ask_size_raw}});
        !why.empty())
        return why;
    out = row;
    return {};
}

std::string CsvLayout::read(Fields fields, pipeline::OpenInterestRow& out) {
    pipeline::OpenInterestRow row{};
    if (auto why = begin(fields, row.time_ns); !why.empty()) return why;
    if (auto why = sizes(fields, false, {{CsvField::kOpenInterest, &row.open_interest_raw}});
        !why.empty())
        return why;
    out = row;
    return {};
}

}  // namespace sluice::adapters::csv
