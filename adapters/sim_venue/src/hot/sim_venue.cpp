#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>

#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

void SimVenue::Displayed::switch_price_slow(Price new_price) noexcept {
    if (!taken.is_zero()) {
        Taken* free = nullptr;
        for (Taken& entry : history) {
            if (entry.price.is_zero()) free = &entry;
        }
        if (free == nullptr) {
            free = &history[next];
            next = (next + 1) % history.size();
        }
        *free = Taken{price, taken};
    }
    taken = Quantity{};
    for (Taken& entry : history) {
        if (entry.price != new_price) continue;
        taken = entry.quantity;
        entry = Taken{};
    }
}

void SimVenue::on_timer(const Event& event) noexcept {
    now_ = std::max(now_, event.time());
    if (event.kind() == EventKind::kSessionOpen) open_ = true;
    if (event.kind() != EventKind::kSessionClose) return;
    open_ = false;
    for (Resting& order : resting_) {
        if (order.id != OrderId::kNone && order.tif == TimeInForce::kDay) {
            unlink(order);
            end(order, event.time(), ExecKind::kExpired);
        }
    }
}

void SimVenue::submit(const ApprovedOrder& order, StreamTime sent) noexcept {
    queue_command({order_path_.after(sent), order.id(), order.symbol(), order.side(), order.type(),
                   order.time_in_force(),
                   order.is_replacement() ? Command::Kind::kReplace : Command::Kind::kNew,
                   order.flags(), order.distance_bps(), order.limit(), order.quantity()});
}

void SimVenue::cancel(OrderId id, SymbolId symbol, StreamTime sent) noexcept {
    Command command;
    command.arrival = order_path_.after(sent);
    command.id = id;
    command.symbol = symbol;
    command.kind = Command::Kind::kCancel;
    queue_command(command);
}

void SimVenue::queue_command(const Command& command) noexcept {
    if (commands_.room() == 0) core::overflow_slow("simulated venue: commands in flight");
    commands_.push(command);
    find_next_due();
}

Event SimVenue::pop_due() noexcept {
    const StreamTime report = reports_.empty() ? StreamTime::max() : reports_.front().time();
    Event out;
    if (report == next_due_) {
        out = reports_.front();
        reports_.pop();
    } else {
        const Command command = commands_.front();
        commands_.pop();
        arrive(command);
    }
    find_next_due();
    return out;
}

void SimVenue::find_next_due() noexcept {
    next_due_ = reports_.empty() ? StreamTime::max() : reports_.front().time();
    if (!commands_.empty()) next_due_ = std::min(next_due_, commands_.front().arrival);
}

void SimVenue::arrive(const Command& command) noexcept {
    now_ = std::max(now_, command.arrival);
    switch (command.kind) {
        case Command::Kind::kNew: return arrive_new(command);
        case Command::Kind::kReplace: return arrive_replace(command);
        case Command::Kind::kCancel: return arrive_cancel(command);
    }
}

RejectReason SimVenue::judge(const Command& command) const noexcept {
    if (core::index_of(command.symbol) >= books_.size()) return RejectReason::kUnknownSymbol;
    if (!open_) return RejectReason::kVenueClosed;
    if (command.quantity.raw() <= 0) return RejectReason::kBadQuantity;
    if (command.type != OrderType::kMarket && command.limit.raw() <= 0)
        return RejectReason::kBadPrice;
    if ((command.flags & pipeline::kReduceOnly) != 0 &&
        closable(command.symbol, command.side).is_zero())
        return RejectReason::kNothingToReduce;
    if (would_take(command)) return RejectReason::kWouldTake;
    if (free_count_ == 0) return RejectReason::kVenueFull;
    return RejectReason::kNone;
}

void SimVenue::arrive_new(const Command& c) noexcept {
    RejectReason reason = judge(c);
    if (reason == RejectReason::kNone && find(c.id) != nullptr)
        reason = RejectReason::kDuplicateOrder;
    if (reason != RejectReason::kNone)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kRejected, reason);
    answer(c.arrival, c.symbol, c.id, ExecKind::kAccepted);
    Resting& order = *allocate();
    order.id = c.id;
    order.symbol = c.symbol;
    order.side = c.side;
    order.type = c.type;
    order.tif = c.tif;
    order.flags = c.flags;
    order.distance_bps = c.distance_bps;
    order.limit = c.limit;
    order.leaves = c.quantity;
    order.special = is_stop(c.type) || (c.flags & pipeline::kReduceOnly) != 0;
    if (order.special) ++special_[core::index_of(c.symbol)];
    enter(order, c.arrival);
    if (special_[core::index_of(c.symbol)] != 0)
        drop_idle_reducers(core::index_of(c.symbol), c.arrival);
}

// New terms lose the place in the queue.
void SimVenue::arrive_replace(const Command& c) noexcept {
    Resting* order = find(c.id);
    RejectReason reason = order == nullptr ? RejectReason::kUnknownOrder : RejectReason::kNone;
    if (reason == RejectReason::kNone && !open_) reason = RejectReason::kVenueClosed;
    if (reason == RejectReason::kNone && c.quantity <= order->filled)
        reason = RejectReason::kBadQuantity;
    if (reason == RejectReason::kNone && order->type != OrderType::kMarket && c.limit.raw() <= 0)
        reason = RejectReason::kBadPrice;
    if (reason != RejectReason::kNone)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kReplaceRejected, reason);
    unlink(*order);
    // What a trailing stop has gained stays; one that was set off keeps its limit.
    const bool keeps =
        order->type != c.type || (order->type == OrderType::kTrailing &&
                                  better(opposite(order->side), order->limit, c.limit));
    if (!keeps) order->limit = c.limit;
    order->leaves = c.quantity - order->filled;
    order->queued = false;
    order->price_shown = false;
    order->rested = false;
    answer(c.arrival, c.symbol, c.id, ExecKind::kReplaced, RejectReason::kNone,
           order->limit.is_zero() ? c.limit : order->limit, c.quantity);
    const std::size_t symbol = core::index_of(order->symbol);
    enter(*order, c.arrival);
    if (special_[symbol] != 0) drop_idle_reducers(symbol, c.arrival);
}

void SimVenue::arrive_cancel(const Command& c) noexcept {
    Resting* order = find(c.id);
    if (order == nullptr)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kCancelRejected,
                      RejectReason::kUnknownOrder);
    unlink(*order);
    end(*order, c.arrival, ExecKind::kCancelled);
}

void SimVenue::enter(Resting& order, StreamTime time) noexcept {
    const Book& book = book_of(order);
    const bool at_once = order.tif == TimeInForce::kIoc || order.tif == TimeInForce::kFok;
    if (is_stop(order.type)) {
        // Set off by what is displayed on its arrival already.
        const Price other = (order.side == Side::kBuy ? book.ask : book.bid).price;
        follow_price(order, other);
        if (!set_off(order, other)) return rest(order);
    }
    if (fills_whole(order)) {
        const Price price = last_price(order);
        if (fill_ == pipeline::FillModel::kNext || price.is_zero()) return rest(order);
        fill(order, time, price, most(order));
        return order.leaves.is_zero() ? release(order) : end(order, time, ExecKind::kCancelled);
    }
    if (book.has_quotes()) {
        const Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
        const bool reachable =
            !other.price.is_zero() &&
            (order.type == OrderType::kMarket || crosses(order.side, order.limit, other.price));
        const Quantity available = reachable ? other.available() : Quantity{};
        if (order.tif == TimeInForce::kFok && available < most(order))
            return end(order, time, ExecKind::kExpired);
        if (!available.is_zero() && take_displayed(order, time).is_zero()) return release(order);
        if (at_once) return end(order, time, ExecKind::kExpired);
        join_queue(order);
    }
    rest(order);
}

// Takes what the other side displays; returns what is left to fill.
Quantity SimVenue::take_displayed(Resting& order, StreamTime time) noexcept {
    Book& book = book_of(order);
    Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
    const Quantity quantity = least(most(order), other.available());
    if (quantity.is_zero()) return order.leaves;
    other.take(quantity);
    fill(order, time, other.price, quantity);
    return order.leaves;
}

Price SimVenue::last_price(const Resting& order) const noexcept {
    const std::size_t symbol = core::index_of(order.symbol);
    const Book& book = books_[symbol];
    if (book.has_quotes()) return (order.side == Side::kBuy ? book.ask : book.bid).price;
    return last_trade_.empty() ? Price{} : last_trade_[symbol];
}

// Where the order stands among what is displayed at its price, when that price is the best.
void SimVenue::join_queue(Resting& order) noexcept {
    if (order.type == OrderType::kMarket) return;
    const Book& book = book_of(order);
    const Displayed& own = order.side == Side::kBuy ? book.bid : book.ask;
    const Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
    if (own.price == order.limit || other.price == order.limit) order.price_shown = true;
    if (own.price.is_zero()) return;
    if (order.queued) {
        if (queue_ == pipeline::QueueModel::kProportional) follow_level(order, own);
        return;
    }
    if (own.price == order.limit) {
        order.queued = true;
        order.level = own.size;
        order.queue_ahead = queue_ == pipeline::QueueModel::kFront ? Quantity{} : own.size;
    } else if (better(order.side, order.limit, own.price)) {
        order.queued = true;  // alone at a new best price
        order.queue_ahead = Quantity{};
    }
}

// Inserts by price, then arrival; market orders first. Buys and sells share the list, because
// the gate never lets one instrument have both open for long and each checks its own side.
void SimVenue::rest(Resting& order) noexcept {
    const auto goes_before = [&](const Resting& resting) {
        if (order.type != resting.type) return order.type == OrderType::kMarket;  // stops come last
        return order.type == OrderType::kLimit && order.side == resting.side &&
               better(order.side, order.limit, resting.limit);
    };
    std::uint32_t* link = &first_[core::index_of(order.symbol)];
    while (*link != list_end_ && !goes_before(resting_[*link])) link = &resting_[*link].next;
    order.next = *link;
    *link = index(order);
    order.rested = true;
}

void SimVenue::unlink(const Resting& order) noexcept {
    const std::uint32_t wanted = index(order);
    std::uint32_t* link = &first_[core::index_of(order.symbol)];
    for (; *link != list_end_; link = &resting_[*link].next) {
        if (*link != wanted) continue;
        *link = order.next;
        resting_[wanted].next = kNone;
        return;
    }
}

void SimVenue::match_trade(std::size_t symbol, StreamTime time, const Trade& trade) noexcept {
    now_ = std::max(now_, time);
    Quantity left = trade.quantity;
    std::uint32_t* link = &first_[symbol];
    if (!last_trade_.empty()) last_trade_[symbol] = trade.price;
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        if (fills_whole(order)) {
            // Where there are quotes it is for one of them to say the price.
            link = fill_whole(link, time, books_[symbol].has_quotes() ? Price{} : trade.price);
            continue;
        }
        Price price = trade.price;
        bool reached = !is_stop(order.type);
        if (order.type == OrderType::kLimit) {
            if (trade.price == order.limit) {
                order.price_shown = true;
                const Quantity ahead = least(order.queue_ahead, left);
                order.queue_ahead -= ahead;
                left -= ahead;
                print_at_level(order, trade.quantity);
            } else {
                reached = crosses(order.side, order.limit, trade.price);
                if (order.price_shown) price = order.limit;
            }
        }
        const Quantity quantity = reached ? least(most(order), left) : Quantity{};
        // Decided by this first print: it is all or nothing, or what there is and no more.
        const bool decided = reached && order.tif == TimeInForce::kIoc;
        const bool killed = order.tif == TimeInForce::kFok && (!reached || quantity < most(order));
        if (!killed && !quantity.is_zero()) {
            left -= quantity;
            fill(order, time, price, quantity);
        }
        const bool done = order.leaves.is_zero();
        if (done || decided || killed || (order.tif == TimeInForce::kIoc && !reached)) {
            *link = order.next;
            order.next = kNone;
            if (done) {
                release(order);
            } else {
                end(order, time, ExecKind::kExpired);
            }
        } else {
            link = &order.next;
        }
    }
    if (special_[symbol] != 0) [[unlikely]]
        look_at_stops(symbol, time, trade.price, trade.price);
    find_next_due();
}

void SimVenue::match_quote(std::size_t symbol, StreamTime time) noexcept {
    Book& book = books_[symbol];
    now_ = std::max(now_, time);
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
        if (fills_whole(order)) {
            link = fill_whole(link, time, other.price);
            continue;
        }
        const bool reached =
            !other.price.is_zero() && !is_stop(order.type) &&
            (order.type == OrderType::kMarket || crosses(order.side, order.limit, other.price));
        // The first quote decides an IOC or FOK order that came before there were any.
        const bool decided = order.tif == TimeInForce::kIoc || order.tif == TimeInForce::kFok;
        const Quantity available = reached ? other.available() : Quantity{};
        const bool killed = order.tif == TimeInForce::kFok && available < most(order);
        const Quantity quantity = killed ? Quantity{} : least(most(order), available);
        if (!quantity.is_zero()) {
            const bool at_limit = order.type == OrderType::kLimit && order.price_shown;
            other.take(quantity);
            fill(order, time, at_limit ? order.limit : other.price, quantity);
        }
        join_queue(order);
        if (order.leaves.is_zero() || decided) {
            *link = order.next;
            order.next = kNone;
            if (order.leaves.is_zero()) {
                release(order);
            } else {
                end(order, time, ExecKind::kExpired);
            }
        } else {
            link = &order.next;
        }
    }
    if (special_[symbol] != 0) [[unlikely]]
        look_at_stops(symbol, time, book.ask.price, book.bid.price);
    find_next_due();
}

std::uint32_t* SimVenue::fill_whole(std::uint32_t* link, StreamTime time, Price price) noexcept {
    Resting& order = resting_[*link];
    if (price.is_zero()) return &order.next;
    *link = order.next;
    order.next = kNone;
    const Quantity quantity = most(order);
    if (!quantity.is_zero()) fill(order, time, price, quantity);
    order.leaves.is_zero() ? release(order) : end(order, time, ExecKind::kCancelled);
    return link;
}

void SimVenue::fill(Resting& order, StreamTime time, Price price, Quantity quantity) noexcept {
    order.leaves -= quantity;
    order.filled += quantity;
    held_[core::index_of(order.symbol)] += signed_by(order.side, quantity);
    const bool made = order.rested && order.type == OrderType::kLimit && price == order.limit;
    answer(time, order.symbol, order.id, ExecKind::kFill, RejectReason::kNone, price, quantity,
           commission_.charge(price, quantity,
                              made ? pipeline::Liquidity::kMaker : pipeline::Liquidity::kTaker,
                              sizes_[core::index_of(order.symbol)]));
}

void SimVenue::end(Resting& order, StreamTime time, ExecKind kind) noexcept {
    answer(time, order.symbol, order.id, kind);
    release(order);
}

void SimVenue::answer(StreamTime time, SymbolId symbol, OrderId id, ExecKind kind,
                      RejectReason reason, Price price, Quantity quantity,
                      core::Money commission) noexcept {
    if (reports_.room() == 0) core::overflow_slow("simulated venue: reports in flight");
    // A late tick may match at a time before the last report's; reports leave in order all the same.
    const StreamTime due = response_path_.after(std::max(time, now_));
    reports_.push(Event::report(due, symbol, kind, reason,
                                {id, price, quantity, pipeline::PackedMoney{commission}}));
    find_next_due();
}

SimVenue::Resting* SimVenue::find(OrderId id) noexcept {
    if (id == OrderId::kNone) return nullptr;
    for (Resting& order : resting_) {
        if (order.id == id) return &order;
    }
    return nullptr;
}

SimVenue::Resting* SimVenue::allocate() noexcept {
    const std::uint32_t slot = free_[--free_count_];
    return &resting_[slot];
}

void SimVenue::release(Resting& order) noexcept {
    const std::uint32_t slot = index(order);
    if (order.special) --special_[core::index_of(order.symbol)];
    order = Resting{};
    free_[free_count_++] = slot;
}

}  // namespace sluice::adapters::sim_venue
