#include <sluice/adapters/itch/itch_encoder.hpp>

#include <cstring>

namespace sluice::adapters::itch {

using pipeline::ExchangeSymbol;
using pipeline::MarketAction;
using pipeline::MarketUpdate;

namespace {

constexpr std::int64_t kTimeEnd = std::int64_t{1} << 48U;

// Writes field after field; the caller knows that the message fits.
class Writer {
  public:
    explicit Writer(std::byte* at) noexcept : begin_(at), at_(at) {}
    template <class T>
    Writer& number(T value) noexcept {
        core::store_big(at_, value);
        at_ += sizeof value;
        return *this;
    }
    Writer& number48(std::uint64_t value) noexcept {
        core::store_big48(at_, value);
        at_ += 6;
        return *this;
    }
    Writer& letter(char value) noexcept {
        *at_++ = static_cast<std::byte>(value);
        return *this;
    }
    Writer& text(const char* from, std::size_t size) noexcept {
        std::memcpy(at_, from, size);
        at_ += size;
        return *this;
    }
    Writer& stock(const ExchangeSymbol& symbol) noexcept {
        return text(symbol.name.data(), symbol.name.size());
    }
    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(at_ - begin_);
    }

  private:
    std::byte* begin_;
    std::byte* at_;
};

char side_letter(pipeline::Side side) noexcept { return side == pipeline::Side::kBuy ? 'B' : 'S'; }

std::size_t directory(Writer out, const ExchangeSymbol& symbol) noexcept {
    out.stock(symbol).letter('Q').letter('N').number(symbol.round_lot);
    out.letter('N').letter('C').text("Z ", 2);             // any lots; common; no sub-type
    out.letter('T').letter('N').letter('N').letter('1');   // test; not restricted; no IPO; tier 1
    out.letter('N').number(std::uint32_t{0}).letter('N');  // not an ETP
    return out.size();
}

}  // namespace

ItchEncoder::ItchEncoder(std::span<const ExchangeSymbol> symbols, std::int64_t midnight_ns)
    : symbols_(symbols.begin(), symbols.end()), midnight_ns_(midnight_ns) {}

std::size_t ItchEncoder::encode(const MarketUpdate& update,
                                std::span<std::byte, kItchMessageMax> into) const noexcept {
    std::int64_t time = 0;
    if (__builtin_sub_overflow(update.time_ns, midnight_ns_, &time) || time < 0 || time >= kTimeEnd)
        return 0;
    const bool of_market = update.action == MarketAction::kSystem;
    if (!of_market && (update.symbol == 0 || update.symbol > symbols_.size())) return 0;

    Writer out(into.data());
    out.letter(static_cast<char>(update.action))
        .number(of_market ? std::uint16_t{0} : update.symbol)
        .number(std::uint16_t{0})
        .number48(static_cast<std::uint64_t>(time));
    if (of_market) return out.letter(update.code).size();

    const ExchangeSymbol& symbol = symbols_[update.symbol - 1U];
    switch (update.action) {
        case MarketAction::kDirectory: return directory(out, symbol);
        case MarketAction::kTrading:
            return out.stock(symbol).letter(update.code).text("     ", 5).size();
        case MarketAction::kAdd:
            out.number(update.order).letter(side_letter(update.side)).number(update.shares);
            return out.stock(symbol).number(update.price).size();
        case MarketAction::kExecuted:
            return out.number(update.order).number(update.shares).number(update.match).size();
        case MarketAction::kExecutedAtPrice:
            out.number(update.order).number(update.shares).number(update.match);
            return out.letter(update.code).number(update.price).size();
        case MarketAction::kReduced: return out.number(update.order).number(update.shares).size();
        case MarketAction::kDeleted: return out.number(update.order).size();
        case MarketAction::kReplaced:
            out.number(update.order).number(update.new_order);
            return out.number(update.shares).number(update.price).size();
        case MarketAction::kTrade:
            out.number(std::uint64_t{0}).letter('B').number(update.shares).stock(symbol);
            return out.number(update.price).number(update.match).size();
        case MarketAction::kSystem: break;
    }
    return 0;
}

}  // namespace sluice::adapters::itch
