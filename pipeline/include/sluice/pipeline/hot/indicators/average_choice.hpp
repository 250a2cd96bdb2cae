// An average whose kind is a parameter: of oscillators and bands that leave it open.
#pragma once

#include <cstdint>
#include <variant>

#include <sluice/pipeline/hot/indicators/moving_averages.hpp>

namespace sluice::pipeline::indicators {

enum class AverageKind : std::uint8_t { kSimple, kExponential, kWilder, kWeighted };

class ChosenAverage {
  public:
    ChosenAverage(AverageKind kind, std::size_t period) : average_(make(kind, period)) {}

    void update(double value) noexcept {
        with([value](auto& average) { average.update(value); });
    }
    [[nodiscard]] bool ready() const noexcept {
        bool ready = false;
        with([&ready](const auto& average) { ready = average.ready(); });
        return ready;
    }
    // Once ready.
    [[nodiscard]] double value() const noexcept {
        double value = 0;
        with([&value](const auto& average) { value = average.value(); });
        return value;
    }

  private:
    using Any = std::variant<Sma, ExponentialAverage, Wma>;
    static Any make(AverageKind kind, std::size_t period) {
        switch (kind) {
            case AverageKind::kSimple: return Sma{period};
            case AverageKind::kWilder: return Wilder{period};
            case AverageKind::kWeighted: return Wma{period};
            case AverageKind::kExponential: break;
        }
        return Ema{period};
    }
    // std::visit may throw; this cannot.
    template <class F>
    void with(F&& f) noexcept {
        if (auto* simple = std::get_if<Sma>(&average_)) return f(*simple);
        if (auto* decaying = std::get_if<ExponentialAverage>(&average_)) return f(*decaying);
        if (auto* weighted = std::get_if<Wma>(&average_)) f(*weighted);
    }
    template <class F>
    void with(F&& f) const noexcept {
        if (const auto* simple = std::get_if<Sma>(&average_)) return f(*simple);
        if (const auto* decaying = std::get_if<ExponentialAverage>(&average_)) return f(*decaying);
        if (const auto* weighted = std::get_if<Wma>(&average_)) f(*weighted);
    }

    Any average_;
};

}  // namespace sluice::pipeline::indicators
