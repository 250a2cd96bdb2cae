// expect: no matching function for call to .*approved
#include "prelude.hpp"

namespace snippet {

Event forge(const Proposal& proposal) {
    return Event::approved(StreamTime{}, Sequence{1}, proposal);
}

}  // namespace snippet
