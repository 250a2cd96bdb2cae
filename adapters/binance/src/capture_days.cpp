#include "capture_days.hpp"

#include <chrono>

namespace sluice::adapters::binance {
namespace {

using pipeline::TableKind;

constexpr std::size_t kChunkRows = std::size_t{1} << 16U;
constexpr std::int64_t kDay_ns = 86'400'000'000'000;

}  // namespace

CaptureDays::CaptureDays(std::string where, pipeline::TickSink& sink, Market market,
                         std::optional<pipeline::Instrument> instrument,
                         std::optional<core::PriceDelta> tick_size)
    : where_(std::move(where)), sink_(sink), market_(market), instrument_(std::move(instrument)),
      tick_size_(tick_size) {}

CaptureDays::Day& CaptureDays::day_of(const std::string& symbol, std::int64_t received_ns) {
    const std::int64_t day = received_ns / kDay_ns;  // times are not negative
    if (current_ != nullptr && day == current_day_ && symbol == current_symbol_) return *current_;
    const pipeline::Date date{std::chrono::sys_days{std::chrono::days{day}}};
    auto found = days_.find({symbol, date});
    if (found == days_.end()) {
        if (days_.size() == kCaptureDaysMax)
            throw pipeline::ImportError(
                pipeline::ImportFault::kUnsupported,
                where_ + ": holds more than " + std::to_string(kCaptureDaysMax) +
                    " instruments and days. Split it, or look at its times.");
        pipeline::Instrument instrument = instrument_for(symbol, market_);
        if (instrument_) {
            std::string name = std::move(instrument.symbol);
            instrument = *instrument_;
            instrument.symbol = std::move(name);
        }
        found = days_.try_emplace({symbol, date}).first;
        if (tick_size_) instrument.tick_size = *tick_size_;
        found->second.writer = sink_.open_day(instrument, date);
    }
    current_ = &found->second;
    current_symbol_ = symbol;
    current_day_ = day;
    return *current_;
}

void CaptureDays::add(const CaptureMessage& message) {
    const std::int64_t time_ns = message.has_event_time ? message.event_ns : message.received_ns;
    Day& day = day_of(message.symbol, message.received_ns);
    switch (message.kind) {
        case MessageKind::kDepth:
        case MessageKind::kSnapshot: add_depth(day, message, time_ns); break;
        case MessageKind::kBookTicker: {
            const CaptureLevel& bid = message.bids.front();
            const CaptureLevel& ask = message.asks.front();
            day.quotes.append_received({time_ns, bid.price_raw, ask.price_raw, bid.quantity_raw,
                                        ask.quantity_raw, 0, 0, 0, message.received_ns,
                                        message.id});
            count_row(day, TableKind::kQuotes);
            break;
        }
        case MessageKind::kTrade: {
            const CaptureLevel& trade = message.bids.front();
            const std::uint8_t side =
                message.buyer_is_maker ? pipeline::kRowSeller : pipeline::kRowBuyer;
            day.trades.append_received({time_ns, trade.price_raw, trade.quantity_raw, 0, 0, side,
                                        message.received_ns, message.id});
            count_row(day, TableKind::kTrades);
            break;
        }
    }
}

void CaptureDays::add_depth(Day& day, const CaptureMessage& message, std::int64_t time_ns) {
    const bool snapshot = message.kind == MessageKind::kSnapshot;
    std::size_t left = message.bids.size() + message.asks.size();
    std::int64_t previous = message.previous;
    if (!snapshot) {
        Unwritten& before = unwritten_[message.symbol];
        if (before.to == previous) previous = before.from;
        before = left == 0 ? Unwritten{previous, message.id} : Unwritten{};
    }
    const auto append = [&](const std::vector<CaptureLevel>& side_levels, std::uint8_t side) {
        for (const CaptureLevel& level : side_levels) {
            const bool last = --left == 0;
            const int flags =
                (snapshot ? pipeline::kRowSnapshot : 0) | (last ? pipeline::kRowEventEnd : 0);
            day.levels.append({time_ns, level.price_raw, level.quantity_raw, message.id, previous,
                               message.received_ns, side, static_cast<std::uint8_t>(flags)});
            count_row(day, TableKind::kLevels);
        }
    };
    append(message.bids, 'B');
    append(message.asks, 'A');
}

void CaptureDays::count_row(Day& day, TableKind kind) {
    ++day.rows[static_cast<std::size_t>(kind)];
    if (++buffered_ == kChunkRows) flush_all();
}

template <class Columns>
void CaptureDays::flush(Day& day, Columns& columns, bool keep) {
    if (columns.size() != 0) day.writer->append({columns});
    if (keep)
        pipeline::clear(columns);
    else
        columns = Columns{};  // gives its memory back
}

void CaptureDays::flush_all() {
    for (auto& [key, day] : days_) {
        const bool keep = &day == current_;
        flush(day, day.trades, keep);
        flush(day, day.quotes, keep);
        flush(day, day.levels, keep);
    }
    buffered_ = 0;
}

bool CaptureDays::commit(const pipeline::Provenance& source, pipeline::ImportReport& report,
                         const std::function<bool()>& go_on) {
    flush_all();
    for (auto& [key, day] : days_) {
        const bool written = day.writer->commit(source) == pipeline::PutOutcome::kWritten;
        for (const std::uint64_t rows : day.rows) {
            if (rows == 0) continue;
            ++(written ? report.tables_written : report.tables_unchanged);
            report.rows_stored += written ? rows : 0;
        }
        day.writer.reset();
        if (!go_on()) return false;
    }
    return true;
}

}  // namespace sluice::adapters::binance
