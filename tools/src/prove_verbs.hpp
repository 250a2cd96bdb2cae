// The verbs under `sluice prove`, one file each.
#pragma once

#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

void add_prove_orders(CLI::App& prove, Action& action);
void add_prove_fills(CLI::App& prove, Action& action);
void add_prove_queue(CLI::App& prove, Action& action);

}  // namespace sluice::tools
