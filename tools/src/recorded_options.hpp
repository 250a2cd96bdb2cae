// Options of every verb that runs the engine over what a store holds.
#pragma once

#include <CLI/CLI.hpp>

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

}  // namespace sluice::tools
