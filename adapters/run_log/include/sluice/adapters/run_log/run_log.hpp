// The log of a run, written by spdlog on a thread of its own.
//
// The hot path formats nothing: it hands fixed-size events to the recorder's ring, the recorder's
// thread hands them here, and spdlog's thread writes them. Orders and fills are logged at debug
// (each is in orders.csv and fills.csv too), refusals at info, incidents at error.
#pragma once

#include <cstdint>
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
    // warnings and errors on standard error. When lines come faster than the disk takes them, the
    // recorder waits; a live session must not, and loses the oldest of the queue instead.
    enum class WhenFull : std::uint8_t { kWait, kLoseOldest };
    RunLog(const std::filesystem::path& file, const pipeline::InstrumentTable& instruments,
           bool terminal, WhenFull when_full = WhenFull::kWait);
    // Writes what is still queued, and how many lines were lost, if any.
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
