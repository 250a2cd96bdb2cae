// What happens per bar, out of line and nothing else: a test reads the symbols that this object
// calls, which must be none of the heap, of exceptions, locks or files.
#include <sluice/pipeline/hot/regime_detector.hpp>

namespace sluice::tests {

bool update_regime(pipeline::RegimeDetector& detector, const pipeline::Bar& bar) noexcept;
bool update_regime(pipeline::RegimeDetector& detector, const pipeline::Bar& bar) noexcept {
    return detector.on_bar(bar);
}

}  // namespace sluice::tests
