// What a rate of faults may be.
#pragma once

#include <stdexcept>
#include <string>

namespace sluice::adapters::net {

inline void check_rate(double rate, const char* name) {
    if (rate >= 0 && rate <= 1) return;  // false for a NaN
    throw std::invalid_argument(std::string(name) + ": a rate is from 0 (never) to 1 (always)");
}

}  // namespace sluice::adapters::net
