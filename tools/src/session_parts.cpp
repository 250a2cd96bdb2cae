#include "session_parts.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include <sys/utsname.h>

#include <sluice/adapters/run_folder/weights_file.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/pipeline/currency_table.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/plugin_kind.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/trading_phases.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

std::string configuration_text(const pipeline::Settings& settings) {
    std::ostringstream out;
    pipeline::make_settings_schema().write(settings, out);
    return out.str();
}

pipeline::Placement place(const pipeline::Settings& settings, bool live, std::string& warning) {
    try {
        return pipeline::choose_placement(settings.engine.placement, settings.engine.idle,
                                          core::available_cores(), settings.engine.cores, live,
                                          warning);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
}

std::vector<std::string> chosen_symbols(const adapters::tick_store::TickStore& store,
                                        const std::vector<std::string>& named) {
    if (!named.empty()) return named;
    std::vector<std::string> all = store.symbols();
    if (all.size() > pipeline::kMaxInstruments)
        throw UsageError("the store holds " + std::to_string(all.size()) +
                         " symbols, more than a run takes (" +
                         std::to_string(pipeline::kMaxInstruments) + "); choose with --symbols");
    return all;
}

std::optional<std::size_t> spare_core(const pipeline::Placement& placement) {
    if (core::usable_core_count() < placement.threads() + 2) return std::nullopt;
    const std::vector<std::size_t> cores = core::available_cores();
    // The last one: placements begin at the first.
    const auto spare = std::find_if(cores.rbegin(), cores.rend(), [&](std::size_t core) {
        return std::find(placement.cores.begin(), placement.cores.end(), core) ==
               placement.cores.end();
    });
    if (spare == cores.rend()) return std::nullopt;
    return *spare;
}

pipeline::InstrumentTable on_terms_of(const pipeline::Settings& settings,
                                      pipeline::InstrumentTable instruments) {
    const auto several = [&] {
        return std::any_of(instruments.begin(), instruments.end(), [&](const auto& each) {
            return each.currency != instruments.front().currency;
        });
    };
    if (!settings.venue.tiers.empty() &&
        settings.venue.tier_measure == pipeline::TierMeasure::kNotional && several())
        throw UsageError(
            "venue.commission_tier_measure: tiers by money cannot add up what was traded in "
            "several currencies; count units, leave [[commission_tier]] out, or run the "
            "instruments of each currency apart");
    try {
        (void)pipeline::currencies_of(settings.account, instruments);
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    for (pipeline::Instrument& instrument : instruments) {
        if (const auto own = settings.account.multiplier_of(instrument.symbol))
            instrument.multiplier = *own;
        try {
            check_contract(instrument, settings.risk.max_position);
        } catch (const std::invalid_argument& error) {
            throw UsageError(error.what());
        }
    }
    return instruments;
}

std::vector<std::string> unused_multipliers(const pipeline::Settings& settings,
                                            const pipeline::InstrumentTable& instruments) {
    std::vector<std::string> out;
    for (const std::string& entry : settings.account.multipliers) {
        const std::string symbol = entry.substr(0, entry.rfind('='));
        if (std::none_of(instruments.begin(), instruments.end(),
                         [&](const auto& each) { return each.symbol == symbol; }))
            out.push_back("account.multipliers names " + symbol +
                          ", which is no instrument of this run");
    }
    return out;
}

std::vector<std::string> never_whole(const pipeline::RunRecord& record,
                                     const pipeline::InstrumentTable& instruments) {
    std::vector<std::string> out;
    for (const pipeline::DepthRecord& book : record.depth)
        if (book.snapshots == 0)
            out.push_back(instruments[core::index_of(book.symbol)].symbol +
                          ": no snapshot of its book lies in the range, so nothing of it was "
                          "displayed; begin before one");
    return out;
}

void check_halts(const pipeline::InstrumentTable& instruments,
                 const pipeline::VenueSettings& venue) {
    const std::string stranger = pipeline::halted_stranger(venue, instruments);
    if (!stranger.empty())
        throw UsageError("venue.halts: '" + stranger +
                         "' is no instrument of the run; name one that is, or * for all");
}

namespace {

constexpr const char* kStartWeights = "weights_at_start.json";

}  // namespace

pipeline::Settings with_weights(pipeline::Settings settings) {
    if (!settings.signals.weights_file.empty())
        settings.signals.histories =
            adapters::run_folder::read_weights(settings.signals.weights_file, settings.signals);
    return settings;
}

void restore_weights(pipeline::Settings& settings, const std::filesystem::path& folder) {
    if (!settings.signals.weights_file.empty())
        settings.signals.histories =
            adapters::run_folder::read_weights(folder / kStartWeights, settings.signals);
}

void keep_weights(const adapters::run_folder::RunFolder& folder,
                  const pipeline::Settings& settings) {
    if (settings.signals.weights_file.empty()) return;
    adapters::run_folder::AtomicFile file{folder.path() / kStartWeights};
    file.append(adapters::run_folder::weights_text(settings.signals.histories, settings.signals));
    file.commit();
}

void save_weights(const pipeline::Settings& settings, pipeline::RunRecord& record) {
    if (settings.signals.weights_file.empty()) return;
    try {
        adapters::run_folder::write_weights(settings.signals.weights_file, record,
                                            settings.signals);
    } catch (const std::exception& error) {
        record.warnings.push_back(std::string("the weights were not kept for the next run: ") +
                                  error.what());
    }
}

std::string host_text() {
    utsname name{};
    uname(&name);
    return std::string(name.sysname) + " " + name.release + " " + name.machine + ", " +
           std::to_string(core::usable_core_count()) + " cores";
}

std::string build_text() { return SLUICE_BUILD; }
std::string program_text() { return "sluice " SLUICE_VERSION ", " + build_text(); }
std::string other_version(const std::string& program) {
    const auto version = [](const std::string& text) { return text.substr(0, text.find(',')); };
    const std::string ours = program_text();
    return version(program) == version(ours) ? "" : program;
}

bool strategy_failed(const pipeline::RunRecord& record) {
    return std::any_of(record.by_strategy.begin(), record.by_strategy.end(),
                       [](const pipeline::StrategyRecord& s) { return s.failed; });
}

void describe_run(pipeline::RunRecord& record, const std::string& verb, const std::string& source,
                  const pipeline::Settings& settings) {
    record.verb = verb;
    record.version = SLUICE_VERSION;
    record.build = build_text();
    record.store = source;
    record.configuration = configuration_text(settings);
    record.configuration_hash = pipeline::make_settings_schema().fingerprint(settings);
    record.host = host_text();
    for (const pipeline::StrategyDeclaration* kind : pipeline::plugin_declarations()) {
        const pipeline::PluginKind& plugin = *plugin_of(kind->kind);
        for (const pipeline::PluginSettings& named : settings.plugins)
            if (named.sha256 == plugin.sha256)
                record.plugins.push_back({plugin.table->name, plugin.table->version,
                                          plugin.table->kit_version, named.file, named.sha256});
    }
}

pipeline::RunRecord run_beside(const std::function<pipeline::RunRecord()>& engine,
                               const std::function<void()>& show) {
    pipeline::RunRecord record;
    std::atomic<bool> done{false};
    core::PinnedThread thread{{"sl-engine", {}}, [&](const std::stop_token&) {
                                  struct Done {
                                      std::atomic<bool>& flag;
                                      // release: the record is complete; pairs with the acquire
                                      ~Done() { flag.store(true, std::memory_order_release); }
                                  } const finally{done};
                                  record = engine();
                              }};
    // acquire: pairs with the release above
    while (!done.load(std::memory_order_acquire)) {
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
        show();
    }
    thread.join();
    return record;
}

}  // namespace sluice::tools
