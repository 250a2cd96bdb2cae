// What a journal's folder holds, every CRC checked and every record unpacked: where its records end, what is torn off there.
//
// The first line that is not sealed ends the journal when nothing sealed follows: a torn tail, or
// space not yet used. When sealed lines follow it was either never written, because writes were
// still under way when the power went (the line is blank, in one of the last two segments, and the
// journal was not closed): that too is a torn tail. Or it was changed: damage.
//
// Any thread, off the hot path: reads every byte once, in blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <sluice/adapters/journal/journal_header.hpp>
#include <sluice/adapters/journal/layout.hpp>

#include "files.hpp"

namespace sluice::adapters::journal {

inline constexpr std::size_t kBlockLines = 4096;
inline constexpr const char* kHeaderFile = "header.json";

struct SegmentScan {
    std::filesystem::path path;
    std::uint64_t lines = 0;    // sealed, from its beginning, the header left out
    std::uint64_t records = 0;  // in them
    Ending ending = Ending::kNone;
    std::uint64_t end_records = 0;   // what the end counts
    std::uint64_t torn_bytes = 0;    // from the end of the records to the last byte that is not 0
    bool is_whole = false;           // full of lines
    bool is_gap_blank = false;       // the first line that is not sealed is blank
    bool has_sealed_beyond = false;  // such a line follows it
    bool has_end_beyond = false;     // and one of them is an end line

    [[nodiscard]] bool has_content() const noexcept {
        return lines != 0 || ending != Ending::kNone || torn_bytes != 0;
    }
};

struct JournalScan {
    JournalHeader header;
    SegmentHeader expected{};  // of every segment but for its number and first line
    std::vector<SegmentScan> segments;
    std::size_t last = 0;     // index of the segment where the records end
    std::uint64_t lines = 0;  // before the end, headers left out
    std::uint64_t records = 0;
    std::uint64_t torn_bytes = 0;
    Ending ending = Ending::kNone;
};

// Throws JournalError when there is no journal or it cannot be read, JournalDamage for a changed
// byte.
[[nodiscard]] JournalScan scan_journal(const std::filesystem::path& folder);

// Line 0 of a segment of that journal.
[[nodiscard]] Line header_line(const SegmentHeader& expected, std::uint32_t segment) noexcept;
[[nodiscard]] SegmentHeader expected_header(const JournalHeader& header,
                                            std::string_view header_json) noexcept;

}  // namespace sluice::adapters::journal
