// Trades and quotes: rows, and the columns that hold them. Units: tables.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::pipeline {

struct TradeRow {
    std::int64_t time_ns;
    std::int64_t price_raw;     // >= 0
    std::int64_t quantity_raw;  // >= 0
    std::uint32_t conditions;   // the vendor's bits, unchanged
    std::uint8_t exchange;      // the vendor's letter, 0 when absent
    std::uint8_t flags;
    std::int64_t received_ns = 0;  // by the recorder's clock
    std::int64_t sequence = 0;     // the venue's number or trade id
};
// `received_ns` and `sequence` are either empty (the source has none) or as long as the others.
struct TradeColumns {
    static constexpr TableKind kKind = TableKind::kTrades;
    using Row = TradeRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> price_raw;
    std::vector<std::int64_t> quantity_raw;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;
    std::vector<std::int64_t> received_ns;
    std::vector<std::int64_t> sequence;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    // Calls f(name in the store, column, is optional) for each column, the time first.
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("price", self.price_raw, false);
        f("quantity", self.quantity_raw, false);
        f("conditions", self.conditions, false);
        f("exchange", self.exchange, false);
        f("flags", self.flags, false);
        f("received", self.received_ns, true);
        f("sequence", self.sequence, true);
    }
    void append(const TradeRow& row) {
        time_ns.push_back(row.time_ns);
        price_raw.push_back(row.price_raw);
        quantity_raw.push_back(row.quantity_raw);
        conditions.push_back(row.conditions);
        exchange.push_back(row.exchange);
        flags.push_back(row.flags);
    }
    // For sources that know when a row was received and its number.
    void append_received(const TradeRow& row) {
        append(row);
        received_ns.push_back(row.received_ns);
        sequence.push_back(row.sequence);
    }
    friend bool operator==(const TradeColumns&, const TradeColumns&) = default;
};

// A side that the row does not speak of has price 0 and size 0.
struct QuoteRow {
    std::int64_t time_ns;
    std::int64_t bid_raw;       // >= 0
    std::int64_t ask_raw;       // >= 0
    std::int64_t bid_size_raw;  // >= 0
    std::int64_t ask_size_raw;  // >= 0
    std::uint32_t conditions;
    std::uint8_t exchange;
    std::uint8_t flags;
    std::int64_t received_ns = 0;
    std::int64_t sequence = 0;
};
struct QuoteColumns {
    static constexpr TableKind kKind = TableKind::kQuotes;
    using Row = QuoteRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> bid_raw;
    std::vector<std::int64_t> ask_raw;
    std::vector<std::int64_t> bid_size_raw;
    std::vector<std::int64_t> ask_size_raw;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;
    std::vector<std::int64_t> received_ns;
    std::vector<std::int64_t> sequence;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("bid", self.bid_raw, false);
        f("ask", self.ask_raw, false);
        f("bid_size", self.bid_size_raw, false);
        f("ask_size", self.ask_size_raw, false);
        f("conditions", self.conditions, false);
        f("exchange", self.exchange, false);
        f("flags", self.flags, false);
        f("received", self.received_ns, true);
        f("sequence", self.sequence, true);
    }
    void append(const QuoteRow& row) {
        time_ns.push_back(row.time_ns);
        bid_raw.push_back(row.bid_raw);
        ask_raw.push_back(row.ask_raw);
        bid_size_raw.push_back(row.bid_size_raw);
        ask_size_raw.push_back(row.ask_size_raw);
        conditions.push_back(row.conditions);
        exchange.push_back(row.exchange);
        flags.push_back(row.flags);
    }
    void append_received(const QuoteRow& row) {
        append(row);
        received_ns.push_back(row.received_ns);
        sequence.push_back(row.sequence);
    }
    friend bool operator==(const QuoteColumns&, const QuoteColumns&) = default;
};

}  // namespace sluice::pipeline
