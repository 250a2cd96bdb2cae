// Changes of parameters, planned before a run or asked for while it goes on: what each has to hold, and
// the events that make them. Any thread, off the hot path.
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

// What the parameters of all strategies are while changes come, and whether one more may.
class ParameterBook {
  public:
    explicit ParameterBook(const SignalSettings& signals);

    // Takes the change in; its payload, without a version. Throws PlanError: an unknown strategy or
    // parameter, one that does not change while it runs, a value out of its range, or one that does not
    // go with the others as they are; then nothing has changed.
    ParameterChange apply(const PlannedChange& change);
    // Takes in what has come over the stream. What does not hold is passed over, as the stage does it.
    void note(const ParameterChange& change) noexcept;
    // As the configuration writes it. Throws PlanError for what apply() would not know.
    [[nodiscard]] std::string value_text(const PlannedChange& change) const;

  private:
    struct Row {
        std::string name;
        StrategyKind kind{};
        StrategyValues values{};
        double weight = 1;
    };
    // Which strategy and parameter it names.
    [[nodiscard]] ParameterChange find(const PlannedChange& change) const;

    std::vector<Row> rows_;
};

// The same changes as kParameter events for TimerPlan::changes, by time (of the same time in their
// order), with versions from 1 on. Only parameters of strategies can be named, so nothing else can be
// reached. Throws PlanError: an unknown strategy or parameter, one that does not change while it runs,
// a value out of its range, or one that does not go with the others at its time.
[[nodiscard]] std::vector<Event> plan_changes(std::vector<PlannedChange> changes,
                                              const SignalSettings& signals);

}  // namespace sluice::pipeline
