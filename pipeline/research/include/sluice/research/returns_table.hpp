// A table of returns, looked at in place: a row per period (oldest first), a column per strategy,
// row after row in memory.
#pragma once

#include <cstddef>
#include <span>

namespace sluice::research {

class ReturnsTable {
  public:
    // Throws std::invalid_argument when the values do not fill whole rows or one is not finite: a
    // strategy without a position earned zero.
    ReturnsTable(std::span<const double> values, std::size_t columns);

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
    [[nodiscard]] std::span<const double> row(std::size_t index) const noexcept {
        return values_.subspan(index * columns_, columns_);
    }

  private:
    std::span<const double> values_;
    std::size_t columns_;
    std::size_t rows_;
};

}  // namespace sluice::research
