// Changes of parameters that are planned before a run, as the events that make them. Any thread, off
// the hot path.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct PlannedChange {
    StreamTime time;
    std::string strategy;   // by name
    std::string parameter;  // of its kind, or "weight"
    double value = 0;
    std::string where;  // for messages: "changes.csv, line 3"
};

// What is wrong with a planned change, where, and what would be right.
class PlanError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The same changes as kParameter events for TimerPlan::changes, by time (of the same time in their
// order), with versions from 1 on. Only parameters of strategies can be named, so nothing else can be
// reached. Throws PlanError: an unknown strategy or parameter, one that does not change while it runs,
// a value out of its range, or one that does not go with the others at its time.
[[nodiscard]] std::vector<Event> plan_changes(std::vector<PlannedChange> changes,
                                              const SignalSettings& signals);

}  // namespace sluice::pipeline
