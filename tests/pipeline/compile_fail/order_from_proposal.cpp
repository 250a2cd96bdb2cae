// expect: (could not convert|no viable conversion|conversion from)
#include "prelude.hpp"

namespace snippet {

ApprovedOrder forge(const Proposal& proposal) { return proposal; }

}  // namespace snippet
