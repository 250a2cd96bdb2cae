#include "journal_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <string>

#include <fcntl.h>

#include <sluice/adapters/journal/crc32c.hpp>
#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/packed_line.hpp>

namespace sluice::adapters::journal {
namespace {

constexpr std::uint64_t kHeaderBytesMax = std::uint64_t{64} << 20U;

class SegmentScanner {
  public:
    // `first_record`: how many stand in the segments before.
    SegmentScanner(const JournalScan& journal, std::uint32_t segment, std::uint64_t first_record,
                   LineUnpacker& unpacker, std::filesystem::path path)
        : journal_(journal), segment_(segment), file_(open_file(path, O_RDONLY)),
          first_line_((segment - 1) * lines_per_segment(journal.header.segment_bytes)),
          first_record_(first_record), unpacker_(unpacker) {
        result_.path = std::move(path);
        unpacker_.restart();
    }

    SegmentScan run() {
        const std::uint64_t size = size_of(file_, result_.path);
        if (size > journal_.header.segment_bytes)
            throw JournalDamage("a segment longer than a segment can be", result_.path,
                                first_record_, journal_.header.segment_bytes);
        std::vector<std::byte> block(static_cast<std::size_t>(
            std::min<std::uint64_t>(kBlockLines * kLineBytes, journal_.header.segment_bytes)));
        for (std::uint64_t offset = 0; offset < size; offset += block.size()) {
            const std::size_t bytes = read_at(file_, block, offset, result_.path);
            for (std::size_t at = 0; at < bytes; at += kLineBytes)
                take({block.data() + at, std::min(kLineBytes, bytes - at)}, offset + at);
        }
        result_.is_whole = result_.lines == lines_per_segment(journal_.header.segment_bytes);
        return std::move(result_);
    }

  private:
    // One line, or what a cut has left of the last.
    void take(std::span<const std::byte> line, std::uint64_t offset) {
        if (line.size() < kLineBytes) {
            const bool blank = std::all_of(line.begin(), line.end(),
                                           [](std::byte byte) { return byte == std::byte{}; });
            if (result_.ending != Ending::kNone && !blank) refuse("bytes after the end", offset);
            if (!blank) tear(offset + line.size());
            return;
        }
        if (offset == 0) {
            take_header(line.data());
        } else if (result_.ending != Ending::kNone) {
            if (!is_blank(line.data())) refuse("bytes after the end", offset);
        } else if (!has_gap_) {
            take_record(line.data(), offset);
        } else {
            look_beyond(line.data(), offset);
        }
    }

    void take_header(const std::byte* line) {
        const Line expected = header_line(journal_.expected, segment_);
        if (std::memcmp(line, expected.data(), kLineBytes) == 0) return;
        // Flushed before the first record was written: blank, it may only be a spare's.
        if (is_blank(line)) return open_gap(0, false);
        SegmentHeader found;
        std::memcpy(&found, line, kLineBytes);
        const Line resealed = make_segment_header(found);
        const bool is_as_written = found.version == journal_.expected.version &&
                                   std::memcmp(line, resealed.data(), kLineBytes) == 0;
        if (is_as_written && found.journal_id == journal_.expected.journal_id)
            throw JournalError("the header was changed after the journal was begun",
                               result_.path.parent_path() / kHeaderFile, "restore it from a copy");
        if (is_as_written) refuse("a segment of another journal", 0);
        refuse("a damaged segment header, or another version's", 0);
    }

    void take_record(const std::byte* line, std::uint64_t offset) {
        if (!is_sealed(journal_.header.journal_id, number_at(offset), line)) {
            open_gap(offset, is_blank(line));
            if (!result_.is_gap_blank) tear(offset + kLineBytes);
            return;
        }
        result_.ending = ending_of(line);
        if (result_.ending != Ending::kNone) {
            result_.end_records = records_of_end(line);
            return;
        }
        if (is_packed(line) && journal_.header.version == kFormatVersionAlone)
            refuse("a packed line in a journal of a version without", offset);
        const auto records = unpacker_.unpack(line);
        if (records.empty()) refuse("a line that cannot be unpacked", offset);
        for (const pipeline::Event& event : records)
            if (!is_record(event, journal_.header.instruments.size()))
                refuse("a record that is no event of this session", offset);
        ++result_.lines;
        result_.records += records.size();
    }

    void look_beyond(const std::byte* line, std::uint64_t offset) {
        if (is_blank(line)) return;
        tear(offset + kLineBytes);
        if (!is_sealed(journal_.header.journal_id, number_at(offset), line)) return;
        result_.has_sealed_beyond = true;
        if (ending_of(line) != Ending::kNone) result_.has_end_beyond = true;
    }

    void open_gap(std::uint64_t offset, bool blank) {
        has_gap_ = true;
        gap_ = offset;
        result_.is_gap_blank = blank;
    }
    void tear(std::uint64_t end) {
        result_.torn_bytes = end - (has_gap_ ? gap_ : end / kLineBytes * kLineBytes);
    }
    [[nodiscard]] std::uint64_t number_at(std::uint64_t offset) const noexcept {
        return first_line_ + offset / kLineBytes - 1;
    }
    [[noreturn]] void refuse(const char* problem, std::uint64_t offset) const {
        throw JournalDamage(problem, result_.path, first_record_ + result_.records, offset);
    }

    const JournalScan& journal_;
    std::uint32_t segment_;
    FileDescriptor file_;
    std::uint64_t first_line_;
    std::uint64_t first_record_;
    LineUnpacker& unpacker_;
    bool has_gap_ = false;
    std::uint64_t gap_ = 0;
    SegmentScan result_;
};

// The numbers of the segment files there are, ascending; other names are not the journal's.
std::vector<std::uint32_t> list_segments(const std::filesystem::path& folder) {
    std::vector<std::uint32_t> numbers;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        const std::string name = entry.path().filename().string();
        std::uint32_t number = 0;
        std::from_chars(name.data(), name.data() + name.size(), number);
        if (number != 0 && name == segment_name(number)) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i] != i + 1)
            throw JournalError("a segment is missing",
                               folder / segment_name(static_cast<std::uint32_t>(i + 1)),
                               "restore it from a copy");
    return numbers;
}

[[noreturn]] void refuse_gap(const JournalScan& journal) {
    const SegmentScan& segment = journal.segments[journal.last];
    throw JournalDamage("a record is damaged or missing where more follow", segment.path,
                        journal.records, (segment.lines + 1) * kLineBytes);
}

// Where the records end, and whether what lies beyond is a torn tail.
void find_end(JournalScan& journal) {
    const auto& segments = journal.segments;
    std::size_t last = 0;
    while (last + 1 < segments.size() && segments[last].is_whole) ++last;
    journal.last = last;
    const SegmentScan& end = segments[last];
    journal.lines = last * lines_per_segment(journal.header.segment_bytes) + end.lines;
    for (std::size_t i = 0; i <= last; ++i) journal.records += segments[i].records;
    journal.ending = end.ending;
    journal.torn_bytes = end.torn_bytes;

    bool has_later = false;
    for (std::size_t i = last + 1; i < segments.size(); ++i) {
        if (!segments[i].has_content()) continue;
        has_later = true;
        journal.torn_bytes += segments[i].torn_bytes + segments[i].lines * kLineBytes;
        const bool is_tail = i == last + 1 && end.ending == Ending::kNone && end.is_gap_blank &&
                             segments[i].ending == Ending::kNone && !segments[i].has_end_beyond;
        if (!is_tail) refuse_gap(journal);
    }
    if (end.has_end_beyond || ((end.has_sealed_beyond || has_later) && !end.is_gap_blank))
        refuse_gap(journal);
    if (end.ending != Ending::kNone && end.end_records != journal.records)
        throw JournalDamage("an end that counts other records than there are", end.path,
                            journal.records, (end.lines + 1) * kLineBytes);
}

}  // namespace

Line header_line(const SegmentHeader& expected, std::uint32_t segment) noexcept {
    SegmentHeader header = expected;
    header.segment = segment;
    header.first_line = (segment - 1) * lines_per_segment(expected.segment_bytes);
    return make_segment_header(header);
}

SegmentHeader expected_header(const JournalHeader& header, std::string_view header_json) noexcept {
    SegmentHeader expected{};
    expected.version = header.version;
    expected.journal_id = header.journal_id;
    expected.segment_bytes = header.segment_bytes;
    expected.header_bytes = static_cast<std::uint32_t>(header_json.size());
    expected.header_crc = crc32c(0, std::as_bytes(std::span{header_json}));
    return expected;
}

JournalScan scan_journal(const std::filesystem::path& folder) {
    const std::filesystem::path header_path = folder / kHeaderFile;
    const std::string json = read_whole(header_path, kHeaderBytesMax);
    JournalScan journal;
    journal.header = read_header(json, header_path);
    journal.expected = expected_header(journal.header, json);
    const std::vector<std::uint32_t> numbers = list_segments(folder);
    if (numbers.empty())
        throw JournalError("a journal without segments", folder / segment_name(1),
                           "restore it from a copy");
    LineUnpacker unpacker{journal.header.instruments.size()};
    std::uint64_t records = 0;
    for (const std::uint32_t number : numbers) {
        journal.segments.push_back(
            SegmentScanner{journal, number, records, unpacker, folder / segment_name(number)}
                .run());
        records += journal.segments.back().records;
    }
    find_end(journal);
    return journal;
}

}  // namespace sluice::adapters::journal
