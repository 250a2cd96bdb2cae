// The engine's indicators, for a strategy of one's own: docs/guides/indicators.md has what each is.
// They take their windows from the heap when they are made, and nothing from then on: make them in the
// constructor.
#pragma once

#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/correlation.hpp>
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/returns.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

namespace sluice::kit {
namespace indicators = pipeline::indicators;
using pipeline::indicators::candle_of;
}  // namespace sluice::kit
