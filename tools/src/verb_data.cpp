// `sluice data`: what a store holds.
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::SymbolInfo;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;

struct DataArguments {
    std::string store;
    std::string symbol;
    bool json = false;
    bool verify = false;
};

std::string iso_time(core::StreamTime time) {
    return date::format("%FT%TZ", date::sys_time<core::Nanos>{time.time_since_epoch()});
}

std::uint64_t rows(const std::optional<TableInfo>& table) { return table ? table->rows : 0; }

nlohmann::ordered_json table_json(const std::optional<TableInfo>& table) {
    if (!table) return nullptr;
    return {{"rows", table->rows},           {"first", iso_time(table->first)},
            {"last", iso_time(table->last)}, {"out_of_order", table->out_of_order},
            {"source", table->source.name},  {"sha256", table->source.sha256}};
}

nlohmann::ordered_json symbol_json(const SymbolInfo& info) {
    nlohmann::ordered_json days = nlohmann::ordered_json::array();
    for (const DayInfo& day : info.days) {
        days.push_back({{"date", pipeline::iso_date(day.date)},
                        {"trades", table_json(day.trades)},
                        {"quotes", table_json(day.quotes)}});
    }
    return {{"symbol", info.instrument.symbol},
            {"generated", info.instrument.generated},
            {"currency", info.instrument.currency},
            {"time_zone", info.instrument.time_zone},
            {"tick_size", core::to_string(info.instrument.tick_size)},
            {"lot_size", core::to_string(info.instrument.lot_size)},
            {"trades", info.trade_rows},
            {"quotes", info.quote_rows},
            {"first", iso_time(info.first)},
            {"last", iso_time(info.last)},
            {"days", std::move(days)}};
}

void print_catalogue(const std::vector<SymbolInfo>& catalogue) {
    std::cout << std::left << std::setw(12) << "symbol" << std::right << std::setw(6) << "days"
              << std::setw(14) << "trades" << std::setw(14) << "quotes"
              << "  first                 last\n";
    for (const SymbolInfo& info : catalogue) {
        std::cout << std::left << std::setw(12) << info.instrument.symbol << std::right
                  << std::setw(6) << info.days.size() << std::setw(14) << info.trade_rows
                  << std::setw(14) << info.quote_rows << "  " << iso_time(info.first).substr(0, 19)
                  << "Z  " << iso_time(info.last).substr(0, 19) << "Z"
                  << (info.instrument.generated ? "  generated" : "") << "\n";
    }
}

void print_symbol(const SymbolInfo& info) {
    const pipeline::Instrument& i = info.instrument;
    std::cout << i.symbol << (i.generated ? " (generated)" : "") << ": " << i.currency << ", tick "
              << core::to_string(i.tick_size) << ", lot " << core::to_string(i.lot_size) << ", "
              << i.time_zone << "\n";
    for (const DayInfo& day : info.days) {
        std::cout << "  " << pipeline::iso_date(day.date) << std::right << std::setw(12)
                  << rows(day.trades) << " trades" << std::setw(12) << rows(day.quotes)
                  << " quotes";
        const std::string source = day.trades   ? day.trades->source.name
                                   : day.quotes ? day.quotes->source.name
                                                : "";
        std::cout << "  " << source << "\n";
    }
}

int show(const DataArguments& arguments) {
    const TickStore store = TickStore::open(arguments.store);
    const std::vector<SymbolInfo> catalogue =
        arguments.symbol.empty() ? store.catalogue()
                                 : std::vector<SymbolInfo>{store.describe(arguments.symbol)};
    std::uint64_t verified = 0;
    if (arguments.verify) {
        for (const SymbolInfo& info : catalogue)
            for (const DayInfo& day : info.days) verified += TickStore::verify(day.file);
    }
    if (arguments.json) {
        nlohmann::ordered_json symbols = nlohmann::ordered_json::array();
        for (const SymbolInfo& info : catalogue) symbols.push_back(symbol_json(info));
        nlohmann::ordered_json out{{"store", arguments.store}, {"symbols", std::move(symbols)}};
        if (arguments.verify) out["verified_bytes"] = verified;
        std::cout << out.dump(2) << "\n";
        return 0;
    }
    if (catalogue.empty()) {
        std::cout << arguments.store
                  << " holds nothing yet; fill it with sluice generate or "
                     "sluice import\n";
    } else if (arguments.symbol.empty()) {
        print_catalogue(catalogue);
    } else {
        print_symbol(catalogue.front());
    }
    if (arguments.verify) std::cout << verified << " bytes verified, every checksum agrees\n";
    return 0;
}

}  // namespace

void add_data(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<DataArguments>();
    CLI::App* command = app.add_subcommand("data", "Show what a store holds");
    command->add_option("--store", arguments->store, "Folder of the tick store")->required();
    command->add_option("--symbol", arguments->symbol, "One instrument, day by day");
    command->add_flag("--verify", arguments->verify, "Compare every checksum too");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback([&action, arguments] { action = [arguments] { return show(*arguments); }; });
}

}  // namespace sluice::tools
