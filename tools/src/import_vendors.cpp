// `sluice import lean | dbn | binance | dukascopy`.
#include <sluice/adapters/binance/binance_import.hpp>
#include <sluice/adapters/dbn/dbn_import.hpp>
#include <sluice/adapters/dukascopy/dukascopy_import.hpp>
#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/import_verbs.hpp>

#include "positive_decimal.hpp"

namespace sluice::tools {

namespace {

using adapters::tick_store::ReferenceStore;
using adapters::tick_store::StoreWriter;
using pipeline::ProgressCallback;

struct LeanArguments : ImportArguments {
    static constexpr bool kSeveralPaths = true;

    std::string zone;
};
int import_lean(const LeanArguments& arguments) {
    return import_with(arguments, [&](const std::string& path, StoreWriter& sink,
                                      ReferenceStore& reference, const ProgressCallback& progress) {
        adapters::lean::LeanOptions options;
        options.on_bad_row = arguments.on_bad_row();
        options.reference = &reference;
        options.time_zone = arguments.zone;
        options.progress = progress;
        return adapters::lean::import_lean(path, sink, options);
    });
}

struct DbnArguments : ImportArguments {
    int version = 0;
    std::string dataset;
    std::string tick_size;
    std::string multiplier;
};
int import_dbn(const DbnArguments& arguments) {
    if ((arguments.version != 0) != !arguments.dataset.empty())
        throw UsageError("--fragment-version and --fragment-dataset belong together");
    return import_with(arguments, [&](const std::string& path, StoreWriter& sink,
                                      ReferenceStore& reference, const ProgressCallback& progress) {
        adapters::dbn::DbnOptions options;
        options.on_bad_row = arguments.on_bad_row();
        options.progress = progress;
        if (!arguments.tick_size.empty())
            options.instrument.tick_size =
                positive_decimal<core::PriceDelta>(arguments.tick_size, "--tick-size");
        if (!arguments.multiplier.empty())
            options.instrument.multiplier =
                positive_decimal<core::Quantity>(arguments.multiplier, "--multiplier");
        if (arguments.version != 0)
            options.fragment = adapters::dbn::DbnFragment{
                static_cast<std::uint8_t>(arguments.version), arguments.dataset};
        return adapters::dbn::import_dbn(path, sink, &reference, options);
    });
}

struct BinanceArguments : ImportArguments {
    std::string market;
    std::string symbol;
    std::string tick_size;
};
int import_binance(const BinanceArguments& arguments) {
    return import_with(arguments, [&](const std::string& path, StoreWriter& sink, ReferenceStore&,
                                      const ProgressCallback& progress) {
        adapters::binance::BinanceOptions options;
        options.on_bad_row = arguments.on_bad_row();
        options.progress = progress;
        options.snapshot_symbol = arguments.symbol;
        if (!arguments.tick_size.empty())
            options.tick_size =
                positive_decimal<core::PriceDelta>(arguments.tick_size, "--tick-size");
        if (!arguments.market.empty())
            options.market = adapters::binance::parse_market(arguments.market);
        return adapters::binance::import_binance(path, sink, options);
    });
}

struct DukascopyArguments : ImportArguments {
    std::int64_t points = 0;
};
int import_dukascopy(const DukascopyArguments& arguments) {
    return import_with(arguments, [&](const std::string& path, StoreWriter& sink, ReferenceStore&,
                                      const ProgressCallback& progress) {
        adapters::dukascopy::DukascopyOptions options;
        options.on_bad_row = arguments.on_bad_row();
        options.progress = progress;
        options.points_per_unit = arguments.points;
        return adapters::dukascopy::import_dukascopy(path, sink, options);
    });
}

}  // namespace

void add_import_vendors(CLI::App& import, Action& action) {
    add_import_verb<LeanArguments>(
        import, action, "lean",
        "LEAN data: ticks, bars, open interest, corporate actions, market hours, properties",
        [](CLI::App& command, LeanArguments& arguments) {
            command.add_option("--zone", arguments.zone,
                               "IANA zone of the times in all files; else each table's own");
        },
        import_lean);
    add_import_verb<DbnArguments>(
        import, action, "dbn", "Databento DBN, versions 1 to 3: *.dbn and *.dbn.zst",
        [](CLI::App& command, DbnArguments& arguments) {
            command
                .add_option("--fragment-version", arguments.version,
                            "Read files without metadata, of this version")
                ->check(CLI::Range(1, 3));
            command.add_option("--fragment-dataset", arguments.dataset,
                               "Data set of those files, as GLBX.MDP3");
            command.add_option("--tick-size", arguments.tick_size,
                               "Least price step of what no definition describes; else 0.01");
            command.add_option("--multiplier", arguments.multiplier,
                               "What a unit of that is worth in units of its price; else 1");
        },
        import_dbn);
    add_import_verb<BinanceArguments>(
        import, action, "binance", "Raw captures of Binance's streams, spot and USD-M",
        [](CLI::App& command, BinanceArguments& arguments) {
            command
                .add_option("--market", arguments.market,
                            "Else the nearest folder that is called spot or usdm says it")
                ->check(CLI::IsMember({"spot", "usdm"}));
            command.add_option("--snapshot-symbol", arguments.symbol,
                               "Whose the depth snapshots are, as BTCUSDT; else the file's name");
            command.add_option("--tick-size", arguments.tick_size,
                               "Least price step; else 1e-8, the finest that the texts can hold");
        },
        import_binance);
    add_import_verb<DukascopyArguments>(
        import, action, "dukascopy", "Dukascopy's .bi5 ticks and candles",
        [](CLI::App& command, DukascopyArguments& arguments) {
            command
                .add_option("--points", arguments.points,
                            "Points in one unit of price, 100000 for EURUSD; else by the name")
                ->check(CLI::PositiveNumber);
        },
        import_dukascopy);
}

}  // namespace sluice::tools
