#include "piece_loader.hpp"

#include <algorithm>
#include <array>

#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/reference.hpp>

namespace sluice::adapters::tick_store {
namespace {

constexpr Adjustment kUnchanged{pipeline::kFactorScale, pipeline::kFactorScale};

// value * numerator / denominator, to the nearest, halves to even; 0 stays 0. Beyond the range of
// an int64 the value is kept as it is: no price of a market comes near.
[[nodiscard]] std::int64_t scaled(std::int64_t value, std::int64_t numerator,
                                  std::int64_t denominator) noexcept {
    const core::Int128 product = static_cast<core::Int128>(value) * numerator;
    core::Int128 quotient = product / denominator;
    const core::Int128 rest = product % denominator;
    const core::Int128 twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > denominator || (twice == denominator && quotient % 2 != 0))
        quotient += product < 0 ? -1 : 1;
    const auto out = static_cast<std::int64_t>(quotient);
    return out == quotient ? out : value;
}

void scale(std::span<std::int64_t> values, std::int64_t numerator,
           std::int64_t denominator) noexcept {
    for (std::int64_t& value : values) value = scaled(value, numerator, denominator);
}

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

}  // namespace

std::uint32_t PieceLoader::add_feed() {
    feeds_.push_back(nullptr);
    return static_cast<std::uint32_t>(feeds_.size() - 1);
}

void PieceLoader::make_buffers(std::uint32_t feed, TableKind kind) {
    if (feeds_[feed]) return;
    auto buffers = std::make_unique<Buffers>();
    const bool quotes = kind == TableKind::kQuotes || kind == TableKind::kQuoteBars;
    for (auto* column : {&buffers->time, &buffers->price_or_bid, &buffers->quantity_or_bid_size})
        column->resize(kChunkRows);
    if (quotes) {
        buffers->ask.resize(kChunkRows);
        buffers->ask_size.resize(kChunkRows);
    }
    buffers->conditions.resize(kChunkRows);
    buffers->exchange.resize(kChunkRows);
    buffers->flags.resize(kChunkRows);
    if (rows_per_piece(kind) != kChunkRows && bar_columns_.empty())
        bar_columns_.assign(kMaxColumns, std::vector<std::int64_t>(kChunkRows));
    feeds_[feed] = std::move(buffers);
}

TickPiece PieceLoader::defer(std::uint32_t feed, const MappedDay& day, const TablePlace& table,
                             std::size_t first, std::size_t last, Adjustment adjustment) {
    make_buffers(feed, table.key.kind);
    deferred_.push_back({&day, &table, first, last, feed, adjustment});
    TickPiece piece;
    piece.deferred = static_cast<std::uint32_t>(deferred_.size());
    const bool bars = rows_per_piece(table.key.kind) != kChunkRows;
    piece.end = (last - first) * (bars ? kTicksPerBar : 1);
    return piece;
}

template <class Value>
const Value* PieceLoader::values(const Deferred& d, std::size_t index,
                                 std::vector<Value>& out) noexcept {
    if (!d.table->packed) return d.day->column<Value>(*d.table, index) + d.first;
    const bool whole = d.day->unpack(*d.table, index, d.first / kChunkRows,
                                     std::as_writable_bytes(std::span(out)));
    if (!whole)
        core::broken_invariant_slow("a chunk of the store was damaged while it was replayed");
    return out.data() + d.first % kChunkRows;
}

void PieceLoader::load_ticks(const Deferred& d, Buffers& b, TickPiece& piece) noexcept {
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
    if (d.adjustment == kUnchanged) return;
    const std::size_t rows = d.last - d.first;
    const auto adjust = [rows](const std::int64_t*& values, std::vector<std::int64_t>& buffer,
                               std::int64_t numerator, std::int64_t denominator) {
        if (values != buffer.data()) std::copy_n(values, rows, buffer.data());
        scale({buffer.data(), rows}, numerator, denominator);
        values = buffer.data();
    };
    const auto [price, split] = d.adjustment;
    adjust(piece.price_or_bid, b.price_or_bid, price, pipeline::kFactorScale);
    adjust(piece.quantity_or_bid_size, b.quantity_or_bid_size, pipeline::kFactorScale, split);
    if (!quotes) return;
    adjust(piece.ask, b.ask, price, pipeline::kFactorScale);
    adjust(piece.ask_size, b.ask_size, pipeline::kFactorScale, split);
}

void PieceLoader::load_bars(const Deferred& d, Buffers& b, TickPiece& piece) noexcept {
    std::array<const std::int64_t*, 6> in{};
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = values(d, i, bar_columns_[i]);
    const BarTimes times(period_ns(d.table->key));
    const std::size_t bars = d.last - d.first;
    for (std::size_t i = 0; i < bars; ++i) {
        const auto prices = path(in[1][i], in[2][i], in[3][i], in[4][i]);
        const std::int64_t quarter = in[5][i] / 4;
        for (std::size_t k = 0; k < kTicksPerBar; ++k) {
            b.time[4 * i + k] = in[0][i] + times.at[k];
            b.price_or_bid[4 * i + k] = prices[k];
            b.quantity_or_bid_size[4 * i + k] =
                k + 1 < kTicksPerBar ? quarter : in[5][i] - 3 * quarter;
        }
    }
    if (d.adjustment != kUnchanged) {
        const std::size_t ticks = bars * kTicksPerBar;
        scale({b.price_or_bid.data(), ticks}, d.adjustment.price, pipeline::kFactorScale);
        scale({b.quantity_or_bid_size.data(), ticks}, pipeline::kFactorScale, d.adjustment.split);
    }
    piece.time = b.time.data();
    piece.price_or_bid = b.price_or_bid.data();
    piece.quantity_or_bid_size = b.quantity_or_bid_size.data();
    // Never written: bars have no conditions, venues or marks.
    piece.conditions = b.conditions.data();
    piece.exchange = b.exchange.data();
    piece.flags = b.flags.data();
}

void PieceLoader::load_quote_bars(const Deferred& d, Buffers& b, TickPiece& piece) noexcept {
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
    if (d.adjustment != kUnchanged) {
        const std::size_t ticks = bars * kTicksPerBar;
        for (auto* prices : {&b.price_or_bid, &b.ask})
            scale({prices->data(), ticks}, d.adjustment.price, pipeline::kFactorScale);
        for (auto* sizes : {&b.quantity_or_bid_size, &b.ask_size})
            scale({sizes->data(), ticks}, pipeline::kFactorScale, d.adjustment.split);
    }
    piece.time = b.time.data();
    piece.price_or_bid = b.price_or_bid.data();
    piece.quantity_or_bid_size = b.quantity_or_bid_size.data();
    piece.ask = b.ask.data();
    piece.ask_size = b.ask_size.data();
    piece.flags = b.flags.data();
}

void PieceLoader::load(TickPiece& piece) noexcept {
    const Deferred& d = deferred_[piece.deferred - 1];
    Buffers& b = *feeds_[d.feed];
    switch (d.table->key.kind) {
        case TableKind::kBars: load_bars(d, b, piece); break;
        case TableKind::kQuoteBars: load_quote_bars(d, b, piece); break;
        default: load_ticks(d, b, piece); break;
    }
}

}  // namespace sluice::adapters::tick_store
