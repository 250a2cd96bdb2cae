#include "piece_maker.hpp"

#include <algorithm>
#include <array>

#include <sluice/core/overflow.hpp>

namespace sluice::adapters::tick_store {
namespace {

// When the four ticks of a bar happen, relative to its start, and which of its extremes is first.
struct BarTimes {
    explicit BarTimes(std::int64_t period_ns) noexcept
        : at{0, period_ns / 3, period_ns / 3 * 2, period_ns - 1} {}
    std::array<std::int64_t, kTicksPerBar> at;
};
[[nodiscard]] std::array<std::int64_t, kTicksPerBar> path(std::int64_t open, std::int64_t high,
                                                          std::int64_t low,
                                                          std::int64_t close) noexcept {
    if (close < open) return {open, high, low, close};
    return {open, low, high, close};
}

[[nodiscard]] constexpr std::int64_t period_ns(TableKey key) noexcept {
    return std::int64_t{key.period_s} * 1'000'000'000;
}

[[nodiscard]] bool is_one(const pipeline::DayFactors& factors) noexcept {
    return factors.price.is_one() && factors.quantity.is_one();
}

// The values in their own buffer, to be changed there.
[[nodiscard]] std::span<std::int64_t> own(const std::int64_t*& values,
                                          std::vector<std::int64_t>& buffer,
                                          std::size_t rows) noexcept {
    // Forward: a packed piece may begin within its own buffer.
    if (values != buffer.data()) std::copy(values, values + rows, buffer.data());
    values = buffer.data();
    return {buffer.data(), rows};
}

}  // namespace

void ScaleMemory::scale(std::span<std::int64_t> values, const pipeline::Ratio& ratio) noexcept {
    if (ratio.is_one()) return;
    if (ratio != ratio_) {
        ratio_ = ratio;
        std::fill(entries_.begin(), entries_.end(), Entry{});
    }
    for (std::int64_t& value : values) {
        // Multiplied to spread values that are multiples of a tick.
        const std::uint64_t hash = static_cast<std::uint64_t>(value) * 0x9E3779B97F4A7C15ULL;
        Entry& entry = entries_[hash >> 54U];
        if (entry.raw != value) {
            entry.raw = value;
            // Out of the range of an int64: no price of a market comes near, so it stays raw.
            if (!ratio.scale(value, entry.scaled)) entry.scaled = value;
        }
        value = entry.scaled;
    }
}

PieceBuffers::PieceBuffers(TableKind kind)
    : time(kChunkRows), price_or_bid(kChunkRows), quantity_or_bid_size(kChunkRows),
      conditions(kChunkRows), exchange(kChunkRows), flags(kChunkRows) {
    if (kind != TableKind::kQuotes && kind != TableKind::kQuoteBars && kind != TableKind::kLevels)
        return;
    ask.resize(kChunkRows);
    ask_size.resize(kChunkRows);
}

void PieceMaker::prepare(TableKind kind) {
    if (rows_per_piece(kind) != kChunkRows && bar_columns_.empty())
        bar_columns_.assign(kMaxColumns, std::vector<std::int64_t>(kChunkRows));
}

template <class Value>
const Value* PieceMaker::values(const PieceRows& d, std::size_t index,
                                std::vector<Value>& out) noexcept {
    if (!d.table->packed) return d.day->column<Value>(*d.table, index) + d.first;
    const bool whole = d.day->unpack(*d.table, index, d.first / kChunkRows,
                                     std::as_writable_bytes(std::span(out)));
    if (!whole)
        core::broken_invariant_slow("a chunk of the store was damaged while it was replayed");
    return out.data() + d.first % kChunkRows;
}

void PieceMaker::make_ticks(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept {
    const bool quotes = d.table->key.kind == TableKind::kQuotes;
    const std::size_t size = quotes ? 3 : 2;
    piece.time = values(d, 0, b.time);
    piece.price_or_bid = values(d, 1, b.price_or_bid);
    piece.quantity_or_bid_size = values(d, size, b.quantity_or_bid_size);
    if (quotes) {
        piece.ask = values(d, 2, b.ask);
        piece.ask_size = values(d, 4, b.ask_size);
        piece.flags = values(d, 7, b.flags);
    } else {
        piece.conditions = values(d, 3, b.conditions);
        piece.exchange = values(d, 4, b.exchange);
        piece.flags = values(d, 5, b.flags);
    }
    if (is_one(d.factors)) return;
    adjust_first(d, b, piece);
    if (!quotes) return;
    const std::size_t rows = d.last - d.first;
    adjust(d.factors, own(piece.ask, b.ask, rows), own(piece.ask_size, b.ask_size, rows));
}

void PieceMaker::make_levels(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept {
    piece.time = values(d, 0, b.time);
    piece.price_or_bid = values(d, 1, b.price_or_bid);
    piece.quantity_or_bid_size = values(d, 2, b.quantity_or_bid_size);
    piece.ask = values(d, 3, b.ask);
    piece.ask_size = values(d, 4, b.ask_size);
    piece.exchange = values(d, 6, b.exchange);
    piece.flags = values(d, 7, b.flags);
    if (!is_one(d.factors)) adjust_first(d, b, piece);
}

void PieceMaker::adjust_first(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept {
    const std::size_t rows = d.last - d.first;
    adjust(d.factors, own(piece.price_or_bid, b.price_or_bid, rows),
           own(piece.quantity_or_bid_size, b.quantity_or_bid_size, rows));
}

void PieceMaker::adjust(const pipeline::DayFactors& factors, std::span<std::int64_t> prices,
                        std::span<std::int64_t> sizes) noexcept {
    prices_.scale(prices, factors.price);
    sizes_.scale(sizes, factors.quantity);
}

void PieceMaker::make_bars(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept {
    std::array<const std::int64_t*, 6> in{};
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = values(d, i, bar_columns_[i]);
    const BarTimes times(period_ns(d.table->key));
    const std::size_t bars = d.last - d.first;
    const std::int64_t lot =
        std::max<std::int64_t>(1, d.day->file().info.instrument.lot_size.raw());
    for (std::size_t i = 0; i < bars; ++i) {
        const auto prices = path(in[1][i], in[2][i], in[3][i], in[4][i]);
        const std::int64_t quarter = in[5][i] / (4 * lot) * lot;
        for (std::size_t k = 0; k < kTicksPerBar; ++k) {
            b.time[4 * i + k] = in[0][i] + times.at[k];
            b.price_or_bid[4 * i + k] = prices[k];
            b.quantity_or_bid_size[4 * i + k] =
                k + 1 < kTicksPerBar ? quarter : in[5][i] - 3 * quarter;
        }
    }
    const std::size_t ticks = bars * kTicksPerBar;
    adjust(d.factors, {b.price_or_bid.data(), ticks}, {b.quantity_or_bid_size.data(), ticks});
    piece.time = b.time.data();
    piece.price_or_bid = b.price_or_bid.data();
    piece.quantity_or_bid_size = b.quantity_or_bid_size.data();
    std::fill_n(b.flags.data(), bars * kTicksPerBar, pipeline::kFlagFromBar);
    // Never written: bars have no conditions and no venues.
    piece.conditions = b.conditions.data();
    piece.exchange = b.exchange.data();
    piece.flags = b.flags.data();
}

void PieceMaker::make_quote_bars(const PieceRows& d, PieceBuffers& b, TickPiece& piece) noexcept {
    std::array<const std::int64_t*, 11> in{};
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = values(d, i, bar_columns_[i]);
    const BarTimes times(period_ns(d.table->key));
    const std::size_t bars = d.last - d.first;
    for (std::size_t i = 0; i < bars; ++i) {
        const auto bids = path(in[1][i], in[2][i], in[3][i], in[4][i]);
        auto asks = path(in[6][i], in[7][i], in[8][i], in[9][i]);
        // Both sides take the way of the bid, so that they do not cross in between.
        if (in[4][i] < in[1][i])
            asks = {in[6][i], in[7][i], in[8][i], in[9][i]};
        else
            asks = {in[6][i], in[8][i], in[7][i], in[9][i]};
        for (std::size_t k = 0; k < kTicksPerBar; ++k) {
            b.time[4 * i + k] = in[0][i] + times.at[k];
            b.price_or_bid[4 * i + k] = bids[k];
            b.quantity_or_bid_size[4 * i + k] = in[5][i];
            b.ask[4 * i + k] = asks[k];
            b.ask_size[4 * i + k] = in[10][i];
        }
    }
    const std::size_t ticks = bars * kTicksPerBar;
    adjust(d.factors, {b.price_or_bid.data(), ticks}, {b.quantity_or_bid_size.data(), ticks});
    adjust(d.factors, {b.ask.data(), ticks}, {b.ask_size.data(), ticks});
    piece.time = b.time.data();
    piece.price_or_bid = b.price_or_bid.data();
    piece.quantity_or_bid_size = b.quantity_or_bid_size.data();
    piece.ask = b.ask.data();
    piece.ask_size = b.ask_size.data();
    piece.flags = b.flags.data();
}

void PieceMaker::make(const PieceRows& rows, PieceBuffers& buffers, TickPiece& piece) noexcept {
    switch (rows.table->key.kind) {
        case TableKind::kBars: make_bars(rows, buffers, piece); break;
        case TableKind::kQuoteBars: make_quote_bars(rows, buffers, piece); break;
        case TableKind::kLevels: make_levels(rows, buffers, piece); break;
        default: make_ticks(rows, buffers, piece); break;
    }
}

}  // namespace sluice::adapters::tick_store
