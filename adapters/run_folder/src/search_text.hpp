// Texts that the printed and the HTML page of a search share. Private to the library.
#pragma once

#include <string>
#include <vector>

#include <sluice/adapters/run_folder/search_report.hpp>

namespace sluice::adapters::run_folder {

[[nodiscard]] std::string check_value(double value);
// "strategy[0].fast=5, strategy[0].slow=20"
[[nodiscard]] std::string values_text(const SearchReport& report,
                                      const std::vector<std::string>& values);

}  // namespace sluice::adapters::run_folder
