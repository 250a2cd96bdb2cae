// What stops trading over the end of a session: holds, each with an id and its reason, and the peaks
// and levels that the loss limits go by. A plain value; its text is JSON with a checksum.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::adapters::control {

// One reason for which something may not be traded.
struct Hold {
    std::string id;  // four hexadecimal digits: what a resume has to name
    pipeline::HaltReason reason{};
    std::string symbol;         // empty: everything
    std::string text;           // whoever made it, in his own words
    std::int64_t since_ns = 0;  // wall clock

    friend bool operator==(const Hold&, const Hold&) = default;
};

struct RiskState {
    // Money is on a measure that goes on from session to session, see hot/loss_limits.hpp.
    struct Level {
        core::Money value;
        bool breached = false;
        friend bool operator==(const Level&, const Level&) = default;
    };

    std::string session;         // that wrote it last
    std::int64_t stream_ns = 0;  // the stream's time then
    std::vector<Hold> holds;
    std::optional<core::Money> equity;  // none: no session yet
    std::optional<Level> day_start;
    std::optional<Level> peak;
    std::optional<Level> window;
    std::map<std::int64_t, core::Money> day_peaks;  // by UTC day

    // The one that is made: its id is none of the others'. Nothing when it is held already.
    const Hold* add(pipeline::HaltReason reason, const std::string& symbol, const std::string& text,
                    std::int64_t now_ns);
    bool remove(pipeline::HaltReason reason, const std::string& symbol);
    [[nodiscard]] const Hold* find(std::string_view id) const;
    [[nodiscard]] const Hold* find(pipeline::HaltReason reason, const std::string& symbol) const;

    // Takes in what a session says of its limits (kRiskMark); the window keeps `days` peaks.
    void note(const pipeline::Event& mark, std::int64_t days);
    // As events for the next session's inbox. Without `same_day` the daily loss begins anew.
    [[nodiscard]] std::vector<pipeline::Event> events(const pipeline::InstrumentTable& instruments,
                                                      bool same_day) const;

    friend bool operator==(const RiskState&, const RiskState&) = default;
};

[[nodiscard]] std::string to_text(const RiskState& state);
// Throws ControlError, naming `where`, for whatever to_text() has not written as it stands.
[[nodiscard]] RiskState parse_risk_state(std::string_view text, const std::string& where);

}  // namespace sluice::adapters::control
