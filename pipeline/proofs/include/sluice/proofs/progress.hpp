// How a long proof says how far it is.
#pragma once

#include <cstdint>
#include <functional>

namespace sluice::proofs {

// Done of all; false ends the proof early.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t all)>;

}  // namespace sluice::proofs
