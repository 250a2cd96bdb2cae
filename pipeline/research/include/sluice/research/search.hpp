// A search for the parameters that score highest: an optimiser proposes, a pool evaluates a batch at a
// time. Which points are tried depends on the plan and the scores alone, not on threads or time, so a
// search whose results are on record is walked again to where it was cut off.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sluice/research/optimizer.hpp>
#include <sluice/research/space.hpp>

namespace sluice::research {

struct SearchPlan {
    std::string method = "gp";
    std::size_t budget = 50;  // points
    std::size_t batch = 8;    // proposed before their results are waited for
    std::size_t initial = 0;  // drawn before the model takes over; 0: the method's own number
    std::uint64_t seed = 1;
    std::function<bool(const Point&)> allowed;  // empty: all are
    // Evaluated before anything is proposed, as part of the budget: of earlier searches, perhaps.
    std::vector<Point> first;
};

// How a point did. Larger is better; feasible where the shortfall is at most zero.
struct Judged {
    double score = 0;
    double shortfall = 0;
};
// Of every point, in order; none: the search is to end.
using JudgePoints = std::function<std::vector<Judged>(std::span<const Point>)>;

struct SearchStep {
    Point point;
    Judged judged;
};

struct SearchResult {
    std::vector<SearchStep> steps;    // in the order of proposal; a point can come twice
    std::optional<std::size_t> best;  // the first of the highest feasible scores
    bool interrupted = false;
};

// std::invalid_argument for an unknown method, an empty budget or batch.
[[nodiscard]] SearchResult run_search(const SearchPlan& plan, const Space& space,
                                      const JudgePoints& judge);

}  // namespace sluice::research
