#include "walk_forward_runs.hpp"

#include <algorithm>
#include <utility>

namespace sluice::tools {
namespace {

using adapters::run_folder::SearchRow;
using adapters::run_folder::SearchWindow;

constexpr core::Nanos kNext{1};

// From the period `first` to before the period `end`.
StoredMarketOptions part_of(const StoredMarketOptions& range,
                            std::span<const core::StreamTime> ends, std::size_t first,
                            std::size_t end) {
    StoredMarketOptions out = range;
    if (first > 0) out.from = ends[first - 1] + kNext;
    if (end < ends.size()) out.to = ends[end - 1] + kNext;
    out.trust_checksums = true;  // the whole has been compared
    return out;
}

double compounded(std::span<const double> returns) {
    double value = 1;
    for (const double rate : returns) value *= 1 + rate;
    return value - 1;
}

}  // namespace

std::optional<SearchedSets> search_sets(const CandidateSearch& search, CandidateRuns& runs,
                                        const std::function<void(std::size_t)>& show) {
    SearchedSets out;
    std::size_t done = 0;
    const auto judge = [&](std::span<const research::Point> points) {
        std::vector<CandidateSet> sets;
        for (const research::Point& point : points) sets.push_back(search.searched.values(point));
        const std::vector<research::TrialResult> results = runs.results(sets);
        std::vector<research::Judged> judged;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const research::TrialResult& result = results[i];
            judged.push_back({search.objective.score(result), search.objective.shortfall(result)});
            const bool known =
                std::any_of(out.rows.begin(), out.rows.end(),
                            [&](const SearchRow& row) { return row.values == sets[i]; });
            if (known) continue;
            out.rows.push_back(
                {sets[i], result, judged.back().score, judged.back().shortfall <= 0});
            out.points.push_back(points[i]);
        }
        show(done += judged.size());
        return judged;
    };
    research::SearchPlan plan = search.plan;
    if (search.first) plan.first = search.first(runs.data());
    const research::SearchResult found = research::run_search(plan, search.searched.space(), judge);
    if (found.interrupted) return std::nullopt;
    for (std::size_t i = 0; i < out.rows.size(); ++i)
        if (out.rows[i].feasible && (!out.best || out.rows[i].score > out.rows[*out.best].score))
            out.best = i;
    return out;
}

std::optional<WalkForwardRuns> walk_forward(const CandidateSearch& search,
                                            CandidateContext& context,
                                            const StoredMarketOptions& range,
                                            std::span<const core::StreamTime> ends,
                                            std::span<const research::WalkForwardWindow> windows,
                                            const std::function<void(std::size_t)>& show) {
    WalkForwardRuns out;
    std::size_t before = 0;
    for (const research::WalkForwardWindow& window : windows) {
        CandidateRuns training{context, part_of(range, ends, window.train.begin, window.train.end),
                               research::TrialKind::kWindow};
        if (training.stopped()) return std::nullopt;
        const auto found =
            search_sets(search, training, [&](std::size_t done) { show(before + done); });
        if (!found) return std::nullopt;
        before += search.plan.budget;

        CandidateRuns test{context, part_of(range, ends, window.train.begin, window.test.end),
                           research::TrialKind::kWindow};
        if (test.stopped()) return std::nullopt;
        std::vector<CandidateSet> sets{{}};
        if (found->best) sets.push_back(found->rows[*found->best].values);
        const std::vector<research::TrialResult> results = test.results(sets);
        if (results.empty()) return std::nullopt;

        // The test's periods are the last of the range.
        const std::size_t periods =
            std::min(window.test.end - window.test.begin, test.ends().size());
        const auto last_of = [periods](const research::TrialResult& result) {
            return std::span{result.returns}.last(periods);
        };
        const auto champion = last_of(results.front());
        const auto challenger = last_of(results.back());
        SearchWindow row;
        row.train_from = training.data().from;
        row.train_to = training.data().to;
        row.test_to = test.data().to;
        if (found->best) {
            row.chosen = found->rows[*found->best].values;
            row.train_score = found->rows[*found->best].score;
        }
        row.periods = periods;
        row.challenger_return = compounded(challenger);
        row.champion_return = compounded(champion);
        out.windows.push_back(std::move(row));
        auto& judged = out.out_of_sample;
        judged.champion.insert(judged.champion.end(), champion.begin(), champion.end());
        judged.challenger.insert(judged.challenger.end(), challenger.begin(), challenger.end());
        ++judged.windows;
    }
    return out;
}

}  // namespace sluice::tools
