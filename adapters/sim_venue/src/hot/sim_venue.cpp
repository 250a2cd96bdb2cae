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
    if (!pipeline::is_session(event.kind())) return;
    open_ = event.kind() == EventKind::kSessionOpen;
    for (Resting& order : resting_) {
        if (order.id == OrderId::kNone || !expires_now(order)) continue;
        unlink(order);
        end(order, event.time(), ExecKind::kExpired);
    }
}

void SimVenue::submit(const ApprovedOrder& order, StreamTime sent) noexcept {
    queue_command({arrival(sent), order.id(), order.symbol(), order.side(), order.type(),
                   order.time_in_force(),
                   order.is_replacement() ? Command::Kind::kReplace : Command::Kind::kNew,
                   order.flags(), order.distance_bps(), order.limit(), order.quantity()});
}

void SimVenue::cancel(OrderId id, SymbolId symbol, StreamTime sent) noexcept {
    Command command;
    command.arrival = arrival(sent);
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
    } else if (auctions_.next_end() == next_due_) {
        end_auctions();
    } else {
        const Command command = commands_.front();
        commands_.pop();
        arrive(command);
    }
    find_next_due();
    return out;
}

void SimVenue::find_next_due() noexcept {
    next_due_ = auctions_.next_end();
    if (!reports_.empty()) next_due_ = std::min(next_due_, reports_.front().time());
    if (!commands_.empty()) next_due_ = std::min(next_due_, commands_.front().arrival);
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
    if (load_.is_counted()) load_.count(now_);
    if (halts_.any() && !trades_now(symbol, nullptr)) return;
    Quantity left = trade.quantity;
    std::uint32_t* link = &first_[symbol];
    if (!last_trade_.empty()) last_trade_[symbol] = trade.price;
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        if (is_for_auction(order.tif)) {
            link = fill_in_auction(link, time, trade, left);
            continue;
        }
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

void SimVenue::match_quote(std::size_t symbol, StreamTime time, const Quote& quote) noexcept {
    Book& book = books_[symbol];
    now_ = std::max(now_, time);
    if (load_.is_counted()) load_.count(now_);
    if (passes_over_ && !trades_now(symbol, &quote)) return;
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
        if (is_for_auction(order.tif)) {
            link = &order.next;
            continue;
        }
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
    const bool made = order.rested && order.type == OrderType::kLimit && price == order.limit &&
                      !is_for_auction(order.tif);
    answer(time, order.symbol, order.id, ExecKind::kFill, RejectReason::kNone, price, quantity,
           fees_.charge(std::max(time, now_), price, quantity,
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
