#include <sluice/adapters/journal/journal_reader.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fcntl.h>

#include <sluice/adapters/journal/journal_error.hpp>

#include "files.hpp"
#include "journal_scan.hpp"

namespace sluice::adapters::journal {

struct JournalReader::State {
    std::filesystem::path folder;
    JournalScan journal;
    std::uint64_t position = 0;
    std::vector<pipeline::Event> block;
    std::uint64_t open_segment = ~std::uint64_t{0};  // index
    FileDescriptor file;

    void check(pipeline::Event& event, std::uint64_t record, std::uint64_t offset) const {
        const auto* line = reinterpret_cast<const std::byte*>(&event);
        if (!is_sealed(journal.header.journal_id, record, line) ||
            !is_record(event, journal.header.instruments.size()))
            throw JournalDamage("a record was changed while the journal was read",
                                journal.segments[open_segment].path, record, offset);
        pipeline::Event::RingStamp::of(event) = 0;
    }
};

JournalReader::JournalReader(const std::filesystem::path& folder)
    : state_(std::make_unique<State>()) {
    state_->folder = folder;
    state_->journal = scan_journal(folder);
    state_->block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(
        kBlockLines, records_per_segment(state_->journal.header.segment_bytes))));
}
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
    const JournalScan& journal = state.journal;
    if (state.position >= journal.records) return {};
    const std::uint64_t capacity = records_per_segment(journal.header.segment_bytes);
    const std::uint64_t segment = state.position / capacity;
    const std::uint64_t within = state.position % capacity;
    const std::filesystem::path& path = journal.segments[segment].path;
    if (state.open_segment != segment) {
        state.file = open_file(path, O_RDONLY);
        state.open_segment = segment;
    }
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(kBlockLines, journal.segments[segment].records - within));
    const std::uint64_t offset = (within + 1) * kLineBytes;
    const std::span block{state.block.data(), count};
    if (read_at(state.file, std::as_writable_bytes(block), offset, path) != block.size_bytes())
        throw JournalDamage("a segment was cut while the journal was read", path, state.position,
                            offset);
    for (std::size_t i = 0; i < count; ++i)
        state.check(block[i], state.position + i, offset + i * kLineBytes);
    state.position += count;
    return block;
}

void JournalReader::seek(std::uint64_t record) noexcept { state_->position = record; }

}  // namespace sluice::adapters::journal
