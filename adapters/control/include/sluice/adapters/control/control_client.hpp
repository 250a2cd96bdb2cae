// The operator's end of a state folder: asks the session that runs there, or, where none does, changes
// what the next one will find. One thread; throws ControlError.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/control/state_folder.hpp>

namespace sluice::adapters::control {

struct CommandResult {
    std::string id;     // of the hold
    std::string text;   // what else there is to say
    bool live = false;  // a running session has done it
};

// New exposure is held back in all instruments, or in one.
[[nodiscard]] CommandResult hold(StateFolder& folder, const std::string& symbol,
                                 const std::string& text);
// Lifts the hold of this id. An emergency stop only when its file is gone.
[[nodiscard]] CommandResult resume(StateFolder& folder, const std::string& id);
// One parameter of a strategy, to be changed.
struct ParameterSetting {
    std::string strategy;  // by name
    std::string parameter;
    double value = 0;
};
// "NAME.PARAMETER=VALUE"; the name may have dots and signs of equality itself. Throws ControlError.
[[nodiscard]] ParameterSetting parse_setting(std::string_view text);
// Changes parameters of the session that runs there: all of them, or, where one does not hold, none. Only
// of a running session: what the next one starts with is its configuration.
[[nodiscard]] CommandResult set(StateFolder& folder, const std::vector<ParameterSetting>& settings,
                                const std::string& text);
// Makes the stop file and waits, at most `patience`, until the session there holds.
[[nodiscard]] CommandResult emergency_stop(StateFolder& folder, const std::string& text,
                                           std::chrono::milliseconds patience);

}  // namespace sluice::adapters::control
