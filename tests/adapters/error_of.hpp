// The error that a call must throw, to be asked about.
#pragma once

#include <stdexcept>

#include <gtest/gtest.h>

namespace sluice::tests {

template <class Error, class Callable>
[[nodiscard]] Error error_of(Callable&& callable) {
    try {
        callable();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    throw std::logic_error("nothing was thrown");
}

}  // namespace sluice::tests
