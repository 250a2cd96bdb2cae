#pragma once
// Finds the name that the writer of an unknown one probably meant. Pure functions, any thread; cost
// is the product of the two lengths, names beyond kMaxComparedBytes are not compared.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

inline constexpr std::size_t kMaxComparedBytes = 96;

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `candidates` within a third of the name's length (at least 2 edits), the first
/// one on a tie; failing that, one whose last dotted part is near that of `name` (a key written in
/// the wrong section). Empty where nothing is near.
[[nodiscard]] std::string nearest(std::string_view name,
                                  const std::vector<std::string>& candidates);

}  // namespace sluice::core::config
