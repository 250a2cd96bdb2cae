#include <sluice/adapters/journal/recovery.hpp>

#include <cstring>
#include <optional>
#include <vector>

#include <fcntl.h>

#include <sluice/adapters/journal/journal_error.hpp>

#include "files.hpp"
#include "journal_scan.hpp"
#include "ring_file.hpp"

namespace sluice::adapters::journal {
namespace {

// Puts records behind the last, each alone in its line, over as many segments as it takes.
class Appender {
  public:
    Appender(const std::filesystem::path& folder, const JournalScan& journal)
        : folder_(folder), expected_(journal.expected),
          capacity_(lines_per_segment(journal.header.segment_bytes)), next_(journal.lines),
          records_(journal.records) {
        aim(static_cast<std::uint32_t>(journal.last + 1));
        // What is torn goes first; a segment cut within its header gets it again.
        truncate_to(file_, (within_ + 1) * kLineBytes, path_);
        write_header();
    }

    void append(const pipeline::Event& record) {
        append_line(reinterpret_cast<const std::byte*>(&record));
        ++records_;
    }
    void finish() {
        append_line(make_end(expected_.journal_id, next_, records_, Ending::kRecovered).data());
        flush();
        sync_folder(folder_);
    }
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

  private:
    void append_line(const std::byte* line) {
        if (within_ == capacity_) {
            flush();
            aim(segment_ + 1);
            write_header();
        }
        lines_.insert(lines_.end(), line, line + kLineBytes);
        seal_line(expected_.journal_id, next_, lines_.data() + lines_.size() - kLineBytes);
        ++next_;
        ++within_;
        if (lines_.size() == kBlockLines * kLineBytes) write_lines();
    }
    void aim(std::uint32_t segment) {
        segment_ = segment;
        within_ = next_ - (segment - 1) * capacity_;
        path_ = folder_ / segment_name(segment);
        file_ = open_file(path_, O_RDWR | O_CREAT);
    }
    void write_header() { write_at(file_, header_line(expected_, segment_), 0, path_); }
    void write_lines() {
        const std::uint64_t first = within_ - lines_.size() / kLineBytes;
        write_at(file_, lines_, (first + 1) * kLineBytes, path_);
        lines_.clear();
    }
    void flush() {
        write_lines();
        sync_file(file_, path_);
    }

    const std::filesystem::path& folder_;
    SegmentHeader expected_;
    std::uint64_t capacity_;
    std::uint64_t next_;  // number of the next line
    std::uint64_t records_;
    std::uint32_t segment_ = 0;
    std::uint64_t within_ = 0;  // its place in the segment
    std::filesystem::path path_;
    FileDescriptor file_;
    std::vector<std::byte> lines_;
};

// The ring's records from `first` on, each checked, before anything on the disk is changed.
std::vector<pipeline::Event> records_left(const RingFile& ring, std::uint64_t first,
                                          const JournalHeader& header,
                                          const std::filesystem::path& path) {
    std::vector<pipeline::Event> left;
    for (std::uint64_t n = first; left.size() < ring.capacity() && ring.holds(n); ++n) {
        left.push_back(ring.event(n));
        if (!is_record(left.back(), header.instruments.size()))
            throw JournalError("the ring holds what is no event of this session (record " +
                                   std::to_string(n) + ")",
                               path, "remove it to recover from the segments alone");
    }
    return left;
}

void remove_later_segments(const std::filesystem::path& folder, const JournalScan& journal) {
    for (std::size_t i = journal.segments.size(); i-- > journal.last + 1;)
        remove_file(folder / segment_name(static_cast<std::uint32_t>(i + 1)));
}

}  // namespace

Recovery recover(const std::filesystem::path& folder) {
    const FileDescriptor lock = lock_folder(folder);
    if (!lock) throw JournalError("the journal is being written", folder, "stop its session first");
    const JournalScan journal = scan_journal(folder);
    Recovery result{journal.records, journal.torn_bytes, 0, RingOutcome::kNone};

    std::optional<RingFile> ring;
    const std::filesystem::path ring_path = folder / journal.header.ring_file;
    if (!journal.header.ring_file.empty() && std::filesystem::exists(ring_path)) {
        ring.emplace(RingFile::open(ring_path, journal.header.journal_id));
        result.ring =
            ring->is_past(journal.records) ? RingOutcome::kDetached : RingOutcome::kTakenIn;
    } else if (!journal.header.ring_file.empty() && journal.ending == Ending::kNone) {
        result.ring = RingOutcome::kMissing;
    }

    if (journal.ending == Ending::kNone) {
        std::vector<pipeline::Event> left;
        if (result.ring == RingOutcome::kTakenIn)
            left = records_left(*ring, journal.records, journal.header, ring_path);
        remove_later_segments(folder, journal);
        Appender appender{folder, journal};
        for (const pipeline::Event& event : left) appender.append(event);
        result.records = appender.records();
        result.from_ring = left.size();
        appender.finish();
    }
    if (result.ring == RingOutcome::kTakenIn) remove_file(ring_path);
    return result;
}

}  // namespace sluice::adapters::journal
