// A finished bar: what the bars' stage makes of ticks, and what strategies and indicators are fed with.
#pragma once

#include <sluice/core/fixed.hpp>

namespace sluice::pipeline {

using core::Price;
using core::Quantity;

struct Bar {
    Price open;
    Price high;
    Price low;
    Price close;
    Quantity volume;
};
static_assert(sizeof(Bar) == 40);

}  // namespace sluice::pipeline
