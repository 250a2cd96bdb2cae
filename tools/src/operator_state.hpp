// A session's end of its state folder: what the last session has left goes into the stream first, and
// operators are heard while it runs.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <sluice/adapters/control/control_desk.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::tools {

// The folder that the settings name; for a live session there always is one. Empty: none.
[[nodiscard]] std::filesystem::path state_folder_of(const pipeline::Settings& settings, bool live);

class OperatorState {
  public:
    // Takes the folder and reads what is there. Throws ControlError when another session has it,
    // when its state is damaged, and when EMERGENCY_STOP is in it: nothing has been connected yet.
    explicit OperatorState(const std::filesystem::path& folder);
    ~OperatorState();
    OperatorState(const OperatorState&) = delete;
    OperatorState& operator=(const OperatorState&) = delete;

    // Closes on every way out, before the log goes that the desk speaks to.
    class Closing {
      public:
        explicit Closing(OperatorState& state) noexcept : state_(&state) {}
        Closing(Closing&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
        Closing& operator=(Closing&&) = delete;
        ~Closing() {
            if (state_ != nullptr) (void)state_->close();
        }

      private:
        OperatorState* state_;
    };
    // From now on. `first`: the stream's time at the start.
    [[nodiscard]] Closing open(const std::string& session, const pipeline::Settings& settings,
                               const pipeline::InstrumentTable& instruments, core::StreamTime first,
                               adapters::run_log::RunLog& log);
    // Whom the engine shows what reaches its end, and where it takes the operator's wishes from.
    [[nodiscard]] pipeline::RecordObserver* observer() noexcept { return desk_.get(); }
    [[nodiscard]] pipeline::OperatorInbox* inbox() noexcept { return &inbox_; }
    // After the engine has ended. What cannot be written is a warning, empty for none.
    [[nodiscard]] std::string close();

    [[nodiscard]] const adapters::control::StateFolder& folder() const noexcept { return folder_; }

  private:
    struct Signal;
    adapters::control::StateFolder folder_;
    adapters::control::RiskState state_;
    pipeline::OperatorInbox inbox_;
    std::unique_ptr<Signal> signal_;
    std::unique_ptr<adapters::control::ControlDesk> desk_;
};

}  // namespace sluice::tools
