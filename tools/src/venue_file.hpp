// Where a simulated venue can be reached: the file that `sluice venue --ports-file` writes, whole or
// not at all, and `sluice run --venue` reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sluice::tools {

// Addresses are "host:port"; feed_b and feed_requests are empty where there is none.
struct VenueFile {
    std::string feed_a;
    std::string feed_b;
    std::string feed_requests;
    std::string orders;
    std::string order_protocol;  // "ouch42" or "ouch50"
    std::vector<std::string> symbols;
    bool generated = false;  // Sluice makes the market's prices
};

// Throws std::runtime_error that names the file and what is wrong.
void write_venue_file(const VenueFile& venue, const std::filesystem::path& file);
// Throws UsageError that names the file and what is wrong in it.
[[nodiscard]] VenueFile read_venue_file(const std::filesystem::path& file);

}  // namespace sluice::tools
