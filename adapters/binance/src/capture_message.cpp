#include <sluice/adapters/binance/capture_message.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

#include <simdjson.h>

#include <sluice/core/decimal.hpp>

namespace sluice::adapters::binance {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

[[nodiscard]] std::string missing(const char* key) {
    return std::string(key) + ": missing, or not of its kind";
}

// Text in 1/scale units, not negative; empty on success.
[[nodiscard]] std::string read_decimal(std::string_view text, const char* key, std::int64_t scale,
                                       std::int64_t& out) {
    const core::DecimalError error = core::parse_decimal(text, scale, out);
    if (error != core::DecimalError::kOk) return std::string(key) + ": " + core::describe(error);
    return out < 0 ? std::string(key) + ": is negative" : std::string();
}
[[nodiscard]] std::string read_decimal(const object& from, const char* key, std::int64_t scale,
                                       std::int64_t& out) {
    std::string_view text;
    if (from[key].get(text) != simdjson::SUCCESS) return missing(key);
    return read_decimal(text, key, scale, out);
}
[[nodiscard]] std::string read_price(const object& from, const char* key, std::int64_t& out) {
    return read_decimal(from, key, core::Price::kScale, out);
}
[[nodiscard]] std::string read_quantity(const object& from, const char* key, std::int64_t& out) {
    return read_decimal(from, key, core::Quantity::kScale, out);
}

// A number that is not negative.
[[nodiscard]] std::string read_id(const object& from, const char* key, std::int64_t& out) {
    if (from[key].get(out) != simdjson::SUCCESS || out < 0) return missing(key);
    return {};
}

// Milliseconds; or microseconds, which Binance sends when asked to: no time of ours in milliseconds
// has 15 digits.
[[nodiscard]] std::string read_event_time(const object& from, CaptureMessage& out) {
    out.has_event_time = false;
    constexpr std::int64_t kFirstMicros = 100'000'000'000'000;
    std::int64_t stamp{};
    const simdjson::error_code code = from["E"].get(stamp);
    if (code == simdjson::NO_SUCH_FIELD) return {};
    if (code != simdjson::SUCCESS || stamp < 0 ||
        __builtin_mul_overflow(stamp, stamp < kFirstMicros ? 1'000'000 : 1'000, &out.event_ns))
        return "E: not a time in milliseconds";
    out.has_event_time = true;
    return {};
}

// [["price", "quantity"], ...]
[[nodiscard]] std::string read_levels(const object& from, const char* key,
                                      std::vector<CaptureLevel>& out) {
    simdjson::dom::array levels;
    if (from[key].get(levels) != simdjson::SUCCESS) return missing(key);
    for (const element level : levels) {
        simdjson::dom::array pair;
        std::string_view price;
        std::string_view quantity;
        if (level.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
            pair.at(0).get(price) != simdjson::SUCCESS ||
            pair.at(1).get(quantity) != simdjson::SUCCESS)
            return std::string(key) + ": a level is not a price and a quantity";
        CaptureLevel read{};
        std::string why = read_decimal(price, key, core::Price::kScale, read.price_raw);
        if (why.empty())
            why = read_decimal(quantity, key, core::Quantity::kScale, read.quantity_raw);
        if (!why.empty()) return why;
        out.push_back(read);
    }
    return {};
}

[[nodiscard]] std::string read_symbol(const object& from, CaptureMessage& out) {
    std::string_view symbol;
    if (from["s"].get(symbol) != simdjson::SUCCESS) return missing("s");
    if (!is_symbol(symbol)) return "s: not a symbol of capitals, digits and '_'";
    out.symbol = symbol;
    return {};
}

[[nodiscard]] std::string read_depth(const object& data, Market market, CaptureMessage& out) {
    out.kind = MessageKind::kDepth;
    std::int64_t first{};
    std::string why = read_id(data, "U", first);
    if (why.empty()) why = read_id(data, "u", out.id);
    if (!why.empty()) return why;
    if (market == Market::kUsdM) {
        if (why = read_id(data, "pu", out.previous); !why.empty())
            return why + ". Is this a spot capture?";
    } else if (element pu; data["pu"].get(pu) == simdjson::SUCCESS) {
        return "pu: spot has none. Is this a USD-M capture?";
    } else {
        out.previous = first - 1;
    }
    if (first > out.id || out.previous > out.id) return "U, u, pu: out of order";
    why = read_levels(data, "b", out.bids);
    return why.empty() ? read_levels(data, "a", out.asks) : why;
}

[[nodiscard]] std::string read_snapshot(const object& data, CaptureMessage& out) {
    out.kind = MessageKind::kSnapshot;
    std::string why = read_id(data, "lastUpdateId", out.id);
    out.previous = out.id;
    if (why.empty()) why = read_event_time(data, out);
    if (why.empty()) why = read_levels(data, "bids", out.bids);
    if (why.empty()) why = read_levels(data, "asks", out.asks);
    if (why.empty() && out.bids.empty() && out.asks.empty()) return "a snapshot without levels";
    return why;
}

[[nodiscard]] std::string read_ticker(const object& data, CaptureMessage& out) {
    out.kind = MessageKind::kBookTicker;
    CaptureLevel bid{};
    CaptureLevel ask{};
    std::string why = read_id(data, "u", out.id);
    if (why.empty()) why = read_price(data, "b", bid.price_raw);
    if (why.empty()) why = read_quantity(data, "B", bid.quantity_raw);
    if (why.empty()) why = read_price(data, "a", ask.price_raw);
    if (why.empty()) why = read_quantity(data, "A", ask.quantity_raw);
    out.bids.push_back(bid);
    out.asks.push_back(ask);
    return why;
}

[[nodiscard]] std::string read_trade(const object& data, CaptureMessage& out) {
    out.kind = MessageKind::kTrade;
    CaptureLevel trade{};
    std::string why = read_id(data, "t", out.id);
    if (why.empty()) why = read_price(data, "p", trade.price_raw);
    if (why.empty()) why = read_quantity(data, "q", trade.quantity_raw);
    if (why.empty() && data["m"].get(out.buyer_is_maker) != simdjson::SUCCESS) why = missing("m");
    out.bids.push_back(trade);
    return why;
}

// "<symbol>@trade" and the like.
[[nodiscard]] std::string read_stream(std::string_view stream, const object& data, Market market,
                                      CaptureMessage& out) {
    const std::size_t at = stream.find('@');
    const std::string_view kind = at == stream.npos ? stream : stream.substr(at + 1);
    std::string why = read_symbol(data, out);
    if (why.empty()) why = read_event_time(data, out);
    if (!why.empty()) return why;
    if (kind == "trade") return read_trade(data, out);
    if (kind == "bookTicker") return read_ticker(data, out);
    if (kind == "depth" || kind.starts_with("depth@")) return read_depth(data, market, out);
    return "stream: only depth, bookTicker and trade are imported";
}

}  // namespace

bool is_symbol(std::string_view text) noexcept {
    constexpr std::size_t kSymbolMax = 32;
    return !text.empty() && text.size() <= kSymbolMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

struct CaptureParser::Json {
    simdjson::dom::parser parser;
    std::vector<char> padded;  // simdjson reads beyond the end of the text
};

CaptureParser::CaptureParser(Market market) : market_(market), json_(std::make_unique<Json>()) {}
CaptureParser::~CaptureParser() = default;
CaptureParser::CaptureParser(CaptureParser&&) noexcept = default;
CaptureParser& CaptureParser::operator=(CaptureParser&&) noexcept = default;

std::string CaptureParser::parse(std::string_view line, CaptureMessage& out) {
    out.bids.clear();
    out.asks.clear();
    out.symbol.clear();
    out.has_event_time = false;
    if (line.size() > kLineMax) return "longer than any message of Binance";
    const char* const end = line.data() + line.size();
    const auto [stop, error] = std::from_chars(line.data(), end, out.received_ns);
    if (error != std::errc{} || stop == end || *stop != ' ' || out.received_ns <= 0)
        return "does not begin with a receive time in nanoseconds and a space";
    const std::string_view text(stop + 1, static_cast<std::size_t>(end - stop - 1));
    std::vector<char>& padded = json_->padded;
    if (padded.size() < text.size() + simdjson::SIMDJSON_PADDING)
        padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(padded.data(), text.data(), text.size());
    object message;
    if (const auto code =
            json_->parser.parse(padded.data(), text.size(), false).get_object().get(message);
        code != simdjson::SUCCESS)
        return std::string("JSON: ") + simdjson::error_message(code);
    std::string_view stream;
    object data;
    if (message["stream"].get(stream) == simdjson::SUCCESS &&
        message["data"].get(data) == simdjson::SUCCESS)
        return read_stream(stream, data, market_, out);
    element id;
    if (message["lastUpdateId"].get(id) == simdjson::SUCCESS) return read_snapshot(message, out);
    return "neither a stream's message nor a depth snapshot";
}

}  // namespace sluice::adapters::binance
