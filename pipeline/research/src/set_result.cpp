#include <sluice/research/set_result.hpp>

#include <cmath>

namespace sluice::research {

void keep_periods(const std::vector<pipeline::PeriodRow>& rows, SetResult& result) {
    double waiting = 1;
    for (const pipeline::PeriodRow& row : rows) {
        if (std::isfinite(row.return_rate)) waiting *= 1 + row.return_rate;
        if (row.last_bar == core::StreamTime::min()) continue;
        result.returns.push_back(waiting - 1);
        result.ends.push_back(row.last_bar);
        waiting = 1;
    }
    if (waiting != 1 && !result.returns.empty())
        result.returns.back() = (1 + result.returns.back()) * waiting - 1;
}

}  // namespace sluice::research
