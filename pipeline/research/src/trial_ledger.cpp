#include <sluice/research/trial_ledger.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "ledger_line.hpp"

namespace sluice::research {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTrialKind = "trial";
constexpr std::string_view kWindowKind = "window";

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

std::int64_t ns_of(core::StreamTime time) { return time.time_since_epoch().count(); }

}  // namespace

std::string TrialData::key() const {
    std::string out;
    for (const std::string& symbol : symbols) (out += out.empty() ? "" : ",") += symbol;
    char text[80];
    std::snprintf(text, sizeof text, " %lld %lld %016llx", static_cast<long long>(ns_of(from)),
                  static_cast<long long>(ns_of(to)), static_cast<unsigned long long>(checksum));
    return out + text;
}

std::string trial_key(std::string_view program, std::string_view configuration) {
    return sha256_hex(std::string(program) + '\n' + std::string(configuration));
}

TrialLedger::TrialLedger(const std::filesystem::path& path, core::LocalTime now)
    : ledger_(path, now) {
    read_ledger(path, [this](const LedgerLine& line) { remember(line); });
}

void TrialLedger::remember(const LedgerLine& line) {
    const LedgerEntry& entry = line.entry;
    if (entry.kind != kTrialKind && entry.kind != kWindowKind) return;
    try {
        const Json body = Json::parse(entry.body);
        results_.insert_or_assign({entry.data_key, body.at("key").get<std::string>()},
                                  result_of(body.at("result")));
        if (entry.kind != kTrialKind) return;
        const Json& range = body.at("range");
        Tried& tried = tried_[entry.data_key];
        tried.symbols = range.at("symbols").get<std::vector<std::string>>();
        tried.from = range.at("from").get<std::int64_t>();
        tried.to = range.at("to").get<std::int64_t>();
        tried.trials += entry.trials;
    } catch (const nlohmann::json::exception& error) {
        throw LedgerError(LedgerFault::kEntry, line.number,
                          "line " + std::to_string(line.number) +
                              " of the ledger is a trial that another program wrote (" +
                              error.what() + "); give this search a ledger of its own");
    }
}

const TrialResult* TrialLedger::find(const TrialData& data, const std::string& key) const {
    const auto found = results_.find({data.key(), key});
    return found == results_.end() ? nullptr : &found->second;
}

void TrialLedger::add(const TrialData& data, std::span<const NewTrial> trials,
                      core::LocalTime now) {
    std::vector<LedgerEntry> entries;
    std::uint64_t counted = 0;
    for (const NewTrial& trial : trials) {
        Json set = Json::object();
        for (const auto& [key, value] : trial.set) set[key] = value;
        const Json body{
            {"key", trial.key},
            {"range",
             {{"symbols", data.symbols}, {"from", ns_of(data.from)}, {"to", ns_of(data.to)}}},
            {"set", std::move(set)},
            {"result", result_tree(trial.result)}};
        const bool is_trial = trial.kind == TrialKind::kTrial;
        entries.push_back({now, std::string(is_trial ? kTrialKind : kWindowKind), data.key(), 1,
                           body.dump(-1, ' ', false, Json::error_handler_t::replace)});
        counted += is_trial ? 1 : 0;
    }
    ledger_.append(entries);
    for (const NewTrial& trial : trials)
        results_.insert_or_assign({data.key(), trial.key}, trial.result);
    if (counted != 0) count(data, counted);
}

void TrialLedger::add_verdict(const TrialData& data, const std::string& body, core::LocalTime now) {
    ledger_.append(LedgerEntry{now, "verdict", data.key(), 0, body});
}

void TrialLedger::count(const TrialData& data, std::uint64_t trials) {
    Tried& tried = tried_[data.key()];
    tried.symbols = data.symbols;
    tried.from = ns_of(data.from);
    tried.to = ns_of(data.to);
    tried.trials += trials;
}

std::uint64_t TrialLedger::trials_on(const TrialData& data) const {
    std::uint64_t out = 0;
    for (const auto& [key, tried] : tried_) {
        const bool shares = std::any_of(
            data.symbols.begin(), data.symbols.end(), [&tried = tried](const std::string& symbol) {
                return std::find(tried.symbols.begin(), tried.symbols.end(), symbol) !=
                       tried.symbols.end();
            });
        if (shares && tried.from <= ns_of(data.to) && tried.to >= ns_of(data.from))
            out += tried.trials;
    }
    return out;
}

}  // namespace sluice::research
