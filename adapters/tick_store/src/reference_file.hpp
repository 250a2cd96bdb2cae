// One small HDF5 file of named columns: numbers and texts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/store_error.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

struct ReferenceFile {
    std::map<std::string, std::string> attributes;
    std::map<std::string, std::vector<std::int64_t>> numbers;
    std::map<std::string, std::vector<std::string>> texts;  // as long as their longest

    // Temporary file, sync, rename. kDiskFull, kNotWritable.
    void write(const std::filesystem::path& path, const pipeline::Provenance& source) const;
    // kNotHdf5, kDamaged, kWrongFormat.
    [[nodiscard]] static ReferenceFile read(const std::filesystem::path& path);

    // kDamaged when the column or attribute is missing, or not as long as `rows`.
    [[nodiscard]] const std::vector<std::int64_t>& number(const std::string& name,
                                                          std::size_t rows) const;
    [[nodiscard]] const std::vector<std::string>& text(const std::string& name,
                                                       std::size_t rows) const;
    [[nodiscard]] const std::string& attribute(const std::string& name) const;
    // Rows of a column; kDamaged when it is missing.
    [[nodiscard]] std::size_t rows(const std::string& name) const;

    std::filesystem::path path;  // where it was read, for errors
};

}  // namespace sluice::adapters::tick_store
