// `sluice data`: what a store holds, whether it can be trusted, and how to get it out again.
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/calendar_choice.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::Compression;
using adapters::tick_store::DayInfo;
using adapters::tick_store::ReferenceStore;
using adapters::tick_store::SymbolInfo;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;
using nlohmann::ordered_json;

struct ListArguments {
    StoreArguments store;
    bool json = false;
};

ordered_json table_json(const TableInfo& table) {
    return {{"table", table_name(table.key)},     {"rows", table.rows},
            {"first", iso_time(table.first)},     {"last", iso_time(table.last)},
            {"out_of_order", table.out_of_order}, {"source", table.source.name},
            {"source_rows", table.source.rows},   {"sha256", table.source.sha256}};
}

ordered_json symbol_json(const SymbolInfo& info) {
    const pipeline::Instrument& i = info.instrument;
    ordered_json out{{"symbol", i.symbol},
                     {"generated", i.generated},
                     {"asset_class", to_string(i.asset_class)},
                     {"currency", i.currency},
                     {"time_zone", i.time_zone},
                     {"tick_size", core::to_string(i.tick_size)},
                     {"lot_size", core::to_string(i.lot_size)},
                     {"multiplier", core::to_string(i.multiplier)},
                     {"first", iso_time(info.first)},
                     {"last", iso_time(info.last)}};
    ordered_json rows = ordered_json::object();
    for (const auto& [key, count] : info.rows) rows[table_name(key)] = count;
    out["rows"] = std::move(rows);
    ordered_json files = ordered_json::array();
    for (const DayInfo& day : info.days) {
        ordered_json tables = ordered_json::array();
        for (const TableInfo& table : day.tables) tables.push_back(table_json(table));
        files.push_back({{"date", pipeline::iso_date(day.date)},
                         {"file", day.file.string()},
                         {"part", day.part},
                         {"packed", day.compression == Compression::kPacked},
                         {"tables", std::move(tables)}});
    }
    out["files"] = std::move(files);
    return out;
}

void print_list(const std::vector<SymbolInfo>& symbols) {
    std::size_t width = 6;
    for (const SymbolInfo& info : symbols) width = std::max(width, info.instrument.symbol.size());
    const int column = static_cast<int>(width);
    std::cout << std::left << std::setw(column) << "symbol" << std::right << std::setw(7) << "files"
              << "  first       last        tables\n";
    for (const SymbolInfo& info : symbols) {
        std::cout << std::left << std::setw(column) << info.instrument.symbol << std::right
                  << std::setw(7) << info.days.size() << "  " << iso_time(info.first).substr(0, 10)
                  << "  " << iso_time(info.last).substr(0, 10) << " ";
        for (const auto& [key, count] : info.rows)
            std::cout << " " << count << " " << table_name(key);
        std::cout << (info.instrument.generated ? "  (generated)" : "") << "\n";
    }
}

void print_symbol(const SymbolInfo& info, const TickStore& store) {
    const pipeline::Instrument& i = info.instrument;
    std::cout << i.symbol << (i.generated ? " (generated)" : "") << ": " << to_string(i.asset_class)
              << ", " << i.currency << ", tick " << core::to_string(i.tick_size) << ", lot "
              << core::to_string(i.lot_size) << ", multiplier " << core::to_string(i.multiplier)
              << ", " << i.time_zone << "\n";
    const ReferenceStore reference(store.folder());
    if (const auto actions = reference.actions(i.symbol))
        std::cout << "  " << actions->adjustments.size() << " adjustment factors, "
                  << actions->tickers.size() << " ticker rows\n";
    if (const auto calendar = find_calendar(store, i, "auto"))
        std::cout << "  calendar " << calendar->calendar().name << "\n";
    for (const DayInfo& day : info.days) {
        for (const TableInfo& table : day.tables) {
            std::cout << "  " << pipeline::iso_date(day.date)
                      << (day.part != 0 ? " part " + std::to_string(day.part) : "") << std::right
                      << std::setw(12) << table.rows << " " << std::left << std::setw(16)
                      << table_name(table.key) << std::right << iso_time(table.first).substr(11, 12)
                      << " to " << iso_time(table.last).substr(11, 12)
                      << (day.compression == Compression::kPacked ? "  packed" : "") << "  "
                      << table.source.name << "\n";
        }
    }
}

int list(const ListArguments& arguments, bool in_full) {
    const TickStore store = TickStore::open(arguments.store.store);
    std::vector<SymbolInfo> symbols;
    const bool whole = describe_symbols(store, arguments.store, symbols);
    if (arguments.json) {
        ordered_json all = ordered_json::array();
        for (const SymbolInfo& info : symbols) all.push_back(symbol_json(info));
        std::cout << ordered_json{{"store", arguments.store.store},
                                  {"symbols", std::move(all)},
                                  {"calendars", ReferenceStore(store.folder()).calendars()}}
                         .dump(2)
                  << "\n";
    } else if (symbols.empty()) {
        std::cout << arguments.store.store
                  << " holds nothing yet; fill it with sluice generate or sluice import\n";
    } else if (in_full) {
        for (const SymbolInfo& info : symbols) print_symbol(info, store);
    } else {
        print_list(symbols);
    }
    return whole ? 0 : 1;
}

void add_listing(CLI::App& data, Action& action, const char* name, const char* what, bool in_full) {
    auto arguments = std::make_shared<ListArguments>();
    CLI::App* command = data.add_subcommand(name, what);
    add_store_options(*command, arguments->store);
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback([&action, arguments, in_full] {
        action = [arguments, in_full] { return list(*arguments, in_full); };
    });
}

}  // namespace

std::string iso_time(core::StreamTime time) {
    return date::format("%FT%TZ", date::sys_time<core::Nanos>{time.time_since_epoch()});
}

void add_store_options(CLI::App& command, StoreArguments& arguments) {
    command.add_option("--store", arguments.store, "Folder of the tick store")->required();
    command.add_option("--symbol", arguments.symbols, "Instrument; may be repeated. None: all");
}

bool describe_symbols(const TickStore& store, const StoreArguments& arguments,
                      std::vector<SymbolInfo>& out) {
    if (!arguments.symbols.empty()) {
        for (const std::string& symbol : arguments.symbols) out.push_back(store.describe(symbol));
        return true;
    }
    bool whole = true;
    for (const std::string& symbol : store.symbols()) {
        try {
            out.push_back(store.describe(symbol));
        } catch (const adapters::tick_store::StoreError& error) {
            std::cerr << "damaged: " << error.what() << "\n";
            whole = false;
        }
    }
    return whole;
}

std::optional<pipeline::SessionClock> find_calendar(const TickStore& store,
                                                    const pipeline::Instrument& instrument,
                                                    const std::string& name) {
    if (name.empty()) return std::nullopt;
    const ReferenceStore reference(store.folder());
    if (name != "auto") {
        auto calendar = reference.calendar(name);
        if (!calendar)
            throw UsageError("calendar '" + name + "' is not in " + store.folder().string() +
                             "; 'sluice data ls --json' lists those that are, and 'sluice import "
                             "lean' brings them from a market-hours database");
        return pipeline::SessionClock(std::move(*calendar));
    }
    for (const std::string& candidate : pipeline::calendar_candidates(instrument))
        if (auto calendar = reference.calendar(candidate))
            return pipeline::SessionClock(std::move(*calendar));
    return std::nullopt;
}

void add_data_ls(CLI::App& data, Action& action) {
    add_listing(data, action, "ls", "List the instruments and what is held of each", false);
}
void add_data_info(CLI::App& data, Action& action) {
    add_listing(data, action, "info", "Show each table of each day, and where it came from", true);
}

void add_data(CLI::App& app, Action& action) {
    CLI::App* data = app.add_subcommand("data", "List, check and export what a store holds");
    data->require_subcommand(1);
    add_data_ls(*data, action);
    add_data_info(*data, action);
    add_data_verify(*data, action);
    add_data_export(*data, action);
    add_data_ticks(*data, action);
}

}  // namespace sluice::tools
