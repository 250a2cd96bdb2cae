// expect: (is private within this context|calling a private constructor|no matching)
#include "prelude.hpp"

namespace snippet {

RiskGate::Verdict forge(const ApprovedOrder& order) { return RiskGate::Verdict(order); }

}  // namespace snippet
