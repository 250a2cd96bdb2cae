#include <sluice/tools/session.hpp>

#include <algorithm>
#include <stdexcept>

#include <sluice/adapters/csv/parameter_file.hpp>
#include <sluice/adapters/run_folder/command_file.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>

#include "charge_files.hpp"
#include "operator_state.hpp"
#include "performance_meter.hpp"
#include "session_parts.hpp"

namespace sluice::tools {

namespace {

using adapters::run_folder::RunFolder;
using adapters::run_folder::TableFiles;
using adapters::run_log::RunLog;
using adapters::sim_venue::SimVenue;
using adapters::tick_store::Checksums;
using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;

std::string data_label(const pipeline::InstrumentTable& instruments, const TickStore& store) {
    const auto generated = [](const pipeline::Instrument& i) { return i.generated; };
    if (std::none_of(instruments.begin(), instruments.end(), generated)) return "recorded";
    const auto days = store.describe(instruments.front().symbol).days;
    const std::string detail = days.empty() ? "" : days.front().generator;
    const bool all = std::all_of(instruments.begin(), instruments.end(), generated);
    return std::string(all ? "generated" : "partly generated") +
           (detail.empty() ? "" : ", " + detail);
}

// Before anything is made: what is wrong with them is wrong use.
std::vector<pipeline::Event> planned_changes(const SessionOptions& options) {
    if (options.parameters.empty()) return {};
    try {
        return pipeline::plan_changes(adapters::csv::read_parameter_file(options.parameters),
                                      options.settings.signals);
    } catch (const pipeline::PlanError& error) {
        throw UsageError(std::string("--parameters: ") + error.what());
    }
}

}  // namespace

SessionResult run_session(
    const SessionOptions& options,
    const std::function<void(pipeline::RunRecord&, const std::string&)>& finishes) {
    const pipeline::Settings settings = with_weights(options.settings);
    const std::vector<pipeline::Event> changes = planned_changes(options);
    const ChargeEntries entries = read_charges(settings);
    std::string warning;
    const pipeline::Placement placement = place(settings, options.live, warning);
    const TickStore store = TickStore::open(options.store);
    StoreSource source{
        store,
        chosen_symbols(store, options.symbols),
        {.range = {options.from, options.to},
         .checksums = options.trust_checksums ? Checksums::kTrust : Checksums::kVerify,
         .input = settings.data.bars
                      ? static_cast<std::int32_t>(settings.data.bar_period.count() / 1'000'000'000)
                      : adapters::tick_store::kFinest,
         .adjust = settings.data.adjust,
         .levels = settings.venue.market == pipeline::MarketModel::kBook,
         .decode_core = spare_core(placement)}};
    const pipeline::InstrumentTable instruments = on_terms_of(settings, source.instruments());
    check_halts(instruments, settings.venue);

    // One calendar a run: the sessions of the stream are those of its first instrument.
    const auto calendar =
        find_calendar(store, instruments.front(), settings.clock.session_calendar);
    if (settings.clock.session_enabled && !settings.clock.session_calendar.empty() && !calendar)
        throw std::runtime_error(
            "no calendar for " + instruments.front().symbol + " in " + options.store.string() +
            "; import a market-hours database, or name one with clock.session_calendar");

    pipeline::TimerPlan timers = pipeline::make_timer_plan(
        settings.clock, source.first(), source.last(), calendar ? &*calendar : nullptr);
    timers.changes = changes;
    const pipeline::ChargePlan charges = plan_charges(entries, settings, instruments, timers);
    timers.charges = charges.charges;

    std::unique_ptr<OperatorState> operators;
    if (const auto state = state_folder_of(settings, false); options.live && !state.empty())
        operators = std::make_unique<OperatorState>(state);

    std::optional<PerformanceMeter> meter;
    if (options.measures) meter.emplace(options, settings, instruments);

    // From the folder's creation to its last file, an interrupt only ends the run early.
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const RunFolder folder =
        RunFolder::create(settings.report.folder, options.verb, core::read_local_clock());
    folder.write_configuration(configuration_text(settings));
    keep_weights(folder, settings);
    keep_entries(folder.path(), entries);
    TableFiles tables{folder.path(), instruments};
    adapters::run_folder::CommandFile commands{folder.path()};
    SessionResult result;
    {
        RunLog log{folder.log_path(), instruments, true};
        log.write(adapters::run_log::Level::kInfo, options.verb + " over " +
                                                       options.store.string() + ", placement " +
                                                       pipeline::describe_cuts(placement.cuts));
        if (!warning.empty()) log.write(adapters::run_log::Level::kWarning, warning);
        SimVenue venue{settings, instruments};
        std::vector<pipeline::RecordObserver*> observers{&log, &commands};
        pipeline::RowSink* rows = &tables;
        if (meter) rows = &meter->watch(instruments, tables, observers);
        std::optional<OperatorState::Closing> closing;
        if (operators) {
            closing.emplace(operators->open(folder.path().filename().string(), settings,
                                            instruments, source.first(), log));
            control.inbox = operators->inbox();
            observers.push_back(operators->observer());
        }
        const pipeline::EngineSetup setup{
            settings,
            instruments,
            placement,
            std::move(timers),
            options.speed > 0 ? pipeline::Pacer{options.speed} : pipeline::Pacer{},
            observers,
            rows};
        ProgressBar bar{"ticks"};
        const auto total = static_cast<double>(std::max<std::uint64_t>(source.size_hint(), 1));
        result.record = run_beside(
            [&] { return pipeline::run_engine(setup, venue, source, control); },
            [&] {
                // relaxed: for display only
                const std::uint64_t taken = control.ticks_taken.load(std::memory_order_relaxed);
                bar.show(static_cast<double>(taken) / total, taken);
            });
        result.record.depth = venue.depth_records();
        if (operators)
            if (const std::string trouble = operators->close(); !trouble.empty()) {
                result.record.warnings.push_back(trouble);
                result.failed = true;
            }
    }
    if (!warning.empty()) result.record.warnings.push_back(warning);
    for (std::string& empty : never_whole(result.record, instruments))
        result.record.warnings.push_back(std::move(empty));
    if (result.record.parameter_changes < changes.size() && !result.record.interrupted)
        result.record.warnings.push_back(
            std::to_string(changes.size() - result.record.parameter_changes) +
            " planned changes of parameters lie after the end of the data");
    warn_of_left_out(result.record, entries, charges);
    if (settings.data.adjust != pipeline::AdjustmentMode::kNone)
        for (const pipeline::Instrument& instrument : instruments)
            if (!adapters::tick_store::ReferenceStore(store.folder()).actions(instrument.symbol))
                result.record.warnings.push_back(instrument.symbol +
                                                 ": no corporate actions are held, so its prices "
                                                 "are as they were traded");
    for (std::string& unused : unused_multipliers(settings, instruments))
        result.record.warnings.push_back(std::move(unused));
    describe_run(result.record, options.verb, options.store.string(), settings);
    result.record.data_label = data_label(instruments, store);
    if (options.saves_weights) save_weights(settings, result.record);
    if (meter) result.record.performance = meter->measure();
    if (finishes) finishes(result.record, folder.path().filename().string());
    commands.commit();
    folder.write(result.record, tables);
    result.folder = folder.path();
    result.failed = result.failed || strategy_failed(result.record);
    return result;
}

}  // namespace sluice::tools
