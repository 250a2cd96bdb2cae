#include <sluice/proofs/fill_audit.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::proofs {

namespace {

using pipeline::Side;

constexpr std::size_t kKeptViolations = 256;

bool within(Side side, std::int64_t limit_raw, std::int64_t price_raw) noexcept {
    if (limit_raw == 0) return true;
    return side == Side::kBuy ? price_raw <= limit_raw : price_raw >= limit_raw;
}

}  // namespace

const char* to_string(FillFault fault) noexcept {
    switch (fault) {
        case FillFault::kNone: return "none";
        case FillFault::kUnknownOrder: return "unknown_order";
        case FillFault::kBeforeArrival: return "before_arrival";
        case FillFault::kAfterCancel: return "after_cancel";
        case FillFault::kBeyondQuantity: return "beyond_quantity";
        case FillFault::kBeyondLimit: return "beyond_limit";
        case FillFault::kNotSetOff: return "not_set_off";
        case FillFault::kNothingThere: return "nothing_there";
        case FillFault::kUsedUp: return "used_up";
        case FillFault::kPriceNotShown: return "price_not_shown";
        case FillFault::kInHalt: return "in_halt";
        case FillFault::kOutsideAuction: return "outside_auction";
    }
    return "";
}

const char* describe(FillFault fault) noexcept {
    switch (fault) {
        case FillFault::kNone: return "nothing";
        case FillFault::kUnknownOrder: return "the run gave no such order";
        case FillFault::kBeforeArrival: return "the order had not arrived yet";
        case FillFault::kAfterCancel: return "the order's cancel had arrived before";
        case FillFault::kBeyondQuantity: return "more than was ordered";
        case FillFault::kBeyondLimit: return "worse than the order's limit";
        case FillFault::kNotSetOff:
            return "a stop, and no price that sets it off was shown since it arrived";
        case FillFault::kNothingThere:
            return "no print and no displayed size that it could have traded with";
        case FillFault::kUsedUp: return "the size that was there had been used by other fills";
        case FillFault::kPriceNotShown:
            return "a price that was neither quoted nor traded since the order arrived";
        case FillFault::kInHalt: return "the instrument was halted, or had not reopened yet";
        case FillFault::kOutsideAuction:
            return "an order for an auction, and no print of one at that price and moment";
    }
    return "";
}

void FillAuditReport::add(const FillAuditReport& other) {
    rows += other.rows;
    fills += other.fills;
    by_print += other.by_print;
    by_display += other.by_display;
    quantity_raw += other.quantity_raw;
    printed_raw += other.printed_raw;
    for (std::size_t i = 0; i < kFillFaultCount; ++i) faults[i] += other.faults[i];
    for (const FillViolation& violation : other.violations)
        if (violations.size() < kKeptViolations) violations.push_back(violation);
}

FillAudit::FillAudit(const AuditedOrders& orders, std::vector<AuditedFill> fills,
                     std::vector<AuditedHalt> halts)
    : orders_(orders), fills_(std::move(fills)), halts_(std::move(halts)) {
    report_.fills = fills_.size();
    for (std::size_t i = 0; i < fills_.size(); ++i) {
        fills_of_[fills_[i].order].push_back(i);
        report_.quantity_raw += fills_[i].quantity_raw;
    }
    for (std::size_t i = 0; i < fills_.size(); ++i) {
        Waiting waiting{i, {}};
        const FillFault fault = judge(fills_[i], waiting.terms);
        if (fault == FillFault::kNone) {
            waiting_.emplace(fills_[i].cause_ns, waiting);
        } else {
            blame(fills_[i], fault);
        }
    }
}

void FillAudit::blame(const AuditedFill& fill, FillFault fault) {
    ++report_.faults[static_cast<std::size_t>(fault)];
    if (report_.violations.size() < kKeptViolations) report_.violations.push_back({fill, fault});
}

// What the order had filled by fills caused before that time.
std::int64_t FillAudit::filled_before(std::uint64_t order, std::int64_t time_ns) const {
    std::int64_t sum = 0;
    for (const std::size_t i : fills_of_.at(order))
        if (fills_[i].cause_ns < time_ns) sum += fills_[i].quantity_raw;
    return sum;
}

// Finds the terms under which the order may have filled: the last that had arrived, or, of several of
// which that is open, those whose limit is the fill's price. Else says what is wrong.
FillFault FillAudit::judge(const AuditedFill& fill, AuditedOrder::Terms& terms) const {
    const auto found = orders_.find(fill.order);
    if (found == orders_.end()) return FillFault::kUnknownOrder;
    std::int64_t filled = 0;  // with this fill
    for (const std::size_t i : fills_of_.at(fill.order)) {
        filled += fills_[i].quantity_raw;
        if (&fills_[i] == &fill) break;
    }
    FillFault fault = FillFault::kBeforeArrival;
    bool chosen = false;
    for (const AuditedOrder::Terms& next : found->second.terms) {
        if (next.earliest_ns > fill.cause_ns) break;
        bool arrived = next.latest_ns < fill.cause_ns;  // before it, for sure
        if (next.quantity_raw != 0) {
            // New terms that came in a halt were refused; those that may have come in one, perhaps.
            bool refused = false;
            for (const AuditedHalt& halt : halts_) {
                if (next.latest_ns < halt.from_ns || next.earliest_ns >= halt.to_ns) continue;
                arrived = false;
                refused =
                    refused || (next.earliest_ns >= halt.from_ns && next.latest_ns < halt.to_ns);
            }
            if (refused) continue;
        } else {
            if (!arrived) continue;
            chosen = false;
            fault = FillFault::kAfterCancel;
            continue;
        }
        // One that asks for no more than has filled is refused, and the older terms stand.
        if (arrived && filled_before(fill.order, next.earliest_ns) >= next.quantity_raw) continue;
        const bool lawful = within(found->second.side, next.limit_raw, fill.price_raw);
        if (filled <= next.quantity_raw && lawful) {
            if (!arrived && chosen && terms.limit_raw == fill.price_raw) continue;
            terms = next;
            chosen = true;
        } else if (arrived || !chosen) {
            fault = lawful ? FillFault::kBeyondQuantity : FillFault::kBeyondLimit;
            chosen = false;
        }
    }
    return chosen ? FillFault::kNone : fault;
}

// By a price of either side or of a print: a buy stop by one that is as high, a sell stop by one as low.
bool FillAudit::is_set_off(const AuditedOrder& order) const {
    if (order.stop_raw == 0) return true;
    const Side against = pipeline::opposite(order.side);
    const std::int64_t since_ns = order.terms.front().earliest_ns;
    const auto reaches = [&](std::int64_t price_raw) {
        return price_raw != 0 && within(against, order.stop_raw, price_raw);
    };
    return std::any_of(sides_.begin(), sides_.end(),
                       [&](const BookSide& side) { return reaches(side.best_raw); }) ||
           std::any_of(last_shown_.begin(), last_shown_.end(), [&](const auto& shown) {
               return shown.second >= since_ns && reaches(shown.first);
           });
}

bool FillAudit::shown_since(std::int64_t price_raw, std::int64_t time_ns) const {
    for (const BookSide& side : sides_)
        if (side.best_raw == price_raw || (by_levels_ && side.levels.count(price_raw) != 0))
            return true;
    const auto found = last_shown_.find(price_raw);
    if (found != last_shown_.end() && found->second >= time_ns) return true;
    const auto stood = last_stood_.find(price_raw);
    return stood != last_stood_.end() && stood->second >= time_ns;
}

bool FillAudit::is_price_of(const Waiting& waiting, std::int64_t counter_raw) const {
    const std::int64_t price = fills_[waiting.fill].price_raw;
    return price == counter_raw ||
           (price == waiting.terms.limit_raw && shown_since(price, waiting.terms.earliest_ns));
}

bool FillAudit::explain(Waiting& waiting, const ShownRow* print, std::int64_t& print_left_raw) {
    const AuditedFill& fill = fills_[waiting.fill];
    const AuditedOrder& order = orders_.at(fill.order);
    const Side side = order.side;
    waiting.waits = !is_set_off(order);
    if (waiting.waits) return false;
    if (order.for_auction) {
        const bool is_one =
            print != nullptr && (print->conditions & order.auction_conditions) != 0 &&
            (order.auction_exchange == 0 || print->exchange == order.auction_exchange) &&
            print->bid_raw == fill.price_raw;
        if (!is_one) return false;
        waiting.reached = true;
        if (print_left_raw < fill.quantity_raw) return false;
        print_left_raw -= fill.quantity_raw;
        ++report_.by_print;
        report_.printed_raw += fill.quantity_raw;
        return true;
    }
    if (print != nullptr) {
        if (!within(side, waiting.terms.limit_raw, print->bid_raw)) return false;
        waiting.reached = true;
        if (print_left_raw < fill.quantity_raw) return false;
        waiting.had_size = true;
        if (!is_price_of(waiting, print->bid_raw)) return false;
        print_left_raw -= fill.quantity_raw;
        ++report_.by_print;
        report_.printed_raw += fill.quantity_raw;
        return true;
    }
    return explain_by_display(waiting);
}

bool FillAudit::explain_by_display(Waiting& waiting) {
    const Side side = orders_.at(fills_[waiting.fill].order).side;
    BookSide& other = sides_[side == Side::kBuy ? 1 : 0];
    if (other.best_raw == 0) return false;
    if (!by_levels_) return takes_of(waiting, other.best_raw, other.levels[other.best_raw]);
    if (side == Side::kBuy)
        return std::any_of(other.levels.begin(), other.levels.end(), [&](auto& level) {
            return takes_of(waiting, level.first, level.second);
        });
    return std::any_of(other.levels.rbegin(), other.levels.rend(),
                       [&](auto& level) { return takes_of(waiting, level.first, level.second); });
}

bool FillAudit::takes_of(Waiting& waiting, std::int64_t price_raw, Level& level) {
    const AuditedFill& fill = fills_[waiting.fill];
    if (!within(orders_.at(fill.order).side, waiting.terms.limit_raw, price_raw)) return false;
    waiting.reached = true;
    if (level.size_raw - level.taken_raw < fill.quantity_raw) {
        waiting.was_short = waiting.was_short || (by_levels_ && price_raw == fill.price_raw);
        return false;
    }
    waiting.had_size = true;
    if (!is_price_of(waiting, price_raw)) return false;
    level.taken_raw += fill.quantity_raw;
    ++report_.by_display;
    return true;
}

void FillAudit::serve(std::int64_t first_ns, std::int64_t last_ns, const ShownRow* print) {
    std::int64_t print_left_raw = print != nullptr ? print->bid_size_raw : 0;
    auto at = waiting_.lower_bound(first_ns);
    while (at != waiting_.end() && at->first <= last_ns)
        at = explain(at->second, print, print_left_raw) ? waiting_.erase(at) : std::next(at);
}

void FillAudit::show_side(BookSide& side, bool is_bid, std::int64_t price_raw,
                          std::int64_t size_raw) {
    if (price_raw == 0) return;
    if (side.best_raw != 0 && side.best_raw != price_raw) {
        last_shown_[side.best_raw] = now_ns_;
        // Levels better than the new best are gone, and all that was taken of them.
        if (is_bid) {
            side.levels.erase(side.levels.upper_bound(price_raw), side.levels.end());
        } else {
            side.levels.erase(side.levels.begin(), side.levels.lower_bound(price_raw));
        }
    }
    side.best_raw = price_raw;
    last_shown_[price_raw] = now_ns_;
    Level& level = side.levels[price_raw];
    level.size_raw = size_raw;
    level.taken_raw = std::min(level.taken_raw, size_raw);
}

bool FillAudit::was_halted(std::int64_t time_ns) const {
    return std::any_of(without_trade_.begin(), without_trade_.end(), [&](const AuditedHalt& halt) {
        return halt.from_ns <= time_ns && time_ns < halt.to_ns;
    });
}

bool FillAudit::takes_halts_to(const ShownRow& row, std::int64_t before_ns) {
    has_printed_ = has_printed_ || row.is_print;
    for (; next_halt_ < halts_.size() && halts_[next_halt_].from_ns <= now_ns_; ++next_halt_) {
        const AuditedHalt& halt = halts_[next_halt_];
        halted_until_ns_ = std::max(halted_until_ns_, halt.to_ns);
        if (halted_) continue;
        serve(before_ns, halt.from_ns - 1, nullptr);
        halted_ = true;
        without_trade_.push_back({halt.from_ns, INT64_MAX});
        for (BookSide& side : sides_) side = BookSide{};
    }
    if (!halted_) return true;
    if (now_ns_ < halted_until_ns_) return false;
    if (!row.is_print) show_quote(row);
    if (!row.is_print && has_printed_) return false;
    halted_ = false;
    without_trade_.back().to_ns = now_ns_;
    if (row.is_print) last_shown_[row.bid_raw] = now_ns_;
    serve(row.time_ns, now_ns_, row.is_print ? &row : nullptr);
    return false;
}

void FillAudit::show_quote(const ShownRow& row) {
    show_side(sides_[0], true, row.bid_raw, row.bid_size_raw);
    show_side(sides_[1], false, row.ask_raw, row.ask_size_raw);
}

void FillAudit::show(const ShownRow& row) {
    ++report_.rows;
    const std::int64_t before = now_ns_;
    now_ns_ = std::max(now_ns_, row.time_ns);
    if (!halts_.empty() && !takes_halts_to(row, before)) return;
    // What arrived since, up to this very moment, met what was displayed before this row.
    if (now_ns_ != before) serve(before, now_ns_, nullptr);
    if (row.is_print) {
        last_shown_[row.bid_raw] = now_ns_;
    } else {
        show_quote(row);
    }
    serve(row.time_ns, now_ns_, row.is_print ? &row : nullptr);
}

FillAuditReport FillAudit::finish() {
    if (!halted_)
        serve(now_ns_, next_halt_ < halts_.size() ? halts_[next_halt_].from_ns - 1 : INT64_MAX,
              nullptr);
    for (; next_halt_ < halts_.size(); ++next_halt_)
        without_trade_.push_back({halts_[next_halt_].from_ns, INT64_MAX});
    for (const auto& [cause, waiting] : waiting_) {
        const AuditedFill& fill = fills_[waiting.fill];
        const bool for_auction = orders_.at(fill.order).for_auction;
        blame(fill, was_halted(cause)   ? FillFault::kInHalt
                    : waiting.waits     ? FillFault::kNotSetOff
                    : waiting.was_short ? FillFault::kUsedUp
                    : waiting.had_size  ? FillFault::kPriceNotShown
                    : waiting.reached   ? FillFault::kUsedUp
                    : for_auction       ? FillFault::kOutsideAuction
                                        : FillFault::kNothingThere);
    }
    waiting_.clear();
    return std::move(report_);
}

}  // namespace sluice::proofs
