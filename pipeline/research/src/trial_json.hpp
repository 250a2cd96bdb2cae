// A trial's result as JSON, exactly: what the ledger holds and what the workers of a farm answer.
#pragma once

#include <nlohmann/json.hpp>

#include <sluice/research/trial.hpp>

namespace sluice::research {

[[nodiscard]] nlohmann::ordered_json result_tree(const TrialResult& result);
// nlohmann::json::exception for a tree that is none.
[[nodiscard]] TrialResult result_of(const nlohmann::ordered_json& tree);

}  // namespace sluice::research
