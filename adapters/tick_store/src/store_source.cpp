#include <sluice/adapters/tick_store/store_source.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include <sluice/adapters/tick_store/hot/tick_merge.hpp>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {
namespace {

struct Bounds {
    std::int64_t from;
    std::int64_t to;
    [[nodiscard]] bool holds(std::int64_t time) const noexcept { return time >= from && time < to; }
};

[[nodiscard]] bool overlaps(const std::optional<TableInfo>& table, SourceRange range) {
    return table && table->rows != 0 && table->first < range.to && table->last >= range.from;
}

[[nodiscard]] TickPiece trades_piece(const MappedDay& day, const TablePlace& t) {
    TickPiece piece;
    piece.time = day.column<std::int64_t>(t, 0);
    piece.price_or_bid = day.column<std::int64_t>(t, 1);
    piece.quantity_or_bid_size = day.column<std::int64_t>(t, 2);
    piece.conditions = day.column<std::uint32_t>(t, 3);
    piece.exchange = day.column<std::uint8_t>(t, 4);
    piece.flags = day.column<std::uint8_t>(t, 5);
    return piece;
}

[[nodiscard]] TickPiece quotes_piece(const MappedDay& day, const TablePlace& t) {
    TickPiece piece;
    piece.time = day.column<std::int64_t>(t, 0);
    piece.price_or_bid = day.column<std::int64_t>(t, 1);
    piece.ask = day.column<std::int64_t>(t, 2);
    piece.quantity_or_bid_size = day.column<std::int64_t>(t, 3);
    piece.ask_size = day.column<std::int64_t>(t, 4);
    piece.flags = day.column<std::uint8_t>(t, 7);
    return piece;
}

// The rows of `whole` within the bounds. Rows in time order give one piece by bisection; a table
// that goes back in time is read through, and each stretch of rows within becomes a piece.
void add_rows_within(TickPiece whole, std::size_t rows, Bounds bounds, bool in_order,
                     std::vector<TickPiece>& out) {
    const std::int64_t* const begin = whole.time;
    const std::int64_t* const end = whole.time + rows;
    const auto add = [&](const std::int64_t* first, const std::int64_t* last) {
        if (first == last) return;
        whole.row = static_cast<std::size_t>(first - begin);
        whole.end = static_cast<std::size_t>(last - begin);
        out.push_back(whole);
    };
    if (in_order) {
        add(std::lower_bound(begin, end, bounds.from), std::lower_bound(begin, end, bounds.to));
        return;
    }
    const auto within = [bounds](std::int64_t time) { return bounds.holds(time); };
    for (const std::int64_t* at = begin; at != end;) {
        const std::int64_t* const first = std::find_if(at, end, within);
        at = std::find_if_not(first, end, within);
        add(first, at);
    }
}

}  // namespace

struct StoreSource::State {
    std::vector<pipeline::Event> block{kSourceBlock};
    TickMerge merge;
    std::vector<std::unique_ptr<MappedDay>> files;  // in the order of their dates
    std::vector<std::uint32_t> pieces_left;         // per file
    std::size_t next_prefetch = 0;
    pipeline::InstrumentTable instruments;
    StreamTime first = StreamTime::max();
    StreamTime last = StreamTime::min();

    using Feeds = std::array<std::vector<TickPiece>, 2>;  // by TickMerge::Kind

    void add_day(const DayInfo& day, SourceRange range, Checksums checksums, Feeds& feeds);
    void add_table(const TableInfo& info, TickPiece piece, SourceRange range,
                   std::vector<TickPiece>& out);
    void order_files_by_date(std::vector<Feeds>& feeds);
    void release_drained() noexcept;
};

void StoreSource::State::add_table(const TableInfo& info, TickPiece piece, SourceRange range,
                                   std::vector<TickPiece>& out) {
    piece.file = static_cast<std::uint32_t>(files.size() - 1);
    const std::size_t before = out.size();
    // No stored time reaches the end of the range of int64, so a half-open bound loses nothing.
    add_rows_within(piece, info.rows,
                    {core::ns_since_epoch(range.from), core::ns_since_epoch(range.to)},
                    info.out_of_order == 0, out);
    pieces_left.back() += static_cast<std::uint32_t>(out.size() - before);
    for (std::size_t i = before; i < out.size(); ++i) {
        const auto [least, greatest] =
            info.out_of_order == 0
                ? std::pair{out[i].time + out[i].row, out[i].time + out[i].end - 1}
                : std::minmax_element(out[i].time + out[i].row, out[i].time + out[i].end);
        first = std::min(first, core::time_from_ns<StreamTime>(*least));
        last = std::max(last, core::time_from_ns<StreamTime>(*greatest));
    }
}

void StoreSource::State::add_day(const DayInfo& day, SourceRange range, Checksums checksums,
                                 Feeds& feeds) {
    const bool with_trades = overlaps(day.trades, range);
    const bool with_quotes = overlaps(day.quotes, range);
    if (!with_trades && !with_quotes) return;
    if (files.size() == kMaxDayFiles)
        throw StoreError(StoreFault::kTooManyFiles, day.file.string(),
                         "the range has more than " + std::to_string(kMaxDayFiles) + " day files",
                         "Narrow it with --from and --to, or take fewer symbols");
    files.push_back(map_day(day.file));
    pieces_left.push_back(0);
    const MappedDay& mapped = *files.back();
    if (checksums == Checksums::kVerify) mapped.verify();
    const DayFile& file = mapped.file();
    // The tables of the file as mapped, which may be a newer one than `day` was read from.
    if (const auto* table = file.find(quotes_spec()); with_quotes && table != nullptr)
        add_table(*file.info.quotes, quotes_piece(mapped, *table), range,
                  feeds[static_cast<std::size_t>(TickMerge::Kind::kQuotes)]);
    if (const auto* table = file.find(trades_spec()); with_trades && table != nullptr)
        add_table(*file.info.trades, trades_piece(mapped, *table), range,
                  feeds[static_cast<std::size_t>(TickMerge::Kind::kTrades)]);
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
    for (Feeds& pair : feeds)
        for (std::vector<TickPiece>& pieces : pair)
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
                         SourceRange range, Checksums checksums)
    : state_(std::make_unique<State>()) {
    State& state = *state_;
    std::vector<State::Feeds> feeds(symbols.size());
    std::string held;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        const SymbolInfo symbol = store.describe(symbols[i]);
        state.instruments.push_back(symbol.instrument);
        held += (i == 0 ? "" : ", ") + symbols[i] + " " + iso_date(symbol.days.front().date) +
                " to " + iso_date(symbol.days.back().date);
        for (const DayInfo& day : symbol.days) state.add_day(day, range, checksums, feeds[i]);
    }
    state.order_files_by_date(feeds);
    for (std::size_t i = 0; i < symbols.size(); ++i)
        for (const auto kind : {TickMerge::Kind::kQuotes, TickMerge::Kind::kTrades})
            state.merge.add(static_cast<core::SymbolId>(i), kind,
                            std::move(feeds[i][static_cast<std::size_t>(kind)]));
    state.merge.start();
    if (state.merge.total() == 0)
        throw StoreError(
            StoreFault::kEmptyRange, store.folder().string(),
            symbols.empty() ? "no symbol was named" : "nothing in that range; held are " + held,
            "Choose --from and --to within those dates");
    for (std::size_t ahead = 0; ahead <= symbols.size() && ahead < state.files.size(); ++ahead)
        state.files[state.next_prefetch++]->prefetch();
}

StoreSource::~StoreSource() = default;

std::span<pipeline::Event> StoreSource::next_block() noexcept {
    State& state = *state_;
    if (!state.merge.drained().empty()) state.release_drained();
    return {state.block.data(), state.merge.fill(state.block)};
}

std::uint64_t StoreSource::size_hint() const noexcept { return state_->merge.total(); }
const pipeline::InstrumentTable& StoreSource::instruments() const noexcept {
    return state_->instruments;
}
StreamTime StoreSource::first() const noexcept { return state_->first; }
StreamTime StoreSource::last() const noexcept { return state_->last; }

}  // namespace sluice::adapters::tick_store
