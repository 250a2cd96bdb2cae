#include <sluice/core/capacity.hpp>

#include <stdexcept>

namespace sluice::core {

void refuse_capacity_slow(const char* message) { throw std::invalid_argument{message}; }

}  // namespace sluice::core
