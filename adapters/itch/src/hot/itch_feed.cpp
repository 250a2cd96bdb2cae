#include <sluice/adapters/itch/hot/itch_feed.hpp>

#include <sluice/core/hot/tsc.hpp>

namespace sluice::adapters::itch {

using core::SymbolId;
using pipeline::Event;
using pipeline::FeedState;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::Side;
using pipeline::StreamTime;

namespace {

constexpr std::int64_t kPriceUnit = core::Price::kScale / 10'000;

Price price_of(std::uint32_t price) noexcept {
    return Price::from_raw(std::int64_t{price} * kPriceUnit);
}
// At most ItchBooks::kLevelSharesMax, or Conflation::kVolumeMax, both checked.
Quantity quantity_of(std::uint64_t shares) noexcept {
    return Quantity::from_raw(static_cast<std::int64_t>(shares) * core::Quantity::kScale);
}

}  // namespace

std::span<Event> ItchFeed::poll(std::uint64_t now) noexcept {
    events_count_ = 0;
    conflating_ = false;
    drain(now);
    arbiter_.keep_time(now, Sink{*this});
    if (conflating_) [[unlikely]]
        flush_slow();
    settle(now);
    return {events_.data(), events_count_};
}

// Takes from the lines in turn, so that what one has lost is found on the other, and leaves with the
// first events: looking for more would keep them waiting. When the lines have not once been found
// empty for conflate_after datagrams, it takes what there is.
void ItchFeed::drain(std::uint64_t now) noexcept {
    taken_ = 0;
    const std::size_t lines = lines_.b != nullptr ? 2 : 1;
    for (std::size_t empty = 0; empty < lines;) {
        if (taken_ == options_.datagrams_max) return;
        if (take_one(turn_ == 0 ? *lines_.a : *lines_.b, turn_, now))
            empty = 0;
        else
            ++empty;
        turn_ = turn_ + 1 < lines ? turn_ + 1 : 0;
        if (lines_.replies != nullptr && (replies_due_ || arbiter_.missing())) [[unlikely]] {
            replies_due_ = take_one(*lines_.replies, MoldArbiter::kReplies, now);
            if (replies_due_) empty = 0;
        }
        if (events_count_ != 0 && !conflating_) return;
    }
    backlog_ = 0;
}

bool ItchFeed::take_one(pipeline::DatagramReceiver& from, std::size_t line,
                        std::uint64_t now) noexcept {
    const std::span<const std::byte> datagram = from.receive();
    if (datagram.empty()) return false;
    ++taken_;
    if (++backlog_ > options_.conflate_after) [[unlikely]]
        conflating_ = true;
    arbiter_.take(line, datagram, now, core::Tsc::now(), Sink{*this});
    return true;
}

void ItchFeed::on_message(std::span<const std::byte> bytes, std::uint64_t stamp) noexcept {
    const ItchCheck check = check_itch(bytes);
    if (check != ItchCheck::kGood) [[unlikely]] {
        ++(check == ItchCheck::kUnknownType ? unknown_ : malformed_);
        return;
    }
    const ItchMessage message(bytes);
    switch (message.type()) {
        case 'A':
        case 'F':
        case 'E':
        case 'C':
        case 'X':
        case 'D':
        case 'U': break;
        default: on_rare_slow(message, stamp); return;
    }
    const std::uint16_t book = book_of_[message.locate()];
    if (book == kNoBook) {
        ++unknown_;
        return;
    }
    const BookOutcome outcome = on_order(message, book, stamp);
    if (outcome != BookOutcome::kDone) [[unlikely]]
        count_slow(outcome);
    const ItchBooks::Top top = books_.top(book);
    Followed& followed = followed_[book];
    if (top == followed.top) return;
    followed.top = top;
    quote(book, time_of(message), stamp);
}

BookOutcome ItchFeed::on_order(const ItchMessage& message, std::uint16_t book,
                               std::uint64_t stamp) noexcept {
    switch (message.type()) {
        case 'A':
        case 'F': {
            const char side = message.side();
            if (side != 'B' && side != 'S') [[unlikely]]
                return BookOutcome::kIllegal;
            return books_.add(book, message.order(), side == 'B' ? Side::kBuy : Side::kSell,
                              message.add_shares(), message.add_price());
        }
        case 'D': return books_.remove(book, message.order());
        case 'U':
            return books_.replace(book, message.order(), message.new_order(), message.new_shares(),
                                  message.new_price());
        case 'X': {
            ItchBooks::Order before;
            return books_.take(book, message.order(), message.taken_shares(), before);
        }
        default: return on_execution(message, book, stamp);
    }
}

// E and C. What was executed at a price of its own is a trade even when its order is not known.
BookOutcome ItchFeed::on_execution(const ItchMessage& message, std::uint16_t book,
                                   std::uint64_t stamp) noexcept {
    ItchBooks::Order before;
    const std::uint32_t shares = message.taken_shares();
    const BookOutcome outcome = books_.take(book, message.order(), shares, before);
    if (message.type() == 'C') {
        if (message.printable()) trade(message, book, shares, message.execution_price(), stamp);
    } else if (before.price != 0) {
        trade(message, book, shares, before.price, stamp);
    }
    return outcome;
}

void ItchFeed::on_rare_slow(const ItchMessage& message, std::uint64_t stamp) noexcept {
    const char type = message.type();
    if (type == 'R') {
        on_directory_slow(message);
    } else if (type == 'S') {
        system_event_ = message.system_event();
    } else if (type == 'P' || type == 'Q' || type == 'H') {
        const std::uint16_t book = book_of_[message.locate()];
        if (book == kNoBook)
            ++unknown_;
        else if (type == 'P')
            trade(message, book, message.add_shares(), message.add_price(), stamp);
        else if (type == 'Q')
            trade(message, book, message.cross_shares(), message.cross_price(), stamp);
        else
            followed_[book].trading_state = message.trading_state();
    }
}

void ItchFeed::on_directory_slow(const ItchMessage& message) noexcept {
    const std::uint16_t locate = message.locate();
    const StockName name = message.stock();
    for (std::size_t i = 0; i < followed_.size(); ++i) {
        Followed& followed = followed_[i];
        if (followed.name != name) continue;
        // The number stands for one stock all day; 0 stands for none.
        if (locate == 0 || (followed.locate != 0 && followed.locate != locate) ||
            (book_of_[locate] != kNoBook && book_of_[locate] != i)) {
            ++malformed_;
            return;
        }
        followed.locate = locate;
        book_of_[locate] = static_cast<std::uint16_t>(i);
        return;
    }
    ++unknown_;
}

void ItchFeed::count_slow(BookOutcome outcome) noexcept {
    if (outcome == BookOutcome::kUnknownOrder)
        ++unknown_;
    else if (outcome == BookOutcome::kIllegal)
        ++malformed_;
    else if (outcome == BookOutcome::kFull)
        ++full_;
}

void ItchFeed::trade(const ItchMessage& message, std::uint16_t book, std::uint64_t shares,
                     std::uint32_t price, std::uint64_t stamp) noexcept {
    if (shares == 0 && message.type() == 'Q') return;  // a cross that matched nothing
    if (shares == 0 || shares > Conflation::kVolumeMax || price == 0) [[unlikely]] {
        ++malformed_;
        return;
    }
    const Conflation::Print print{++place_, time_of(message), stamp, shares, price};
    if (events_count_ >= options_.events_max) [[unlikely]]
        conflating_ = true;
    if (!conflating_) [[likely]]
        put_trade({print, book, false});
    else if (!conflation_.trade(book, print))
        ++malformed_;
}

void ItchFeed::quote(std::uint16_t book, std::int64_t time_ns, std::uint64_t stamp) noexcept {
    if (events_count_ >= options_.events_max) [[unlikely]]
        conflating_ = true;
    if (!conflating_) [[likely]]
        put_quote(book, time_ns, stamp, 0);
    else
        conflation_.quote(book, ++place_, time_ns, stamp);
}

void ItchFeed::put_trade(const Conflation::Kept& kept) noexcept {
    const Conflation::Print& print = kept.print;
    events_[events_count_++] =
        Event::trade(core::time_from_ns<StreamTime>(print.time_ns), SymbolId{kept.book},
                     {price_of(print.price), quantity_of(print.shares), print.stamp, 0, 0},
                     kept.merged ? pipeline::kFlagConflated : std::uint8_t{0});
}

void ItchFeed::put_quote(std::uint16_t book, std::int64_t time_ns, std::uint64_t stamp,
                         std::uint8_t flags) noexcept {
    const ItchBooks::Top& top = followed_[book].top;
    followed_[book].sent = top;
    if (top.bid == 0 && top.ask == 0) return;  // nothing that a quote could say
    events_[events_count_++] =
        Event::quote(core::time_from_ns<StreamTime>(time_ns), SymbolId{book},
                     {price_of(top.bid), price_of(top.ask), quantity_of(top.bid_shares),
                      quantity_of(top.ask_shares), stamp},
                     flags);
}

void ItchFeed::flush_slow() noexcept {
    conflated_ += conflation_.flush([this](const Conflation::Kept& kept) noexcept {
        if (kept.print.shares != 0) {
            put_trade(kept);
        } else if (followed_[kept.book].top != followed_[kept.book].sent) {
            put_quote(kept.book, kept.print.time_ns, kept.print.stamp,
                      kept.merged ? pipeline::kFlagConflated : std::uint8_t{0});
        } else {
            ++conflated_;  // back where it was
        }
    });
}

void ItchFeed::settle(std::uint64_t now) noexcept {
    counts_ = arbiter_.counts();
    counts_.malformed += malformed_;
    counts_.conflated = conflated_;
    counts_.unknown = unknown_;
    const std::uint64_t heard = arbiter_.last_heard();
    // The first that holds decides, so equal states stand apart.
    if (arbiter_.session_changed() || arbiter_.ended())
        state_ = FeedState::kEnded;
    else if (!arbiter_.heard())
        state_ = FeedState::kWaiting;  // NOLINT(bugprone-branch-clone)
    else if (now > heard && now - heard > silent_ticks_)
        state_ = FeedState::kSilent;
    else if (arbiter_.in_gap())
        state_ = FeedState::kGap;
    else if (!whole() && !options_.live_after_loss)
        state_ = FeedState::kWaiting;
    else
        state_ = FeedState::kLive;
}

}  // namespace sluice::adapters::itch
