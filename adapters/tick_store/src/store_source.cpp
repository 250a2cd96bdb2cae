#include <sluice/adapters/tick_store/store_source.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <utility>

#include <sluice/adapters/tick_store/hot/tick_merge.hpp>
#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/pipeline/local_time.hpp>

#include "day_file.hpp"
#include "piece_loader.hpp"

namespace sluice::adapters::tick_store {
namespace {

struct Bounds {
    std::int64_t from;
    std::int64_t to;
    [[nodiscard]] bool holds(std::int64_t time) const noexcept { return time >= from && time < to; }
};

[[nodiscard]] bool overlaps(const TableInfo& table, SourceRange range) {
    return table.rows != 0 && table.first < range.to && table.last >= range.from;
}

[[nodiscard]] bool is_replayed(TableKind kind) noexcept {
    return kind == TableKind::kTrades || kind == TableKind::kQuotes || kind == TableKind::kBars ||
           kind == TableKind::kQuoteBars;
}

[[nodiscard]] TickMerge::Kind merge_kind(TableKind kind) noexcept {
    if (kind == TableKind::kLevels) return TickMerge::Kind::kLevels;
    return kind == TableKind::kQuotes || kind == TableKind::kQuoteBars ? TickMerge::Kind::kQuotes
                                                                       : TickMerge::Kind::kTrades;
}

[[nodiscard]] TickPiece mapped_piece(const MappedDay& day, const TablePlace& t) {
    TickPiece piece;
    piece.time = day.column<std::int64_t>(t, 0);
    piece.price_or_bid = day.column<std::int64_t>(t, 1);
    if (t.key.kind == TableKind::kTrades) {
        piece.quantity_or_bid_size = day.column<std::int64_t>(t, 2);
        piece.conditions = day.column<std::uint32_t>(t, 3);
        piece.exchange = day.column<std::uint8_t>(t, 4);
        piece.flags = day.column<std::uint8_t>(t, 5);
    } else if (t.key.kind == TableKind::kLevels) {
        piece.quantity_or_bid_size = day.column<std::int64_t>(t, 2);
        piece.ask = day.column<std::int64_t>(t, 3);
        piece.ask_size = day.column<std::int64_t>(t, 4);
        piece.exchange = day.column<std::uint8_t>(t, 6);
        piece.flags = day.column<std::uint8_t>(t, 7);
    } else {
        piece.ask = day.column<std::int64_t>(t, 2);
        piece.quantity_or_bid_size = day.column<std::int64_t>(t, 3);
        piece.ask_size = day.column<std::int64_t>(t, 4);
        piece.flags = day.column<std::uint8_t>(t, 7);
    }
    return piece;
}

struct Rows {
    std::size_t first;
    std::size_t last;  // exclusive
};
// The rows within the bounds. In time order: one stretch by bisection; a table that goes back in
// time is read through.
[[nodiscard]] std::vector<Rows> rows_within(std::span<const std::int64_t> times, Bounds bounds,
                                            bool in_order) {
    std::vector<Rows> out;
    const auto add = [&](auto first, auto last) {
        if (first != last)
            out.push_back({static_cast<std::size_t>(first - times.begin()),
                           static_cast<std::size_t>(last - times.begin())});
    };
    if (in_order) {
        add(std::lower_bound(times.begin(), times.end(), bounds.from),
            std::lower_bound(times.begin(), times.end(), bounds.to));
        return out;
    }
    const auto within = [bounds](std::int64_t time) { return bounds.holds(time); };
    for (auto at = times.begin(); at != times.end();) {
        const auto first = std::find_if(at, times.end(), within);
        at = std::find_if_not(first, times.end(), within);
        add(first, at);
    }
    return out;
}

// Which tables are replayed of an instrument with these files: those of the period, in seconds.
[[nodiscard]] std::int32_t choose_input(const SymbolInfo& symbol, const SourceOptions& options) {
    if (options.input != kFinest) return options.input;
    std::int32_t finest = std::numeric_limits<std::int32_t>::max();
    for (const DayInfo& day : symbol.days)
        for (const TableInfo& table : day.tables)
            if (is_replayed(table.key.kind) && overlaps(table, options.range))
                finest = std::min(finest, table.key.period_s);
    return finest;
}

// "IBM 2013-10-07 to 2013-10-11 (quotes, trades)".
[[nodiscard]] std::string what_is_held(const SymbolInfo& symbol) {
    const auto date = [](StreamTime time) {
        return iso_date(Date{std::chrono::floor<std::chrono::days>(
            std::chrono::sys_time<core::Nanos>{time.time_since_epoch()})});
    };
    std::string tables;
    for (const auto& [key, rows] : symbol.rows)
        tables += (tables.empty() ? "" : ", ") + table_name(key);
    return symbol.instrument.symbol + " " + date(symbol.first) + " to " + date(symbol.last) + " (" +
           tables + ")";
}

[[nodiscard]] pipeline::Adjustment adjustment_of(const TickStore& store,
                                                 const pipeline::Instrument& instrument,
                                                 const SourceOptions& options) {
    if (options.adjust == pipeline::AdjustmentMode::kNone) return {};
    const auto actions = ReferenceStore(store.folder()).actions(instrument.symbol);
    if (!actions) return {};
    try {
        if (options.actions_known_at == StreamTime::max())
            return {actions->adjustments, options.adjust};
        pipeline::LocalDates dates(instrument.time_zone);
        const Date date = dates.of(core::ns_since_epoch(options.actions_known_at));
        return {pipeline::known_on(actions->adjustments, date), options.adjust};
    } catch (const std::invalid_argument& error) {
        throw StoreError(StoreFault::kDamaged, "corporate actions of " + instrument.symbol,
                         error.what(), "Import them again");
    }
}

}  // namespace

struct StoreSource::State {
    std::vector<pipeline::Event> block{kSourceBlock};
    std::vector<std::unique_ptr<MappedDay>> files;  // in the order of their dates
    PieceLoader loader;                             // reads the files, so it goes first
    std::array<std::uint32_t, kTickKinds>
        loader_feeds{};               // of the symbol in hand, by TickMerge::Kind
    std::uint32_t feed = 0;           // of the table in hand
    pipeline::Adjustment adjustment;  // of the symbol in hand
    TickMerge merge;
    std::vector<std::uint32_t> pieces_left;  // per file
    std::size_t next_prefetch = 0;
    pipeline::InstrumentTable instruments;
    StreamTime first = StreamTime::max();
    StreamTime last = StreamTime::min();

    using Feeds = std::array<std::vector<TickPiece>, kTickKinds>;  // by TickMerge::Kind

    void add_day(const DayInfo& day, std::int32_t input, const SourceOptions& options,
                 Feeds& feeds);
    void add_table(const TableInfo& info, const MappedDay& day, const TablePlace& table,
                   SourceRange range, std::vector<TickPiece>& out);
    void add_part(const TableInfo& info, const MappedDay& day, const TablePlace& table,
                  SourceRange range, std::vector<TickPiece>& out);
    void see(StreamTime least, StreamTime greatest) noexcept {
        first = std::min(first, least);
        last = std::max(last, greatest);
    }
    void add_rows(const MappedDay& day, const TablePlace& table, Rows rows,
                  const pipeline::DayFactors& factors, std::vector<TickPiece>& out);
    void add_adjusted(const MappedDay& day, const TablePlace& table, Rows rows,
                      std::span<const std::int64_t> times, std::vector<TickPiece>& out);
    void order_files_by_date(std::vector<Feeds>& feeds);
    void release_drained() noexcept;
};

void StoreSource::State::add_rows(const MappedDay& day, const TablePlace& table, Rows rows,
                                  const pipeline::DayFactors& factors,
                                  std::vector<TickPiece>& out) {
    const std::size_t stretch = rows_per_piece(table.key.kind);
    const bool plain = factors.price.is_one() && factors.quantity.is_one();
    if (!table.packed && stretch == kChunkRows && plain) {
        out.push_back(mapped_piece(day, table));
        out.back().row = rows.first;
        out.back().end = rows.last;
        return;
    }
    for (std::size_t at = rows.first; at < rows.last;) {
        const std::size_t end = std::min(rows.last, (at / stretch + 1) * stretch);
        out.push_back(loader.defer(feed, {&day, &table, at, end, factors}));
        at = end;
    }
}

// A file of a day has one pair of factors; a file of a year may have several.
void StoreSource::State::add_adjusted(const MappedDay& day, const TablePlace& table, Rows rows,
                                      std::span<const std::int64_t> times,
                                      std::vector<TickPiece>& out) {
    if (!is_yearly(table.key)) {
        add_rows(day, table, rows, adjustment.on(day.file().info.date), out);
        return;
    }
    pipeline::LocalDates dates(day.file().info.instrument.time_zone);
    while (rows.first < rows.last) {
        const pipeline::DayFactors& factors = adjustment.on(dates.of(times[rows.first]));
        std::size_t end = rows.first + 1;
        while (end < rows.last && adjustment.on(dates.of(times[end])) == factors) ++end;
        add_rows(day, table, {rows.first, end}, factors, out);
        rows.first = end;
    }
}

// The rows of the table that lie in the range, by reading its times.
void StoreSource::State::add_part(const TableInfo& info, const MappedDay& day,
                                  const TablePlace& table, SourceRange range,
                                  std::vector<TickPiece>& out) {
    std::vector<std::int64_t> unpacked;
    std::span<const std::int64_t> times;
    if (table.packed) {
        unpacked.resize(table.rows);
        day.copy(table, 0, std::as_writable_bytes(std::span(unpacked)));
        times = unpacked;
    } else {
        times = {day.column<std::int64_t>(table, 0), table.rows};
    }
    // No stored time reaches the end of the range of int64, so a half-open bound loses nothing.
    const Bounds bounds{core::ns_since_epoch(range.from), core::ns_since_epoch(range.to)};
    for (const Rows rows : rows_within(times, bounds, info.out_of_order == 0)) {
        add_adjusted(day, table, rows, times, out);
        const auto here = times.subspan(rows.first, rows.last - rows.first);
        const auto [least, greatest] = info.out_of_order == 0
                                           ? std::pair{here.begin(), here.end() - 1}
                                           : std::minmax_element(here.begin(), here.end());
        see(core::time_from_ns<StreamTime>(*least), core::time_from_ns<StreamTime>(*greatest));
    }
}

void StoreSource::State::add_table(const TableInfo& info, const MappedDay& day,
                                   const TablePlace& table, SourceRange range,
                                   std::vector<TickPiece>& out) {
    const std::size_t before = out.size();
    // Most tables lie in the range as a whole. To search them all would bring a megabyte of each
    // into memory before the first event, and packed ones would be unpacked for it.
    if (info.first >= range.from && info.last < range.to && !is_yearly(table.key)) {
        add_rows(day, table, {0, table.rows}, adjustment.on(day.file().info.date), out);
        see(info.first, info.last);
    } else {
        add_part(info, day, table, range, out);
    }
    for (std::size_t i = before; i < out.size(); ++i)
        out[i].file = static_cast<std::uint32_t>(files.size() - 1);
    pieces_left.back() += static_cast<std::uint32_t>(out.size() - before);
}

void StoreSource::State::add_day(const DayInfo& day, std::int32_t input,
                                 const SourceOptions& options, Feeds& feeds) {
    const auto wanted = [&](const TableInfo& table) {
        const bool chosen = is_replayed(table.key.kind)
                                ? table.key.period_s == input
                                : options.levels && table.key.kind == TableKind::kLevels;
        return chosen && overlaps(table, options.range);
    };
    if (std::none_of(day.tables.begin(), day.tables.end(), wanted)) return;
    if (files.size() == kMaxDayFiles)
        throw StoreError(StoreFault::kTooManyFiles, day.file.string(),
                         "the range has more than " + std::to_string(kMaxDayFiles) + " day files",
                         "Narrow it with --from and --to, or take fewer symbols");
    files.push_back(map_day(day.file));
    pieces_left.push_back(0);
    const MappedDay& mapped = *files.back();
    if (options.checksums == Checksums::kVerify) mapped.verify();
    // The tables of the file as mapped, which may be a newer one than `day` was read from.
    const DayFile& file = mapped.file();
    for (const TableInfo& info : file.info.tables) {
        if (!wanted(info)) continue;
        const auto kind = static_cast<std::size_t>(merge_kind(info.key.kind));
        feed = loader_feeds[kind];
        add_table(info, mapped, *file.find(info.key), options.range, feeds[kind]);
    }
}

// Read-ahead goes by file number, so files are numbered by date across all symbols.
void StoreSource::State::order_files_by_date(std::vector<Feeds>& feeds) {
    std::vector<std::uint32_t> order(files.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        return files[a]->file().info.date < files[b]->file().info.date;
    });
    std::vector<std::uint32_t> new_number(order.size());
    std::vector<std::unique_ptr<MappedDay>> sorted;
    std::vector<std::uint32_t> sorted_left;
    for (std::uint32_t place = 0; place < order.size(); ++place) {
        new_number[order[place]] = place;
        sorted.push_back(std::move(files[order[place]]));
        sorted_left.push_back(pieces_left[order[place]]);
    }
    files = std::move(sorted);
    pieces_left = std::move(sorted_left);
    for (Feeds& each : feeds)
        for (std::vector<TickPiece>& pieces : each)
            for (TickPiece& piece : pieces) piece.file = new_number[piece.file];
}

// What has been replayed gives its memory back, and as many files ahead are asked for.
void StoreSource::State::release_drained() noexcept {
    for (const std::uint32_t file : merge.drained()) {
        if (--pieces_left[file] != 0) continue;
        files[file]->unmap();
        if (next_prefetch < files.size()) files[next_prefetch++]->prefetch();
    }
    merge.clear_drained();
}

StoreSource::StoreSource(const TickStore& store, const std::vector<std::string>& symbols,
                         const SourceOptions& options)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    std::vector<State::Feeds> feeds(symbols.size());
    std::string held;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        const SymbolInfo symbol = store.describe(symbols[i]);
        state.instruments.push_back(symbol.instrument);
        held += (i == 0 ? "" : "; ") + what_is_held(symbol);
        const std::int32_t input = choose_input(symbol, options);
        state.adjustment = adjustment_of(store, symbol.instrument, options);
        for (std::uint32_t& feed : state.loader_feeds) feed = state.loader.add_feed();
        for (const DayInfo& day : symbol.days) state.add_day(day, input, options, feeds[i]);
        if (options.levels && feeds[i][static_cast<std::size_t>(TickMerge::Kind::kLevels)].empty())
            throw StoreError(
                StoreFault::kEmptyRange, store.folder().string(),
                "no book updates (table levels) in that range of " + what_is_held(symbol),
                "Import some, make them with 'sluice data ticks --levels' where "
                "there are orders, or leave venue.market at best");
    }
    state.order_files_by_date(feeds);
    for (std::size_t i = 0; i < symbols.size(); ++i)
        for (const auto kind :
             {TickMerge::Kind::kQuotes, TickMerge::Kind::kTrades, TickMerge::Kind::kLevels})
            state.merge.add(static_cast<core::SymbolId>(i), kind,
                            std::move(feeds[i][static_cast<std::size_t>(kind)]));
    if (options.decode_core) (void)state.loader.make_ahead_on(*options.decode_core);
    state.merge.start(&state.loader);
    if (state.merge.total() == 0)
        throw StoreError(
            StoreFault::kEmptyRange, store.folder().string(),
            symbols.empty() ? "no symbol was named"
                            : "no trades, quotes or bars to replay in that range; held are " + held,
            "Choose --from and --to within those dates, or other bars");
    for (std::size_t ahead = 0; ahead <= symbols.size() && ahead < state.files.size(); ++ahead)
        state.files[state.next_prefetch++]->prefetch();
}

StoreSource::~StoreSource() = default;

std::span<pipeline::Event> StoreSource::next_block() noexcept {
    State& state = *state_;
    if (!state.merge.drained().empty()) state.release_drained();
    return {state.block.data(), state.merge.fill(state.block)};
}

pipeline::TickColumns StoreSource::next_columns() noexcept {
    State& state = *state_;
    if (!state.merge.drained().empty()) state.release_drained();
    return state.merge.next_columns();
}

std::uint64_t StoreSource::size_hint() const noexcept { return state_->merge.total(); }
const pipeline::InstrumentTable& StoreSource::instruments() const noexcept {
    return state_->instruments;
}
StreamTime StoreSource::first() const noexcept { return state_->first; }
StreamTime StoreSource::last() const noexcept { return state_->last; }

}  // namespace sluice::adapters::tick_store
