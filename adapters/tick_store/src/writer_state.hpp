// What the open days of one writer share: the folder, the lock on it, the memory budget.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/store_writer.hpp>

#include "day_file.hpp"
#include "spool.hpp"

namespace sluice::adapters::tick_store {

struct StoreWriter::State {
    State(const std::filesystem::path& store, WriterOptions writer_options);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // Of an instrument that may be stored, with its folder made and leftovers removed. kBadTable,
    // kInstrumentDiffers, kNotWritable.
    [[nodiscard]] std::filesystem::path prepare(const pipeline::Instrument& instrument, Date date);

    std::filesystem::path folder;
    WriterOptions options;
    std::shared_ptr<SpillFile> spill;
    int lock_fd = -1;
};

// The tables of one day on their way to its file.
class DayDraft {
  public:
    DayDraft(std::shared_ptr<StoreWriter::State> state, pipeline::Instrument instrument, Date date)
        : state_(std::move(state)), instrument_(std::move(instrument)), date_(date) {}

    void append(const pipeline::TableChunk& chunk);
    void append(const TruthColumns& truth);
    void set_generator(std::string generator) { generator_ = std::move(generator); }
    [[nodiscard]] bool empty() const noexcept { return tables_.empty(); }
    // Beside what is held for that date, or in its place; see StoreWriter::put().
    pipeline::PutOutcome commit(const pipeline::Provenance& source);
    // As the file of that name, which does not exist.
    void write_as(const std::filesystem::path& path, const pipeline::Provenance& source);

  private:
    [[nodiscard]] TableBuilder& table(TableKey key);
    [[nodiscard]] std::string where() const;
    [[nodiscard]] DayInfo info() const;

    std::shared_ptr<StoreWriter::State> state_;
    pipeline::Instrument instrument_;
    Date date_;
    std::string generator_;
    std::vector<std::unique_ptr<TableBuilder>> tables_;  // by key
};

[[nodiscard]] std::unique_ptr<LiveDay> make_live_day(std::shared_ptr<StoreWriter::State> state,
                                                     const pipeline::Instrument& instrument,
                                                     Date date);

}  // namespace sluice::adapters::tick_store
