// What LEAN's folder and file names say about a file:
// .../equity/usa/tick/<symbol>/<yyyymmdd>_<kind>.zip
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::lean {

struct LeanFile {
    std::filesystem::path path;
    std::string symbol;  // upper case
    pipeline::Date date;
    pipeline::TableKind kind{};
};

// Throws ImportError (kUnsupported) that says what the name should be.
[[nodiscard]] LeanFile describe_file(const std::filesystem::path& path);

struct LeanFolder {
    std::vector<LeanFile> files;  // by path
    std::uint64_t ignored = 0;    // archives of kinds that are not read
};
// All tick archives below a folder; throws ImportError (kUnsupported) when there is none.
[[nodiscard]] LeanFolder list_folder(const std::filesystem::path& folder);

}  // namespace sluice::adapters::lean
