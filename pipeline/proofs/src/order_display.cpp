#include <sluice/proofs/order_display.hpp>

#include <algorithm>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::proofs {

void OrderDisplay::clear() {
    orders_.clear();
    for (Levels& side : sides_) side.clear();
}

void OrderDisplay::put(std::int64_t id, const Order& order) {
    if (order.quantity_raw <= 0 || order.side == 'N') return;
    orders_[id] = order;
    levels(order.side)[order.price_raw] += order.quantity_raw;
}

void OrderDisplay::drop(std::int64_t id) {
    const auto found = orders_.find(id);
    if (found == orders_.end()) return;
    Levels& side = levels(found->second.side);
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

void OrderDisplay::add(const pipeline::OrderRow& row, std::vector<ShownRow>& out) {
    apply(row);
    if ((row.flags & pipeline::kRowSnapshot) != 0 || row.action == 'R') trading_ = false;
    if ((row.flags & pipeline::kRowSnapshot) != 0) return;
    time_ns_ = std::max(time_ns_, row.time_ns);
    if (row.action == 'T' && row.quantity_raw > 0) {
        trading_ = true;
        out.push_back({time_ns_, true, row.price_raw, row.quantity_raw, 0, 0});
        quote_ns_ = time_ns_ + 1;
    }
    if ((row.flags & pipeline::kRowEventEnd) == 0 || !trading_) return;
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
