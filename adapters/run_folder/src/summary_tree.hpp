// The summary as a JSON tree, shared by summary.json and the report's data. Private to the library.
#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json summary_tree(const pipeline::RunRecord& record);
// performance_json.cpp
[[nodiscard]] Json performance_part(const pipeline::PerformanceRecord& performance);

// Null is what there is none of.
[[nodiscard]] inline Json number_or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

// Bytes that are no UTF-8 (a hostile symbol, a foreign path) become U+FFFD instead of an error.
[[nodiscard]] inline std::string dump(const Json& tree, int indent) {
    return tree.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sluice::adapters::run_folder
