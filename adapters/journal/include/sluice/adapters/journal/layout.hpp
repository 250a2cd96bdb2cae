// The bytes of a journal, offset by offset; docs/formats/journal.md says the same to readers.
// Any thread; functions of their arguments, about 10 ns a line.
//
// A segment file is an array of 64-byte lines: line 0 its header, then records, several to a line
// (packed_line.hpp) or one alone. All integers are little-endian. Alone, a record is the event's own
// line with a CRC in the four bytes that a ring used:
//
//    0  event    56  time, sequence, payload
//   56  crc       4  CRC32C over journal id (8), line number (8), bytes 0..55, bytes 60..63
//   60  event     4  symbol, kind, flags
//
// Lines are numbered from 0 through all segments, headers left out. The number goes into the CRC, so
// that a line that is moved, repeated or left out is found; the id, so that nothing of another
// journal passes. A line is written once, whole, and never again. A journal that was closed ends
// with an end line in the place of one more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::journal {

inline constexpr std::size_t kLineBytes = 64;
inline constexpr std::size_t kCrcOffset = 56;
inline constexpr std::size_t kPackedCountOffset = 60;
inline constexpr std::size_t kPackedUsedOffset = 61;
inline constexpr std::size_t kKindOffset = 62;
inline constexpr std::byte kPackedMark{0xF0};  // no event's kind
inline constexpr std::uint32_t kFormatVersion = 2;
inline constexpr std::uint32_t kFormatVersionAlone = 1;  // of old: one record a line; still read
inline constexpr std::uint64_t kSegmentBytesDefault = std::uint64_t{64} << 20U;
inline constexpr std::uint64_t kSegmentBytesMin = 2 * kLineBytes;
inline constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{1} << 32U;
inline constexpr std::uint32_t kSegmentsMax = 999'999;

static_assert(sizeof(pipeline::Event) == kLineBytes);
static_assert(pipeline::Event::RingStamp::kOffset == kCrcOffset);

using Line = std::array<std::byte, kLineBytes>;

// Line 0 of a segment.
struct SegmentHeader {
    std::array<char, 8> magic;    //  0  "SLUJ\r\n\x1A\n": a transfer as text would change it
    std::uint32_t version;        //  8
    std::uint32_t segment;        // 12  from 1
    std::uint64_t journal_id;     // 16  random
    std::uint64_t first_line;     // 24  number of the first line after this one
    std::uint64_t segment_bytes;  // 32  of a full segment
    std::uint32_t header_bytes;   // 40  length of header.json
    std::uint32_t header_crc;     // 44  CRC32C of header.json
    std::uint64_t unused;         // 48  0
    std::uint32_t crc;            // 56  CRC32C of bytes 0..55 and 60..63
    std::uint32_t unused_2;       // 60  0
};
static_assert(sizeof(SegmentHeader) == kLineBytes && offsetof(SegmentHeader, crc) == kCrcOffset);

enum class Ending : std::uint32_t {
    kNone = 0,       // still written, or its writer died
    kClosed = 1,     // by its writer
    kRecovered = 2,  // by recover()
};

// After the last record, in the next line's place.
struct EndLine {
    std::array<char, 8> magic;    //  0  "SLUJEND1"
    std::uint64_t records;        //  8  in the whole journal
    std::uint32_t ending;         // 16  Ending
    std::array<char, 36> unused;  // 20  0
    std::uint32_t crc;            // 56  as of every line
    std::uint32_t unused_2;       // 60  0: no event has kind 0
};
static_assert(sizeof(EndLine) == kLineBytes && offsetof(EndLine, crc) == kCrcOffset);

// How many lines fit in a segment of that size, its header left out.
[[nodiscard]] constexpr std::uint64_t lines_per_segment(std::uint64_t segment_bytes) noexcept {
    return segment_bytes / kLineBytes - 1;
}

[[nodiscard]] std::uint32_t line_crc(std::uint64_t journal_id, std::uint64_t number,
                                     const std::byte* line) noexcept;
// Puts the CRC into the line. Several: one after the other, numbered on from the first.
void seal_line(std::uint64_t journal_id, std::uint64_t number, std::byte* line) noexcept;
void seal_lines(std::uint64_t journal_id, std::uint64_t first, std::byte* lines,
                std::size_t count) noexcept;
[[nodiscard]] bool is_sealed(std::uint64_t journal_id, std::uint64_t number,
                             const std::byte* line) noexcept;
[[nodiscard]] bool is_blank(const std::byte* line) noexcept;
// Whether a sealed line holds records packed.
[[nodiscard]] inline bool is_packed(const std::byte* line) noexcept {
    return line[kKindOffset] == kPackedMark;
}

// Magic and crc are filled in.
[[nodiscard]] Line make_segment_header(SegmentHeader header) noexcept;
// `number`: of the line; `records`: before it, in the whole journal.
[[nodiscard]] Line make_end(std::uint64_t journal_id, std::uint64_t number, std::uint64_t records,
                            Ending ending) noexcept;
// kNone when a sealed line is no end line.
[[nodiscard]] Ending ending_of(const std::byte* line) noexcept;
// Of an end line.
[[nodiscard]] std::uint64_t records_of_end(const std::byte* line) noexcept;

// Whether a record can be given to code that indexes by what it says: a kind that is journaled, an
// instrument below `instruments`, enumerations within their range.
[[nodiscard]] bool is_record(const pipeline::Event& event, std::size_t instruments) noexcept;

// "000001.sluj"
[[nodiscard]] std::string segment_name(std::uint32_t segment);

}  // namespace sluice::adapters::journal
