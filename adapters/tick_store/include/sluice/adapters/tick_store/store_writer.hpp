// The tick store, write side: the TickSink that importers and the generator fill.
//
// One thread. At most one writer per store in all processes, held by a lock file; readers are not
// held up. A day is built in memory (its size twice over, briefly), written to a temporary file in
// its own folder, synced, and renamed: after a crash the day is the old one or the new one, and
// the next write into that folder removes what was left behind.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

enum class OnConflict : std::uint8_t {
    kRefuse,   // a table held from another source stays; kConflict
    kReplace,  // the new table takes its place
};

class StoreWriter final : public pipeline::TickSink {
  public:
    // Creates the folder when it is missing. kNotWritable, kBusy.
    explicit StoreWriter(const std::filesystem::path& folder,
                         OnConflict on_conflict = OnConflict::kRefuse);
    ~StoreWriter() override;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override;
    [[nodiscard]] bool holds(const pipeline::Instrument& instrument, Date date, TickKind kind,
                             const std::string& sha256) override;
    // kUnchanged when each table given is held already with the same source and the same values.
    // kBadTable, kConflict, kInstrumentDiffers, kNotWritable, kDiskFull: nothing was changed.
    pipeline::PutOutcome put(const pipeline::Instrument& instrument,
                             const pipeline::DayTables& day) override;

  private:
    std::filesystem::path folder_;
    OnConflict on_conflict_;
    int lock_fd_ = -1;
};

}  // namespace sluice::adapters::tick_store
