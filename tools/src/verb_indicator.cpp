// `sluice indicator`: any indicator over stored bars or quotes, or over CSV on standard input; and
// the list of all of them.
#include <cmath>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

#include "indicator_input.hpp"

namespace sluice::tools {

namespace {

using nlohmann::ordered_json;
using pipeline::IndicatorParameter;
using pipeline::IndicatorSpec;

struct IndicatorArgumentsGiven {
    std::string name;
    std::string parameters;
    std::string column;
    StoredRows stored;
    std::string from;
    std::string to;
    bool warm_up = false;
    bool list = false;
    bool json = false;
};

// Those named, or all; a wrong name is wrong use.
std::vector<const IndicatorSpec*> named(const std::string& name) {
    if (!name.empty()) return {&pipeline::find_indicator(name)};
    std::vector<const IndicatorSpec*> out;
    for (const IndicatorSpec& spec : pipeline::indicator_catalogue()) out.push_back(&spec);
    return out;
}

const char* type_name(IndicatorParameter::Type type) {
    switch (type) {
        case IndicatorParameter::Type::kWhole: return "whole";
        case IndicatorParameter::Type::kReal: return "real";
        case IndicatorParameter::Type::kChoice: break;
    }
    return "choice";
}

ordered_json value_json(const IndicatorParameter& parameter, double value) {
    switch (parameter.type) {
        case IndicatorParameter::Type::kWhole: return static_cast<std::int64_t>(value);
        case IndicatorParameter::Type::kReal: return value;
        case IndicatorParameter::Type::kChoice: break;
    }
    return format_value(parameter, value);
}

ordered_json spec_json(const IndicatorSpec& spec) {
    ordered_json parameters = ordered_json::array();
    for (const IndicatorParameter& p : spec.parameters) {
        ordered_json one{{"name", p.name}, {"type", type_name(p.type)}};
        if (!p.unit.empty()) one["unit"] = p.unit;
        if (p.type == IndicatorParameter::Type::kChoice) {
            one["choices"] = p.choices;
        } else {
            one["lowest"] = value_json(p, p.lowest);
            one["highest"] = value_json(p, p.highest);
        }
        one["default"] = value_json(p, p.fallback);
        one["meaning"] = p.doc;
        parameters.push_back(std::move(one));
    }
    return {{"name", spec.name},       {"family", spec.family},
            {"title", spec.title},     {"input", to_string(spec.input)},
            {"columns", spec.columns}, {"parameters", std::move(parameters)},
            {"outputs", spec.outputs}};
}

void print_spec(const IndicatorSpec& spec) {
    std::cout << spec.name << "  " << spec.title << "\n    from";
    for (const std::string& column : spec.columns) std::cout << " " << column;
    std::cout << "; gives";
    for (const std::string& output : spec.outputs) std::cout << " " << output;
    std::cout << "\n";
    for (const IndicatorParameter& p : spec.parameters)
        std::cout << "    " << p.name << "=" << format_value(p, p.fallback) << "  " << p.doc << " ("
                  << format_range(p) << (p.unit.empty() ? "" : " " + p.unit) << ")\n";
}

int list(const IndicatorArgumentsGiven& arguments) {
    ordered_json all = ordered_json::array();
    std::string family;
    for (const IndicatorSpec* spec : named(arguments.name)) {
        if (arguments.json) {
            all.push_back(spec_json(*spec));
            continue;
        }
        if (spec->family != family)
            std::cout << (family.empty() ? "" : "\n") << spec->family << "\n\n";
        family = spec->family;
        print_spec(*spec);
    }
    if (arguments.json) std::cout << all.dump(2) << "\n";
    return 0;
}

// A time that a comma or a quote would break apart is quoted.
std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
}

class Printer {
  public:
    Printer(const IndicatorSpec& spec, bool json) : spec_(spec), json_(json) {}

    void begin(const IndicatorArgumentsGiven& arguments, const pipeline::IndicatorArguments& values,
               std::size_t warm_up) {
        if (!json_) {
            std::cout << "time";
            for (const std::string& output : spec_.outputs) std::cout << "," << output;
            std::cout << "\n";
            return;
        }
        ordered_json parameters = ordered_json::object();
        for (const IndicatorParameter& p : spec_.parameters)
            parameters[p.name] = value_json(p, values.real(p.name));
        ordered_json head{{"indicator", spec_.name},
                          {"parameters", std::move(parameters)},
                          {"warm_up", warm_up},
                          {"outputs", spec_.outputs}};
        if (!arguments.stored.symbol.empty()) head["symbol"] = arguments.stored.symbol;
        std::string text = head.dump();
        text.pop_back();  // the rows come as they are computed
        std::cout << text << ",\"rows\":[";
    }
    // Null: not ready yet.
    void row(const std::string& time, const pipeline::AnyIndicator* ready) {
        if (json_) {
            std::cout << (first_ ? "\n" : ",\n") << "{\"time\":" << ordered_json(time).dump();
            for (std::size_t i = 0; i < spec_.outputs.size(); ++i)
                std::cout << ",\"" << spec_.outputs[i] << "\":"
                          << (ready != nullptr ? pipeline::shortest(ready->output(i)) : "null");
            std::cout << "}";
        } else {
            std::cout << csv_field(time);
            for (std::size_t i = 0; i < spec_.outputs.size(); ++i)
                std::cout << "," << (ready != nullptr ? pipeline::shortest(ready->output(i)) : "");
            std::cout << "\n";
        }
        first_ = false;
    }
    void end() {
        if (json_) std::cout << "\n]}\n";
    }

  private:
    const IndicatorSpec& spec_;
    bool json_;
    bool first_ = true;
};

void check_finite(const IndicatorSpec& spec, const pipeline::AnyIndicator& indicator,
                  const IndicatorRows& rows) {
    for (std::size_t i = 0; i < spec.outputs.size(); ++i)
        if (!std::isfinite(indicator.output(i)))
            throw std::runtime_error(rows.place() + ": " + spec.name + " has no finite " +
                                     spec.outputs[i] +
                                     " here; prices must be above 0 and not absurdly large");
}

// Those that would say nothing to this indicator.
void check_options(const IndicatorArgumentsGiven& arguments, const IndicatorSpec& spec) {
    using Input = pipeline::IndicatorInput;
    const bool has_value = spec.input == Input::kValue || spec.input == Input::kPair;
    if (!arguments.column.empty() && !has_value)
        throw UsageError("--column: " + spec.name + " is computed from several columns");
    if (!arguments.stored.reference.empty() && spec.input != Input::kPair)
        throw UsageError("--reference: " + spec.name + " looks at one instrument alone");
    if (!arguments.stored.timeframe.empty() && spec.input == Input::kBookTop)
        throw UsageError("--timeframe: " + spec.name + " is computed from quotes, not from bars");
}

std::unique_ptr<IndicatorRows> open_rows(const IndicatorArgumentsGiven& arguments,
                                         const IndicatorSpec& spec) {
    check_options(arguments, spec);
    StoredRows stored = arguments.stored;
    if (!arguments.from.empty()) stored.from = parse_time(arguments.from, "--from");
    if (!arguments.to.empty()) stored.to = parse_time(arguments.to, "--to");
    if (!stored.store.empty()) {
        if (stored.symbol.empty()) throw UsageError("--symbol: which instrument of the store?");
        if (!arguments.column.empty())
            throw UsageError("--column is for CSV on standard input; stored bars give their close");
        return stored_rows(stored, spec);
    }
    if (!stored.symbol.empty() || !stored.reference.empty() || !stored.timeframe.empty() ||
        !arguments.from.empty() || !arguments.to.empty())
        throw UsageError(
            "--symbol, --reference, --timeframe, --from and --to choose from a store; name it with "
            "--store");
    if (isatty(STDIN_FILENO) == 1)
        throw UsageError(
            "give --store and --symbol, or bars as CSV on standard input: sluice indicator " +
            spec.name + " < bars.csv");
    return csv_rows(std::cin, spec, arguments.column);
}

int compute(const IndicatorArgumentsGiven& arguments) {
    if (arguments.name.empty())
        throw UsageError("which indicator? 'sluice indicator --list' shows them all");
    const IndicatorSpec& spec = pipeline::find_indicator(arguments.name);
    const pipeline::IndicatorArguments values =
        pipeline::parse_arguments(spec, arguments.parameters);
    const auto indicator = spec.make(values);
    const auto rows = open_rows(arguments, spec);

    Printer printer(spec, arguments.json);
    printer.begin(arguments, values, indicator->warm_up());
    pipeline::Observation now;
    std::string time;
    std::size_t count = 0;
    while (std::cout && rows->next(time, now)) {
        indicator->update(now);
        ++count;
        if (indicator->ready()) {
            check_finite(spec, *indicator, *rows);
            printer.row(time, indicator.get());
        } else if (arguments.warm_up) {
            printer.row(time, nullptr);
        }
    }
    printer.end();
    if (std::cout && count < indicator->warm_up())
        std::cerr << "sluice: " << spec.name << " is ready after " << indicator->warm_up()
                  << " rows, and there were " << count << "\n";
    return 0;
}

int run(const IndicatorArgumentsGiven& arguments) {
    try {
        return arguments.list ? list(arguments) : compute(arguments);
    } catch (const pipeline::IndicatorError& error) {
        const bool known = !arguments.name.empty() && !arguments.list;
        throw UsageError(std::string(error.what()) +
                         (known ? "\n'sluice indicator --list' shows what there is" : ""));
    }
}

}  // namespace

void add_indicator(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<IndicatorArgumentsGiven>();
    CLI::App* command = app.add_subcommand(
        "indicator", "Compute an indicator over stored data or CSV on standard input");
    command->add_option("name", arguments->name, "The indicator; --list shows them all");
    command->add_option("--params", arguments->parameters,
                        "As in period=14,smoothing=wilder; what is left out has its default");
    command->add_flag("--list", arguments->list,
                      "Show all indicators, or the one named, with parameters and outputs");
    command->add_option("--store", arguments->stored.store,
                        "Folder of a tick store; none: CSV on standard input");
    command->add_option("--symbol", arguments->stored.symbol, "The instrument");
    command->add_option("--reference", arguments->stored.reference,
                        "The second instrument of one that takes pairs");
    command->add_option("--timeframe", arguments->stored.timeframe,
                        "Which bars, as in 1m; none: the only ones that are held");
    command->add_option("--from", arguments->from, "First moment, UTC");
    command->add_option("--to", arguments->to, "End, UTC, exclusive");
    command->add_option("--column", arguments->column, "CSV column of values; none: close");
    command->add_flag("--warm-up", arguments->warm_up,
                      "Also print the rows before it is ready, without values");
    command->add_flag("--json", arguments->json, "Print JSON");
    command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace sluice::tools
