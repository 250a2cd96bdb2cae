// A simulated exchange inside the process, behind the venue port.
// Sequencer's thread only; all memory at construction; a tick of an instrument without resting
// orders costs one table look-up.
//
// Rules, so that no fill uses liquidity the data do not show or a price never quoted or traded:
//  - A command arrives order_latency after it was sent, a report response_latency after its cause; or
//    as long after as latency_path.hpp has it.
//  - On arrival a marketable order takes the displayed size at the other side's best price, no
//    more. What is displayed is consumed: an update at a price of which something was taken
//    restores only what exceeds that, also when other prices were shown in between.
//  - An instrument without quotes shows its liquidity in its trades: a marketable order then waits
//    for the next print and takes at most the print's size, at its price.
//  - A resting limit order fills against prints at its price once the queue ahead of it is worked
//    off (the displayed size when it joined, or none: venue.queue; whether cancellations shorten it:
//    sim_queue.cpp), and against prints or quotes beyond its price at once: at its own price if the data have shown that price while it rested,
//    else at the price that crossed it. A print's size is used once, over all orders.
//  - With venue.fill last or next that does not hold for market orders: they fill whole, at the last
//    price or at the first after their arrival, as models of backtests have it.
//  - A stop is set off by a print at its price or beyond, or by such a quote of the side that it would
//    trade with. It then meets the market as any order that has just come, but never the print that
//    set it off. A trailing one follows prints, and quotes of that side.
//  - A reduce-only order fills no more than closes the position that the fills of this venue have made,
//    and is cancelled when there is none. A post-only order that would trade on arrival is refused.
//  - IOC and FOK are decided on arrival against the displayed quote, or at the first print where
//    there are no quotes. DAY orders expire when the session closes.
//  - In a halt nothing trades and no order is taken; resting ones stay, and the first print from its end on
//    is the reopening, for which what comes from then on waits.
//  - An auction order fills in prints of the auction alone, at their price, and what is not filled expires
//    with it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <sluice/core/attributes.hpp>

#include <sluice/adapters/sim_venue/hot/auctions.hpp>
#include <sluice/adapters/sim_venue/hot/fee_schedule.hpp>
#include <sluice/adapters/sim_venue/hot/latency_path.hpp>
#include <sluice/adapters/sim_venue/hot/market_load.hpp>
#include <sluice/adapters/sim_venue/hot/venue_book.hpp>
#include <sluice/adapters/sim_venue/hot/venue_halts.hpp>
#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/pipeline/depth_record.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::adapters::sim_venue {

using core::Nanos;
using core::OrderId;
using core::Price;
using core::Quantity;
using core::StreamTime;
using core::SymbolId;
using pipeline::ApprovedOrder;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExecKind;
using pipeline::OrderType;
using pipeline::Quote;
using pipeline::RejectReason;
using pipeline::Side;
using pipeline::TimeInForce;
using pipeline::Trade;

class SimVenue {
  public:
    SimVenue(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments,
             core::Prefault prefault = core::Prefault::kYes);

    // The venue port; see pipeline/hot/venue_port.hpp.
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void on_market(const Event& event) noexcept {
        const std::size_t symbol = core::index_of(event.symbol());
        if constexpr (kKnown == EventKind::kTrade) {
            if (first_[symbol] != kNone) [[unlikely]]
                match_trade(symbol, event.time(), event.trade());
        } else {
            Book& book = books_[symbol];
            update_side(book.bid, event.quote().bid, event.quote().bid_size);
            update_side(book.ask, event.quote().ask, event.quote().ask_size);
            if (first_[symbol] != kNone) [[unlikely]]
                match_quote(symbol, event.time(), event.quote());
        }
    }
    // Trades are looked at by resting orders alone, and by market orders that fill at the last one.
    [[nodiscard]] bool ignores_trades(SymbolId symbol) const noexcept {
        return first_[core::index_of(symbol)] == kNone;
    }
    // With venue.market = "book": every update of a level; sim_venue_book.cpp.
    [[nodiscard]] bool reads_levels() const noexcept { return by_book_; }
    [[gnu::hot]] void on_level(const Event& event) noexcept;
    // What became of them, by instrument; empty without such a market.
    [[nodiscard]] std::vector<pipeline::DepthRecord> depth_records() const;
    // A print from outside the session, of which no stage hears: one of a closing auction comes then.
    [[gnu::cold, gnu::noinline]] void on_closed_print(const Event& event) noexcept;
    void on_timer(const Event& event) noexcept;
    void take(const Event& command) noexcept {
        if (command.kind() == EventKind::kApproved) {
            submit(command.approved(), command.time());
        } else {
            cancel(command.cancel().order, command.symbol(), command.time());
        }
    }
    void submit(const ApprovedOrder& order, StreamTime sent) noexcept;
    void cancel(OrderId id, SymbolId symbol, StreamTime sent) noexcept;
    [[nodiscard]] StreamTime next_due() const noexcept { return next_due_; }
    [[nodiscard]] Event pop_due() noexcept;
    [[nodiscard]] Nanos order_latency() const noexcept { return order_path_.least(); }

  private:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    // One displayed side: the best price, its size, and how much of it has been taken. What was
    // taken at the last few prices is remembered, because quotes of several exchanges alternate
    // and the same size shown again is not new liquidity.
    struct Displayed {
        struct Taken {
            Price price;
            Quantity quantity;
        };
        Price price;
        Quantity size;
        Quantity taken;
        std::array<Taken, 16> history{};
        std::size_t next = 0;  // the entry to give up when none is free
        bool any_taken = false;

        [[nodiscard]] Quantity available() const noexcept {
            return size > taken ? size - taken : Quantity{};
        }
        void take(Quantity quantity) noexcept {
            taken += quantity;
            any_taken = true;
        }
        void show(Price new_price, Quantity new_size) noexcept {
            if (any_taken && new_price != price) [[unlikely]]
                switch_price_slow(new_price);
            price = new_price;
            size = new_size;
        }
        [[gnu::cold, gnu::noinline]] void switch_price_slow(Price new_price) noexcept;
    };
    struct Book {
        Displayed bid;
        Displayed ask;

        [[nodiscard]] bool has_quotes() const noexcept {
            return !bid.price.is_zero() || !ask.price.is_zero();
        }
    };
    struct Resting {
        OrderId id = OrderId::kNone;
        SymbolId symbol = core::kNoSymbol;
        Side side = Side::kBuy;
        OrderType type = OrderType::kMarket;
        TimeInForce tif = TimeInForce::kGtc;
        bool price_shown = false;  // the data have shown its limit since it came
        bool queued = false;       // queue_ahead has been set
        bool rested = false;       // it stands in the book
        bool awaited = false;      // an opening order that was there when the session opened
        bool special = false;  // came as a stop or reduce-only: needs more than a look at its price
        pipeline::OrderFlags flags = 0;
        std::uint16_t distance_bps = 0;
        Price limit;
        Quantity filled;
        Quantity leaves;
        Quantity queue_ahead;
        Quantity
            level;  // displayed at its price, less later prints; kept where queues are estimated
        std::uint32_t next = kNone;
    };
    struct Command {
        StreamTime arrival;
        OrderId id = OrderId::kNone;
        SymbolId symbol = core::kNoSymbol;
        Side side = Side::kBuy;
        OrderType type = OrderType::kMarket;
        TimeInForce tif = TimeInForce::kGtc;
        enum class Kind : std::uint8_t { kNew, kReplace, kCancel } kind = Kind::kNew;
        pipeline::OrderFlags flags = 0;
        std::uint16_t distance_bps = 0;
        Price limit;
        Quantity quantity;
    };

    static void update_side(Displayed& side, Price price, Quantity size) noexcept {
        if (!price.is_zero()) side.show(price, size);
    }
    void match_trade(std::size_t symbol, StreamTime time, const Trade& trade) noexcept;
    void match_quote(std::size_t symbol, StreamTime time, const Quote& quote) noexcept;
    // Halts and auctions; sim_venue_phases.cpp. Whether orders may trade with a tick: a print, or `quote`.
    [[nodiscard]] bool trades_now(std::size_t symbol, const Quote* quote) noexcept;
    [[nodiscard]] bool is_halted(SymbolId symbol) noexcept {
        return halts_.any() && halts_.refuses(core::index_of(symbol), now_);
    }
    [[nodiscard]] bool waits_for_a_print(const Resting& order) noexcept {
        return is_for_auction(order.tif) ||
               (halts_.any() && halts_.waits(core::index_of(order.symbol), now_));
    }
    // Of the order that `link` leads to, out of what is `left` of the print. The link to go on with.
    [[nodiscard]] std::uint32_t* fill_in_auction(std::uint32_t* link, StreamTime time,
                                                 const Trade& trade, Quantity& left) noexcept;
    void end_auctions() noexcept;
    // At the session's opening or close that has just been.
    [[nodiscard]] bool expires_now(Resting& order) const noexcept;
    // What is due after a match: stops that `buys` or `sells`, the prices they would trade at, set off
    // (zero: none), and reduce-only orders that have nothing to reduce any more.
    void look_at_stops(std::size_t symbol, StreamTime time, Price buys, Price sells) noexcept;
    [[nodiscard]] bool set_off(Resting& order, Price price) const noexcept;
    void follow_price(Resting& order, Price price) const noexcept;
    void drop_idle_reducers(std::size_t symbol, StreamTime time) noexcept;

    void arrive(const Command& command) noexcept;
    void arrive_new(const Command& command) noexcept;
    void arrive_replace(const Command& command) noexcept;
    void arrive_cancel(const Command& command) noexcept;
    // Matches an order that has just come against the displayed side, then rests or ends it.
    void enter(Resting& order, StreamTime time) noexcept;
    [[nodiscard]] Quantity take_displayed(Resting& order, StreamTime time) noexcept;
    // The price that a market order fills at whole, by the last quote or trade; zero: none yet.
    [[nodiscard]] Price last_price(const Resting& order) const noexcept;
    [[nodiscard]] bool fills_whole(const Resting& order) const noexcept {
        return fill_ != pipeline::FillModel::kShown && order.type == OrderType::kMarket;
    }
    // What it may fill: all that is left, or what there is to close.
    [[nodiscard]] Quantity most(const Resting& order) const noexcept {
        return (order.flags & pipeline::kReduceOnly) == 0
                   ? order.leaves
                   : std::min(order.leaves, closable(order.symbol, order.side));
    }
    [[nodiscard]] Quantity closable(SymbolId symbol, Side side) const noexcept {
        const Quantity held = held_[core::index_of(symbol)];
        return std::max(Quantity{}, side == Side::kSell ? held : -held);
    }
    [[nodiscard]] bool would_take(const Command& command) const noexcept;
    // The best price that an order of the side trades against; zero: none is displayed.
    [[nodiscard]] Price counter_price(std::size_t symbol, Side side) const noexcept {
        if (by_book_) return level_books_[symbol]->best(opposite(side));
        return (side == Side::kBuy ? books_[symbol].ask : books_[symbol].bid).price;
    }
    // Full books; sim_venue_book.cpp.
    void enter_book(Resting& order, StreamTime time) noexcept;
    void match_book(std::size_t symbol, StreamTime time) noexcept;
    // Takes level after level, from the best to the order's limit.
    void walk(Resting& order, StreamTime time) noexcept;
    [[nodiscard]] Quantity reachable(const Resting& order) const noexcept;
    void join_level(Resting& order) noexcept;
    void follow_update(Resting& order, Side side, Price price, Quantity now) noexcept;
    void follow_snapshot(std::size_t symbol) noexcept;
    void join_queue(Resting& order) noexcept;
    // A queue that is estimated, after a print of that size at its price and after a quote; sim_queue.cpp.
    static void print_at_level(Resting& order, Quantity printed) noexcept;
    static void follow_level(Resting& order, const Displayed& own) noexcept;
    static void follow_size(Resting& order, Quantity now) noexcept;
    void rest(Resting& order) noexcept;
    void unlink(const Resting& order) noexcept;
    void fill(Resting& order, StreamTime time, Price price, Quantity quantity) noexcept;
    // Of the order that `link` leads to, whole; without a price it stays. The link to go on with.
    [[nodiscard]] std::uint32_t* fill_whole(std::uint32_t* link, StreamTime time,
                                            Price price) noexcept;
    void end(Resting& order, StreamTime time, ExecKind kind) noexcept;

    [[nodiscard]] RejectReason judge(const Command& command) noexcept;
    [[nodiscard]] Resting* find(OrderId id) noexcept;
    [[nodiscard]] Resting* allocate() noexcept;
    void release(Resting& order) noexcept;
    void queue_command(const Command& command) noexcept;
    [[nodiscard]] StreamTime arrival(StreamTime sent) noexcept {
        return load_.is_counted() ? order_path_.after(sent, load_.extra(sent))
                                  : order_path_.after(sent);
    }
    void answer(StreamTime time, SymbolId symbol, OrderId id, ExecKind kind,
                RejectReason reason = RejectReason::kNone, Price price = {}, Quantity quantity = {},
                core::Money commission = {}) noexcept;
    void find_next_due() noexcept;
    [[nodiscard]] Book& book_of(const Resting& order) noexcept {
        return books_[core::index_of(order.symbol)];
    }
    [[nodiscard]] std::uint32_t index(const Resting& order) const noexcept {
        return static_cast<std::uint32_t>(&order - resting_.data());
    }

    LatencyPath order_path_;
    LatencyPath response_path_;
    MarketLoad load_;
    pipeline::QueueModel queue_;
    pipeline::FillModel fill_;
    // Ends the lists of resting orders. Not kNone where each trade is to be looked at, so that no list
    // seems empty.
    std::uint32_t list_end_;
    bool open_ = true;
    StreamTime next_due_ = StreamTime::max();
    StreamTime now_ = StreamTime::min();
    FeeSchedule fees_;
    VenueHalts halts_;
    Auctions auctions_;
    std::vector<pipeline::ContractSize> sizes_;  // by instrument
    std::vector<std::uint32_t> first_;  // resting orders by instrument: best price, then arrival
    std::vector<Book> books_;
    std::vector<Quantity> held_;          // by instrument: the position that fills here have made
    std::vector<std::uint32_t> special_;  // by instrument: open stops and reduce-only orders
    std::vector<Price> last_trade_;       // by instrument; empty where nothing asks for it
    std::vector<Resting> resting_;        // a pool
    std::vector<std::uint32_t> free_;     // its free indices, the first free_count_ of them
    std::size_t free_count_ = 0;
    core::FixedQueue<Command> commands_;
    core::FixedQueue<Event> reports_;
    bool by_book_;
    bool passes_over_;  // quotes, or ticks of a halt: a match has to ask
    std::vector<std::unique_ptr<VenueBook>> level_books_;  // by instrument; empty: best quotes
};

}  // namespace sluice::adapters::sim_venue
