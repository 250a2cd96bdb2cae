// expect: (is private within this context|calling a private constructor)
#include "prelude.hpp"

namespace snippet {

Event forge() { return Event{StreamTime{}, SymbolId{0}, EventKind::kApproved, 0}; }

}  // namespace snippet
