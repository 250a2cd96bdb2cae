// What the report draws, thinned, as JSON. Private to the library.
//
//   gaps      [[start_ms, end_ms], ...]  stretches without any bar, left out of the time axis
//   equity    {"total": n, "t": [ms, ...], "v": [...]}      drawdown likewise, zero or negative
//   prices    [{"symbol", "timeframe", "total", "t", "v",
//               "fills": {"total", "t", "price", "quantity", "side": [0 buy, 1 sell]}}, ...]
//   refusals  {"total": n, "rows": [[time, symbol, reason, quantity, price, observed, limit], ...]}
//   incidents {"total": n, "rows": [[time, symbol, kind, order, quantity], ...]}
#pragma once

#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {

[[nodiscard]] Json report_series(const pipeline::RunRecord& record);

}  // namespace sluice::adapters::run_folder
