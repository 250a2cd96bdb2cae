// Identifiers: distinct types without arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::core {

// Index of an instrument in the run's instrument table, dense from 0.
enum class SymbolId : std::uint16_t {};
// Index of a strategy in the configuration, dense from 0.
enum class StrategyId : std::uint8_t {};
// An order's identity for its whole life, unique within a run; 0 means none.
enum class OrderId : std::uint64_t { kNone = 0 };
// Place of an event in the one sequenced stream, from 1.
enum class Sequence : std::uint64_t { kNone = 0 };

inline constexpr SymbolId kNoSymbol{0xFFFF};

template <class Id>
[[nodiscard]] constexpr std::size_t index_of(Id id) noexcept {
    return static_cast<std::size_t>(id);
}

static_assert(sizeof(SymbolId) == 2 && sizeof(OrderId) == 8 && sizeof(Sequence) == 8);

}  // namespace sluice::core
