// header.json: what a replay has to know before the first record. Written once, whole, before the
// stream; every segment's header line carries its length and CRC.
// Any thread, off the hot path: allocates.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sluice/adapters/journal/layout.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::adapters::journal {

// What a record has survived when its order may leave.
enum class Durability : std::uint8_t {
    kAsync,    // nothing: records reach the file as the thread gets to them
    kProcess,  // the death of this process
    kDisk,     // the loss of power
};
[[nodiscard]] std::string_view to_string(Durability durability) noexcept;  // "async", ...
[[nodiscard]] std::optional<Durability> parse_durability(std::string_view text) noexcept;

struct JournalHeader {
    std::string session;                    // the session's name
    std::string configuration;              // TOML, as used
    pipeline::InstrumentTable instruments;  // by SymbolId
    core::LocalTime started;                // wall clock
    std::string host;
    std::string build;

    // Filled in by the journal.
    std::uint32_t version = kFormatVersion;  // of the format; the schema's number
    Durability durability = Durability::kAsync;
    std::uint64_t journal_id = 0;
    std::uint64_t segment_bytes = 0;
    std::string ring_file;  // of kProcess: absolute, or within the journal's folder; else empty

    friend bool operator==(const JournalHeader&, const JournalHeader&) = default;
};

// 32 hexadecimal digits over the configuration's text; stands in header.json beside it.
[[nodiscard]] std::string configuration_digest(std::string_view configuration);

[[nodiscard]] std::string write_header(const JournalHeader& header);
// Throws JournalError that names `where`: not JSON, a newer version, a field that is missing or out
// of range, a configuration that does not fit its digest.
[[nodiscard]] JournalHeader read_header(std::string_view json, const std::filesystem::path& where);

}  // namespace sluice::adapters::journal
