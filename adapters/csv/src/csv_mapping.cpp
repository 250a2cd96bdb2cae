#include <sluice/adapters/csv/csv_mapping.hpp>

#include <algorithm>
#include <sstream>

#include <sluice/core/config/schema.hpp>
#include <sluice/core/time.hpp>

namespace sluice::adapters::csv {
namespace {

using core::config::Schema;
using pipeline::TableKind;

constexpr std::array<const char*, kCsvFieldCount> kNames = {
    "time",     "price",    "quantity", "side",      "exchange",     "bid",
    "ask",      "bid_size", "ask_size", "open",      "high",         "low",
    "close",    "volume",   "bid_open", "bid_high",  "bid_low",      "bid_close",
    "ask_open", "ask_high", "ask_low",  "ask_close", "open_interest"};

using F = CsvField;
constexpr FieldUse kTrades[] = {{F::kTime, true},
                                {F::kPrice, true},
                                {F::kQuantity, true},
                                {F::kSide, false},
                                {F::kExchange, false}};
constexpr FieldUse kQuotes[] = {{F::kTime, true},    {F::kBid, true},     {F::kAsk, true},
                                {F::kBidSize, true}, {F::kAskSize, true}, {F::kExchange, false}};
constexpr FieldUse kBars[] = {{F::kTime, true}, {F::kOpen, true},  {F::kHigh, true},
                              {F::kLow, true},  {F::kClose, true}, {F::kVolume, false}};
constexpr FieldUse kQuoteBars[] = {{F::kTime, true},     {F::kBidOpen, true},  {F::kBidHigh, true},
                                   {F::kBidLow, true},   {F::kBidClose, true}, {F::kBidSize, false},
                                   {F::kAskOpen, true},  {F::kAskHigh, true},  {F::kAskLow, true},
                                   {F::kAskClose, true}, {F::kAskSize, false}};
constexpr FieldUse kInterest[] = {{F::kTime, true}, {F::kOpenInterest, true}};

// As a file gives it; converted to a CsvMapping once it is accepted.
struct Draft {
    CsvMapping mapping;
    TableKind kind{};
    core::Nanos period{};
    std::string delimiter;
    std::string time_format;
};

[[nodiscard]] bool is_bars(TableKind kind) noexcept {
    return kind == TableKind::kBars || kind == TableKind::kQuoteBars;
}
[[nodiscard]] bool takes_time_format(const std::string& text) {
    return text == "iso" || text == "ns" || text == "us" || text == "ms" || text == "s" ||
           text.find('%') != std::string::npos;
}
[[nodiscard]] TimeFormat format_of(const std::string& text) {
    if (text == "ns") return TimeFormat::kNanoseconds;
    if (text == "us") return TimeFormat::kMicroseconds;
    if (text == "ms") return TimeFormat::kMilliseconds;
    if (text == "s") return TimeFormat::kSeconds;
    return text == "iso" ? TimeFormat::kIso8601 : TimeFormat::kPattern;
}

void declare_file(Schema<Draft>& schema) {
    schema.section("", "How a CSV file is read.")
        .choice("kind",
                {.options = {{"trades", TableKind::kTrades, "time, price, quantity"},
                             {"quotes", TableKind::kQuotes, "best bid and ask with their sizes"},
                             {"bars", TableKind::kBars, "open, high, low, close, volume"},
                             {"quote_bars", TableKind::kQuoteBars, "the same of bid and ask"},
                             {"open_interest", TableKind::kOpenInterest, "contracts open"}},
                 .fallback = TableKind::kTrades,
                 .doc = "What a row is."},
                &Draft::kind)
        .duration("period",
                  {.max = "366d", .fallback = "0s", .doc = "How long a bar lasts; bars need it."},
                  &Draft::period)
        .text("delimiter",
              {.min_bytes = 1,
               .max_bytes = 3,
               .fallback = ",",
               .doc = "The one character between columns, or the word tab."},
              &Draft::delimiter)
        .boolean(
            "header", {.fallback = true, .doc = "Whether the first line names the columns."},
            [](Draft & d) -> auto& { return d.mapping.header; })
        .text("time_format",
              {.min_bytes = 1,
               .max_bytes = 80,
               .fallback = "iso",
               .doc = "iso; ns, us, ms or s since the epoch; or a pattern such as "
                      "%Y%m%d %H:%M:%S.%f of %Y %y %m %d %b %H %I %p %M %S %f %z."},
              &Draft::time_format)
        .text(
            "time_zone",
            {.min_bytes = 1,
             .max_bytes = 64,
             .fallback = "UTC",
             .doc = "IANA name of the zone of times that carry no offset."},
            [](Draft & d) -> auto& { return d.mapping.time_zone; })
        .choice(
            "time_marks",
            {.options = {{"start", TimeMarks::kStart, "the bar begins then"},
                         {"end", TimeMarks::kEnd, "the bar has ended then"}},
             .fallback = TimeMarks::kStart,
             .doc = "Which end of a bar its time is."},
            [](Draft & d) -> auto& { return d.mapping.time_marks; });
    schema.rule(
        {"period"}, "{0} must be above zero for bars, in whole seconds", [](const Draft& d) {
            const auto second = std::chrono::seconds{1};
            return !is_bars(d.kind) || (d.period >= second && d.period % second == d.period.zero());
        });
    schema.rule({"time_marks"}, "{0} can be \"end\" for bars only", [](const Draft& d) {
        return is_bars(d.kind) || d.mapping.time_marks == TimeMarks::kStart;
    });
    schema.rule({"delimiter"}, "{0} must be one character, not a quote, or the word tab",
                [](const Draft& d) {
                    return d.delimiter == "tab" ||
                           (d.delimiter.size() == 1 && d.delimiter[0] != '"' &&
                            d.delimiter[0] != '\n' && d.delimiter[0] != '\r');
                });
    schema.rule({"time_format"}, "{0} must be iso, ns, us, ms, s or a pattern with %",
                [](const Draft& d) { return takes_time_format(d.time_format); });
}

[[nodiscard]] Schema<Draft> make_schema() {
    Schema<Draft> schema("Mapping of a CSV file");
    declare_file(schema);
    auto columns = schema.section(
        "columns",
        "Where each value stands: a name of the header, or #2 for the second column. "
        "Left out: under its own name.");
    auto constants = schema.section(
        "constants", "Values that are the same for every row, as they would be written.");
    for (std::size_t i = 0; i < kCsvFieldCount; ++i) {
        columns.text(
            kNames[i],
            {.max_bytes = 120, .doc = "The column of this value."}, [i](Draft & d) -> auto& {
                return d.mapping.columns[i];
            });
        constants.text(
            kNames[i],
            {.max_bytes = 40, .doc = "This value in every row."}, [i](Draft & d) -> auto& {
                return d.mapping.constants[i];
            });
    }
    return schema;
}

[[nodiscard]] CsvMapping finish(Draft draft) {
    CsvMapping out = std::move(draft.mapping);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(draft.period).count();
    out.key = {draft.kind, is_bars(draft.kind) ? static_cast<std::int32_t>(seconds) : 0};
    out.delimiter = draft.delimiter == "tab" ? '\t' : draft.delimiter[0];
    out.time_format = format_of(draft.time_format);
    if (out.time_format == TimeFormat::kPattern) out.time_pattern = draft.time_format;
    return out;
}

}  // namespace

const char* to_string(CsvField field) noexcept { return kNames[static_cast<std::size_t>(field)]; }

std::span<const FieldUse> fields_of(TableKind kind) noexcept {
    switch (kind) {
        case TableKind::kTrades: return kTrades;
        case TableKind::kQuotes: return kQuotes;
        case TableKind::kBars: return kBars;
        case TableKind::kQuoteBars: return kQuoteBars;
        case TableKind::kOpenInterest: return kInterest;
        default: return {};
    }
}

CsvMapping load_mapping(const std::filesystem::path& file) {
    return finish(make_schema().load_file(file).settings);
}
CsvMapping parse_mapping(std::string_view toml, std::string_view name) {
    return finish(make_schema().load_text(toml, name).settings);
}
std::string documented_mapping() {
    std::ostringstream out;
    make_schema().write_default(out);
    return out.str();
}

}  // namespace sluice::adapters::csv
