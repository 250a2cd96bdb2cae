#include <sluice/adapters/control/control_desk.hpp>

#include <pthread.h>

#include <nlohmann/json.hpp>

namespace sluice::adapters::control {

namespace fs = std::filesystem;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::HaltReason;

namespace {

std::int64_t now_ns() { return core::ns_since_epoch(core::read_local_clock()); }

// A thread that does `what` every so often until it is asked to stop.
template <class What>
std::jthread every(const char* name, What what) {
    return std::jthread{[name, what](const std::stop_token& stop) {
        (void)::pthread_setname_np(::pthread_self(), name);
        while (!stop.stop_requested()) {
            what();
            std::this_thread::sleep_for(ControlDesk::kEvery);
        }
    }};
}

std::vector<pipeline::PlannedChange> changes_of(const nlohmann::json& command) {
    std::vector<pipeline::PlannedChange> out;
    for (const nlohmann::json& change : command.at("changes")) {
        const auto strategy = change.at("strategy").get<std::string>();
        const auto parameter = change.at("parameter").get<std::string>();
        out.push_back({{},
                       strategy,
                       parameter,
                       change.at("value").get<double>(),
                       strategy + "." + parameter});
    }
    return out;
}

std::string reply(bool done, const std::string& text, const std::string& id = "") {
    return nlohmann::ordered_json{{"done", done}, {"text", text}, {"id", id}}.dump() + "\n";
}

}  // namespace

ControlDesk::ControlDesk(StateFolder& folder, RiskState state,
                         const pipeline::InstrumentTable& instruments,
                         pipeline::OperatorInbox& inbox, DeskOptions options)
    : folder_(folder), instruments_(instruments), inbox_(inbox), options_(std::move(options)),
      state_(std::move(state)), parameters_(options_.signals) {
    state_.session = options_.session;
    folder_.save(state_);  // a folder that cannot be written is found out now
    changed_ = false;
    for (const fs::directory_entry& old : fs::directory_iterator(folder_.commands())) {
        std::error_code ignored;
        fs::remove(old.path(), ignored);  // asked of a session that is no more
    }
    desk_ = every("sl-desk", [this] { serve(); });
    stops_ = every("sl-stop", [this] { look_for_stop(); });
}

ControlDesk::~ControlDesk() { end_threads(); }

void ControlDesk::end_threads() {
    for (std::jthread* thread : {&stops_, &desk_}) {
        thread->request_stop();
        if (thread->joinable()) thread->join();
    }
}

void ControlDesk::close() {
    end_threads();
    const std::lock_guard lock{mutex_};
    folder_.save(state_);
}

void ControlDesk::take(const Event& event) {
    if (event.kind() == EventKind::kParameter) {
        const std::lock_guard lock{mutex_};
        parameters_.note(event.parameter());
    }
    if (event.kind() != EventKind::kRiskMark) return;
    const std::lock_guard lock{mutex_};
    state_.note(event, options_.window_days);
    follow_drawdown(state_, now_ns());
    changed_ = true;
}

// A drawdown that was reached is a hold like any other: it can be looked up and, by its id, lifted.
void ControlDesk::follow_drawdown(RiskState& state, std::int64_t now) {
    const bool total = state.peak && state.peak->breached;
    const bool window = state.window && state.window->breached;
    if (!total && !window) {
        state.remove(HaltReason::kDrawdown, "");
        return;
    }
    state.add(HaltReason::kDrawdown, "",
              total ? "max_drawdown_bps was reached" : "window_drawdown_bps was reached", now);
}

void ControlDesk::serve() {
    try {
        take_commands();
        save_if_changed();
        failing_ = false;
    } catch (const std::exception& error) {
        if (!failing_) say(error.what());
        failing_ = true;
    }
}

void ControlDesk::say(const std::string& text) {
    const std::lock_guard lock{saying_};
    if (options_.say) options_.say(text);
}

void ControlDesk::look_for_stop() {
    // relaxed: a flag on its own
    if (options_.signalled != nullptr &&
        options_.signalled->exchange(false, std::memory_order_relaxed))
        kill("signal");
    if (const auto text = folder_.emergency_stop())
        kill(text->empty() ? "file EMERGENCY_STOP" : "file EMERGENCY_STOP: " + *text);
}

void ControlDesk::kill(const std::string& text) {
    {
        const std::lock_guard lock{mutex_};
        if (state_.find(HaltReason::kKill, "") != nullptr) return;
        post(EventKind::kHalt, HaltReason::kKill, "");
        state_.add(HaltReason::kKill, "", text, now_ns());
        changed_ = true;
    }
    say("emergency stop: " + text);
}

void ControlDesk::take_commands() {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_.commands())) {
        if (entry.path().extension() != ".command") continue;
        const std::string text = read_whole(entry.path()).value_or("");
        fs::remove(entry.path());
        fs::path answer_path = entry.path();
        answer_path.replace_extension(".answer");
        std::string said;
        try {
            said = answer(text);
        } catch (const nlohmann::json::exception& error) {
            said = reply(false, std::string("a command that cannot be read: ") + error.what());
        }
        write_whole(answer_path, said, false);
    }
}

std::string ControlDesk::answer(const std::string& command) {
    const auto tree = nlohmann::json::parse(command, nullptr, false);
    if (!tree.is_object()) return reply(false, "a command that cannot be read");
    const std::string verb = tree.value("verb", "");
    const std::string symbol = tree.value("symbol", "");
    const std::string text = tree.value("text", "");
    if (verb == "halt") return hold(HaltReason::kOperator, "", text);
    if (verb == "pause") return hold(HaltReason::kOperator, symbol, text);
    if (verb == "resume") return resume(tree.value("id", ""));
    if (verb == "set") return set(changes_of(tree), text);
    return reply(false, "this session knows no command '" + verb + "'");
}

std::string ControlDesk::hold(HaltReason reason, const std::string& symbol,
                              const std::string& text) {
    std::string id;
    {
        const std::lock_guard lock{mutex_};
        if (const Hold* held = state_.find(reason, symbol))
            return reply(true, "it was held already: " + held->text, held->id);
        post(EventKind::kHalt, reason, symbol);
        id = state_.add(reason, symbol, text, now_ns())->id;
        changed_ = true;
    }
    save_if_changed();
    return reply(true, "", id);
}

std::string ControlDesk::resume(const std::string& id) {
    RiskState next;
    {
        const std::lock_guard lock{mutex_};
        next = state_;
    }
    const Hold* found = next.find(id);
    if (found == nullptr) return reply(false, "nothing is held under the id '" + id + "'");
    const Hold hold = *found;
    if (hold.reason == HaltReason::kKill && folder_.emergency_stop())
        return reply(false, folder_.stop_file().string() + " is still there; remove it first");
    const auto lift = [&](RiskState& state) {
        state.remove(hold.reason, hold.symbol);
        if (hold.reason != HaltReason::kDrawdown) return;
        if (state.peak) state.peak->breached = false;
        if (state.window) state.window->breached = false;
    };
    lift(next);
    folder_.save(next);  // without the lock: a disk must not hold the recorder up
    const std::lock_guard lock{mutex_};
    lift(state_);
    post(EventKind::kResume, hold.reason, hold.symbol);
    return reply(true, "", id);
}

// All of them or none. A tick may come between two of them: each leaves values that hold by themselves.
std::string ControlDesk::set(const std::vector<pipeline::PlannedChange>& changes,
                             const std::string& text) {
    std::string told;
    {
        const std::lock_guard lock{mutex_};
        pipeline::ParameterBook next = parameters_;
        std::vector<Event> events;
        try {
            for (const pipeline::PlannedChange& change : changes) {
                const std::string before = next.value_text(change);
                events.push_back(Event::parameter({}, next.apply(change)));
                told += (told.empty() ? "" : ", ") + change.where + " from " + before + " to " +
                        next.value_text(change);
            }
        } catch (const pipeline::PlanError& error) {
            return reply(false, std::string(error.what()) + "; nothing was changed");
        }
        for (const Event& event : events) post(event);
        parameters_ = std::move(next);
    }
    if (options_.note)
        options_.note("parameters set by the operator: " + told +
                      (text.empty() ? "" : " (" + text + ")"));
    return reply(true, told);
}

void ControlDesk::post(EventKind kind, HaltReason reason, const std::string& symbol) {
    core::SymbolId id = core::kNoSymbol;
    if (!symbol.empty()) {
        for (std::size_t i = 0; i < instruments_.size(); ++i)
            if (instruments_[i].symbol == symbol) id = static_cast<core::SymbolId>(i);
        if (id == core::kNoSymbol) return;  // kept for sessions that trade it
    }
    post(Event::halt({}, kind, reason, id));
}

void ControlDesk::post(const Event& event) {
    // Full: the sequencer takes them within microseconds.
    while (!inbox_.post(event)) std::this_thread::sleep_for(std::chrono::microseconds{50});
}

void ControlDesk::save_if_changed() {
    RiskState copy;
    {
        const std::lock_guard lock{mutex_};
        if (!changed_) return;
        changed_ = false;
        copy = state_;
    }
    try {
        folder_.save(copy);
    } catch (...) {
        const std::lock_guard lock{mutex_};
        changed_ = true;
        throw;
    }
}

}  // namespace sluice::adapters::control
