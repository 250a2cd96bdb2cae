// Every indicator by name: what it is called, what it takes, what it gives, and how to make one.
// The declarations are the one place that says so; the command line, the guide's table and the tests
// read them. Off the hot path: building and parsing allocate and throw. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sluice/pipeline/hot/indicators/inputs.hpp>

namespace sluice::pipeline {

// A name or a value that the catalogue does not allow; what() says which, and what is allowed.
class IndicatorError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

// What an indicator is fed with.
enum class IndicatorInput : std::uint8_t { kValue, kCandle, kPair, kBookTop };
// "value", "bar", "pair", "book top".
[[nodiscard]] std::string_view to_string(IndicatorInput input) noexcept;

struct IndicatorParameter {
    enum class Type : std::uint8_t { kWhole, kReal, kChoice };
    std::string name;
    Type type = Type::kWhole;
    std::string unit;  // empty: a plain number
    double lowest = 0;
    double highest = 0;   // both allowed
    double fallback = 0;  // of a choice, its index
    std::string doc;
    std::vector<std::string> choices{};
};
// The shortest text that reads back as the same double; without exponent for everyday sizes.
[[nodiscard]] std::string shortest(double value);
// As it is written on a command line: "14", "0.7", "wilder".
[[nodiscard]] std::string format_value(const IndicatorParameter& parameter, double value);
// "1 to 100000", "wilder or simple".
[[nodiscard]] std::string format_range(const IndicatorParameter& parameter);

// A value for each parameter of one indicator, every one allowed.
class IndicatorArguments {
  public:
    explicit IndicatorArguments(std::vector<std::pair<std::string, double>> values)
        : values_(std::move(values)) {}

    // Of a parameter that is declared; std::logic_error otherwise.
    [[nodiscard]] double real(std::string_view name) const;
    [[nodiscard]] std::size_t whole(std::string_view name) const;
    template <class Enum>
    [[nodiscard]] Enum choice(std::string_view name) const {
        return static_cast<Enum>(whole(name));
    }

  private:
    std::vector<std::pair<std::string, double>> values_;
};

// One moment of whatever is at hand; an indicator takes what its input names.
struct Observation {
    double value = 0;
    double reference = 0;
    indicators::Candle candle{};
    indicators::BookTop top{};
};

// An indicator whose type is not known. For tools and research that choose by name; stages hold the
// types themselves, whose update is no virtual call.
class AnyIndicator {
  public:
    virtual ~AnyIndicator() = default;
    virtual void update(const Observation& now) noexcept = 0;
    // Each in turn, behind one virtual call.
    virtual void update_all(std::span<const Observation> series) noexcept = 0;
    [[nodiscard]] virtual bool ready() const noexcept = 0;
    [[nodiscard]] virtual std::size_t warm_up() const noexcept = 0;
    // Once ready.
    [[nodiscard]] virtual double output(std::size_t i) const noexcept = 0;
};

struct IndicatorSpec {
    std::string name;
    std::string family;
    std::string title;
    IndicatorInput input = IndicatorInput::kValue;
    std::vector<IndicatorParameter> parameters;
    std::vector<std::string> columns;  // of what it is fed with, those that it looks at
    std::vector<std::string> outputs;
    std::function<std::unique_ptr<AnyIndicator>(const IndicatorArguments&)> make;
    // Of each pair the first parameter must be below the second.
    std::vector<std::pair<std::string, std::string>> rising{};
};

// All of them, by family.
[[nodiscard]] const std::vector<IndicatorSpec>& indicator_catalogue();

// Throws IndicatorError, with the nearest name where one is near.
[[nodiscard]] const IndicatorSpec& find_indicator(std::string_view name);

// "period=14,smoothing=wilder"; what is not named has its default. Throws IndicatorError for an
// unknown name, one given twice, a value out of range, or two that do not go together.
[[nodiscard]] IndicatorArguments parse_arguments(const IndicatorSpec& spec, std::string_view text);

[[nodiscard]] std::unique_ptr<AnyIndicator> make_indicator(std::string_view name,
                                                           std::string_view arguments = {});

}  // namespace sluice::pipeline
