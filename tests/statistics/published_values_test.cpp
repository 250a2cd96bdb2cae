// The statistics against values that others have published: empyrical's test-suite and two of
// LEAN's indicator vectors. Skipped where the files are not.
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/drawdown.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>
#include <sluice/pipeline/statistics/regression.hpp>
#include <sluice/pipeline/statistics/returns.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace pipeline::statistics;
using Json = nlohmann::json;

// Each group of expected values has a test; a group without one fails the last.
class Empyrical : public testing::Test {
  protected:
    void SetUp() override {
        const auto file = market_data_folder() / "reference/empyrical_expected.json";
        std::ifstream in(file);
        if (!in)
            GTEST_SKIP() << "no published values at " << file
                         << "; name the folder of the market data in SLUICE_DATA";
        const Json all = Json::parse(in);
        expected_ = all.at("expected");
        for (const auto& [name, values] : all.at("series_percent").items())
            series_[name] = from_percent(values);
    }

    [[nodiscard]] const Numbers& series(const std::string& name) const { return series_.at(name); }

    static Numbers from_percent(const Json& values) {
        Numbers out;
        for (const Json& value : values)
            out.push_back(value.is_null() ? kNan : value.get<double>() / 100);
        return out;
    }

    static double periods(const std::string& name) {
        if (name == "weekly_returns") return kWeeklyPeriods;
        if (name == "monthly_returns") return kMonthlyPeriods;
        return kDailyPeriods;
    }

    static void expect_value(const Json& expected, double actual, double tolerance = 5e-9) {
        if (expected.is_null()) {
            EXPECT_TRUE(std::isnan(actual)) << actual;
        } else if (expected == "inf") {
            EXPECT_EQ(actual, kInfinity);
        } else {
            EXPECT_NEAR(actual, expected.get<double>(), tolerance);
        }
    }

    // `statistic(series, periods a year)` for each entry of a group.
    template <class Function>
    void expect_group(const std::string& group, double tolerance, Function&& statistic) {
        ASSERT_FALSE(expected_.at(group).empty());
        for (const auto& [name, value] : expected_.at(group).items()) {
            SCOPED_TRACE(group + " of " + name);
            expect_value(value, statistic(series(name), periods(name)), tolerance);
        }
    }

    std::map<std::string, Numbers> series_;
    Json expected_;
};

constexpr double kEightDecimals = 5e-9;
constexpr double kFourDecimals = 5e-5;

TEST_F(Empyrical, cum_returns) {
    for (const auto& [name, values] : expected_.at("cum_returns_4dp").items()) {
        SCOPED_TRACE(name);
        const Numbers curve = cumulative_returns(series(name));
        ASSERT_EQ(curve.size(), values.size());
        for (std::size_t i = 0; i < curve.size(); ++i)
            expect_value(values[i], curve[i], kFourDecimals);
    }
    expect_group("cum_returns_final_4dp", kFourDecimals,
                 [](const Numbers& r, double) { return total_return(r); });
}

TEST_F(Empyrical, max_drawdown) {
    for (const auto& [name, value] : expected_.at("max_drawdown").items()) {
        SCOPED_TRACE(name);
        const double actual = max_drawdown(series(name));
        if (value == "= cum_returns_final") {
            EXPECT_NEAR(actual, total_return(series(name)), kEightDecimals);
        } else {
            expect_value(value, actual);
        }
    }
}

TEST_F(Empyrical, annual_return_and_cagr) {
    const auto annual = [](const Numbers& r, double n) { return annual_return(r, n); };
    expect_group("annual_return", kEightDecimals, annual);
    expect_group("cagr", kEightDecimals, annual);
}

TEST_F(Empyrical, annual_volatility) {
    expect_group("annual_volatility", kEightDecimals,
                 [](const Numbers& r, double n) { return annual_volatility(r, n); });
}

TEST_F(Empyrical, calmar) {
    expect_group("calmar", kEightDecimals, [](const Numbers& r, double n) { return calmar(r, n); });
}

TEST_F(Empyrical, sharpe) {
    expect_group("sharpe_rf0", kEightDecimals,
                 [](const Numbers& r, double n) { return sharpe(r, n); });
    for (const auto& [names, value] : expected_.at("sharpe_excess_of").items()) {
        SCOPED_TRACE(names);
        const std::size_t minus = names.find(" - ");
        const Numbers above =
            excess(series(names.substr(0, minus)), series(names.substr(minus + 3)));
        expect_value(value, sharpe(above, kDailyPeriods));
    }
}

TEST_F(Empyrical, sortino) {
    expect_group("sortino_req0", kEightDecimals,
                 [](const Numbers& r, double n) { return sortino(r, n); });
    expect_group("sortino_req_flat_line_1", kEightDecimals, [this](const Numbers& r, double n) {
        return sortino(r, n, std::span<const double>(series("flat_line_1")));
    });
}

TEST_F(Empyrical, information_ratio) {
    for (const auto& [names, value] : expected_.at("information_ratio_unannualised").items()) {
        SCOPED_TRACE(names);
        const Numbers& own = series(names.substr(0, names.find(" vs ")));
        const std::string against = names.substr(names.find(" vs ") + 4);
        const Numbers other = against == "0" ? Numbers(own.size()) : series(against);
        expect_value(value, information_ratio(own, other));
    }
}

TEST_F(Empyrical, alpha_beta) {
    const auto check = [this](const std::string& name, const Numbers& own, const Numbers& other) {
        SCOPED_TRACE(name);
        const AlphaBeta actual = alpha_beta(own, other, kDailyPeriods);
        expect_value(expected_.at("alpha_beta").at(name)[0], actual.alpha);
        expect_value(expected_.at("alpha_beta").at(name)[1], actual.beta);
    };
    ASSERT_EQ(expected_.at("alpha_beta").size(), 3U);
    const Numbers& mixed = series("mixed_returns");
    Numbers later = series("negative_returns");
    later[0] = kNan;  // [1:]: the first day is not there
    check("mixed_returns vs negative_returns[1:]", mixed, later);
    check("mixed_returns vs mixed_returns", mixed, mixed);
    Numbers mirrored = mixed;
    for (double& r : mirrored) r = -r;
    check("mixed_returns vs -mixed_returns", mixed, mirrored);
}

TEST_F(Empyrical, omega) {
    const auto check = [this](const std::string& name, const std::string& of, double risk_free,
                              double required) {
        SCOPED_TRACE(name);
        expect_value(expected_.at("omega").at(name),
                     omega(series(of), kDailyPeriods, risk_free, required));
    };
    ASSERT_EQ(expected_.at("omega").size(), 6U);
    check("mixed_returns rf=0 required_return=10.0", "mixed_returns", 0, 10);
    check("mixed_returns rf=0 required_return=-10.0", "mixed_returns", 0, -10);
    check("positive_returns rf=0.01", "positive_returns", 0.01, 0);
    check("positive_returns rf=0.011", "positive_returns", 0.011, 0);
    check("positive_returns rf=0.02", "positive_returns", 0.02, 0);
    check("negative_returns rf=0.01", "negative_returns", 0.01, 0);
}

TEST_F(Empyrical, file_holds_nothing_else) {
    const std::set<std::string> compared{"cum_returns_4dp",
                                         "cum_returns_final_4dp",
                                         "max_drawdown",
                                         "annual_return",
                                         "annual_volatility",
                                         "calmar",
                                         "sharpe_rf0",
                                         "sharpe_excess_of",
                                         "sortino_req0",
                                         "sortino_req_flat_line_1",
                                         "information_ratio_unannualised",
                                         "alpha_beta",
                                         "cagr",
                                         "omega"};
    for (const auto& [group, values] : expected_.items())
        EXPECT_TRUE(compared.contains(group)) << group;
}

// Rows of comma-separated fields below a header.
std::vector<std::vector<std::string>> read_vector(const std::string& name) {
    std::ifstream in(market_data_folder() / "lean_testdata" / name);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::stringstream fields(line);
        rows.emplace_back();
        for (std::string field; std::getline(fields, field, ',');) rows.back().push_back(field);
    }
    return rows;
}

Numbers closes(const std::vector<std::vector<std::string>>& rows) {
    Numbers out;
    for (const auto& row : rows) out.push_back(std::stod(row.at(4)));
    return out;
}

class LeanVectors : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(market_data_folder() / "lean_testdata"))
            GTEST_SKIP() << "no published vectors at " << market_data_folder()
                         << "; name the folder of the market data in SLUICE_DATA";
    }
};

// Sortino ratios of 15 daily returns, not annualised, for a required return of 0 and of 1 %.
TEST_F(LeanVectors, spy_sortino) {
    const auto rows = read_vector("spy_sortino.csv");
    ASSERT_EQ(rows.size(), 77U);
    const Numbers returns = simple_returns(closes(rows));
    constexpr std::size_t kWindow = 15;
    std::size_t compared = 0;
    for (std::size_t i = kWindow; i < rows.size(); ++i) {
        SCOPED_TRACE(rows[i][0]);
        const std::span<const double> window(returns.data() + i - kWindow, kWindow);
        EXPECT_NEAR(sortino(window, 1), std::stod(rows[i].at(14)), 5e-9);
        EXPECT_NEAR(sortino(window, 1, 0.01), std::stod(rows[i].at(15)), 5e-9);
        EXPECT_NEAR(downside_risk(window, 1), std::stod(rows[i].at(12)), 5e-11);
        ++compared;
    }
    EXPECT_EQ(compared, 62U);
}

// Sharpe ratios of 10 daily returns, not annualised, with the population's deviation. The last row was
// taken on a close that is not the one beside it: it agrees to four decimals, the others to the last.
TEST_F(LeanVectors, spy_sr) {
    const auto rows = read_vector("spy_sr.txt");
    ASSERT_EQ(rows.size(), 77U);
    const Numbers returns = simple_returns(closes(rows));
    constexpr std::size_t kWindow = 10;
    const double to_population = std::sqrt(10.0 / 9.0);
    for (std::size_t i = kWindow; i < rows.size(); ++i) {
        SCOPED_TRACE(rows[i][0]);
        const std::span<const double> window(returns.data() + i - kWindow, kWindow);
        EXPECT_NEAR(sharpe(window, 1) * to_population, std::stod(rows[i].at(7)),
                    i + 1 < rows.size() ? 1e-13 : 1e-4);
    }
}

}  // namespace
}  // namespace sluice::tests
