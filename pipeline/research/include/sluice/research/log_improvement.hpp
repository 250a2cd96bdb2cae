// The logarithm of the expected improvement, exact far into the tail.
//
// With h(z) = phi(z) + z Phi(z), the expected improvement of a normal belief is sigma h(z). Its
// logarithm is what an optimiser can climb: where EI itself has underflowed to nothing, log EI still
// has a slope (Ament et al. 2023). They reach it through erfcx and log1mexp; here Laplace's continued
// fraction of the Mills ratio gives h, its logarithm and the slope without any cancellation.
// Threads: pure functions. Cost: about 0.1 us.
#pragma once

namespace sluice::research {

struct ValueAndSlope {
    double value;
    double slope;
};

// log h(z) and its derivative Phi(z)/h(z).
ValueAndSlope log_improvement(double z);

// log Phi(z) and its derivative: the probability that a constraint holds.
ValueAndSlope log_normal_cdf(double z);

}  // namespace sluice::research
