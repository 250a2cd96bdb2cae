// expect: no matching function for call to .*approved
#include "prelude.hpp"

namespace snippet {

Event forge(const Event& intent) {
    return Event::approved(intent.time(), intent.sequence(), intent.intent());
}

}  // namespace snippet
