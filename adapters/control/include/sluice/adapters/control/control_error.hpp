// What could not be done in a state folder, where, and how to mend it.
#pragma once

#include <stdexcept>

namespace sluice::adapters::control {

class ControlError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace sluice::adapters::control
