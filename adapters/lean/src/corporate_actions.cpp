// factor_files and map_files.
#include <charconv>
#include <optional>

#include <sluice/adapters/lean/lean_reference.hpp>
#include <sluice/core/decimal.hpp>

#include "reference_rows.hpp"

namespace sluice::adapters::lean {
namespace {

[[nodiscard]] std::optional<pipeline::Date> parse_date(std::string_view text) {
    unsigned value{};
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.size() != 8 || error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    const pipeline::Date date{std::chrono::year{static_cast<int>(value / 10'000)},
                              std::chrono::month{value / 100 % 100}, std::chrono::day{value % 100}};
    return date.ok() ? std::optional<pipeline::Date>{date} : std::nullopt;
}

[[nodiscard]] bool parse_positive(std::string_view text, std::int64_t scale, bool zero_too,
                                  std::int64_t& out) {
    return core::parse_decimal(text, scale, out) == core::DecimalError::kOk &&
           (out > 0 || (zero_too && out == 0));
}

constexpr const char* kBadDate = "the date is not like 20131007";
constexpr const char* kOrder = "dates do not ascend";

}  // namespace

std::vector<pipeline::AdjustmentRow> parse_factor_file(std::string_view text,
                                                       const RowPolicy& policy) {
    std::vector<pipeline::AdjustmentRow> out;
    each_row(text, policy, [&out](std::string_view line) -> std::string {
        const auto fields = split_fields(line);
        if (fields.size() < 3 || fields.size() > 4)
            return "not date, price factor, split factor, reference close";
        pipeline::AdjustmentRow row{};
        const auto date = parse_date(fields[0]);
        if (!date) return kBadDate;
        row.date = *date;
        if (!out.empty() && !(out.back().date < row.date)) return kOrder;
        if (!parse_positive(fields[1], pipeline::kFactorScale, false, row.price_factor) ||
            !parse_positive(fields[2], pipeline::kFactorScale, false, row.split_factor))
            return "a factor is not above zero or has more than 12 decimals";
        if (fields.size() == 4 && !fields[3].empty() &&
            !parse_positive(fields[3], core::Price::kScale, true, row.reference_raw))
            return "the reference close is negative, not a number, or cannot be held";
        out.push_back(row);
        return {};
    });
    return out;
}

std::vector<pipeline::TickerRow> parse_map_file(std::string_view text, const RowPolicy& policy) {
    constexpr std::size_t kMaxText = 40;
    std::vector<pipeline::TickerRow> out;
    each_row(text, policy, [&out](std::string_view line) -> std::string {
        const auto fields = split_fields(line);
        if (fields.size() < 2 || fields.size() > 4) return "not date, ticker, exchange";
        const auto date = parse_date(fields[0]);
        if (!date) return kBadDate;
        // The first row marks the start; LEAN writes some dates twice.
        if (!out.empty() && *date < out.back().date) return kOrder;
        if (fields[1].empty() || fields[1].size() > kMaxText)
            return "the ticker is empty or longer than 40 characters";
        pipeline::TickerRow row{*date, std::string(fields[1]), {}};
        for (char& c : row.ticker)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (fields.size() > 2) row.exchange = fields[2].substr(0, kMaxText);
        out.push_back(std::move(row));
        return {};
    });
    return out;
}

}  // namespace sluice::adapters::lean
