// Order-book updates, by price and by order: rows, and the columns that hold them.
// Units: tables.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::pipeline {

// The new size of one price level; 0 removes it. Rows of one venue event share `sequence`; the last
// of them has kRowEventEnd. An event with `previous` other than the sequence of the event before it
// follows a gap. A snapshot's rows have kRowSnapshot and replace the whole book.
struct LevelRow {
    std::int64_t time_ns;
    std::int64_t price_raw;
    std::int64_t quantity_raw;  // >= 0
    std::int64_t sequence;      // the venue's number of this event
    std::int64_t previous;      // the number that it follows
    std::int64_t received_ns;
    std::uint8_t side;  // 'B' or 'A'
    std::uint8_t flags;
};
struct LevelColumns {
    static constexpr TableKind kKind = TableKind::kLevels;
    using Row = LevelRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> price_raw;
    std::vector<std::int64_t> quantity_raw;
    std::vector<std::int64_t> sequence;
    std::vector<std::int64_t> previous;
    std::vector<std::int64_t> received_ns;
    std::vector<std::uint8_t> side;
    std::vector<std::uint8_t> flags;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("price", self.price_raw, false);
        f("quantity", self.quantity_raw, false);
        f("sequence", self.sequence, false);
        f("previous", self.previous, false);
        f("received", self.received_ns, false);
        f("side", self.side, false);
        f("flags", self.flags, false);
    }
    void append(const LevelRow& row) {
        time_ns.push_back(row.time_ns);
        price_raw.push_back(row.price_raw);
        quantity_raw.push_back(row.quantity_raw);
        sequence.push_back(row.sequence);
        previous.push_back(row.previous);
        received_ns.push_back(row.received_ns);
        side.push_back(row.side);
        flags.push_back(row.flags);
    }
    friend bool operator==(const LevelColumns&, const LevelColumns&) = default;
};

// What happened to one order. Actions: 'A' add, 'C' cancel (of `quantity`), 'M' modify (to price
// and `quantity`), 'R' clear the book, 'T' trade (the aggressor), 'F' fill (the resting order),
// 'N' none. 'T' and 'F' do not change the book: the venue says so by a following 'C' or 'M'.
struct OrderRow {
    std::int64_t time_ns;
    std::int64_t order;  // the venue's id, its 64 bits unchanged
    std::int64_t price_raw;
    std::int64_t quantity_raw;
    std::int64_t sequence;
    std::int64_t received_ns;
    std::uint8_t action;
    std::uint8_t side;  // 'B', 'A' or 'N'
    std::uint8_t flags;
};
struct OrderColumns {
    static constexpr TableKind kKind = TableKind::kOrders;
    using Row = OrderRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> order;
    std::vector<std::int64_t> price_raw;
    std::vector<std::int64_t> quantity_raw;
    std::vector<std::int64_t> sequence;
    std::vector<std::int64_t> received_ns;
    std::vector<std::uint8_t> action;
    std::vector<std::uint8_t> side;
    std::vector<std::uint8_t> flags;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("order", self.order, false);
        f("price", self.price_raw, false);
        f("quantity", self.quantity_raw, false);
        f("sequence", self.sequence, false);
        f("received", self.received_ns, false);
        f("action", self.action, false);
        f("side", self.side, false);
        f("flags", self.flags, false);
    }
    void append(const OrderRow& row) {
        time_ns.push_back(row.time_ns);
        order.push_back(row.order);
        price_raw.push_back(row.price_raw);
        quantity_raw.push_back(row.quantity_raw);
        sequence.push_back(row.sequence);
        received_ns.push_back(row.received_ns);
        action.push_back(row.action);
        side.push_back(row.side);
        flags.push_back(row.flags);
    }
    friend bool operator==(const OrderColumns&, const OrderColumns&) = default;
};

}  // namespace sluice::pipeline
