// The head of a DBN file: its version, data set and schema, and what its instruments were called.
//
//   0    'DBN', u8 version, u32 length of what follows
//   8    data set [16]; u16 schema (0xFFFF: mixed); u64 start, end, limit; version 1: u64 unused;
//        u8 symbology in, u8 out, u8 records end with ts_out; since version 2: u16 symbol length;
//        reserved [47] or [53]; u32 0; then u32 count + symbols, three times (asked for, partly
//        found, not found); u32 count + mappings: symbol, u32 count + {u32 first day, u32 day
//        after the last (both yyyymmdd), symbol}
//
// Values; any thread. Every count is checked against the bytes that are there before it is used.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice::adapters::dbn {

inline constexpr std::size_t kPreludeSize = 8;
// A longer head is refused: no request yields one.
inline constexpr std::size_t kMetadataMax = std::size_t{1} << 29U;
inline constexpr std::uint16_t kSchemaDefinition = 9;

// Which symbol a number stood for on which day.
class SymbolMap {
  public:
    // From `first` to the day before `end`.
    void add(std::uint32_t instrument, std::chrono::sys_days first, std::chrono::sys_days end,
             std::string symbol);
    // From now on, as records of a live recording say. Wins over what was added.
    void set(std::uint32_t instrument, std::string symbol);
    // Call after the last add().
    void sort();
    // Empty when unknown; valid until the next call of another function.
    [[nodiscard]] std::string_view find(std::uint32_t instrument, std::chrono::sys_days day) const;
    [[nodiscard]] std::size_t size() const noexcept { return intervals_.size(); }

  private:
    struct Interval {
        std::uint32_t instrument;
        std::chrono::sys_days first;
        std::chrono::sys_days end;
        std::string symbol;
    };
    std::vector<Interval> intervals_;  // by instrument and first day
    std::unordered_map<std::uint32_t, std::string> current_;
};

struct DbnMetadata {
    std::uint8_t version = 0;
    std::string dataset;  // "GLBX.MDP3"
    std::uint16_t schema = 0;
    SymbolMap symbols;

    // The data set up to its dot: "GLBX".
    [[nodiscard]] std::string venue() const { return dataset.substr(0, dataset.find('.')); }
};

// The length of what follows the prelude. Throws ImportError: kUnsupported for another kind of
// file or version, kDamaged for an impossible length. `where` names the file.
[[nodiscard]] std::size_t read_prelude(std::span<const std::byte> prelude, std::uint8_t& version,
                                       const std::string& where);
// `body` is what follows the prelude. Throws ImportError (kDamaged).
[[nodiscard]] DbnMetadata read_metadata(std::uint8_t version, std::span<const std::byte> body,
                                        const std::string& where);

// The text of a fixed field: up to its first zero byte.
[[nodiscard]] std::string_view fixed_text(const char* field, std::size_t size) noexcept;

}  // namespace sluice::adapters::dbn
