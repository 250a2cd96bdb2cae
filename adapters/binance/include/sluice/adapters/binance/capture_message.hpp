// One line of a capture, decoded: receive time, then one of the messages that are imported.
//
// Field names are Binance's (Spot "WebSocket Streams" and USD-M Futures "Websocket Market Streams",
// REST "Order Book"). The whole text is validated as JSON before a value of it is believed; prices
// and quantities are decimal texts and become exact counts of 1e-9 and 1e-8, or the line is refused.
//
// One thread a parser; it keeps its memory from line to line, about ten times the longest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/binance/binance_import.hpp>

namespace sluice::adapters::binance {

// Lines beyond it are refused: the deepest snapshot that Binance gives is a tenth of it.
inline constexpr std::size_t kLineMax = std::size_t{4} << 20U;

enum class MessageKind : std::uint8_t { kDepth, kSnapshot, kBookTicker, kTrade };

struct CaptureLevel {
    std::int64_t price_raw;     // 1e-9
    std::int64_t quantity_raw;  // 1e-8, >= 0
    friend bool operator==(const CaptureLevel&, const CaptureLevel&) = default;
};

struct CaptureMessage {
    MessageKind kind = MessageKind::kDepth;
    bool has_event_time = false;
    bool buyer_is_maker = false;   // trade
    std::int64_t received_ns = 0;  // local clock
    std::int64_t event_ns = 0;     // E; with has_event_time
    std::int64_t id = 0;           // u, lastUpdateId or t
    std::int64_t previous = 0;     // depth: the change that the event follows
    std::string symbol;            // capitals, digits and '_'; empty for a snapshot
    // bookTicker: the best level of each side. Trade: price and quantity in bids[0].
    std::vector<CaptureLevel> bids;
    std::vector<CaptureLevel> asks;
};

class CaptureParser {
  public:
    explicit CaptureParser(Market market);
    ~CaptureParser();
    CaptureParser(CaptureParser&&) noexcept;
    CaptureParser& operator=(CaptureParser&&) noexcept;

    // Empty on success, else the reason; `out` then holds nothing of use. A line without its end.
    [[nodiscard]] std::string parse(std::string_view line, CaptureMessage& out);

  private:
    struct Json;
    Market market_;
    std::unique_ptr<Json> json_;
};

// 1 to 32 capitals, digits and '_'.
[[nodiscard]] bool is_symbol(std::string_view text) noexcept;

}  // namespace sluice::adapters::binance
