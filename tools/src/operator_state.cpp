#include "operator_state.hpp"

#include <algorithm>

#include <sluice/pipeline/timer_plan.hpp>
#include <sluice/tools/interrupt.hpp>

namespace sluice::tools {

namespace {

using namespace adapters::control;
using adapters::run_log::Level;

// Whether no day has begun, by the account's day, since the last session.
bool is_same_day(const RiskState& state, const pipeline::ClockSettings& clock,
                 core::StreamTime first) {
    const auto last = core::time_from_ns<core::StreamTime>(state.stream_ns);
    if (last > first || first - last > std::chrono::hours{48}) return false;
    const pipeline::TimerPlan plan = pipeline::make_timer_plan(clock, last, first);
    return std::none_of(plan.boundaries.begin(), plan.boundaries.end(), [&](const auto& b) {
        return b.kind == pipeline::EventKind::kDayStart && b.time > last && b.time <= first;
    });
}

std::string describe(const Hold& hold) {
    return "held from an earlier session, id " + hold.id + ": " + to_string(hold.reason) +
           (hold.symbol.empty() ? "" : " in " + hold.symbol) +
           (hold.text.empty() ? "" : " (" + hold.text + ")");
}

}  // namespace

std::filesystem::path state_folder_of(const pipeline::Settings& settings, bool live) {
    if (!settings.report.state_folder.empty()) return settings.report.state_folder;
    return live ? std::filesystem::path{settings.report.folder} / "state" : std::filesystem::path{};
}

struct OperatorState::Signal {
    std::atomic<bool> flag{false};
    KillSignalGuard guard{flag};
};

OperatorState::OperatorState(const std::filesystem::path& folder) : folder_(folder) {
    if (!folder_.try_lock())
        throw ControlError("another session trades with the state in " + folder.string() +
                           "; end it, or give this one a folder of its own with "
                           "report.state_folder");
    if (const auto text = folder_.emergency_stop())
        throw ControlError("emergency stop: " + folder_.stop_file().string() + " is there" +
                           (text->empty() ? "" : " (" + *text + ")") +
                           ", so no session starts; remove it when trading may go on, and see "
                           "`sluice halts --state " +
                           folder.string() + "`");
    state_ = folder_.load();
}

OperatorState::~OperatorState() = default;

OperatorState::Closing OperatorState::open(const std::string& session,
                                           const pipeline::Settings& settings,
                                           const pipeline::InstrumentTable& instruments,
                                           core::StreamTime first, adapters::run_log::RunLog& log) {
    for (const Hold& hold : state_.holds) log.write(Level::kWarning, describe(hold));
    for (const pipeline::Event& event :
         state_.events(instruments, is_same_day(state_, settings.clock, first)))
        if (!inbox_.post(event))
            throw ControlError("more is held in " + folder_.path().string() +
                               " than a session can take over");
    signal_ = std::make_unique<Signal>();
    desk_ = std::make_unique<ControlDesk>(
        folder_, state_, instruments, inbox_,
        DeskOptions{session, settings.risk.drawdown_window_days, &signal_->flag,
                    [&log](const std::string& text) { log.write(Level::kError, text); },
                    [&log](const std::string& text) { log.write(Level::kInfo, text); },
                    settings.signals});
    return Closing{*this};
}

std::string OperatorState::close() {
    if (!desk_) return {};
    try {
        desk_->close();
    } catch (const ControlError& error) {
        return error.what();
    }
    return {};
}

}  // namespace sluice::tools
