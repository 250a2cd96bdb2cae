// expect: (is private within this context|calling a private constructor)
#include "prelude.hpp"

namespace snippet {

ApprovedOrder forge() { return ApprovedOrder(); }

}  // namespace snippet
