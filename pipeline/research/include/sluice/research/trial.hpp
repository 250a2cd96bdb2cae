// One set of parameters evaluated on one stretch of data, and what came out. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/performance_record.hpp>

namespace sluice::research {

struct SetResult;

struct TrialResult {
    std::uint64_t fills = 0;
    std::uint64_t round_trips = 0;
    core::Money profit;
    core::Money commission;
    double total_return = 0;
    double annual_return = 0;
    double sharpe = 0;        // a year's; NaN: none
    double max_drawdown = 0;  // negative
    double win_rate = 0;      // of round trips; NaN: none
    double periods_per_year = 0;
    std::string digest;
    std::vector<double> returns;  // by period with a bar
};

[[nodiscard]] TrialResult trial_of(const SetResult& result);

// As JSON, as the ledger holds it, and back: each number is the same, one that is not finite is NaN.
[[nodiscard]] std::string trial_text(const TrialResult& result);
// std::invalid_argument for a text that is none.
[[nodiscard]] TrialResult trial_of(std::string_view text);

}  // namespace sluice::research
