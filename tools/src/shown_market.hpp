// The rows of a store as the ledger of fills reads them: raw tables, apart from what feeds the engine.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/proofs/fill_audit.hpp>

namespace sluice::tools {

struct ShownRange {
    std::int64_t from_ns;  // both inclusive
    std::int64_t to_ns;
};

// What is called with the rows of a market.
struct MarketShow {
    std::function<void(const proofs::ShownRow&)> row;
    // Set: full books instead of quotes.
    std::function<void(const proofs::ShownLevels&)> levels;
};

// Calls show.row() with every print and quote of the symbol in the range, or show.levels() with what each
// event of its books changed, in the range: of an order-by-order record where
// a day has one, of trades and quotes otherwise. Rows that no run admits are left out: without a price or a
// size, crossed, and suspicious ones unless they are used. Returns what it read, "orders", "ticks",
// "orders and ticks", "levels" or "orders and levels". Throws StoreError.
std::string read_shown(const adapters::tick_store::TickStore& store, const std::string& symbol,
                       ShownRange range, bool use_suspicious, const MarketShow& show);

}  // namespace sluice::tools
