#include "candidate_runs.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/core/time.hpp>
#include <sluice/research/many_runs.hpp>
#include <sluice/research/performance.hpp>

#include "session_parts.hpp"

namespace sluice::tools {
namespace {

// What is in memory at once is bounded: more sets than this take another pass.
constexpr std::size_t kSetsAtOnce = 256;

}  // namespace

CandidateRuns::CandidateRuns(CandidateContext& context, const StoredMarketOptions& range,
                             research::TrialKind kind)
    : context_(context), kind_(kind), market_(range, context.settings_of({})) {
    for (const pipeline::Instrument& instrument : market_.instruments())
        data_.symbols.push_back(instrument.symbol);
    const auto source = market_.open();
    data_.from = source->first();
    data_.to = source->last();
    std::vector<research::SetResult> champion = run({context_.settings_of({})});
    if (champion.empty()) return;
    data_.checksum = champion.front().data_checksum;
    ends_ = std::move(champion.front().ends);
    const std::string key = key_of(context_.settings_of({}));
    if (context_.ledger.find(data_, key) != nullptr) return;
    ++context_.evaluated;
    const research::NewTrial trial{kind_, key, {}, trial_of(champion.front())};
    context_.ledger.add(data_, {&trial, 1}, core::read_local_clock());
}

bool CandidateRuns::generated() const noexcept {
    const auto& all = market_.instruments();
    return std::any_of(all.begin(), all.end(),
                       [](const pipeline::Instrument& instrument) { return instrument.generated; });
}

std::string CandidateRuns::key_of(const pipeline::Settings& settings) const {
    // Where a run leaves its files, and on which threads, changes no result.
    pipeline::Settings that_count = settings;
    that_count.report = {};
    that_count.engine = {};
    that_count.journal = {};
    that_count.live = {};
    return research::trial_key(program_text(), configuration_text(that_count));
}

std::vector<research::SetResult> CandidateRuns::run(std::vector<pipeline::Settings> sets) {
    research::ManyRuns<adapters::sim_venue::SimVenue> runs{std::move(sets), market_.instruments(),
                                                           market_.timers()};
    const auto source = market_.open();
    std::vector<research::SetResult> out = runs.run(*source, context_.arena, context_.control);
    stopped_ = stopped_ || out.empty();
    for (const research::SetResult& result : out)
        if (!ends_.empty() && result.ends != ends_)
            throw std::logic_error("sets over one stream have other periods");
    return out;
}

std::vector<research::TrialResult> CandidateRuns::results(std::span<const CandidateSet> sets) {
    std::vector<std::string> keys;
    std::vector<pipeline::Settings> missing;
    std::vector<research::NewTrial> trials;
    for (const CandidateSet& set : sets) {
        const pipeline::Settings settings = context_.settings_of(set);
        keys.push_back(key_of(settings));
        const bool asked =
            std::any_of(trials.begin(), trials.end(),
                        [&](const research::NewTrial& trial) { return trial.key == keys.back(); });
        if (asked || context_.ledger.find(data_, keys.back()) != nullptr) continue;
        missing.push_back(settings);
        research::NewTrial trial{kind_, keys.back(), {}, {}};
        for (std::size_t i = 0; i < set.size(); ++i)
            trial.set.emplace_back(context_.keys[i], set[i]);
        trials.push_back(std::move(trial));
    }
    for (std::size_t first = 0; first < missing.size(); first += kSetsAtOnce) {
        const std::size_t count = std::min(kSetsAtOnce, missing.size() - first);
        const auto begin = missing.begin() + static_cast<std::ptrdiff_t>(first);
        const auto found = run({begin, begin + static_cast<std::ptrdiff_t>(count)});
        if (found.empty()) return {};
        for (std::size_t i = 0; i < count; ++i) trials[first + i].result = trial_of(found[i]);
        context_.ledger.add(data_, std::span{trials}.subspan(first, count),
                            core::read_local_clock());
        context_.evaluated += count;
    }
    std::vector<research::TrialResult> out;
    for (const std::string& key : keys) out.push_back(*context_.ledger.find(data_, key));
    return out;
}

std::vector<research::TrialResult> CandidateRuns::stressed(std::span<const CandidateSet> sets) {
    std::vector<pipeline::Settings> all;
    for (const CandidateSet& set : sets)
        all.push_back(research::stressed(context_.settings_of(set)));
    std::vector<research::TrialResult> out;
    for (const research::SetResult& result : run(std::move(all))) out.push_back(trial_of(result));
    return out;
}

}  // namespace sluice::tools
