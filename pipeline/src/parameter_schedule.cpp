#include <sluice/pipeline/parameter_schedule.hpp>

#include <algorithm>

#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

namespace {

// "a, b or c"
std::string list_of(const std::vector<std::string>& names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i)
        out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
    return out;
}

std::size_t strategy_index(const PlannedChange& change, const SignalSettings& signals) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < signals.strategies.size(); ++i) {
        if (signals.strategies[i].name == change.strategy) return i;
        names.push_back(signals.strategies[i].name);
    }
    throw PlanError(change.where + ": no strategy is named '" + change.strategy + "'; write " +
                    list_of(names));
}

std::uint16_t parameter_index(const PlannedChange& change, const StrategyDeclaration& kind) {
    if (change.parameter == kWeightDeclaration.name) return kWeightParameter;
    const std::size_t index = kind.find(change.parameter);
    if (index < kind.parameters.size() && kind.parameters[index].changes)
        return static_cast<std::uint16_t>(index);
    std::vector<std::string> names;
    for (const StrategyParameter& p : kind.parameters)
        if (p.changes) names.emplace_back(p.name);
    names.emplace_back(kWeightDeclaration.name);
    throw PlanError(change.where + ": '" + change.parameter + "' " +
                    (index < kind.parameters.size() ? "cannot change while a strategy runs"
                                                    : "is no parameter") +
                    " of kind " + std::string(kind.name) + "; write " + list_of(names));
}

void check_value(const PlannedChange& change, const StrategyParameter& parameter) {
    if (parameter.accepts(change.value)) return;
    throw PlanError(change.where + ": " + std::string(parameter.name) + " of '" + change.strategy +
                    "' takes " +
                    (parameter.type == ParameterType::kInteger ? "whole numbers from " : "") +
                    range_text(parameter) + ", not " + std::to_string(change.value));
}

void check_orders(const PlannedChange& change, const StrategyDeclaration& kind,
                  const StrategyValues& values) {
    for (const ParameterOrder& order : kind.orders) {
        if (values[order.lower] < values[order.upper]) continue;
        const StrategyParameter& lower = kind.parameters[order.lower];
        const StrategyParameter& upper = kind.parameters[order.upper];
        throw PlanError(change.where + ": from then on " + std::string(lower.name) + " of '" +
                        change.strategy + "' would be " + value_text(lower, values[order.lower]) +
                        ", which must be smaller than " + std::string(upper.name) + ", " +
                        value_text(upper, values[order.upper]) + "; change the other one first");
    }
}

}  // namespace

std::vector<Event> plan_changes(std::vector<PlannedChange> changes, const SignalSettings& signals) {
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    std::vector<StrategyValues> values;
    for (const StrategySettings& s : signals.strategies) values.push_back(s.resolved());
    std::vector<Event> events;
    for (const PlannedChange& change : changes) {
        const std::size_t strategy = strategy_index(change, signals);
        const StrategyDeclaration& kind = declaration_of(signals.strategies[strategy].kind);
        const std::uint16_t parameter = parameter_index(change, kind);
        if (parameter == kWeightParameter) {
            check_value(change, kWeightDeclaration);
        } else {
            check_value(change, kind.parameters[parameter]);
            values[strategy][parameter] = change.value;
            check_orders(change, kind, values[strategy]);
        }
        ParameterChange payload;
        payload.value = change.value;
        payload.version = static_cast<std::uint32_t>(events.size() + 1);
        payload.strategy = static_cast<std::uint16_t>(strategy);
        payload.parameter = parameter;
        events.push_back(Event::parameter(change.time, payload));
    }
    return events;
}

}  // namespace sluice::pipeline
