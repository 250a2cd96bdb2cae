// The part of `sluice bench` that follows one search of the optimiser.
#pragma once

#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

void add_bench_optimizer(CLI::App& bench, Action& action);

}  // namespace sluice::tools
