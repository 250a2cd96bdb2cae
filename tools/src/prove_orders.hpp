// `sluice prove orders`.
#pragma once

#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

void add_prove_orders(CLI::App& prove, Action& action);

}  // namespace sluice::tools
