// How a container of fixed capacity refuses a capacity, also from code built without exceptions.
#pragma once

namespace sluice::core {

// Throws std::invalid_argument. Start-up only.
[[noreturn, gnu::cold]] void refuse_capacity_slow(const char* message);

}  // namespace sluice::core
