// The tick store, write side: the TickSink that importers, recorders and the generator fill.
//
// One thread. At most one writer per store in all processes, held by a lock file; readers are not
// held up. A day's columns wait in memory, in an unnamed file beyond a budget of 512 MiB; commit
// writes them to a temporary file in the day's folder, syncs and renames it: after a crash the day
// is the old one or the new one, and the next write into that folder removes what was left behind.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

enum class OnConflict : std::uint8_t {
    kRefuse,   // a table held from another source stays; kConflict
    kReplace,  // the new table takes its place
};

struct WriterOptions {
    OnConflict on_conflict = OnConflict::kRefuse;
    Compression compression = Compression::kNone;
};

// A day that is recorded while it happens. Rows that were published are readable at once, and
// survive a crash; seal() makes one day file of all of them. A recording that was cut off is taken
// up again by opening the day anew.
class LiveDay {
  public:
    LiveDay() = default;
    LiveDay(const LiveDay&) = delete;
    LiveDay& operator=(const LiveDay&) = delete;
    virtual ~LiveDay() = default;

    virtual void append(const pipeline::TableChunk& chunk) = 0;
    // Stores what was appended since the last time as one more part. Nothing new: nothing done.
    virtual void publish() = 0;
    // Publishes the rest, then replaces the parts by the whole day.
    virtual void seal() = 0;
};

class StoreWriter final : public pipeline::TickSink {
  public:
    // Creates the folder when it is missing. kNotWritable, kBusy.
    explicit StoreWriter(const std::filesystem::path& folder, WriterOptions options = {});
    ~StoreWriter() override;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override;
    [[nodiscard]] bool holds(const pipeline::Instrument& instrument, Date date, TableKey key,
                             const std::string& sha256) override;
    // kUnchanged when each table given is held already with the same source and the same values.
    // kBadTable, kConflict, kInstrumentDiffers, kNotWritable, kDiskFull: nothing was changed.
    pipeline::PutOutcome put(const pipeline::Instrument& instrument,
                             const pipeline::DayTables& day) override;
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(
        const pipeline::Instrument& instrument, Date date) override;
    // kConflict when that day is held whole.
    [[nodiscard]] std::unique_ptr<LiveDay> open_live_day(const pipeline::Instrument& instrument,
                                                         Date date);

    struct State;  // of the implementation; shared with the days that are open

  private:
    std::shared_ptr<State> state_;
};

}  // namespace sluice::adapters::tick_store
