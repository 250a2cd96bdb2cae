// Command-line values that several verbs share. Everything here throws UsageError, which ends the
// program with status 2.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/adapters/csv/csv_import.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::tools {

class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// "2013-10-07" or "2013-10-07T13:30:00[.5][Z]", UTC. `option` is named in the error.
[[nodiscard]] core::StreamTime parse_time(const std::string& text, const std::string& option);

// "iso", "ns", "us", "ms" or "s".
[[nodiscard]] adapters::csv::TimeFormat parse_time_format(const std::string& name);

// "price=last" makes the column "last" the price.
void map_column(adapters::csv::CsvColumns& columns, const std::string& mapping);

// "full" is 0 (as fast as it goes), "1" the clock's own pace, "60" sixty times it.
[[nodiscard]] double parse_speed(const std::string& text);

// "A,B ,C" -> {"A", "B", "C"}; empty parts are refused.
[[nodiscard]] std::vector<std::string> parse_list(const std::string& text,
                                                  const std::string& option);

// Keeps the strategies that `wanted` names, by name or by kind; none named keeps all.
void select_strategies(pipeline::Settings& settings, const std::vector<std::string>& wanted);

}  // namespace sluice::tools
