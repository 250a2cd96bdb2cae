#include <sluice/research/trial_ledger.hpp>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "ledger_line.hpp"
#include "trial_json.hpp"

namespace sluice::research {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTrialKind = "trial";
constexpr std::string_view kWindowKind = "window";

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
        Set set{entry.data_key, body.at("key").get<std::string>(), {}};
        for (const auto& [key, value] : body.at("set").items())
            set.values.emplace_back(key, value.get<std::string>());
        if (!set.values.empty()) sets_.push_back(std::move(set));
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
    for (const NewTrial& trial : trials)
        if (trial.kind == TrialKind::kTrial && !trial.set.empty())
            sets_.push_back({data.key(), trial.key, trial.set});
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

std::vector<EarlierTrial> TrialLedger::earlier(const TrialData& data,
                                               const std::vector<std::string>& keys) const {
    std::vector<EarlierTrial> out;
    for (const Set& set : sets_) {
        if (set.data == data.key() || set.values.size() != keys.size()) continue;
        if (tried_.at(set.data).to > ns_of(data.to)) continue;
        EarlierTrial trial;
        for (const std::string& key : keys) {
            const auto found = std::find_if(set.values.begin(), set.values.end(),
                                            [&](const auto& value) { return value.first == key; });
            if (found != set.values.end()) trial.values.push_back(found->second);
        }
        if (trial.values.size() != keys.size()) continue;
        trial.result = results_.at({set.data, set.key});
        out.push_back(std::move(trial));
    }
    return out;
}

}  // namespace sluice::research
