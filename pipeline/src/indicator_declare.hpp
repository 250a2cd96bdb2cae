// How the catalogue's entries are written; see indicator_catalogue.hpp.
#pragma once

#include <type_traits>

#include <sluice/pipeline/hot/indicators/readings.hpp>
#include <sluice/pipeline/indicator_catalogue.hpp>

namespace sluice::pipeline::declare {

// Windows up to this; a typing error should not ask for all memory.
inline constexpr double kLongestPeriod = 100'000;

inline IndicatorParameter whole(std::string name, double lowest, double highest, double fallback,
                                std::string doc, std::string unit = "updates") {
    return {std::move(name), IndicatorParameter::Type::kWhole,
            std::move(unit), lowest,
            highest,         fallback,
            std::move(doc)};
}
inline IndicatorParameter period(double fallback, std::string doc = "length of the window",
                                 std::string name = "period", double lowest = 1) {
    return whole(std::move(name), lowest, kLongestPeriod, fallback, std::move(doc));
}
inline IndicatorParameter real(std::string name, std::string unit, double lowest, double highest,
                               double fallback, std::string doc) {
    return {std::move(name), IndicatorParameter::Type::kReal,
            std::move(unit), lowest,
            highest,         fallback,
            std::move(doc)};
}
// The choices in the order of the enumeration that they stand for.
inline IndicatorParameter choice(std::string name, std::vector<std::string> choices,
                                 std::size_t fallback, std::string doc) {
    const auto last = static_cast<double>(choices.size() - 1);
    return {std::move(name),
            IndicatorParameter::Type::kChoice,
            "",
            0,
            last,
            static_cast<double>(fallback),
            std::move(doc),
            std::move(choices)};
}
inline IndicatorParameter average_kind(std::size_t fallback) {
    return choice("average", {"simple", "exponential", "wilder", "weighted"}, fallback,
                  "kind of average");
}
inline IndicatorParameter seed(std::size_t fallback) {
    return choice("seed", {"mean", "first"}, fallback,
                  "begin with the mean of the first values, or with the first");
}
inline IndicatorParameter smoothing(std::size_t fallback) {
    return choice("smoothing", {"wilder", "simple"}, fallback,
                  "Wilder's averages of gains and losses, or plain sums");
}
inline IndicatorParameter deviation() {
    return choice("deviation", {"population", "sample"}, 0, "divide squares by n, or by n - 1");
}

template <class I>
class Holder final : public AnyIndicator {
  public:
    explicit Holder(I&& indicator) : indicator_(std::move(indicator)) {}

    void update(const Observation& now) noexcept override { take(now); }
    void update_all(std::span<const Observation> series) noexcept override {
        for (const Observation& now : series) take(now);
    }
    [[nodiscard]] bool ready() const noexcept override { return indicator_.ready(); }
    [[nodiscard]] std::size_t warm_up() const noexcept override { return indicator_.warm_up(); }
    [[nodiscard]] double output(std::size_t i) const noexcept override {
        return indicator_.output(i);
    }

  private:
    void take(const Observation& now) noexcept {
        if constexpr (std::is_same_v<typename I::Input, double>)
            indicator_.update(now.value);
        else if constexpr (std::is_same_v<typename I::Input, indicators::Candle>)
            indicator_.update(now.candle);
        else if constexpr (std::is_same_v<typename I::Input, indicators::Pair>)
            indicator_.update({now.value, now.reference});
        else
            indicator_.update(now.top);
    }
    I indicator_;
};

template <class Input>
[[nodiscard]] constexpr IndicatorInput input_of() noexcept {
    if constexpr (std::is_same_v<Input, double>) return IndicatorInput::kValue;
    if constexpr (std::is_same_v<Input, indicators::Candle>) return IndicatorInput::kCandle;
    if constexpr (std::is_same_v<Input, indicators::Pair>) return IndicatorInput::kPair;
    return IndicatorInput::kBookTop;
}

// Of bars the usual three; an entry that looks at others says so.
[[nodiscard]] inline std::vector<std::string> usual_columns(IndicatorInput input) {
    switch (input) {
        case IndicatorInput::kValue: return {"close"};
        case IndicatorInput::kCandle: return {"high", "low", "close"};
        case IndicatorInput::kPair: return {"close", "reference"};
        case IndicatorInput::kBookTop: break;
    }
    return {"bid", "bid_size", "ask", "ask_size"};
}

// `make(arguments)` returns the indicator; inputs and outputs come from its type.
template <class Make>
[[nodiscard]] IndicatorSpec indicator(std::string name, std::string family, std::string title,
                                      std::vector<IndicatorParameter> parameters, Make make) {
    using I = std::invoke_result_t<Make, const IndicatorArguments&>;
    static_assert(indicators::Indicator<I>);
    return {std::move(name),
            std::move(family),
            std::move(title),
            input_of<typename I::Input>(),
            std::move(parameters),
            usual_columns(input_of<typename I::Input>()),
            {I::kOutputNames.begin(), I::kOutputNames.end()},
            [make](const IndicatorArguments& a) -> std::unique_ptr<AnyIndicator> {
                return std::make_unique<Holder<I>>(make(a));
            }};
}
// Adds to the catalogue, all of one family.
class Family {
  public:
    Family(std::vector<IndicatorSpec>& catalogue, std::string name)
        : catalogue_(catalogue), name_(std::move(name)) {}

    // The entry, valid until the next one.
    template <class Make>
    IndicatorSpec& operator()(std::string name, std::string title,
                              std::vector<IndicatorParameter> parameters, Make make) const {
        return catalogue_.emplace_back(
            indicator(std::move(name), name_, std::move(title), std::move(parameters), make));
    }

  private:
    std::vector<IndicatorSpec>& catalogue_;
    std::string name_;
};

// One file each.
void add_averages(std::vector<IndicatorSpec>& catalogue);
void add_momentum(std::vector<IndicatorSpec>& catalogue);
void add_ranges(std::vector<IndicatorSpec>& catalogue);
void add_statistics(std::vector<IndicatorSpec>& catalogue);

}  // namespace sluice::pipeline::declare
