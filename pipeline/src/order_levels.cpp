#include <sluice/pipeline/order_levels.hpp>

#include <algorithm>

namespace sluice::pipeline {

// The level that the row is about to change, and, of an order that is there, the one where it stands.
void OrderLevels::note(const OrderRow& row) {
    if (row.action != 'A' && row.action != 'M' && row.action != 'C') return;
    if (row.side == 'B' || row.side == 'A')
        changed_.insert({row.side == 'B' ? Side::kBuy : Side::kSell, row.price_raw});
    const OrderBook::Resting resting = book_.find(row.order);
    if (!resting.quantity.is_zero()) changed_.insert({resting.side, resting.price.raw()});
}

std::int64_t OrderLevels::size_at(Side side, std::int64_t price_raw) const {
    for (std::size_t n = 0; n < book_.depth(side); ++n) {
        const BookLevel level = book_.level(side, n);
        if (level.price.raw() == price_raw) return level.quantity.raw();
        const bool is_past =
            side == Side::kBuy ? level.price.raw() < price_raw : level.price.raw() > price_raw;
        if (is_past) break;
    }
    return 0;
}

LevelRow OrderLevels::next_row(const OrderRow& row) {
    time_ns_ = std::max(time_ns_, book_ns_);
    LevelRow out{};
    out.time_ns = time_ns_;
    out.received_ns = row.received_ns;
    out.previous = sequence_;
    out.sequence = ++sequence_;
    return out;
}

void OrderLevels::show_all(LevelRow row, LevelColumns& out) const {
    row.flags = kRowSnapshot;
    for (const Side side : {Side::kBuy, Side::kSell}) {
        row.side = side == Side::kBuy ? 'B' : 'A';
        for (std::size_t n = 0; n < book_.depth(side); ++n) {
            row.price_raw = book_.level(side, n).price.raw();
            row.quantity_raw = book_.level(side, n).quantity.raw();
            out.append(row);
        }
    }
}

void OrderLevels::show_changes(LevelRow row, LevelColumns& out) const {
    for (const auto& [side, price_raw] : changed_) {
        row.side = side == Side::kBuy ? 'B' : 'A';
        row.price_raw = price_raw;
        row.quantity_raw = size_at(side, price_raw);
        out.append(row);
    }
}

void OrderLevels::stop_trading(const OrderRow& row, LevelColumns& out) {
    trading_ = false;
    changed_.clear();
    if (!shown_) return;
    shown_ = false;
    LevelRow nothing = next_row(row);
    nothing.side = 'B';
    nothing.flags = kRowSnapshot | kRowEventEnd;
    out.append(nothing);
}

void OrderLevels::add(const OrderRow& row, LevelColumns& out) {
    note(row);
    (void)book_.apply(row);  // what is unlawful is for `data verify` to count
    if ((row.flags & kRowSnapshot) == 0) time_ns_ = std::max(time_ns_, row.time_ns);
    if ((row.flags & kRowSnapshot) != 0 || row.action == 'R') stop_trading(row, out);
    if ((row.flags & kRowSnapshot) != 0) return;
    if (row.action == 'T' && row.quantity_raw > 0 && row.price_raw > 0) {
        trading_ = true;
        book_ns_ = time_ns_ + 1;
    }
    if ((row.flags & kRowEventEnd) == 0 || !trading_) return;
    const std::size_t first = out.size();
    if (shown_ ? !changed_.empty() : book_.depth(Side::kBuy) + book_.depth(Side::kSell) != 0) {
        shown_ ? show_changes(next_row(row), out) : show_all(next_row(row), out);
        shown_ = true;
    }
    changed_.clear();
    if (out.size() != first) out.flags.back() |= kRowEventEnd;
}

}  // namespace sluice::pipeline
