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

ParameterBook::ParameterBook(const SignalSettings& signals) {
    for (const StrategySettings& s : signals.strategies)
        rows_.push_back({s.name, s.kind, s.resolved(), s.weight});
}

ParameterChange ParameterBook::find(const PlannedChange& change) const {
    const auto row = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const Row& r) { return r.name == change.strategy; });
    if (row == rows_.end()) {
        std::vector<std::string> names;
        for (const Row& each : rows_) names.push_back(each.name);
        throw PlanError(change.where + ": no strategy is named '" + change.strategy + "'; write " +
                        list_of(names));
    }
    ParameterChange out;
    out.value = change.value;
    out.strategy = static_cast<std::uint16_t>(row - rows_.begin());
    out.parameter = parameter_index(change, declaration_of(row->kind));
    return out;
}

ParameterChange ParameterBook::apply(const PlannedChange& change) {
    const ParameterChange out = find(change);
    Row& row = rows_[out.strategy];
    if (out.parameter == kWeightParameter) {
        check_value(change, kWeightDeclaration);
        row.weight = change.value;
        return out;
    }
    const StrategyDeclaration& kind = declaration_of(row.kind);
    check_value(change, kind.parameters[out.parameter]);
    StrategyValues values = row.values;
    values[out.parameter] = change.value;
    check_orders(change, kind, values);
    row.values = values;
    return out;
}

void ParameterBook::note(const ParameterChange& change) noexcept {
    if (change.strategy >= rows_.size()) return;
    Row& row = rows_[change.strategy];
    if (change.parameter == kWeightParameter) {
        if (kWeightDeclaration.accepts(change.value)) row.weight = change.value;
        return;
    }
    const StrategyDeclaration& kind = declaration_of(row.kind);
    if (change.parameter >= kind.parameters.size()) return;
    StrategyValues values = row.values;
    values[change.parameter] = change.value;
    if (kind.accepts(values)) row.values = values;
}

std::string ParameterBook::value_text(const PlannedChange& change) const {
    const ParameterChange at = find(change);
    const Row& row = rows_[at.strategy];
    if (at.parameter == kWeightParameter)
        return pipeline::value_text(kWeightDeclaration, row.weight);
    return pipeline::value_text(declaration_of(row.kind).parameters[at.parameter],
                                row.values[at.parameter]);
}

std::vector<Event> plan_changes(std::vector<PlannedChange> changes, const SignalSettings& signals) {
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    ParameterBook book{signals};
    std::vector<Event> events;
    for (const PlannedChange& change : changes) {
        ParameterChange payload = book.apply(change);
        payload.version = static_cast<std::uint32_t>(events.size() + 1);
        events.push_back(Event::parameter(change.time, payload));
    }
    return events;
}

}  // namespace sluice::pipeline
