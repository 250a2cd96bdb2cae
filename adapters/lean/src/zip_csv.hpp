// The single CSV of a zip archive, decompressed whole and checked against its CRC.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::adapters::lean {

// Ticks of one instrument and day; a larger entry is taken for a damaged or hostile archive.
inline constexpr std::uint64_t kMaxEntryBytes = std::uint64_t{4} << 30U;

struct ZipCsv {
    std::string entry;  // its name
    std::string text;
};

// `archive` holds the bytes of the file named `where`. Throws ImportError: kDamaged when truncated
// or corrupt, kUnsupported when it has no CSV, several, or one of bars.
[[nodiscard]] ZipCsv read_zip_csv(const std::string& archive, const std::string& where);

}  // namespace sluice::adapters::lean
