#include <sluice/research/returns_table.hpp>

#include <cmath>
#include <stdexcept>
#include <string>

namespace sluice::research {

ReturnsTable::ReturnsTable(std::span<const double> values, std::size_t columns)
    : values_(values), columns_(columns), rows_(columns == 0 ? 0 : values.size() / columns) {
    if (columns == 0) throw std::invalid_argument("a table of returns needs a column");
    if (values.size() % columns != 0)
        throw std::invalid_argument(std::to_string(values.size()) +
                                    " returns do not fill rows of " + std::to_string(columns));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]))
            throw std::invalid_argument("the return in row " + std::to_string(i / columns) +
                                        ", column " + std::to_string(i % columns) +
                                        " is not a number");
}

}  // namespace sluice::research
