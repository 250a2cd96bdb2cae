// What the tests of research/ share: the reference tables, and random numbers with a normal
// distribution.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/normal.hpp>

namespace sluice::tests {

// Reference tables lie in the folder facts beside the market data ($SLUICE_DATA, else shared/data
// beside the repository), or in $SLUICE_FACTS.
[[nodiscard]] inline std::filesystem::path facts_folder() {
    if (const char* given = std::getenv("SLUICE_FACTS")) return given;
    if (const char* given = std::getenv("SLUICE_DATA"))
        return std::filesystem::path(given) / "../facts";
    return std::filesystem::path(SLUICE_SOURCE_DIR) / "../shared/facts";
}

template <class Number>
struct Table {
    std::vector<Number> values;  // row after row
    std::size_t columns = 0;
    [[nodiscard]] std::size_t rows() const { return values.size() / columns; }
    [[nodiscard]] std::vector<Number> column(std::size_t k) const {
        std::vector<Number> out;
        for (std::size_t t = 0; t < rows(); ++t) out.push_back(values[t * columns + k]);
        return out;
    }
};

// Comma-separated numbers without a header.
template <class Number>
[[nodiscard]] Table<Number> read_facts(const std::string& name) {
    std::ifstream in(facts_folder() / "overfitting" / name);
    Table<Number> table;
    for (std::string line; std::getline(in, line);) {
        std::stringstream fields(line);
        std::size_t columns = 0;
        for (std::string field; std::getline(fields, field, ','); ++columns) {
            if constexpr (std::is_integral_v<Number>) {
                table.values.push_back(static_cast<Number>(std::stoul(field)));
            } else {
                table.values.push_back(std::stod(field));
            }
        }
        if (columns > 0) table.columns = columns;
    }
    return table;
}

// Skips where the reference tables are not.
class ReferenceTables : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(facts_folder() / "overfitting"))
            GTEST_SKIP() << "no reference tables at " << facts_folder()
                         << "; name the folder of the market data in SLUICE_DATA, or theirs in "
                            "SLUICE_FACTS";
    }
};

// Agreement to the number of digits that a reference was written down with.
inline void expect_close(double actual, double expected, double relative = 1e-9) {
    EXPECT_NEAR(actual, expected, relative * std::abs(expected)) << "expected " << expected;
}

// Standard normals by inversion.
class Normals {
  public:
    explicit Normals(std::uint64_t seed) : random_(seed, 0, 0) {}
    double next() { return pipeline::statistics::normal_quantile(random_.uniform() + 0x1p-54); }

  private:
    core::Random random_;
};

}  // namespace sluice::tests
