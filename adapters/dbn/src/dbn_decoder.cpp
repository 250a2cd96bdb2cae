#include <sluice/adapters/dbn/dbn_decoder.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <sluice/core/time.hpp>

namespace sluice::adapters::dbn {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

[[nodiscard]] std::int32_t period_of(std::uint8_t rtype) noexcept {
    switch (rtype) {
        case kOhlcv1s: return 1;
        case kOhlcv1m: return 60;
        case kOhlcv1h: return 3'600;
        default: return 86'400;
    }
}

// The least that a record of this type takes; 0 for types that are not read.
[[nodiscard]] std::size_t least_size(std::uint8_t rtype, std::uint8_t version) noexcept {
    switch (rtype) {
        case kMbo: return sizeof(MboRecord);
        case kTrades: return sizeof(TradeRecord);
        case kMbp1:
        case kCmbp1:
        case kTcbbo:
        case kCbbo1s:
        case kCbbo1m:
        case kBbo1s:
        case kBbo1m: return sizeof(Mbp1Record);
        case kMbp10: return sizeof(Mbp10Record);
        case kOhlcv1s:
        case kOhlcv1m:
        case kOhlcv1h:
        case kOhlcv1d: return sizeof(OhlcvRecord);
        case kDefinition: return definition_size(version);
        case kSymbolMapping:
            return version == 1 ? sizeof(SymbolMappingV1) : sizeof(SymbolMappingV2);
        default: return 0;
    }
}

}  // namespace

DbnDecoder::DbnDecoder(File file, DbnMetadata metadata, pipeline::TickSink& sink,
                       pipeline::ReferenceSink* reference, InstrumentBook& book,
                       const DbnOptions& options, pipeline::ImportReport& report)
    : file_(std::move(file)), metadata_(std::move(metadata)), venue_(metadata_.venue()),
      reference_(reference), book_(book), options_(options), report_(report),
      tables_(sink, file_.sha256, options.rows_in_memory) {}

std::size_t DbnDecoder::feed(std::span<const std::byte> bytes) {
    std::size_t at = 0;
    while (bytes.size() - at >= sizeof(RecordHeader)) {
        Run run{bytes.data() + at, 0, 1, load<RecordHeader>(bytes.data() + at)};
        run.size = run.header.length * kLengthUnit;
        if (run.size < sizeof(RecordHeader))
            throw ImportError(ImportFault::kDamaged,
                              file_.where + ": record " + std::to_string(rows_ + 1) + " has " +
                                  std::to_string(run.size) +
                                  " bytes, fewer than its header. Fetch the file again.");
        const std::size_t there = std::min((bytes.size() - at) / run.size, kRunRecords);
        if (there == 0) break;
        // Length, type, publisher and instrument are the first eight bytes of a record.
        const auto kind = load<std::uint64_t>(run.at);
        while (run.count < there && load<std::uint64_t>(run.record(run.count)) == kind) ++run.count;
        decode(run);
        rows_ += run.count;
        at += run.size * run.count;
    }
    return at;
}

void DbnDecoder::decode(const Run& run) {
    const std::uint8_t rtype = run.header.rtype;
    const std::size_t least = least_size(rtype, metadata_.version);
    if (least == 0) return ignore(run, "records of this type have no table");
    if (run.size < least) {
        for (std::size_t i = 0; i < run.count; ++i)
            bad_row(run, i,
                    "is shorter than the " + std::to_string(least) +
                        " bytes of its type in version " + std::to_string(metadata_.version));
        return;
    }
    switch (rtype) {
        case kMbo: return decode_orders(run);
        case kTrades: return decode_trades(run);
        case kMbp1:
        case kCmbp1:
        case kTcbbo: return decode_quotes(run, false);
        case kBbo1s:
        case kBbo1m:
        case kCbbo1s:
        case kCbbo1m: return decode_quotes(run, true);
        case kMbp10: return decode_depth(run);
        case kDefinition: return decode_definitions(run);
        case kSymbolMapping: return decode_mappings(run);
        default: return decode_bars(run);
    }
}

void DbnDecoder::decode_orders(const Run& run) {
    Place& place = place_of(run.header.instrument_id);
    for (std::size_t i = 0; i < run.count; ++i) {
        const auto record = load<MboRecord>(run.record(i));
        pipeline::OrderRow row{};
        const RowFault fault = read_order(record, row);
        if (fault != RowFault::kOk) [[unlikely]] {
            bad_row(run, i, describe(fault));
            continue;
        }
        if (!move_to(place, run.header.instrument_id, filed_at(row.time_ns, row.received_ns)))
            [[unlikely]] {
            bad_row(run, i, place.why);
            continue;
        }
        TableBuffer<pipeline::OrderColumns>& orders = open(place.orders, place);
        if (same_book(orders, run, i) && !orders.held()) orders.push(row);
    }
}

void DbnDecoder::decode_trades(const Run& run) {
    Place& place = place_of(run.header.instrument_id);
    for (std::size_t i = 0; i < run.count; ++i) {
        pipeline::TradeRow row{};
        const RowFault fault = read_trade(load<TradeRecord>(run.record(i)), row);
        if (fault != RowFault::kOk) [[unlikely]] {
            bad_row(run, i, describe(fault));
            continue;
        }
        if (!move_to(place, run.header.instrument_id, filed_at(row.time_ns, row.received_ns)))
            [[unlikely]] {
            bad_row(run, i, place.why);
            continue;
        }
        TableBuffer<pipeline::TradeColumns>& trades = open(place.trades, place);
        if (!trades.held()) trades.push(row);
    }
}

void DbnDecoder::decode_quotes(const Run& run, bool sampled) {
    Place& place = place_of(run.header.instrument_id);
    const bool numbered =
        run.header.rtype == kMbp1 || run.header.rtype == kBbo1s || run.header.rtype == kBbo1m;
    for (std::size_t i = 0; i < run.count; ++i) {
        auto record = load<Mbp1Record>(run.record(i));
        if (!numbered) record.event.sequence = 0;  // reserved bytes
        pipeline::QuoteRow quote{};
        pipeline::TradeRow trade{};
        const bool traded = !sampled && record.event.action == 'T';
        RowFault fault = read_quote(record.event, record.level, sampled, quote);
        if (fault == RowFault::kOk && traded) fault = read_trade(record.event, trade);
        if (fault != RowFault::kOk) [[unlikely]] {
            bad_row(run, i, describe(fault));
            continue;
        }
        if (!move_to(place, run.header.instrument_id, filed_at(quote.time_ns, quote.received_ns)))
            [[unlikely]] {
            bad_row(run, i, place.why);
            continue;
        }
        TableBuffer<pipeline::QuoteColumns>& quotes = open(place.quotes, place);
        if (!quotes.held()) quotes.push(quote);
        if (!traded) continue;
        TableBuffer<pipeline::TradeColumns>& trades = open(place.trades, place);
        if (!trades.held()) trades.push(trade);
    }
}

void DbnDecoder::decode_depth(const Run& run) {
    Place& place = place_of(run.header.instrument_id);
    for (std::size_t i = 0; i < run.count; ++i) {
        const auto record = load<Mbp10Record>(run.record(i));
        pipeline::QuoteRow quote{};
        pipeline::TradeRow trade{};
        const bool traded = record.event.action == 'T';
        RowFault fault = read_quote(record.event, record.levels[0], false, quote);
        if (fault == RowFault::kOk && traded) fault = read_trade(record.event, trade);
        for (const BookLevel& level : record.levels)
            if (fault == RowFault::kOk) fault = check_level(level);
        if (fault != RowFault::kOk) [[unlikely]] {
            bad_row(run, i, describe(fault));
            continue;
        }
        if (!move_to(place, run.header.instrument_id, filed_at(quote.time_ns, quote.received_ns)))
            [[unlikely]] {
            bad_row(run, i, place.why);
            continue;
        }
        TableBuffer<pipeline::LevelColumns>& levels = open(place.levels, place);
        if (!same_book(levels, run, i)) continue;
        if (!levels.held()) push_levels(levels, record);
        TableBuffer<pipeline::QuoteColumns>& quotes = open(place.quotes, place);
        if (!quotes.held()) quotes.push(quote);
        if (!traded) continue;
        TableBuffer<pipeline::TradeColumns>& trades = open(place.trades, place);
        if (!trades.held()) trades.push(trade);
    }
}

// The rows of one record: its whole book, best levels first, bids before asks.
void DbnDecoder::push_levels(TableBuffer<pipeline::LevelColumns>& levels,
                             const Mbp10Record& record) {
    const TradeRecord& event = record.event;
    pipeline::LevelRow row{
        static_cast<std::int64_t>(event.header.ts_event),
        0,
        0,
        event.sequence,
        levels.last_sequence,
        received_of(event.ts_recv),
        'B',
        static_cast<std::uint8_t>((row_flags(event.flags) & ~pipeline::kRowEventEnd) |
                                  pipeline::kRowSnapshot)};
    levels.last_sequence = event.sequence;
    // One row behind, because only the last one ends the event.
    bool waiting = false;
    pipeline::LevelRow next = row;
    const auto add = [&](std::int64_t price, std::uint32_t size, char side) {
        if (price == kNoPrice) return;
        if (waiting) levels.push(next);
        next.price_raw = price;
        next.quantity_raw = std::int64_t{size} * kSizeScale;
        next.side = static_cast<std::uint8_t>(side);
        waiting = true;
    };
    for (const BookLevel& level : record.levels) add(level.bid_price, level.bid_size, 'B');
    for (const BookLevel& level : record.levels) add(level.ask_price, level.ask_size, 'A');
    next.flags |= pipeline::kRowEventEnd;
    levels.push(next);
}

void DbnDecoder::decode_bars(const Run& run) {
    Place& place = place_of(run.header.instrument_id);
    const std::int32_t period_s = period_of(run.header.rtype);
    for (std::size_t i = 0; i < run.count; ++i) {
        pipeline::BarRow row{};
        const RowFault fault = read_bar(load<OhlcvRecord>(run.record(i)), row);
        if (fault != RowFault::kOk) [[unlikely]] {
            bad_row(run, i, describe(fault));
            continue;
        }
        if (!move_to(place, run.header.instrument_id, row.time_ns)) [[unlikely]] {
            bad_row(run, i, place.why);
            continue;
        }
        // The slot is for one period; files that mix periods look their tables up anew.
        if (place.rtype != run.header.rtype) place.bars = nullptr;
        place.rtype = run.header.rtype;
        TableBuffer<pipeline::BarColumns>& bars = open(place.bars, place, period_s);
        if (!bars.held()) bars.push(row);
    }
}

DbnDecoder::Place& DbnDecoder::place_of(std::uint32_t instrument) { return places_[instrument]; }

bool DbnDecoder::move_to(Place& place, std::uint32_t instrument, std::int64_t filed_ns) {
    if (filed_ns < place.begin_ns || filed_ns >= place.end_ns) [[unlikely]]
        locate(place, instrument, filed_ns);
    return place.instrument != nullptr;
}

template <class Columns>
TableBuffer<Columns>& DbnDecoder::open(TableBuffer<Columns>*& slot, Place& place,
                                       std::int32_t period_s) {
    if (slot == nullptr) [[unlikely]] {
        const std::chrono::sys_days day{
            std::chrono::floor<std::chrono::days>(core::Nanos{place.begin_ns})};
        slot = &tables_.table<Columns>(*place.instrument, pipeline::Date{day}, period_s);
    }
    return *slot;
}

// Books of two publishers, with their own order ids, cannot be one.
bool DbnDecoder::same_book(AnyBuffer& buffer, const Run& run, std::size_t i) {
    if (buffer.publisher == run.header.publisher_id) [[likely]]
        return true;
    if (buffer.publisher == 0) {
        buffer.publisher = run.header.publisher_id;
        return true;
    }
    bad_row(run, i, "comes from a second publisher; ask for the books of one");
    return false;
}

void DbnDecoder::ignore(const Run& run, const char* what) {
    report_.rows_skipped += run.count;
    if (!ignored_.insert(run.header.rtype).second ||
        report_.bad_rows.size() >= pipeline::kBadRowsKept)
        return;
    report_.bad_rows.push_back(
        {file_.where,
         {},
         rows_ + 1,
         "type " + std::to_string(run.header.rtype) + " (this and later ones)",
         what});
}

void DbnDecoder::bad_row(const Run& run, std::size_t i, const std::string& reason) {
    const auto header = load<RecordHeader>(run.record(i));
    pipeline::handle_bad_row(
        {file_.where,
         {},
         rows_ + i + 1,
         "type " + std::to_string(header.rtype) + ", instrument " +
             std::to_string(header.instrument_id) + ", ts_event " + std::to_string(header.ts_event),
         reason},
        options_.on_bad_row, report_);
}

}  // namespace sluice::adapters::dbn
