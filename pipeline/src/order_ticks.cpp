#include <sluice/pipeline/order_ticks.hpp>

#include <algorithm>

namespace sluice::pipeline {

namespace {

QuoteRow best_of(const OrderBook& book) {
    QuoteRow out{};
    if (book.depth(Side::kBuy) != 0) {
        const BookLevel bid = book.level(Side::kBuy, 0);
        out.bid_raw = bid.price.raw();
        out.bid_size_raw = bid.quantity.raw();
    }
    if (book.depth(Side::kSell) != 0) {
        const BookLevel ask = book.level(Side::kSell, 0);
        out.ask_raw = ask.price.raw();
        out.ask_size_raw = ask.quantity.raw();
    }
    return out;
}

bool same_top(const QuoteRow& a, const QuoteRow& b) noexcept {
    return a.bid_raw == b.bid_raw && a.ask_raw == b.ask_raw && a.bid_size_raw == b.bid_size_raw &&
           a.ask_size_raw == b.ask_size_raw;
}

}  // namespace

void OrderTicks::add(const OrderRow& row, TradeColumns& trades, QuoteColumns& quotes) {
    (void)book_.apply(row);  // what is unlawful is for `data verify` to count
    if ((row.flags & kRowSnapshot) != 0 || row.action == 'R') trading_ = false;
    if ((row.flags & kRowSnapshot) != 0) return;
    time_ns_ = std::max(time_ns_, row.time_ns);
    if (row.action == 'T' && row.quantity_raw > 0 && row.price_raw > 0) {
        TradeRow trade{};
        trade.time_ns = time_ns_;
        trade.price_raw = row.price_raw;
        trade.quantity_raw = row.quantity_raw;
        trade.flags = row.side == 'B' ? kRowBuyer : row.side == 'A' ? kRowSeller : std::uint8_t{0};
        trade.received_ns = row.received_ns;
        trade.sequence = row.sequence;
        trades.append_received(trade);
        trading_ = true;
        quote_ns_ = time_ns_ + 1;
    }
    if ((row.flags & kRowEventEnd) == 0 || !trading_) return;
    QuoteRow quote = best_of(book_);
    if (same_top(quote, last_)) return;
    last_ = quote;
    if (quote.bid_raw == 0 && quote.ask_raw == 0) return;
    time_ns_ = std::max(time_ns_, quote_ns_);
    quote.time_ns = time_ns_;
    quote.received_ns = row.received_ns;
    quote.sequence = row.sequence;
    quotes.append_received(quote);
}

}  // namespace sluice::pipeline
