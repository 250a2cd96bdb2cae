#include <sluice/adapters/control/control_client.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <thread>

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sluice::adapters::control {

namespace fs = std::filesystem;
using pipeline::HaltReason;

namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kLook{1};

std::int64_t now_ns() { return core::ns_since_epoch(core::read_local_clock()); }

// Nothing when no session runs: then the folder is locked here.
std::optional<CommandResult> ask(StateFolder& folder, const nlohmann::ordered_json& command) {
    const std::string name = std::to_string(now_ns()) + "-" + std::to_string(::getpid());
    const fs::path path = folder.commands() / (name + ".command");
    const fs::path answer_path = folder.commands() / (name + ".answer");
    if (folder.try_lock()) return std::nullopt;
    write_whole(path, command.dump(), false);
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
        if (const auto text = read_whole(answer_path)) {
            fs::remove(answer_path);
            const auto tree = nlohmann::json::parse(*text);
            if (!tree.at("done").get<bool>())
                throw ControlError(tree.at("text").get<std::string>());
            return CommandResult{tree.at("id").get<std::string>(),
                                 tree.at("text").get<std::string>(), true};
        }
        if (folder.try_lock()) {  // it has ended meanwhile
            fs::remove(path);
            return std::nullopt;
        }
        std::this_thread::sleep_for(kLook);
    }
    std::error_code ignored;
    fs::remove(path, ignored);
    throw ControlError("the session in " + folder.path().string() +
                       " has not answered within 5 s and nothing was changed; `sluice stop` works "
                       "without its answer, and so does ending its process");
}

}  // namespace

CommandResult hold(StateFolder& folder, const std::string& symbol, const std::string& text) {
    const std::string verb = symbol.empty() ? "halt" : "pause";
    if (auto done = ask(folder, {{"verb", verb}, {"symbol", symbol}, {"text", text}})) return *done;
    RiskState state = folder.load();
    if (const Hold* held = state.find(HaltReason::kOperator, symbol))
        return {held->id, "it was held already: " + held->text, false};
    const std::string id = state.add(HaltReason::kOperator, symbol, text, now_ns())->id;
    folder.save(state);
    return {id, "", false};
}

CommandResult resume(StateFolder& folder, const std::string& id) {
    if (auto done = ask(folder, {{"verb", "resume"}, {"id", id}})) return *done;
    RiskState state = folder.load();
    const Hold* found = state.find(id);
    if (found == nullptr) throw ControlError("nothing is held under the id '" + id + "'");
    const Hold hold = *found;
    if (hold.reason == HaltReason::kKill && folder.emergency_stop())
        throw ControlError(folder.stop_file().string() + " is still there; remove it first");
    if (hold.reason == HaltReason::kDrawdown && state.equity) {
        // As the stage does it: both measures begin anew where the account stands.
        state.peak = RiskState::Level{*state.equity, false};
        state.window = RiskState::Level{*state.equity, false};
        state.day_peaks.clear();
    }
    state.remove(hold.reason, hold.symbol);
    folder.save(state);
    return {id, "", false};
}

ParameterSetting parse_setting(std::string_view text) {
    const std::size_t equals = text.rfind('=');
    const std::size_t dot = text.substr(0, std::min(equals, text.size())).rfind('.');
    ParameterSetting out;
    const char* const end = text.data() + text.size();
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot == 0 ||
        dot + 1 == equals || equals + 1 == text.size() ||
        std::from_chars(text.data() + equals + 1, end, out.value).ptr != end ||
        !std::isfinite(out.value))
        throw ControlError(
            "'" + std::string(text) +
            "' is no change of a parameter; write STRATEGY.PARAMETER=NUMBER, such as "
            "trend.fast=5");
    out.strategy = text.substr(0, dot);
    out.parameter = text.substr(dot + 1, equals - dot - 1);
    return out;
}

CommandResult set(StateFolder& folder, const std::vector<ParameterSetting>& settings,
                  const std::string& text) {
    nlohmann::ordered_json changes = nlohmann::ordered_json::array();
    for (const ParameterSetting& s : settings)
        changes.push_back(
            {{"strategy", s.strategy}, {"parameter", s.parameter}, {"value", s.value}});
    if (auto done = ask(folder, {{"verb", "set"}, {"changes", changes}, {"text", text}}))
        return *done;
    throw ControlError(
        "no session runs with the state in " + folder.path().string() +
        ", and a change does not outlive its session: write it into the configuration "
        "that the next one starts with");
}

CommandResult emergency_stop(StateFolder& folder, const std::string& text,
                             std::chrono::milliseconds patience) {
    folder.make_emergency_stop(text);
    if (folder.try_lock()) return {"", "", false};
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
        const RiskState state = folder.load();
        if (const Hold* held = state.find(HaltReason::kKill, "")) return {held->id, "", true};
        std::this_thread::sleep_for(kLook);
    }
    throw ControlError("the session in " + folder.path().string() +
                       " has not said that it stopped; the stop file stays. See its log, and end "
                       "its process or use the watchdog when it hangs");
}

}  // namespace sluice::adapters::control
