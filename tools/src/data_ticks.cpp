// `sluice data ticks`: trades and quotes out of an order-by-order record, beside it in the store, so that
// what replays ticks can replay it.
#include <iostream>
#include <memory>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/book_rebuild.hpp>
#include <sluice/pipeline/order_levels.hpp>
#include <sluice/pipeline/order_ticks.hpp>
#include <sluice/tools/data_verbs.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::OnConflict;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::SymbolInfo;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;
using nlohmann::ordered_json;

struct TicksArguments {
    StoreArguments store;
    bool levels = false;
    bool replace = false;
    bool json = false;
};

ordered_json derive_day(const DayInfo& day, const TableInfo& orders, bool with_levels,
                        StoreWriter& writer) {
    const auto columns = TickStore::read_file<pipeline::OrderColumns>(day.file);
    pipeline::OrderTicks ticks{{.orders = std::max<std::size_t>(1, columns.size())}};
    pipeline::TradeColumns trades;
    pipeline::QuoteColumns quotes;
    for (std::size_t i = 0; i < columns.size(); ++i)
        ticks.add(pipeline::row_of(columns, i), trades, quotes);
    pipeline::LevelColumns levels;
    if (with_levels) {
        pipeline::OrderLevels books{{.orders = std::max<std::size_t>(1, columns.size())}};
        for (std::size_t i = 0; i < columns.size(); ++i)
            books.add(pipeline::row_of(columns, i), levels);
    }
    ordered_json out{{"symbol", day.instrument.symbol}, {"date", pipeline::iso_date(day.date)},
                     {"orders", columns.size()},        {"trades", trades.size()},
                     {"quotes", quotes.size()},         {"levels", levels.size()}};
    pipeline::DayTables tables;
    tables.date = day.date;
    if (trades.size() != 0) tables.tables.emplace_back(trades);
    if (quotes.size() != 0) tables.tables.emplace_back(quotes);
    if (levels.size() != 0) tables.tables.emplace_back(levels);
    tables.source = orders.source;
    const bool written = !tables.tables.empty() &&
                         writer.put(day.instrument, tables) == pipeline::PutOutcome::kWritten;
    out["written"] = written;
    return out;
}

int derive(const TicksArguments& arguments) {
    const TickStore store = TickStore::open(arguments.store.store);
    std::vector<SymbolInfo> symbols;
    const bool whole = describe_symbols(store, arguments.store, symbols);
    StoreWriter writer{store.folder(),
                       {arguments.replace ? OnConflict::kReplace : OnConflict::kRefuse}};
    ordered_json days = ordered_json::array();
    for (const SymbolInfo& symbol : symbols)
        for (const DayInfo& day : symbol.days)
            if (const TableInfo* orders = day.table(pipeline::TableKind::kOrders);
                orders != nullptr && orders->rows != 0)
                days.push_back(derive_day(day, *orders, arguments.levels, writer));
    if (days.empty())
        throw std::runtime_error(
            arguments.store.store +
            ": no order-by-order record among the instruments asked for; 'sluice data ls' says "
            "what "
            "is held of each, 'sluice import dbn' brings market-by-order files");
    if (arguments.json) {
        std::cout << ordered_json{{"schema", "sluice.ticks/1"}, {"days", days}}.dump(2) << "\n";
    } else {
        for (const auto& day : days)
            std::cout << day["symbol"].get<std::string>() << " " << day["date"].get<std::string>()
                      << ": " << day["trades"] << " trades, " << day["quotes"] << " quotes"
                      << (arguments.levels ? " and " + day["levels"].dump() + " levels"
                                           : std::string{})
                      << " out of " << day["orders"] << " order updates"
                      << (day["written"].get<bool>() ? "" : ", held already") << "\n";
    }
    return whole ? 0 : 1;
}

}  // namespace

void add_data_ticks(CLI::App& data, Action& action) {
    auto arguments = std::make_shared<TicksArguments>();
    CLI::App* command = data.add_subcommand(
        "ticks",
        "Make trades and quotes out of an order-by-order record and keep them beside it, so that "
        "it can be replayed");
    add_store_options(*command, arguments->store);
    command->add_flag("--levels", arguments->levels,
                      "And the updates of the full book by price, for venue.market = \"book\"");
    command->add_flag("--replace", arguments->replace,
                      "Put them in the place of trades and quotes from another source");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return derive(*arguments); }; });
}

}  // namespace sluice::tools
