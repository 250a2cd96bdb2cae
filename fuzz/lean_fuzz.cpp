// LEAN's row parsers on arbitrary bytes: no crash, no overflow, and what is accepted is a tick
// that a market can have.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sluice/adapters/lean/lean_rows.hpp>

namespace {

using namespace sluice;

constexpr std::int64_t kDay = 86'400'000'000'000;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    pipeline::TradeRow trade{};
    if (adapters::lean::parse_trade_row(line, trade) == adapters::lean::RowFault::kOk) {
        require(trade.time_ns >= 0 && trade.time_ns < kDay);
        require(trade.price_raw > 0 && trade.quantity_raw > 0 && trade.flags <= 1);
    }
    pipeline::QuoteRow quote{};
    if (adapters::lean::parse_quote_row(line, quote) == adapters::lean::RowFault::kOk) {
        require(quote.time_ns >= 0 && quote.time_ns < kDay && quote.flags <= 1);
        require(quote.bid_raw >= 0 && quote.ask_raw >= 0);
        require(quote.bid_size_raw >= 0 && quote.ask_size_raw >= 0);
        require(quote.bid_raw != 0 || quote.bid_size_raw == 0);
        require(quote.ask_raw != 0 || quote.ask_size_raw == 0);
    }
    return 0;
}
