// A sum that keeps what rounding would lose (Neumaier 1974): the error of n additions does not grow
// with n. An infinite term makes the sum infinite, as with plain addition. Any thread.
#pragma once

#include <cmath>

namespace sluice::pipeline::statistics {

class Sum {
  public:
    void add(double value) noexcept {
        const double total = total_ + value;
        lost_ += std::abs(total_) >= std::abs(value) ? (total_ - total) + value
                                                     : (value - total) + total_;
        total_ = total;
    }
    [[nodiscard]] double value() const noexcept {
        return std::isfinite(total_) ? total_ + lost_ : total_;
    }

  private:
    double total_ = 0;
    double lost_ = 0;
};

}  // namespace sluice::pipeline::statistics
