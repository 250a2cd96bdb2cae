#include "shown_market.hpp"

#include <algorithm>
#include <vector>

#include <sluice/pipeline/book_rebuild.hpp>
#include <sluice/proofs/level_display.hpp>
#include <sluice/proofs/order_display.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::TickStore;
using pipeline::TableKind;
using proofs::ShownRow;

class Reader {
  public:
    Reader(ShownRange range, bool use_suspicious, const MarketShow& show)
        : range_(range), refused_flags_(use_suspicious ? 0 : pipeline::kRowSuspicious),
          show_(show) {}

    void orders(const DayInfo& day);
    void ticks(const DayInfo& day);
    void levels(const DayInfo& day);

  private:
    void pass(const ShownRow& row, std::uint8_t flags);
    void pass(const proofs::ShownLevels& step) {
        if (step.time_ns <= range_.to_ns) show_.levels(step);
    }

    ShownRange range_;
    std::uint8_t refused_flags_;
    const MarketShow& show_;
    proofs::OrderDisplay display_;
    proofs::LevelDisplay books_;
};

void Reader::pass(const ShownRow& row, std::uint8_t flags) {
    if (row.time_ns < range_.from_ns || row.time_ns > range_.to_ns) return;
    if ((flags & refused_flags_) != 0) return;
    if (row.is_print ? row.bid_raw <= 0 || row.bid_size_raw <= 0
                     : row.bid_raw <= 0 && row.ask_raw <= 0)
        return;
    if (!row.is_print && row.bid_raw > 0 && row.ask_raw > 0 && row.bid_raw > row.ask_raw) return;
    show_.row(row);
}

void Reader::orders(const DayInfo& day) {
    const auto columns = TickStore::read_file<pipeline::OrderColumns>(day.file);
    std::vector<ShownRow> shown;
    std::vector<proofs::ShownLevels> books;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        shown.clear();
        books.clear();
        if (show_.levels) {
            display_.add(pipeline::row_of(columns, i), shown, books);
        } else {
            display_.add(pipeline::row_of(columns, i), shown);
        }
        for (const ShownRow& row : shown) pass(row, 0);
        for (const proofs::ShownLevels& step : books) pass(step);
    }
}

// Merged by their times; a table keeps the order of its rows.
void Reader::ticks(const DayInfo& day) {
    pipeline::TradeColumns trades;
    pipeline::QuoteColumns quotes;
    if (day.table(TableKind::kTrades) != nullptr)
        trades = TickStore::read_file<pipeline::TradeColumns>(day.file);
    if (day.table(TableKind::kQuotes) != nullptr)
        quotes = TickStore::read_file<pipeline::QuoteColumns>(day.file);
    std::size_t t = 0;
    std::size_t q = 0;
    while (t < trades.size() || q < quotes.size()) {
        if (q == quotes.size() || (t < trades.size() && trades.time_ns[t] < quotes.time_ns[q])) {
            pass({trades.time_ns[t], true, trades.price_raw[t], trades.quantity_raw[t], 0, 0,
                  trades.conditions[t], trades.exchange[t]},
                 trades.flags[t]);
            ++t;
        } else {
            pass({quotes.time_ns[q], false, quotes.bid_raw[q], quotes.bid_size_raw[q],
                  quotes.ask_raw[q], quotes.ask_size_raw[q]},
                 quotes.flags[q]);
            ++q;
        }
    }
}

// Prints before the levels of their time, as the stream has them.
void Reader::levels(const DayInfo& day) {
    pipeline::TradeColumns trades;
    if (day.table(TableKind::kTrades) != nullptr)
        trades = TickStore::read_file<pipeline::TradeColumns>(day.file);
    const auto rows = TickStore::read_file<pipeline::LevelColumns>(day.file);
    std::vector<proofs::ShownLevels> shown;
    std::size_t t = 0;
    for (std::size_t i = 0; i < rows.size() || t < trades.size();) {
        if (i == rows.size() || (t < trades.size() && trades.time_ns[t] <= rows.time_ns[i])) {
            pass({trades.time_ns[t], true, trades.price_raw[t], trades.quantity_raw[t], 0, 0,
                  trades.conditions[t], trades.exchange[t]},
                 trades.flags[t]);
            ++t;
            continue;
        }
        if (rows.time_ns[i] >= range_.from_ns && rows.time_ns[i] <= range_.to_ns) {
            shown.clear();
            books_.add(pipeline::row_of(rows, i), shown);
            for (const proofs::ShownLevels& step : shown) show_.levels(step);
        }
        ++i;
    }
}

}  // namespace

std::string read_shown(const TickStore& store, const std::string& symbol, ShownRange range,
                       bool use_suspicious, const MarketShow& show) {
    Reader reader{range, use_suspicious, show};
    bool by_orders = false;
    bool by_ticks = false;
    bool by_levels = false;
    for (const DayInfo& day : store.describe(symbol).days) {
        const auto* orders = day.table(TableKind::kOrders);
        if (orders != nullptr && orders->rows != 0) {
            reader.orders(day);
            by_orders = true;
        } else if (show.levels && day.table(TableKind::kLevels) != nullptr) {
            reader.levels(day);
            by_levels = true;
        } else if (day.table(TableKind::kTrades) != nullptr ||
                   day.table(TableKind::kQuotes) != nullptr) {
            reader.ticks(day);
            by_ticks = true;
        }
    }
    if (by_levels) return by_orders ? "orders and levels" : "levels";
    return by_orders && by_ticks ? "orders and ticks" : by_orders ? "orders" : "ticks";
}

}  // namespace sluice::tools
