#include <sluice/proofs/order_display.hpp>

#include <algorithm>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::proofs {

void OrderDisplay::clear() {
    orders_.clear();
    changed_.clear();
    for (Levels& side : sides_) side.clear();
}

void OrderDisplay::put(std::int64_t id, const Order& order) {
    if (order.quantity_raw <= 0 || order.side == 'N') return;
    orders_[id] = order;
    changed_.insert({order.side == 'B', order.price_raw});
    levels(order.side)[order.price_raw] += order.quantity_raw;
}

void OrderDisplay::drop(std::int64_t id) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) return;
    Levels& side = levels(found->second.side);
    changed_.insert({found->second.side == 'B', found->second.price_raw});
    const auto level = side.find(found->second.price_raw);
    level->second -= found->second.quantity_raw;
    if (level->second == 0) side.erase(level);
    orders_.erase(found);
}

void OrderDisplay::apply(const pipeline::OrderRow& row) {
    const bool snapshot = (row.flags & pipeline::kRowSnapshot) != 0;
    if (snapshot && !in_snapshot_) clear();
    in_snapshot_ = snapshot;
    const auto found = orders_.find(row.order);
    switch (row.action) {
        case 'A':
            if (found == orders_.end()) put(row.order, {row.side, row.price_raw, row.quantity_raw});
            break;
        case 'M':
            if (found == orders_.end()) break;
            {
                const Order changed{found->second.side, row.price_raw, row.quantity_raw};
                drop(row.order);
                put(row.order, changed);
            }
            break;
        case 'C':
            if (found == orders_.end()) break;
            {
                Order left = found->second;
                left.quantity_raw -= row.quantity_raw;
                drop(row.order);
                put(row.order, left);
            }
            break;
        case 'R': clear(); break;
        default: break;
    }
}

bool OrderDisplay::take(const pipeline::OrderRow& row, std::vector<ShownRow>& prints) {
    apply(row);
    if ((row.flags & pipeline::kRowSnapshot) != 0 || row.action == 'R') trading_ = false;
    if ((row.flags & pipeline::kRowSnapshot) != 0) return false;
    time_ns_ = std::max(time_ns_, row.time_ns);
    if (row.action == 'T' && row.quantity_raw > 0) {
        trading_ = true;
        prints.push_back({time_ns_, true, row.price_raw, row.quantity_raw, 0, 0});
        quote_ns_ = time_ns_ + 1;
    }
    return (row.flags & pipeline::kRowEventEnd) != 0 && trading_;
}

void OrderDisplay::add(const pipeline::OrderRow& row, std::vector<ShownRow>& prints,
                       std::vector<ShownLevels>& books) {
    const bool ends = take(row, prints);
    if (books_shown_ && !trading_) {
        time_ns_ = std::max(time_ns_, quote_ns_);
        books.push_back({time_ns_, true, true, {}});
        books_shown_ = false;
    }
    if (!ends || (books_shown_ && changed_.empty())) return;
    time_ns_ = std::max(time_ns_, quote_ns_);
    ShownLevels step{time_ns_, !books_shown_, true, {}};
    if (!books_shown_) {
        for (const bool is_bid : {true, false})
            for (const auto& [price, size] : sides_[is_bid ? 0 : 1])
                step.changes.push_back({is_bid, price, size});
    }
    for (const auto& [is_bid, price] : changed_) {
        const Levels& side = sides_[is_bid ? 0 : 1];
        const auto level = side.find(price);
        step.changes.push_back({is_bid, price, level == side.end() ? 0 : level->second});
    }
    books_shown_ = true;
    changed_.clear();
    books.push_back(std::move(step));
}

void OrderDisplay::add(const pipeline::OrderRow& row, std::vector<ShownRow>& out) {
    const bool ends = take(row, out);
    if (!ends) return;
    changed_.clear();
    ShownRow top{time_ns_, false, 0, 0, 0, 0};
    if (const Levels& bids = sides_[0]; !bids.empty()) {
        top.bid_raw = bids.rbegin()->first;
        top.bid_size_raw = bids.rbegin()->second;
    }
    if (const Levels& asks = sides_[1]; !asks.empty()) {
        top.ask_raw = asks.begin()->first;
        top.ask_size_raw = asks.begin()->second;
    }
    const bool same = top.bid_raw == last_.bid_raw && top.bid_size_raw == last_.bid_size_raw &&
                      top.ask_raw == last_.ask_raw && top.ask_size_raw == last_.ask_size_raw;
    if (same) return;
    time_ns_ = std::max(time_ns_, quote_ns_);
    top.time_ns = time_ns_;
    last_ = top;
    out.push_back(top);
}

}  // namespace sluice::proofs
