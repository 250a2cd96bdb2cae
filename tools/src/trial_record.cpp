#include "trial_record.hpp"

#include <iostream>
#include <utility>

#include <sluice/adapters/run_folder/weights_file.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/research/many_runs.hpp>
#include <sluice/research/performance.hpp>

#include "csv_table.hpp"
#include "session_parts.hpp"

namespace sluice::tools {

namespace {

// The text without that key and what is said about it. Results that were on record before the key came
// stay so: no result hangs on it, or on its being empty.
std::string without_key(std::string text, const std::string& section, const std::string& key) {
    const auto begin = text.find("\n[" + section + "]\n");
    if (begin == std::string::npos) return text;
    const auto line = text.find("\n" + key + " = ", begin);
    if (line == std::string::npos) return text;
    auto first = line + 1;
    for (;;) {  // up over the comment's lines
        const auto before = text.rfind('\n', first - 2) + 1;
        if (text[before] != '#') break;
        first = before;
    }
    text.erase(first, text.find('\n', line + 1) + 1 - first);
    return text;
}

std::string terms_of(const pipeline::Instrument& instrument) {
    return instrument.symbol + ' ' + instrument.currency + ' ' + instrument.time_zone + ' ' +
           to_string(instrument.asset_class) + " tick " + core::to_string(instrument.tick_size) +
           " lot " + core::to_string(instrument.lot_size) + " multiplier " +
           core::to_string(instrument.multiplier);
}

}  // namespace

std::string trial_key_of(const pipeline::Settings& settings,
                         const pipeline::InstrumentTable& instruments, std::string_view besides) {
    pipeline::Settings that_count = settings;
    that_count.report = {};
    that_count.engine = {};
    that_count.journal = {};
    that_count.live = {};
    std::string text = without_key(configuration_text(that_count), "report", "ledger");
    const pipeline::AccountSettings& account = settings.account;
    if (account.rates.empty()) text = without_key(std::move(text), "account", "rates");
    if (account.entries.empty()) text = without_key(std::move(text), "account", "entries");
    if (account.borrow_rates.empty())
        text = without_key(std::move(text), "account", "borrow_rates");
    for (const pipeline::Instrument& instrument : instruments)
        (text += '\n') += terms_of(instrument);
    // Charges are by what the file says, whatever its name.
    if (!account.entries.empty()) (text += '\n') += text_of(account.entries);
    // What signals.weights_file holds moves the first weights, and is not in the text.
    if (!settings.signals.histories.empty())
        (text += '\n') +=
            adapters::run_folder::weights_text(settings.signals.histories, settings.signals);
    if (!besides.empty()) (text += '\n') += besides;
    return research::trial_key(program_text(), text);
}

std::vector<RanSet> run_sets(const StoredMarket& market, std::vector<pipeline::Settings> sets,
                             research::Arena& arena, pipeline::RunControl& control) {
    research::ManyRuns<adapters::sim_venue::SimVenue> runs{std::move(sets), market.instruments(),
                                                           market.timers(), arena};
    const auto source = market.open();
    std::vector<RanSet> out;
    for (research::SetResult& result : runs.run(*source, control)) {
        out.push_back({research::trial_of(result), {}, result.data_checksum});
        out.back().ends = std::move(result.ends);
    }
    return out;
}

std::unique_ptr<research::TrialLedger> named_ledger(const pipeline::Settings& settings) {
    if (settings.report.ledger.empty()) return nullptr;
    auto ledger =
        std::make_unique<research::TrialLedger>(settings.report.ledger, core::read_local_clock());
    if (!ledger->message().empty()) std::cerr << "sluice: " << ledger->message() << "\n";
    return ledger;
}

research::TrialData data_of(const StoredMarket& market) {
    research::TrialData out;
    for (const pipeline::Instrument& instrument : market.instruments())
        out.symbols.push_back(instrument.symbol);
    const auto source = market.open();
    out.from = source->first();
    out.to = source->last();
    return out;
}

research::NewTrial set_trial(const pipeline::Settings& settings,
                             const pipeline::InstrumentTable& instruments,
                             const std::vector<std::string>& keys,
                             const std::vector<std::string>& values, research::TrialResult result) {
    research::NewTrial out{
        research::TrialKind::kTrial, trial_key_of(settings, instruments), {}, std::move(result)};
    for (std::size_t i = 0; i < keys.size(); ++i) out.set.emplace_back(keys[i], values[i]);
    return out;
}

void put_on_record(research::TrialLedger& ledger, const research::TrialData& data,
                   const research::NewTrial& trial) {
    if (ledger.find(data, trial.key) == nullptr)
        ledger.add(data, {&trial, 1}, core::read_local_clock());
}

}  // namespace sluice::tools
