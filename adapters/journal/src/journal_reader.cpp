#include <sluice/adapters/journal/journal_reader.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fcntl.h>

#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/packed_line.hpp>

#include "files.hpp"
#include "journal_scan.hpp"

namespace sluice::adapters::journal {

constexpr std::size_t kReadLines = 512;

struct JournalReader::State {
    explicit State(const std::filesystem::path& at)
        : folder(at), journal(scan_journal(at)), unpacker(journal.header.instruments.size()),
          lines(kReadLines * kLineBytes) {
        records.reserve(kReadLines * kPackedRecordsMax);
    }

    // The lines that follow in the open segment, unpacked; moves on to the next segment at its end.
    void read_on() {
        while (line == journal.segments[segment].lines) {
            ++segment;
            rewind();
        }
        const SegmentScan& from = journal.segments[segment];
        if (!file) file = open_file(from.path, O_RDONLY);
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(kReadLines, from.lines - line));
        const std::uint64_t offset = (line + 1) * kLineBytes;
        const std::span bytes{lines.data(), count * kLineBytes};
        if (read_at(file, bytes, offset, from.path) != bytes.size())
            throw JournalDamage("a segment was cut while the journal was read", from.path, read,
                                offset);
        records.clear();
        for (std::size_t i = 0; i < count; ++i)
            unpack(lines.data() + i * kLineBytes, offset + i * kLineBytes);
        line += count;
        read += records.size();
    }
    void unpack(const std::byte* at, std::uint64_t offset) {
        const std::uint64_t number =
            segment * lines_per_segment(journal.header.segment_bytes) + offset / kLineBytes - 1;
        const bool sealed = is_sealed(journal.header.journal_id, number, at);
        const auto found = sealed ? unpacker.unpack(at) : std::span<const pipeline::Event>{};
        const auto known = [this](const pipeline::Event& event) {
            return is_record(event, journal.header.instruments.size());
        };
        if (found.empty() || !std::all_of(found.begin(), found.end(), known))
            throw JournalDamage("a record was changed while the journal was read",
                                journal.segments[segment].path, read + records.size(), offset);
        records.insert(records.end(), found.begin(), found.end());
    }
    // To the beginning of `segment`.
    void rewind() {
        file = FileDescriptor{};
        line = 0;
        unpacker.restart();
    }

    std::filesystem::path folder;
    JournalScan journal;
    LineUnpacker unpacker;
    std::vector<std::byte> lines;
    std::vector<pipeline::Event> records;  // of the lines last read
    std::uint64_t position = 0;            // number of the record that next() begins with
    std::uint64_t read = 0;                // records read, from the journal's beginning
    std::size_t segment = 0;               // index
    std::uint64_t line = 0;                // within it
    FileDescriptor file;
};

JournalReader::JournalReader(const std::filesystem::path& folder)
    : state_(std::make_unique<State>(folder)) {}
JournalReader::~JournalReader() = default;

const JournalHeader& JournalReader::header() const noexcept { return state_->journal.header; }
std::uint64_t JournalReader::records() const noexcept { return state_->journal.records; }
Ending JournalReader::ending() const noexcept { return state_->journal.ending; }
std::uint64_t JournalReader::torn_bytes() const noexcept { return state_->journal.torn_bytes; }

bool JournalReader::has_ring() const {
    const std::string& ring = state_->journal.header.ring_file;
    return !ring.empty() && std::filesystem::exists(state_->folder / ring);
}

std::span<const pipeline::Event> JournalReader::next() {
    State& state = *state_;
    if (state.position >= state.journal.records) return {};
    std::uint64_t first = 0;
    do {
        first = state.read;
        state.read_on();
    } while (state.read <= state.position);
    const std::span<const pipeline::Event> records{state.records};
    return records.subspan(std::exchange(state.position, state.read) - first);
}

void JournalReader::seek(std::uint64_t record) noexcept {
    State& state = *state_;
    state.position = record;
    state.segment = 0;
    state.read = 0;
    while (state.segment < state.journal.last &&
           record >= state.read + state.journal.segments[state.segment].records)
        state.read += state.journal.segments[state.segment++].records;
    state.rewind();
}

}  // namespace sluice::adapters::journal
