// The methods behind make_optimizer, a file each.
#pragma once

#include <memory>
#include <string>

#include <sluice/research/optimizer.hpp>

namespace sluice::research {

std::unique_ptr<Optimizer> make_gp_optimizer(const std::string& name, Space space,
                                             OptimizerOptions options);
std::unique_ptr<Optimizer> make_sampling_optimizer(const std::string& name, Space space,
                                                   OptimizerOptions options);
std::unique_ptr<Optimizer> make_nlopt_optimizer(const std::string& name, Space space,
                                                OptimizerOptions options);

// How many drawn points may be refused by the caller's predicate before the search gives up.
inline constexpr int kMostRefused = 100'000;

}  // namespace sluice::research
