// The log of a run, written by spdlog on a thread of its own.
//
// The hot path formats nothing: it hands fixed-size events to the recorder's ring, the recorder's
// thread hands them here, and spdlog's thread writes them. Orders and fills are logged at debug
// (each is in orders.csv and fills.csv too), refusals at info, incidents at error.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/record_observer.hpp>

namespace sluice::adapters::run_log {

enum class Level { kDebug, kInfo, kWarning, kError };

class RunLog final : public pipeline::RecordObserver {
  public:
    // Creates the file; throws std::runtime_error naming it when that fails. `terminal` repeats
    // warnings and errors on standard error.
    RunLog(const std::filesystem::path& file, const pipeline::InstrumentTable& instruments,
           bool terminal);
    // Writes what is still queued.
    ~RunLog() override;

    // Recorder's thread.
    void take(const pipeline::Event& event) override;
    // Any thread.
    void write(Level level, std::string_view message);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::adapters::run_log
