// What moves the weights of strategies by their performance, kept from one run to the next: the gains
// that each strategy was observed with, oldest first, as JSON. Written whole or not at all.
//
//   {"format": "sluice weights 1", "lookback": 500,
//    "strategies": [{"name": "trend", "kind": "trend_following", "gains": [0.0012, -0.0003]}]}
//
// One thread, off the hot path.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::adapters::run_folder {

// The histories for SignalSettings::histories: one a strategy of the configuration, empty for one that
// the text does not know. Of more gains than the configuration's lookback the last ones count. Throws
// RunFolderError where the text is no such file, names one strategy twice or with another kind, or
// holds a gain that is not finite: none of it is used then.
[[nodiscard]] std::vector<std::vector<double>> parse_weights(
    std::string_view text, const std::filesystem::path& name,
    const pipeline::SignalSettings& signals);
// The same of a file; no file gives no histories.
[[nodiscard]] std::vector<std::vector<double>> read_weights(
    const std::filesystem::path& file, const pipeline::SignalSettings& signals);

[[nodiscard]] std::string weights_text(const std::vector<std::vector<double>>& histories,
                                       const pipeline::SignalSettings& signals);
// What a run ended with, beside what the file holds of strategies that it left out. Throws
// RunFolderError.
void write_weights(const std::filesystem::path& file, const pipeline::RunRecord& record,
                   const pipeline::SignalSettings& signals);

}  // namespace sluice::adapters::run_folder
