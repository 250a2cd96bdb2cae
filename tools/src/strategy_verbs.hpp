// What the verbs under `sluice strategy` share.
#pragma once

#include <sluice/pipeline/strategy_declaration.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

// A line each on standard output, indented.
void print_parameters(const pipeline::StrategyDeclaration& kind);

void add_strategy_check(CLI::App& strategy, Action& action);

}  // namespace sluice::tools
