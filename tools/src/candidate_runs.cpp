#include "candidate_runs.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <sluice/core/time.hpp>
#include <sluice/research/performance.hpp>

namespace sluice::tools {
namespace {

// What is in memory at once is bounded: more sets than this take another pass.
constexpr std::size_t kSetsAtOnce = 256;

}  // namespace

CandidateRuns::CandidateRuns(CandidateContext& context, const StoredMarketOptions& range,
                             research::TrialKind kind)
    : context_(context), kind_(kind), range_(range), market_(range, context.settings_of({})) {
    data_ = data_of(market_);
    const CandidateSet none;
    std::vector<RanSet> champion = run_here({&none, 1}, false);
    if (champion.empty()) return;
    data_.checksum = champion.front().data_checksum;
    ends_ = std::move(champion.front().ends);
    const std::string key = trial_key_of(context_.settings_of({}), market_.instruments());
    if (context_.ledger.find(data_, key) != nullptr) return;
    ++context_.evaluated;
    const research::NewTrial trial{kind_, key, {}, std::move(champion.front().trial)};
    context_.ledger.add(data_, {&trial, 1}, core::read_local_clock());
}

bool CandidateRuns::generated() const noexcept {
    const auto& all = market_.instruments();
    return std::any_of(all.begin(), all.end(),
                       [](const pipeline::Instrument& instrument) { return instrument.generated; });
}

void CandidateRuns::check_periods(const std::vector<RanSet>& sets) const {
    for (const RanSet& set : sets)
        if (!ends_.empty() && set.ends != ends_)
            throw std::logic_error("sets over one stream have other periods");
}

std::vector<RanSet> CandidateRuns::run_here(std::span<const CandidateSet> sets, bool stressed) {
    std::vector<RanSet> out;
    for (std::size_t first = 0; first < sets.size(); first += kSetsAtOnce) {
        std::vector<pipeline::Settings> all;
        for (const CandidateSet& set :
             sets.subspan(first, std::min(kSetsAtOnce, sets.size() - first))) {
            all.push_back(context_.settings_of(set));
            if (stressed) all.back() = research::stressed(std::move(all.back()));
        }
        std::vector<RanSet> found =
            run_sets(market_, std::move(all), context_.arena, context_.control);
        if (found.empty()) {
            stopped_ = true;
            return {};
        }
        out.insert(out.end(), std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
    }
    return out;
}

bool CandidateRuns::run(std::span<const CandidateSet> sets, bool stressed,
                        const SetFarm::Take& take) {
    const auto here = [&](std::span<const CandidateSet> some) { return run_here(some, stressed); };
    const auto checked = [&](std::size_t first, std::vector<RanSet> found) {
        check_periods(found);
        take(first, std::move(found));
    };
    if (context_.farm != nullptr) {
        if (!context_.farm->run(range_, data_.checksum, stressed, sets, here, checked))
            stopped_ = true;
        return !stopped_;
    }
    for (std::size_t first = 0; first < sets.size(); first += kSetsAtOnce) {
        std::vector<RanSet> found =
            here(sets.subspan(first, std::min(kSetsAtOnce, sets.size() - first)));
        if (found.empty()) return false;
        checked(first, std::move(found));
    }
    return true;
}

std::vector<research::TrialResult> CandidateRuns::results(std::span<const CandidateSet> sets) {
    std::vector<std::string> keys;
    std::vector<CandidateSet> missing;
    std::vector<research::NewTrial> trials;
    for (const CandidateSet& set : sets) {
        keys.push_back(trial_key_of(context_.settings_of(set), market_.instruments()));
        const bool asked =
            std::any_of(trials.begin(), trials.end(),
                        [&](const research::NewTrial& trial) { return trial.key == keys.back(); });
        if (asked || context_.ledger.find(data_, keys.back()) != nullptr) continue;
        missing.push_back(set);
        research::NewTrial trial{kind_, keys.back(), {}, {}};
        for (std::size_t i = 0; i < set.size(); ++i)
            trial.set.emplace_back(context_.keys[i], set[i]);
        trials.push_back(std::move(trial));
    }
    const auto keep = [&](std::size_t first, std::vector<RanSet> found) {
        for (std::size_t i = 0; i < found.size(); ++i)
            trials[first + i].result = std::move(found[i].trial);
        context_.ledger.add(data_, std::span{trials}.subspan(first, found.size()),
                            core::read_local_clock());
        context_.evaluated += found.size();
    };
    if (!run(missing, false, keep)) return {};
    std::vector<research::TrialResult> out;
    out.reserve(keys.size());
    for (const std::string& key : keys) out.push_back(*context_.ledger.find(data_, key));
    return out;
}

std::vector<research::TrialResult> CandidateRuns::stressed(std::span<const CandidateSet> sets) {
    std::vector<research::TrialResult> out;
    const auto keep = [&](std::size_t /*first*/, std::vector<RanSet> found) {
        for (RanSet& set : found) out.push_back(std::move(set.trial));
    };
    if (!run(sets, true, keep)) return {};
    return out;
}

}  // namespace sluice::tools
