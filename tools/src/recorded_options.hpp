// Options of every verb that runs the engine over what a store holds.
#pragma once

#include <CLI/CLI.hpp>

#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

// Arguments: texts store, symbols, from, to and config, and a list of texts, set. Returns --store.
template <class Arguments>
CLI::Option* add_recorded_options(CLI::App& command, Arguments& arguments) {
    CLI::Option* store = command.add_option("--store", arguments.store, "Folder of the tick store");
    command.add_option("--symbols", arguments.symbols,
                       "Instruments, separated by commas; all of the store when left out");
    command.add_option("--from", arguments.from, "First time (UTC), such as 2013-10-07");
    command.add_option("--to", arguments.to, "End, exclusive (UTC)");
    command.add_option("--config", arguments.config,
                       "Configuration file; `sluice config default` writes one");
    command.add_option("--set", arguments.set,
                       "Set a key over the file: section.key=value; may be repeated");
    return store;
}
// Argument: a flag, trust.
template <class Arguments>
void add_trust_option(CLI::App& command, Arguments& arguments) {
    command.add_flag("--trust-checksums", arguments.trust,
                     "Do not compare the checksums of the columns before the run");
}

template <class Arguments>
void require_store(const Arguments& arguments) {
    if (arguments.store.empty())
        throw UsageError(
            "--store is required: the folder of the tick store\nRun with --help for more "
            "information.");
}

// What of the store those arguments ask for: store, symbols, from, to and trust_checksums. UsageError.
template <class Arguments, class Options>
void take_range(const Arguments& arguments, Options& options) {
    options.store = arguments.store;
    options.trust_checksums = arguments.trust;
    if (!arguments.symbols.empty()) options.symbols = parse_list(arguments.symbols, "--symbols");
    if (!arguments.from.empty()) options.from = parse_time(arguments.from, "--from");
    if (!arguments.to.empty()) options.to = parse_time(arguments.to, "--to");
    if (options.from >= options.to)
        throw UsageError("--from must be before --to; --to is exclusive");
}

}  // namespace sluice::tools
