// The head file: how many lines a ledger has, and the last one's hash. Two slots of one disk sector
// each, written in turn, so that one is whole whatever happens; the one with more lines counts. Its
// room is taken when it is made: a full disk does not keep a head from being written.
//
//   {"format":"sluice.ledger.head/1","lines":7,"last":"<64 hex>","check":"<64 hex>"}, spaces, newline
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace sluice::research {

struct LedgerHead {
    std::uint64_t lines = 0;
    std::string last_hash;
    unsigned slot = 0;  // where it was read
};

inline constexpr unsigned kHeadSlots = 2;
inline constexpr std::size_t kHeadSlotBytes = 512;

[[nodiscard]] std::filesystem::path head_path(const std::filesystem::path& ledger);
// Nothing when there is no file or no whole slot.
[[nodiscard]] std::optional<LedgerHead> read_head(const std::filesystem::path& file);
[[nodiscard]] std::string head_text(std::uint64_t lines, const std::string& last_hash);

}  // namespace sluice::research
