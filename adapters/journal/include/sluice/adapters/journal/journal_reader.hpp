// A journal read back: also one whose writer died, or is still at work.
// One thread, off the hot path. Opening reads every byte and checks every CRC; next() reads again,
// in blocks of 512 lines, and checks again. Memory: one block (0.5 MB).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include <sluice/adapters/journal/journal_header.hpp>
#include <sluice/adapters/journal/layout.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::journal {

class JournalReader {
  public:
    // Throws JournalError: no journal there, unreadable; JournalDamage: a changed byte, with the
    // segment, the record and the offset.
    explicit JournalReader(const std::filesystem::path& folder);
    ~JournalReader();
    JournalReader(const JournalReader&) = delete;
    JournalReader& operator=(const JournalReader&) = delete;

    [[nodiscard]] const JournalHeader& header() const noexcept;
    // Whole records before the end or the torn tail.
    [[nodiscard]] std::uint64_t records() const noexcept;
    // kNone: not closed. Then recover() has what the ring still holds.
    [[nodiscard]] Ending ending() const noexcept;
    // Bytes after the records that are no whole record; they are left out.
    [[nodiscard]] std::uint64_t torn_bytes() const noexcept;
    // Whether a ring file of this journal is still there: records that stand in no segment.
    [[nodiscard]] bool has_ring() const;

    // The records that follow, in order; empty at the end. Valid until the next call. Their ring
    // stamps are 0. Throws as the constructor does.
    [[nodiscard]] std::span<const pipeline::Event> next();
    // next() goes on from this record, from 0; beyond the last it gives nothing. Its segment is read
    // from the beginning.
    void seek(std::uint64_t record) noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::adapters::journal
