// expect: (invalid initialization of reference|no viable conversion|cannot convert|no known conversion|could not convert)
#include "prelude.hpp"

namespace snippet {

void smuggle(SimVenue& venue, const Proposal& proposal) { venue.submit(proposal, StreamTime{}); }

}  // namespace snippet
