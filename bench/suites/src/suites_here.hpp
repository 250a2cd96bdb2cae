// The suites of this folder, one a file.
#pragma once

#include <sluice/bench/suite.hpp>

namespace sluice::bench {

extern const Suite kRingSuite;
extern const Suite kPipelineSuite;
extern const Suite kLatencySuite;
extern const Suite kReplaySuite;
extern const Suite kJournalSuite;

}  // namespace sluice::bench
