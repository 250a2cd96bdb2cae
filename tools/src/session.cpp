#include <sluice/tools/session.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <sys/utsname.h>

#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/timer_plan.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>

// The 16 placements are instantiated once, in the venue's hot object library.
namespace sluice::pipeline {
extern template PlacementEntry<adapters::sim_venue::SimVenue, HeadRun>
    placement_entry<adapters::sim_venue::SimVenue, HeadRun>(CutMask) noexcept;
}

namespace sluice::tools {

namespace {

using adapters::run_folder::RunFolder;
using adapters::run_log::RunLog;
using adapters::sim_venue::SimVenue;
using adapters::tick_store::Checksums;
using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;

std::vector<std::string> chosen_symbols(const TickStore& store, const SessionOptions& options) {
    if (!options.symbols.empty()) return options.symbols;
    std::vector<std::string> all = store.symbols();
    if (all.size() > pipeline::kMaxInstruments)
        throw UsageError("the store holds " + std::to_string(all.size()) +
                         " symbols, more than a run takes (" +
                         std::to_string(pipeline::kMaxInstruments) + "); choose with --symbols");
    return all;
}

// One currency a run: cash, limits and commissions have no exchange rate to go by.
void check_currencies(const pipeline::InstrumentTable& instruments, const std::string& account) {
    for (const pipeline::Instrument& instrument : instruments) {
        if (instrument.currency != account)
            throw UsageError(instrument.symbol + " is priced in " + instrument.currency +
                             ", but account.currency is " + account +
                             "; set account.currency or leave the symbol out");
    }
}

std::string data_label(const pipeline::InstrumentTable& instruments, const TickStore& store) {
    const auto generated = [](const pipeline::Instrument& i) { return i.generated; };
    if (std::none_of(instruments.begin(), instruments.end(), generated)) return "recorded";
    const auto days = store.describe(instruments.front().symbol).days;
    const std::string detail = days.empty() ? "" : days.front().generator;
    const bool all = std::all_of(instruments.begin(), instruments.end(), generated);
    return std::string(all ? "generated" : "partly generated") +
           (detail.empty() ? "" : ", " + detail);
}

std::string host_text() {
    utsname name{};
    uname(&name);
    return std::string(name.sysname) + " " + name.release + " " + name.machine + ", " +
           std::to_string(core::usable_core_count()) + " cores";
}

// Runs the engine on its own threads while this one draws the progress.
pipeline::RunRecord run_with_progress(const pipeline::EngineSetup& setup, SimVenue& venue,
                                      StoreSource& source, pipeline::RunControl& control) {
    pipeline::RunRecord record;
    std::atomic<bool> done{false};
    core::PinnedThread engine{{"sl-engine", {}}, [&](const std::stop_token&) {
                                  struct Done {
                                      std::atomic<bool>& flag;
                                      // release: the record is complete; pairs with the acquire
                                      ~Done() { flag.store(true, std::memory_order_release); }
                                  } const finally{done};
                                  record = pipeline::run_engine(setup, venue, source, control);
                              }};
    {
        ProgressBar bar{"ticks"};
        const auto total = static_cast<double>(std::max<std::uint64_t>(source.size_hint(), 1));
        // acquire: pairs with the release above
        while (!done.load(std::memory_order_acquire)) {
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
            // relaxed: for display only
            const std::uint64_t taken = control.ticks_taken.load(std::memory_order_relaxed);
            bar.show(static_cast<double>(taken) / total, taken);
        }
    }
    engine.join();
    return record;
}

void describe_run(pipeline::RunRecord& record, const SessionOptions& options,
                  const pipeline::SettingsSchema& schema, std::string configuration) {
    record.verb = options.verb;
    record.version = SLUICE_VERSION;
    record.build = SLUICE_BUILD;
    record.store = options.store.string();
    record.configuration = std::move(configuration);
    record.configuration_hash = schema.fingerprint(options.settings);
    record.host = host_text();
}

}  // namespace

SessionResult run_session(const SessionOptions& options) {
    const pipeline::Settings& settings = options.settings;
    const TickStore store = TickStore::open(options.store);
    StoreSource source{
        store,
        chosen_symbols(store, options),
        {.range = {options.from, options.to},
         .checksums = options.trust_checksums ? Checksums::kTrust : Checksums::kVerify,
         .input = settings.data.bars
                      ? static_cast<std::int32_t>(settings.data.bar_period.count() / 1'000'000'000)
                      : adapters::tick_store::kFinest,
         .adjust = settings.data.adjust}};
    check_currencies(source.instruments(), settings.account.currency);

    // One calendar a run: the sessions of the stream are those of its first instrument.
    const auto calendar =
        find_calendar(store, source.instruments().front(), settings.clock.session_calendar);
    if (settings.clock.session_enabled && !settings.clock.session_calendar.empty() && !calendar)
        throw std::runtime_error(
            "no calendar for " + source.instruments().front().symbol + " in " +
            options.store.string() +
            "; import a market-hours database, or name one with clock.session_calendar");

    std::string warning;
    const pipeline::Placement placement = [&] {
        try {
            return pipeline::choose_placement(settings.engine.placement, settings.engine.idle,
                                              core::available_cores(), settings.engine.cores,
                                              options.live, warning);
        } catch (const std::invalid_argument& error) {
            throw UsageError(error.what());
        }
    }();
    const pipeline::SettingsSchema schema = pipeline::make_settings_schema();
    std::ostringstream configuration;
    schema.write(settings, configuration);

    // From the folder's creation to its last file, an interrupt only ends the run early.
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const RunFolder folder =
        RunFolder::create(settings.report.folder, options.verb, core::read_local_clock());
    folder.write_configuration(configuration.str());
    SessionResult result;
    {
        RunLog log{folder.log_path(), source.instruments(), true};
        log.write(adapters::run_log::Level::kInfo, options.verb + " over " +
                                                       options.store.string() + ", placement " +
                                                       pipeline::describe_cuts(placement.cuts));
        if (!warning.empty()) log.write(adapters::run_log::Level::kWarning, warning);
        SimVenue venue{settings, source.instruments()};
        const pipeline::EngineSetup setup{
            settings,
            source.instruments(),
            placement,
            pipeline::make_timer_plan(settings.clock, source.first(), source.last(),
                                      calendar ? &*calendar : nullptr),
            options.speed > 0 ? pipeline::Pacer{options.speed} : pipeline::Pacer{},
            {&log}};
        result.record = run_with_progress(setup, venue, source, control);
    }
    if (!warning.empty()) result.record.warnings.push_back(warning);
    if (settings.data.adjust != pipeline::AdjustmentMode::kNone)
        for (const pipeline::Instrument& instrument : source.instruments())
            if (!adapters::tick_store::ReferenceStore(store.folder()).actions(instrument.symbol))
                result.record.warnings.push_back(instrument.symbol +
                                                 ": no corporate actions are held, so its prices "
                                                 "are as they were traded");
    for (const pipeline::Instrument& instrument : source.instruments())
        if (instrument.multiplier != core::Quantity::from_units(1))
            result.record.warnings.push_back(instrument.symbol + " has a multiplier of " +
                                             core::to_string(instrument.multiplier) +
                                             ", which money in this report does not count");
    describe_run(result.record, options, schema, configuration.str());
    result.record.data_label = data_label(source.instruments(), store);
    folder.write(result.record);
    result.folder = folder.path();
    return result;
}

}  // namespace sluice::tools
