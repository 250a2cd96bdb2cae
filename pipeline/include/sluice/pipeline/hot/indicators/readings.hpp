// What every indicator shows of itself. An indicator derives from Readings and has
//
//   using Input = double | Candle | Pair | BookTop
//   static constexpr std::array kOutputNames   a string_view for each output, in their order
//   void update(const Input&) noexcept         takes the next input
//
// Threads   One at a time.
// Memory    All of it at construction; a copy is a second, independent indicator.
// Cost      Constant time per update unless its header says otherwise.
// Warm-up   ready() turns true with the update number warm_up() and stays so. Before that every
//           output is a NaN, with which no comparison is true, and where asserts are on, reading
//           one ends the program.
// Bits      No clock, no randomness, IEEE arithmetic in a fixed order: the same inputs give the
//           same bits, live and in research. Those of log returns and the weights of ALMA come from
//           the C library's log and exp, whose last bit another version or CPU may give otherwise.
// Inputs    are finite. One that is not spoils what remembers for ever (averages of the
//           exponential kind) until the end, and what has a window for at most two windows.
#pragma once

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>

namespace sluice::pipeline::indicators {

template <std::size_t N>
class Readings {
  public:
    static constexpr std::size_t kOutputs = N;

    [[nodiscard]] bool ready() const noexcept { return ready_; }
    // Updates until ready.
    [[nodiscard]] std::size_t warm_up() const noexcept { return warm_up_; }
    [[nodiscard]] double output(std::size_t i) const noexcept {
        assert(ready_ && i < N);
        return values_[i];
    }
    // The first output, of most indicators the only one.
    [[nodiscard]] double value() const noexcept { return output(0); }

  protected:
    explicit Readings(std::size_t warm_up) noexcept : warm_up_(warm_up) {
        values_.fill(std::numeric_limits<double>::quiet_NaN());
    }
    template <std::same_as<double>... Values>
        requires(sizeof...(Values) == N)
    void publish(Values... values) noexcept {
        values_ = {values...};
        ready_ = true;
    }

  private:
    std::array<double, N> values_{};
    std::size_t warm_up_;
    bool ready_ = false;
};

// What most indicators are: one output, of inputs of one kind.
template <class Taken>
class OneReading : public Readings<1> {
  public:
    using Input = Taken;
    static constexpr std::array<std::string_view, 1> kOutputNames{"value"};

  protected:
    using Readings<1>::Readings;
};

template <class I>
concept Indicator = requires(I indicator, const I& view, const typename I::Input& input) {
    requires I::kOutputNames.size() == I::kOutputs;
    { indicator.update(input) }
    noexcept->std::same_as<void>;
    { view.ready() }
    noexcept->std::same_as<bool>;
    { view.warm_up() }
    noexcept->std::same_as<std::size_t>;
    { view.output(std::size_t{}) }
    noexcept->std::same_as<double>;
};

}  // namespace sluice::pipeline::indicators
