// The name that a mistyped one was probably meant to be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::adapters::tick_store {

// Insertions, deletions and replacements between two names, letters' case aside.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = diagonal + (upper(a[i - 1]) == upper(b[j - 1]) ? 0U : 1U);
            diagonal = row[j];
            row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

// The first of the nearest; `names` is not empty.
[[nodiscard]] inline const std::string& nearest(std::string_view wanted,
                                                const std::vector<std::string>& names) {
    return *std::min_element(names.begin(), names.end(),
                             [wanted](const std::string& a, const std::string& b) {
                                 return edit_distance(wanted, a) < edit_distance(wanted, b);
                             });
}

}  // namespace sluice::adapters::tick_store
