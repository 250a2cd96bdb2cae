// Hold: one side from the first bar to the last. What any other strategy has to beat.
#pragma once

#include <array>

#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class Hold {
  public:
    enum Parameter : std::size_t { kSide };
    static constexpr std::array<StrategyParameter, 1> kParameters{{
        {.name = "side",
         .type = ParameterType::kInteger,
         .unit = "1 or -1",
         .min = -1,
         .max = 1,
         .fallback = 1,
         .doc = "1: long, -1: short, 0: flat."},
    }};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kHold,
        .name = "hold",
        .doc = "one side from the first bar to the last",
        .manual = "Its strength is `side`. Ready with the first bar.",
        .parameters = kParameters};
    static constexpr std::size_t kCloses = 0;

    Hold(std::span<std::int64_t> /*storage*/, const StrategyValues& values) noexcept {
        configure(values);
    }
    void configure(const StrategyValues& values) noexcept { side_ = values[kSide]; }

    bool on_bar(const Bar& /*bar*/) noexcept { return ready_ = true; }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] double strength() const noexcept { return ready_ ? side_ : 0.0; }

  private:
    double side_ = 0;
    bool ready_ = false;
};

static_assert(Strategy<Hold>);

}  // namespace sluice::pipeline
