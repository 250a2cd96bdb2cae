// expect: (is private within this context|calling a private constructor|private default constructor)
#include "prelude.hpp"

namespace snippet {

struct Forged : ApprovedOrder {
    Forged() : ApprovedOrder() {}
};

}  // namespace snippet
