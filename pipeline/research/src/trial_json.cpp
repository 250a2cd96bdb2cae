#include "trial_json.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <sluice/research/trial.hpp>

namespace sluice::research {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
double number(const Json& value) {
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

// 128 bits, upper and lower half: exact.
Json halves(core::Money money) {
    return Json::array(
        {static_cast<std::int64_t>(money.raw() >> 64), static_cast<std::uint64_t>(money.raw())});
}
core::Money money_of(const Json& halves) {
    const auto upper = static_cast<core::Int128>(halves.at(0).get<std::int64_t>());
    return core::Money::from_raw((upper << 64) +
                                 static_cast<core::Int128>(halves.at(1).get<std::uint64_t>()));
}

}  // namespace

Json result_tree(const TrialResult& r) {
    return Json{{"fills", r.fills},
                {"round_trips", r.round_trips},
                {"profit", halves(r.profit)},
                {"commission", halves(r.commission)},
                {"total_return", number(r.total_return)},
                {"annual_return", number(r.annual_return)},
                {"sharpe", number(r.sharpe)},
                {"max_drawdown", number(r.max_drawdown)},
                {"win_rate", number(r.win_rate)},
                {"periods_per_year", number(r.periods_per_year)},
                {"digest", r.digest},
                {"returns", r.returns}};
}

TrialResult result_of(const Json& tree) {
    TrialResult r;
    r.fills = tree.at("fills").get<std::uint64_t>();
    r.round_trips = tree.at("round_trips").get<std::uint64_t>();
    r.profit = money_of(tree.at("profit"));
    r.commission = money_of(tree.at("commission"));
    r.total_return = number(tree.at("total_return"));
    r.annual_return = number(tree.at("annual_return"));
    r.sharpe = number(tree.at("sharpe"));
    r.max_drawdown = number(tree.at("max_drawdown"));
    r.win_rate = number(tree.at("win_rate"));
    r.periods_per_year = number(tree.at("periods_per_year"));
    r.digest = tree.at("digest").get<std::string>();
    r.returns = tree.at("returns").get<std::vector<double>>();
    return r;
}

std::string trial_text(const TrialResult& result) { return result_tree(result).dump(); }

TrialResult trial_of(std::string_view text) {
    try {
        return result_of(Json::parse(text));
    } catch (const nlohmann::json::exception& error) {
        throw std::invalid_argument(std::string("this is no trial's result: ") + error.what());
    }
}

}  // namespace sluice::research
