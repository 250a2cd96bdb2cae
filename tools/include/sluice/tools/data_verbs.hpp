// The verbs under `sluice data`, one file each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/session_clock.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

void add_data_ls(CLI::App& data, Action& action);
void add_data_info(CLI::App& data, Action& action);
void add_data_verify(CLI::App& data, Action& action);
void add_data_export(CLI::App& data, Action& action);
void add_data_ticks(CLI::App& data, Action& action);

// What the verbs share: a store, and which instruments of it.
struct StoreArguments {
    std::string store;
    std::vector<std::string> symbols;  // none: all
};
void add_store_options(CLI::App& command, StoreArguments& arguments);
// Those named, or all. One that cannot be read is reported on standard error and left out; false then.
[[nodiscard]] bool describe_symbols(const adapters::tick_store::TickStore& store,
                                    const StoreArguments& arguments,
                                    std::vector<adapters::tick_store::SymbolInfo>& out);

// The calendar of that name, or with "auto" the one that the instrument trades by. Nothing for "",
// and for "auto" where the store has none; UsageError for a name that the store does not hold.
[[nodiscard]] std::optional<pipeline::SessionClock> find_calendar(
    const adapters::tick_store::TickStore& store, const pipeline::Instrument& instrument,
    const std::string& name);

// "2013-10-07T13:30:00.123456789Z".
[[nodiscard]] std::string iso_time(core::StreamTime time);
// Calls f(Columns{}) with the columns' type of that kind.
template <class F>
void with_columns(pipeline::TableKind kind, F&& f) {
    switch (kind) {
        case pipeline::TableKind::kTrades: return f(pipeline::TradeColumns{});
        case pipeline::TableKind::kQuotes: return f(pipeline::QuoteColumns{});
        case pipeline::TableKind::kLevels: return f(pipeline::LevelColumns{});
        case pipeline::TableKind::kOrders: return f(pipeline::OrderColumns{});
        case pipeline::TableKind::kBars: return f(pipeline::BarColumns{});
        case pipeline::TableKind::kQuoteBars: return f(pipeline::QuoteBarColumns{});
        case pipeline::TableKind::kOpenInterest: return f(pipeline::OpenInterestColumns{});
        case pipeline::TableKind::kTruth: return;
    }
}

}  // namespace sluice::tools
