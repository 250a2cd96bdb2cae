#include <sluice/pipeline/hot/regime.hpp>

namespace sluice::pipeline {

const char* to_string(Regime regime) noexcept {
    switch (regime) {
        case Regime::kUnknown: return "unknown";
        case Regime::kRanging: return "ranging";
        case Regime::kTrending: return "trending";
        case Regime::kVolatile: return "volatile";
    }
    return "?";
}

}  // namespace sluice::pipeline
