// After a crash: the torn tail is cut off on the disk, what only the ring holds is put behind it,
// and the journal gets its end.
// One thread, off the hot path. Refused while a writer holds the journal. Repeating it, also after
// it was itself interrupted, changes nothing more.
#pragma once

#include <cstdint>
#include <filesystem>

namespace sluice::adapters::journal {

enum class RingOutcome : std::uint8_t {
    kNone,      // of another durability, or taken in before
    kMissing,   // the file is gone, as after a restart of the host
    kTakenIn,   // and removed
    kDetached,  // records between it and the segments are missing: it is left where it is
};

struct Recovery {
    std::uint64_t records = 0;     // in the journal now
    std::uint64_t torn_bytes = 0;  // cut off
    std::uint64_t from_ring = 0;   // records that stood in no segment
    RingOutcome ring = RingOutcome::kNone;
};

// A journal that was closed is left as it is. Throws JournalError (also: a writer holds it) and
// JournalDamage; nothing has been changed then, unless the disk refused a write.
Recovery recover(const std::filesystem::path& folder);

}  // namespace sluice::adapters::journal
