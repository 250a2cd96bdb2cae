// The desk of a running session: takes what operators ask of it, and keeps what stops trading.
//
// Threads   A thread of its own looks every kEvery for the stop file, the signal's flag and commands,
//           posts what they mean to the session's inbox, and writes the state file. take() is the
//           recorder's, and only copies.
// Errors    A state that cannot be written is tried again at each look and said once in `problems`;
//           an emergency stop does not wait for it.
//
// A stop is posted before it is written down: it must not wait for a disk. A resume is written down
// first: what was stopped stays so when the session dies in between. A change of parameters is of this
// session alone: it is checked here and posted, and on record as an event of the stream.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sluice/adapters/control/state_folder.hpp>
#include <sluice/pipeline/operator_inbox.hpp>
#include <sluice/pipeline/parameter_schedule.hpp>
#include <sluice/pipeline/record_observer.hpp>

namespace sluice::adapters::control {

struct DeskOptions {
    std::string session;            // its name
    std::int64_t window_days = 30;  // peaks to keep
    // Set by a signal's handler; cleared here.
    std::atomic<bool>* signalled = nullptr;
    // For the log, on the desk's thread: what is wrong or stops trading, and what was merely done.
    std::function<void(const std::string&)> say;
    std::function<void(const std::string&)> note{};
    pipeline::SignalSettings signals{};  // whose parameters can be changed
};

class ControlDesk final : public pipeline::RecordObserver {
  public:
    static constexpr std::chrono::milliseconds kEvery{2};

    // `folder` is locked by the caller; `state` is what it held. Both outlive the desk, as the inbox.
    ControlDesk(StateFolder& folder, RiskState state, const pipeline::InstrumentTable& instruments,
                pipeline::OperatorInbox& inbox, DeskOptions options);
    ~ControlDesk() override;

    void take(const pipeline::Event& event) override;

    // Ends the thread and writes the last state. Throws ControlError when it cannot be written.
    void close();

  private:
    void run(const std::stop_token& stop);
    void look();
    void look_for_stop();
    void kill(const std::string& text);
    void take_commands();
    [[nodiscard]] std::string answer(const std::string& command);
    [[nodiscard]] std::string hold(pipeline::HaltReason reason, const std::string& symbol,
                                   const std::string& text);
    [[nodiscard]] std::string resume(const std::string& id);
    [[nodiscard]] std::string set(const std::vector<pipeline::PlannedChange>& changes,
                                  const std::string& text);
    void post(pipeline::EventKind kind, pipeline::HaltReason reason, const std::string& symbol);
    void post(const pipeline::Event& event);
    void follow_drawdown(RiskState& state, std::int64_t now_ns);
    void save_if_changed();

    StateFolder& folder_;
    const pipeline::InstrumentTable& instruments_;
    pipeline::OperatorInbox& inbox_;
    DeskOptions options_;
    std::mutex mutex_;  // of what both threads touch
    RiskState state_;
    pipeline::ParameterBook parameters_;  // as the session has them, or is about to
    bool changed_ = true;                 // the file names this session from now on
    bool failing_ = false;
    std::jthread thread_;
};

}  // namespace sluice::adapters::control
