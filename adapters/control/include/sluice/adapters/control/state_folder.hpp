// The state folder of an account: what stops trading, kept over restarts, and the place from which it
// is stopped by hand.
//
//   risk.json        RiskState; written whole or not at all
//   lock             held by the one session that trades with this state
//   EMERGENCY_STOP   while it is there, nothing is traded; anyone may make it
//   commands/        what is asked of the session, and its answers
//   heartbeat        of a live session, for the watchdog
//
// Any thread, off the hot path; each function throws ControlError naming path and remedy.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sluice/adapters/control/control_error.hpp>
#include <sluice/adapters/control/risk_state.hpp>

namespace sluice::adapters::control {

class StateFolder {
  public:
    // Makes the folder where there is none.
    explicit StateFolder(std::filesystem::path path);
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    // False when a session, or another command, has it.
    [[nodiscard]] bool try_lock();
    void unlock() noexcept;

    // What is kept; nothing has stopped trading where there is no file.
    [[nodiscard]] RiskState load() const;
    // Flushed and renamed into place; what was there stays until the new one is whole.
    void save(const RiskState& state) const;

    // Why the emergency stop was made, empty for no text; nothing without one. What cannot be known
    // (the folder cannot be read) counts as a stop.
    [[nodiscard]] std::optional<std::string> emergency_stop() const;
    // Makes it; its text becomes the reason.
    void make_emergency_stop(const std::string& text) const;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path state_file() const { return path_ / "risk.json"; }
    [[nodiscard]] std::filesystem::path stop_file() const { return path_ / "EMERGENCY_STOP"; }
    [[nodiscard]] std::filesystem::path commands() const { return path_ / "commands"; }
    [[nodiscard]] std::filesystem::path heartbeat() const { return path_ / "heartbeat"; }

  private:
    std::filesystem::path path_;
    int lock_ = -1;
};

// Whole or not at all; `durable`: on the disk before it returns.
void write_whole(const std::filesystem::path& target, std::string_view text, bool durable);
// Nothing when there is no such file.
[[nodiscard]] std::optional<std::string> read_whole(const std::filesystem::path& path);

}  // namespace sluice::adapters::control
