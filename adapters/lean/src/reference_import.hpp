// Reads a reference file into a ReferenceSink. One thread.
#pragma once

#include <string>
#include <vector>

#include <sluice/adapters/lean/lean_import.hpp>

#include "lean_path.hpp"

namespace sluice::adapters::lean {

// All files in the order given; factor and map files of one symbol are one set of corporate
// actions. False when the caller asked for an end. `bytes_done` counts on.
[[nodiscard]] bool import_references(const std::vector<ReferenceFile>& files,
                                     const pipeline::TickSink& hasher, const LeanOptions& options,
                                     pipeline::ImportProgress& progress,
                                     pipeline::ImportReport& report);

}  // namespace sluice::adapters::lean
