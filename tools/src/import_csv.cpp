// `sluice import csv`.
#include <iostream>

#include <sluice/adapters/csv/csv_import.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/import_verbs.hpp>

#include "positive_decimal.hpp"

namespace sluice::tools {

namespace {

struct CsvArguments : ImportArguments {
    std::string symbol;
    std::string map;
    std::string kind = "trades";
    std::string zone = "America/New_York";
    std::string currency = "USD";
    std::string asset_class = "equity";
    std::string tick_size = "0.01";
    std::string lot_size = "1";
    std::string multiplier = "1";
    std::string time_format = "iso";
    std::vector<std::string> columns;
};

int import_csv(const CsvArguments& arguments) {
    pipeline::Instrument instrument;
    instrument.symbol = arguments.symbol;
    instrument.time_zone = arguments.zone;
    instrument.currency = arguments.currency;
    const auto asset_class = pipeline::parse_asset_class(arguments.asset_class);
    if (!asset_class)
        throw UsageError("--asset-class: '" + arguments.asset_class +
                         "' is none of equity, forex, cfd, crypto, future, index, option");
    instrument.asset_class = *asset_class;
    instrument.tick_size = positive_decimal<core::PriceDelta>(arguments.tick_size, "--tick-size");
    instrument.lot_size = positive_decimal<core::Quantity>(arguments.lot_size, "--lot-size");
    instrument.multiplier = positive_decimal<core::Quantity>(arguments.multiplier, "--multiplier");
    adapters::csv::CsvOptions options;
    options.on_bad_row = arguments.on_bad_row();
    if (!arguments.map.empty()) {
        options.mapping = adapters::csv::load_mapping(arguments.map);
    } else {
        options.kind = arguments.kind == "quotes" ? pipeline::TableKind::kQuotes
                                                  : pipeline::TableKind::kTrades;
        options.time_format = parse_time_format(arguments.time_format);
        for (const std::string& mapping : arguments.columns) map_column(options.columns, mapping);
    }
    return import_with(
        arguments,
        [&](const std::string& path, adapters::tick_store::StoreWriter& sink,
            adapters::tick_store::ReferenceStore&, const pipeline::ProgressCallback& progress) {
            options.progress = progress;
            return adapters::csv::import_csv(path, instrument, sink, options);
        });
}

void add_csv_options(CLI::App& command, CsvArguments& arguments) {
    command.add_option("--symbol", arguments.symbol, "The instrument")->required();
    CLI::Option* map = command.add_option(
        "--map", arguments.map,
        "TOML file that says what the columns mean: other kinds, delimiters, zones, bar ends");
    command.add_option("--kind", arguments.kind, "What the rows are")
        ->check(CLI::IsMember({"trades", "quotes"}))
        ->capture_default_str()
        ->excludes(map);
    command.add_option("--zone", arguments.zone, "IANA time zone of the exchange's day")
        ->capture_default_str();
    command.add_option("--currency", arguments.currency, "Of the prices")->capture_default_str();
    command
        .add_option("--asset-class", arguments.asset_class,
                    "equity, forex, cfd, crypto, future, index or option")
        ->capture_default_str();
    command.add_option("--tick-size", arguments.tick_size, "Least price step")
        ->capture_default_str();
    command.add_option("--lot-size", arguments.lot_size, "Least quantity step")
        ->capture_default_str();
    command
        .add_option("--multiplier", arguments.multiplier,
                    "Worth of one unit of quantity in units of the price")
        ->capture_default_str();
    command.add_option("--time", arguments.time_format, "Form of the times, UTC")
        ->check(CLI::IsMember({"iso", "ns", "us", "ms", "s"}))
        ->capture_default_str()
        ->excludes(map);
    command
        .add_option("--column", arguments.columns,
                    "Name of a column in the file, as field=name: time, price, quantity, bid, ask, "
                    "bid_size, ask_size; may be repeated")
        ->excludes(map);
}

}  // namespace

void add_import_csv(CLI::App& import, Action& action) {
    add_import_verb<CsvArguments>(import, action, "csv",
                                  "CSV, plain or gzip, one instrument a file", add_csv_options,
                                  import_csv);
}

}  // namespace sluice::tools
