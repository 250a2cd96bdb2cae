// From the contenders of a section to a table and to metrics.
#pragma once

#include <string>
#include <utility>

#include <sluice/bench/suite.hpp>

#include "report.hpp"

namespace sluice::bench {

inline Table to_table(const Section& section) {
    Table table{section.name, section.is_latency, {}};
    const Contender& base = section.contenders.front();
    for (const Contender& it : section.contenders) {
        Row row;
        row.name = it.name;
        for (const Sample& sample : it.samples) {
            row.ns_p50.push_back(sample.p50);
            if (section.is_latency) row.ns_p99.push_back(sample.p99);
        }
        row.ratio =
            section.is_latency ? ratios(it, base, &Sample::p50) : ratios(base, it, &Sample::p50);
        if (it.all) row.all = *it.all;
        table.rows.push_back(std::move(row));
    }
    return table;
}

inline Metric ratio_metric(std::string name, const Contender& top, const Contender& bottom,
                           double Sample::*field = &Sample::p50) {
    return {std::move(name), "x", "", ratios(top, bottom, field)};
}

inline Metric absolute_metric(std::string name, std::string unit, const Contender& of,
                              double Sample::*field = &Sample::p50) {
    Metric metric{std::move(name), std::move(unit), "", {}};
    for (const Sample& sample : of.samples) metric.rounds.push_back(sample.*field);
    return metric;
}

}  // namespace sluice::bench
