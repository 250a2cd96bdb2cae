// What a strategy is: a state machine over the bars of one instrument.
//
//   bool on_bar(const Bar&)   takes a finished bar; true once it is warmed up
//   bool ready()              the same, without a bar
//   double strength()         in [-1, 1]: how much it wants to be long (or short); 0 is flat
//   void configure(values)    goes on with other parameters, from the bars it has seen; values have
//                             been accepted by its declaration
//   kDeclaration              its name and parameters; see strategy_declaration.hpp
//   kCloses                   how many closes it remembers: its memory, handed in at construction
//
// Constant time per bar; configure() may go through the window once. No clock, no allocation after
// construction; arithmetic in a fixed order, without functions of the C library but the square root.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/strategy_declaration.hpp>

namespace sluice::pipeline {

template <class S>
concept Strategy = std::constructible_from < S,
        std::span<std::int64_t>,
const StrategyValues& >
    &&requires(S strategy, const S& view, const Bar& bar, const StrategyValues& values) {
    { strategy.on_bar(bar) }
    noexcept->std::same_as<bool>;
    { view.ready() }
    noexcept->std::same_as<bool>;
    { view.strength() }
    noexcept->std::same_as<double>;
    { strategy.configure(values) }
    noexcept->std::same_as<void>;
    { S::kCloses } -> std::convertible_to<std::size_t>;
    { S::kDeclaration } -> std::convertible_to<const StrategyDeclaration&>;
};

// The last closes, raw, oldest overwritten first.
class CloseWindow {
  public:
    explicit CloseWindow(std::span<std::int64_t> storage) noexcept : storage_(storage) {}

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    // The close `age` bars ago, 0 being the newest; age < count().
    [[nodiscard]] std::int64_t at(std::size_t age) const noexcept {
        const std::size_t n = storage_.size();
        const std::size_t place = next_ + n - 1 - age;  // below 2n: no division needed
        return storage_[place < n ? place : place - n];
    }
    void push(std::int64_t close) noexcept {
        storage_[next_] = close;
        next_ = next_ + 1 == storage_.size() ? 0 : next_ + 1;
        if (count_ < storage_.size()) ++count_;
    }

  private:
    std::span<std::int64_t> storage_;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
};

}  // namespace sluice::pipeline
