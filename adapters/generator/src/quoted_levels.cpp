#include "quoted_levels.hpp"

#include <map>
#include <utility>

#include <sluice/core/fixed.hpp>

namespace sluice::adapters::generator {
namespace {

using Levels = std::map<std::int64_t, std::int64_t>;  // price, size

// Hundreds, from 1 to 8 of them.
std::int64_t size_behind(std::int64_t price_raw, std::int64_t tick_raw) noexcept {
    const auto hash = static_cast<std::uint64_t>(price_raw / tick_raw) * 0x9E3779B97F4A7C15ULL;
    return (1 + static_cast<std::int64_t>(hash >> 61U)) * core::Quantity::from_units(100).raw();
}

Levels side_of(std::int64_t best_raw, std::int64_t best_size_raw, std::size_t levels,
               std::int64_t step_raw) {
    Levels out;
    const std::int64_t tick_raw = step_raw < 0 ? -step_raw : step_raw;
    for (std::size_t k = 0; k < levels && best_raw > 0; ++k, best_raw += step_raw)
        out[best_raw] = k == 0 ? best_size_raw : size_behind(best_raw, tick_raw);
    return out;
}

void append_changes(const Levels& before, const Levels& now, pipeline::LevelRow row,
                    pipeline::LevelColumns& out) {
    for (const auto& [price, size] : before) {
        if (now.count(price) != 0) continue;
        row.price_raw = price;
        row.quantity_raw = 0;
        out.append(row);
    }
    for (const auto& [price, size] : now) {
        const auto was = before.find(price);
        if (was != before.end() && was->second == size) continue;
        row.price_raw = price;
        row.quantity_raw = size;
        out.append(row);
    }
}

}  // namespace

pipeline::LevelColumns levels_behind(const pipeline::QuoteColumns& quotes, std::size_t levels,
                                     std::int64_t tick_raw) {
    pipeline::LevelColumns out;
    Levels bids;
    Levels asks;
    std::int64_t sequence = 0;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
        Levels new_bids = side_of(quotes.bid_raw[i], quotes.bid_size_raw[i], levels, -tick_raw);
        Levels new_asks = side_of(quotes.ask_raw[i], quotes.ask_size_raw[i], levels, tick_raw);
        const std::size_t first = out.size();
        pipeline::LevelRow row{};
        row.time_ns = row.received_ns = quotes.time_ns[i] + 1;
        row.sequence = sequence + 1;
        row.previous = sequence;
        row.flags = i == 0 ? pipeline::kRowSnapshot : std::uint8_t{0};
        row.side = 'B';
        append_changes(bids, new_bids, row, out);
        row.side = 'A';
        append_changes(asks, new_asks, row, out);
        if (out.size() == first) continue;
        out.flags.back() |= pipeline::kRowEventEnd;
        ++sequence;
        bids = std::move(new_bids);
        asks = std::move(new_asks);
    }
    return out;
}

}  // namespace sluice::adapters::generator
