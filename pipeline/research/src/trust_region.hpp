// The box that a search over many parameters keeps to, after TuRBO (Eriksson et al. 2019): around the
// best point, wider along parameters of long length scales, doubled after some successes in a row and
// halved after some failures. A collapsed box opens again around the best point; TuRBO would begin anew
// elsewhere and forget, which a budget of hundreds does not allow.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

#include <sluice/research/optimizer.hpp>

#include "minimize.hpp"

namespace sluice::research {

class TrustRegion {
  public:
    // Its size follows from the observations alone; the first `initial` do not count.
    TrustRegion(const std::vector<Observation>& observations, std::size_t initial,
                std::size_t dimensions);

    [[nodiscard]] double length() const { return length_; }
    [[nodiscard]] Box box(const Box& whole, const Eigen::VectorXd& centre,
                          const Eigen::VectorXd& log_lengths,
                          const std::vector<bool>& categorical) const;

  private:
    void report(bool success, std::size_t patience);

    double length_;
    std::size_t successes_ = 0;
    std::size_t failures_ = 0;
};

}  // namespace sluice::research
