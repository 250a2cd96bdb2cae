// What the indicators' tests share: published tables, made-up markets, every indicator by name.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <sluice/pipeline/indicator_catalogue.hpp>

namespace sluice::tests {

using pipeline::Observation;
using pipeline::indicators::Candle;

[[nodiscard]] inline std::filesystem::path vectors_folder() {
    if (const char* given = std::getenv("SLUICE_DATA"))
        return std::filesystem::path(given) / "lean_testdata";
    return std::filesystem::path(SLUICE_SOURCE_DIR) / "../shared/data/lean_testdata";
}

using Row = std::vector<std::string>;

// Header and rows; the texts hold no quoted commas.
struct Table {
    Row header;
    std::vector<Row> rows;

    // By name, spaces around it and case aside; -1 where there is none.
    [[nodiscard]] int column(const std::string& name) const {
        for (std::size_t i = 0; i < header.size(); ++i)
            if (plain(header[i]) == plain(name)) return static_cast<int>(i);
        return -1;
    }
    // NaN where the table has no such column or the field is empty.
    [[nodiscard]] static double number(const Row& row, int column) {
        const auto at = static_cast<std::size_t>(column);
        if (column < 0 || at >= row.size() || row[at].empty()) return std::nan("");
        return std::stod(row[at]);  // reads "NaN" too
    }

  private:
    [[nodiscard]] static std::string plain(const std::string& name) {
        std::string out;
        for (const char c : name)
            if (c != ' ') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return out;
    }
};

[[nodiscard]] inline Row split(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::stringstream fields(line);
    Row row;
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    return row;
}
[[nodiscard]] inline Table read_vectors(const std::string& name) {
    std::ifstream in(vectors_folder() / name);
    Table table;
    std::string line;
    std::getline(in, line);
    if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    table.header = split(line);
    while (std::getline(in, line))
        if (Row row = split(line); !row.empty()) table.rows.push_back(std::move(row));
    return table;
}

// A walk with spreads, gaps and volumes; of `seed` alone, on every machine.
class MadeMarket {
  public:
    explicit MadeMarket(std::uint64_t seed) : random_(seed) {}

    [[nodiscard]] Observation next() {
        const double open = price_ * (1 + 0.001 * step());
        const double close = open * (1 + 0.004 * step());
        const double high = std::max(open, close) * (1 + 0.002 * unit());
        const double low = std::min(open, close) * (1 - 0.002 * unit());
        price_ = close;
        reference_ *= 1 + 0.003 * step();
        Observation now;
        now.candle = {open, high, low, close, std::floor(1000 * unit()) * 100};
        now.value = close;
        now.reference = reference_;
        now.top = {low, std::floor(50 * unit()), high, std::floor(50 * unit())};
        return now;
    }

  private:
    // Of the engine's bits: distributions differ between standard libraries.
    [[nodiscard]] double unit() {
        return static_cast<double>(random_() >> 11U) / 9007199254740992.0;
    }
    [[nodiscard]] double step() { return 2 * unit() - 1; }

    std::mt19937_64 random_;
    double price_ = 100;
    double reference_ = 40;
};

// Every indicator with its defaults, and again with short windows and every choice turned.
struct Made {
    const pipeline::IndicatorSpec* spec;
    std::string arguments;
    [[nodiscard]] std::unique_ptr<pipeline::AnyIndicator> make() const {
        return spec->make(pipeline::parse_arguments(*spec, arguments));
    }
};
[[nodiscard]] inline std::vector<Made> every_indicator() {
    std::vector<Made> out;
    for (const pipeline::IndicatorSpec& spec : pipeline::indicator_catalogue()) {
        std::string other;
        double window = 3;
        for (const pipeline::IndicatorParameter& p : spec.parameters) {
            using Type = pipeline::IndicatorParameter::Type;
            const double value = p.type == Type::kWhole    ? window
                                 : p.type == Type::kChoice ? p.highest - p.fallback
                                                           : p.fallback;
            if (p.type == Type::kWhole) window += 2;
            other += (other.empty() ? "" : ",") + p.name + "=" + format_value(p, value);
        }
        out.push_back({&spec, ""});
        if (!other.empty()) out.push_back({&spec, other});
    }
    return out;
}

}  // namespace sluice::tests
