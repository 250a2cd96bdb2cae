// Where `sluice indicator` takes its rows from: a stored table or CSV on standard input.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/indicator_catalogue.hpp>

namespace sluice::tools {

class IndicatorRows {
  public:
    virtual ~IndicatorRows() = default;
    // False at the end. `time` is the row's time as it is to be printed. Throws std::runtime_error
    // that names the row and what is wrong in it.
    [[nodiscard]] virtual bool next(std::string& time, pipeline::Observation& now) = 0;
    // Where the row read last stands: "standard input, line 7".
    [[nodiscard]] virtual std::string place() const = 0;
};

// Columns are found by the names in the header, case aside: those that the indicator needs, and
// time, date or timestamp where there is one (otherwise rows are numbered). `column` is the name of
// the column of values for an indicator that takes values or pairs, empty: close.
[[nodiscard]] std::unique_ptr<IndicatorRows> csv_rows(std::istream& in,
                                                      const pipeline::IndicatorSpec& spec,
                                                      const std::string& column);

struct StoredRows {
    std::string store;
    std::string symbol;
    std::string reference;  // second symbol of an indicator that takes pairs
    std::string timeframe;  // "1m"; empty: the one that is held
    core::StreamTime from = core::StreamTime::min();
    core::StreamTime to = core::StreamTime::max();
};
// Throws UsageError where the options do not say which table, and the errors of the store.
[[nodiscard]] std::unique_ptr<IndicatorRows> stored_rows(const StoredRows& wanted,
                                                         const pipeline::IndicatorSpec& spec);

}  // namespace sluice::tools
