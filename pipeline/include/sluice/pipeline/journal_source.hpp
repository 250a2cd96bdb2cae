// The port through which a recorded session comes back.
// Called by the sequencer's thread only, once per block.
#pragma once

#include <span>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class JournalSource {
  public:
    JournalSource() = default;
    JournalSource(const JournalSource&) = delete;
    JournalSource& operator=(const JournalSource&) = delete;
    virtual ~JournalSource() = default;

    // The next records in order: sequenced events as they were released, and the commands they led
    // to (kApproved, kCancel) as they were handed on. Empty at the end. Valid until the next call.
    [[nodiscard]] virtual std::span<const Event> next_block() noexcept = 0;
};

}  // namespace sluice::pipeline
