// MatchingEngine: the exchange proper. Limit order books in price-time priority for some hundred
// symbols; it takes requests and tells the market and the clients what came of them.
//
// Threads   One. Listeners are called before a function returns and must not call back.
// Bounds    Orders that rest and prices a side, from the settings: an order beyond is refused (O).
// Cost      See perf/exchange.md. Nothing allocates for the crowd's orders; a client's refs are
//           kept for the session (number_set.hpp).
//
// Deterministic: the same requests at the same times give the same answers. Order and match
// numbers rise strictly; times never fall, a request that comes with an earlier one gets the last.
//
// Rules (the letters are those of OUCH 4.2)
//   enter     Refused: closed C, halted H, no such symbol S, no shares or more than 999,999 Z, a
//             price beyond 199,999.99 or off its tick X, a ref used before or no room O.
//             Accepted; executed against the best prices, oldest orders first, each execution at
//             the resting order's price; what is left rests (day, and GTC as day), or is cancelled
//             (I): market orders, IOC. FOK executes whole or not at all (I).
//   replace   Shares are those still to be executed. At the same price with no more shares it keeps
//             its place and the exchange's number (the market sees a reduction), else it goes to the
//             end of the queue under a new one. An order that is not there: rejected (O), a ref used
//             before likewise, halted H: the original stays as it was. What could not be entered
//             (price, shares) cancels the original (U), as OUCH has it; the ref stays unused.
//   cancel    To the shares given; also while halted. Nothing to cancel: kCancelRejected.
//   self      An order that would trade with one of its own client is cancelled from there on (Q);
//             the crowd's orders (client 0) come from many and trade with each other.
//   close     What rests is cancelled (T).
// A client's report of an event comes before the market's, except that of an execution.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sluice/adapters/exchange/order_books.hpp>
#include <sluice/adapters/exchange/settings.hpp>
#include <sluice/core/number_set.hpp>
#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::exchange {

struct EngineCounts {
    std::uint64_t requests = 0;
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;  // orders, replacements and cancellations
    std::uint64_t replaced = 0;
    std::uint64_t cancelled = 0;  // in part or whole
    std::uint64_t executions = 0;
    std::uint64_t shares = 0;   // executed
    std::uint64_t updates = 0;  // that the market was told
    friend bool operator==(const EngineCounts&, const EngineCounts&) = default;
};

struct BookTop {
    pipeline::ExchangePrice price = 0;  // 0: nothing rests on this side
    std::uint64_t shares = 0;
};
struct OpenOrder {
    std::uint64_t number;
    std::uint32_t shares;
    pipeline::ExchangePrice price;
    std::uint16_t symbol;
    pipeline::Side side;
};

class MatchingEngine final : public pipeline::Exchange {
  public:
    // std::invalid_argument as check(settings) says.
    explicit MatchingEngine(const ExchangeSettings& settings);

    // Before the first request; null: nobody listens. `clients` hears of all clients but the crowd,
    // `crowd` of the crowd.
    void connect(pipeline::MarketListener* market, pipeline::ReportListener* clients,
                 pipeline::ReportListener* crowd) noexcept;

    // The day: announce (start of messages, directory, system hours) -> open -> close -> end.
    void announce(std::int64_t now_ns) noexcept;
    void open(std::int64_t now_ns) noexcept;
    void close(std::int64_t now_ns) noexcept;
    void end(std::int64_t now_ns) noexcept;
    // One symbol; orders stay, cancellations are possible. Nothing happens to an unknown symbol, or
    // one that is in that state.
    void halt(std::uint16_t symbol, std::int64_t now_ns) noexcept;
    void resume(std::uint16_t symbol, std::int64_t now_ns) noexcept;

    [[nodiscard]] std::span<const pipeline::ExchangeSymbol> symbols() const noexcept override {
        return symbols_;
    }
    void request(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept override;
    void cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept override;

    // The exchange's own doing: an order is cancelled (false when it does not rest), a trade is
    // printed that no order shown took part in.
    bool cancel_order(std::uint32_t client, std::uint64_t ref, char reason,
                      std::int64_t now_ns) noexcept;
    void print_trade(std::uint16_t symbol, pipeline::Side side, std::uint32_t shares,
                     pipeline::ExchangePrice price, std::int64_t now_ns) noexcept;

    // Symbols of 1..symbols().size() only.
    [[nodiscard]] bool is_open() const noexcept { return open_; }
    [[nodiscard]] bool halted(std::uint16_t symbol) const noexcept { return halted_[symbol] != 0; }
    [[nodiscard]] BookTop best(std::uint16_t symbol, pipeline::Side side) const noexcept;
    [[nodiscard]] const OrderBooks& books() const noexcept { return books_; }
    [[nodiscard]] std::optional<OpenOrder> find(std::uint32_t client,
                                                std::uint64_t ref) const noexcept;
    // Shares that an order of this side and limit (kMarketPrice: any) could take now.
    [[nodiscard]] std::uint64_t reachable(std::uint16_t symbol, pipeline::Side side,
                                          pipeline::ExchangePrice limit) const noexcept;
    // Shares that come before this order, at better prices and earlier at its own.
    [[nodiscard]] std::uint64_t ahead_of(std::uint32_t client, std::uint64_t ref) const noexcept;

    [[nodiscard]] const EngineCounts& counts() const noexcept { return counts_; }

  private:
    // An order on its way in: what is left of it.
    struct Incoming {
        std::uint64_t ref;
        std::uint64_t number;
        std::uint32_t client;
        std::uint32_t shares;
        pipeline::ExchangePrice price;
        std::uint16_t symbol;
        pipeline::Side side;
        pipeline::TimeInForce tif;
        bool met_own = false;
    };
    enum class Prospect : std::uint8_t { kNone, kSome, kOwn };

    void enter(const pipeline::OrderRequest& request) noexcept;
    void replace(const pipeline::OrderRequest& request) noexcept;
    void cancel(const pipeline::OrderRequest& request) noexcept;
    [[nodiscard]] char judge(const pipeline::OrderRequest& request, std::uint16_t symbol,
                             pipeline::Side side) const noexcept;
    // Uses it up; false when it was before.
    [[nodiscard]] bool use(std::uint32_t client, std::uint64_t ref) noexcept;
    [[nodiscard]] bool is_used(std::uint32_t client, std::uint64_t ref) const noexcept;
    void enter_anew(std::uint32_t place, const pipeline::OrderRequest& request) noexcept;
    void keep_place(std::uint32_t place, const pipeline::OrderRequest& request) noexcept;

    [[nodiscard]] bool reaches(const Incoming& order, pipeline::ExchangePrice price) const noexcept;
    [[nodiscard]] bool may_rest(const Incoming& order) const noexcept;
    [[nodiscard]] Prospect prospect(const Incoming& order) const noexcept;
    [[nodiscard]] Prospect prospect_whole(const Incoming& order) const noexcept;
    void execute(Incoming& order, Prospect prospect) noexcept;
    void match(Incoming& order) noexcept;
    void rest(const Incoming& order) noexcept;
    void show(const Incoming& order) noexcept;
    void remove(std::uint32_t place, char reason) noexcept;
    // All that `wanted` says yes to, oldest first. Allocates.
    template <class Wanted>
    void remove_all(char reason, Wanted wanted) noexcept {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> found;  // number, place
        for (std::uint32_t place = 1; place <= books_.places(); ++place)
            if (books_.rests(place) && wanted(books_.order(place)))
                found.emplace_back(books_.order(place).number, place);
        std::sort(found.begin(), found.end());
        for (const auto& [number, place] : found) remove(place, reason);
    }

    void begin(std::int64_t now_ns) noexcept { now_ns_ = now_ns > now_ns_ ? now_ns : now_ns_; }
    void tell(pipeline::MarketUpdate&& update) noexcept {
        ++counts_.updates;
        update.time_ns = now_ns_;
        if (market_ != nullptr) market_->on_update(update);
    }
    void tell_system(char code) noexcept;
    void tell_trading(std::uint16_t symbol, char code) noexcept;
    void report(const pipeline::OrderReport& report) noexcept {
        pipeline::ReportListener* const listener = report.client == kCrowd ? crowd_ : clients_;
        if (listener != nullptr) listener->on_report(report);
    }
    [[nodiscard]] pipeline::OrderReport report_of(pipeline::ReportKind kind,
                                                  const Incoming& order) const noexcept {
        pipeline::OrderReport out;
        out.kind = kind;
        out.client = order.client;
        out.time_ns = now_ns_;
        out.ref = order.ref;
        out.order = order.number;
        out.shares = order.shares;
        out.price = order.price;
        out.symbol = order.symbol;
        out.side = order.side;
        out.tif = order.tif;
        return out;
    }
    void refuse(const pipeline::OrderRequest& request, pipeline::ReportKind kind,
                char reason) noexcept;

    std::vector<pipeline::ExchangeSymbol> symbols_;
    OrderBooks books_;
    std::vector<std::uint8_t> halted_;                         // by symbol; 0 unused
    std::unordered_map<std::uint32_t, core::NumberSet> used_;  // by client, without the crowd
    pipeline::MarketListener* market_ = nullptr;
    pipeline::ReportListener* clients_ = nullptr;
    pipeline::ReportListener* crowd_ = nullptr;
    std::int64_t now_ns_ = 0;
    std::uint64_t next_number_ = 1;
    std::uint64_t next_match_ = 1;
    bool open_ = false;
    EngineCounts counts_;
};

}  // namespace sluice::adapters::exchange
