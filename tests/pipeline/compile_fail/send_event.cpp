// expect: (invalid initialization of reference|no viable conversion|cannot convert|no known conversion|could not convert)
#include "prelude.hpp"

namespace snippet {

void smuggle(Wire& wire, const Event& event) { wire.send(event, event.time(), event.sequence()); }

}  // namespace snippet
