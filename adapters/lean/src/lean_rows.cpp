#include <sluice/adapters/lean/lean_rows.hpp>

#include <cstddef>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::lean {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::int64_t kRawPerPriceUnit = core::Price::kScale / 10'000;
constexpr std::size_t kMaxDigits = 18;  // any 18 digits fit an int64

// Walks the fields of one line.
class Fields {
  public:
    explicit Fields(std::string_view line) noexcept : at_(line.data()), end_(at_ + line.size()) {}

    // False when there is no further field.
    [[nodiscard]] bool next(std::string_view& field) noexcept {
        if (done_) return false;
        const char* const first = at_;
        while (at_ != end_ && *at_ != ',') ++at_;
        field = {first, static_cast<std::size_t>(at_ - first)};
        if (at_ == end_)
            done_ = true;
        else
            ++at_;
        return true;
    }
    [[nodiscard]] bool exhausted() const noexcept { return done_; }

  private:
    const char* at_;
    const char* end_;
    bool done_ = false;
};

[[nodiscard]] bool parse_whole(std::string_view text, std::int64_t& out) noexcept {
    if (text.empty() || text.size() > kMaxDigits) return false;
    std::int64_t value = 0;
    for (const char c : text) {
        const unsigned digit = static_cast<unsigned>(c) - '0';
        if (digit > 9) return false;
        value = value * 10 + digit;
    }
    out = value;
    return true;
}

[[nodiscard]] bool parse_scaled(std::string_view text, std::int64_t scale,
                                std::int64_t& out) noexcept {
    std::int64_t whole{};
    if (parse_whole(text, whole)) return !__builtin_mul_overflow(whole, scale, &out);
    // A sign or decimals: rare, and exact or refused.
    return core::parse_decimal(text, scale, out) == core::DecimalError::kOk;
}

[[nodiscard]] bool parse_hex(std::string_view text, std::uint32_t& out) noexcept {
    if (text.size() > 8) return false;
    std::uint32_t value = 0;
    for (const char c : text) {
        std::uint32_t digit{};
        if (c >= '0' && c <= '9')
            digit = static_cast<std::uint32_t>(c - '0');
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        else
            return false;
        value = (value << 4U) | digit;
    }
    out = value;
    return true;
}

[[nodiscard]] RowFault parse_time(std::string_view text, std::int64_t& out) noexcept {
    std::int64_t ms{};
    if (!parse_whole(text, ms) || ms >= kMsPerDay) return RowFault::kBadTime;
    out = ms * kNsPerMs;
    return RowFault::kOk;
}

// exchange, conditions, suspicious: the tail that both kinds share.
template <class Row>
[[nodiscard]] RowFault parse_tail(Fields& fields, Row& row) noexcept {
    std::string_view exchange;
    std::string_view conditions;
    std::string_view suspicious;
    if (!fields.next(exchange) || !fields.next(conditions) || !fields.next(suspicious))
        return RowFault::kTooFewColumns;
    if (!fields.exhausted()) return RowFault::kTooManyColumns;
    if (exchange.size() > 1) return RowFault::kBadExchange;
    row.exchange = exchange.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(exchange[0]);
    if (!parse_hex(conditions, row.conditions)) return RowFault::kBadConditions;
    if (suspicious != "0" && suspicious != "1") return RowFault::kBadSuspicious;
    row.flags = suspicious == "1" ? pipeline::kFlagSuspicious : std::uint8_t{0};
    return RowFault::kOk;
}

[[nodiscard]] RowFault parse_side(Fields& fields, std::int64_t& price,
                                  std::int64_t& size) noexcept {
    std::string_view price_text;
    std::string_view size_text;
    if (!fields.next(price_text) || !fields.next(size_text)) return RowFault::kTooFewColumns;
    if (!parse_scaled(price_text, kRawPerPriceUnit, price) || price < 0) return RowFault::kBadPrice;
    if (!parse_scaled(size_text, core::Quantity::kScale, size) || size < 0)
        return RowFault::kBadQuantity;
    return price == 0 && size != 0 ? RowFault::kSizeWithoutPrice : RowFault::kOk;
}

}  // namespace

const char* describe(RowFault fault) noexcept {
    switch (fault) {
        case RowFault::kOk: return "ok";
        case RowFault::kTooFewColumns: return "too few columns";
        case RowFault::kTooManyColumns: return "too many columns";
        case RowFault::kBadTime: return "time is not a whole number of milliseconds within a day";
        case RowFault::kBadPrice: return "price is negative, not a number, or cannot be held";
        case RowFault::kNoPrice: return "a trade's price must be above zero";
        case RowFault::kBadQuantity: return "shares are negative, not a number, or cannot be held";
        case RowFault::kNoQuantity: return "a trade's shares must be above zero";
        case RowFault::kSizeWithoutPrice: return "a side has shares but no price";
        case RowFault::kBadExchange: return "exchange is longer than one letter";
        case RowFault::kBadConditions: return "conditions are not hexadecimal of up to 32 bits";
        case RowFault::kBadSuspicious: return "the suspicious mark is neither 0 nor 1";
    }
    return "unknown";
}

RowFault parse_trade_row(std::string_view line, pipeline::TradeRow& out) noexcept {
    Fields fields(line);
    std::string_view time;
    std::string_view price;
    std::string_view shares;
    if (!fields.next(time) || !fields.next(price) || !fields.next(shares))
        return RowFault::kTooFewColumns;
    pipeline::TradeRow row{};
    if (const RowFault fault = parse_time(time, row.time_ns); fault != RowFault::kOk) return fault;
    if (!parse_scaled(price, kRawPerPriceUnit, row.price_raw)) return RowFault::kBadPrice;
    if (row.price_raw <= 0) return RowFault::kNoPrice;
    if (!parse_scaled(shares, core::Quantity::kScale, row.quantity_raw))
        return RowFault::kBadQuantity;
    if (row.quantity_raw <= 0) return RowFault::kNoQuantity;
    if (const RowFault fault = parse_tail(fields, row); fault != RowFault::kOk) return fault;
    out = row;
    return RowFault::kOk;
}

RowFault parse_quote_row(std::string_view line, pipeline::QuoteRow& out) noexcept {
    Fields fields(line);
    std::string_view time;
    if (!fields.next(time) || time.empty()) return RowFault::kTooFewColumns;
    pipeline::QuoteRow row{};
    if (const RowFault fault = parse_time(time, row.time_ns); fault != RowFault::kOk) return fault;
    for (RowFault fault :
         {parse_side(fields, row.bid_raw, row.bid_size_raw),
          parse_side(fields, row.ask_raw, row.ask_size_raw), parse_tail(fields, row)})
        if (fault != RowFault::kOk) return fault;
    out = row;
    return RowFault::kOk;
}

}  // namespace sluice::adapters::lean
