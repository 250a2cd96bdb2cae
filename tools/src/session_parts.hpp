// What every session of the program has in common, whatever feeds it.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/placement.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::tools {

// As the configuration file of the run says it.
[[nodiscard]] std::string configuration_text(const pipeline::Settings& settings);

// The placement that the settings ask for on this host. UsageError when they name none.
[[nodiscard]] pipeline::Placement place(const pipeline::Settings& settings, bool live,
                                        std::string& warning);

// Those named, or all that the store holds. UsageError when these are more than a run takes.
[[nodiscard]] std::vector<std::string> chosen_symbols(const adapters::tick_store::TickStore& store,
                                                      const std::vector<std::string>& named);

// A core for one more busy thread: one that the placement does not pin, where the host has two more
// than the placement has threads. The other one is for the recorder, the log and everyone else.
[[nodiscard]] std::optional<std::size_t> spare_core(const pipeline::Placement& placement);

// The instruments as a run counts them: with the multipliers of account.multipliers. UsageError where one
// cannot be counted, or is priced in a currency that account.rates has no rate of.
[[nodiscard]] pipeline::InstrumentTable on_terms_of(const pipeline::Settings& settings,
                                                    pipeline::InstrumentTable instruments);
// A warning for each entry of account.multipliers that is of no instrument of the run.
[[nodiscard]] std::vector<std::string> unused_multipliers(
    const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments);
// A warning for each instrument whose full book no snapshot of the range begins: nothing was displayed of it.
[[nodiscard]] std::vector<std::string> never_whole(const pipeline::RunRecord& record,
                                                   const pipeline::InstrumentTable& instruments);

// Every halt of the simulated venue is of an instrument that the run has. UsageError.
void check_halts(const pipeline::InstrumentTable& instruments,
                 const pipeline::VenueSettings& venue);

// "Linux 6.1.0 x86_64, 2 cores"
[[nodiscard]] std::string host_text();
// Compiler and build type of this program.
[[nodiscard]] std::string build_text();
// Version, compiler and build type: what a journal says of the program that wrote it.
[[nodiscard]] std::string program_text();
// `program`, which is such a text, when it is of another version than this one; else nothing.
[[nodiscard]] std::string other_version(const std::string& program);

// The settings with what signals.weights_file holds. Throws RunFolderError for a bad one.
[[nodiscard]] pipeline::Settings with_weights(pipeline::Settings settings);
// The same, of a live session that is replayed, from the folder that it left.
void restore_weights(pipeline::Settings& settings, const std::filesystem::path& folder);
// Into the run's folder, before it starts: what it started with.
void keep_weights(const adapters::run_folder::RunFolder& folder,
                  const pipeline::Settings& settings);
// After the run, for the next one. What goes wrong is a warning: the run has been.
void save_weights(const pipeline::Settings& settings, pipeline::RunRecord& record);

// Whether a strategy of the run, a plugin, has failed: the run has been, but is no result.
[[nodiscard]] bool strategy_failed(const pipeline::RunRecord& record);

// What was run, by whom, from where.
void describe_run(pipeline::RunRecord& record, const std::string& verb, const std::string& source,
                  const pipeline::Settings& settings);

// Runs `engine` on a thread of its own and calls `show` every few milliseconds meanwhile. Throws
// what `engine` threw.
[[nodiscard]] pipeline::RunRecord run_beside(const std::function<pipeline::RunRecord()>& engine,
                                             const std::function<void()>& show);

}  // namespace sluice::tools
