#include <sluice/research/search.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::research {

SearchResult run_search(const SearchPlan& plan, const Space& space, const JudgePoints& judge) {
    if (plan.budget == 0 || plan.batch == 0)
        throw std::invalid_argument("a search needs a budget and a batch of at least one point");
    OptimizerOptions options;
    options.seed = plan.seed;
    options.initial = plan.initial;
    options.constraints = 1;
    options.allowed = plan.allowed;
    const auto optimizer = make_optimizer(plan.method, space, options);

    SearchResult out;
    while (out.steps.size() < plan.budget) {
        const std::size_t count = std::min(plan.batch, plan.budget - out.steps.size());
        std::vector<Point> points;
        while (points.size() < count && out.steps.size() + points.size() < plan.first.size())
            points.push_back(plan.first[out.steps.size() + points.size()]);
        while (points.size() < count) points.push_back(optimizer->ask());
        const std::vector<Judged> judged = judge(points);
        if (judged.size() != points.size()) {
            out.interrupted = true;
            break;
        }
        for (std::size_t i = 0; i < points.size(); ++i) {
            // Optimisers look for the least value.
            optimizer->tell(points[i], -judged[i].score, {&judged[i].shortfall, 1});
            if (judged[i].shortfall <= 0 &&
                (!out.best || judged[i].score > out.steps[*out.best].judged.score))
                out.best = out.steps.size();
            out.steps.push_back({points[i], judged[i]});
        }
    }
    return out;
}

}  // namespace sluice::research
