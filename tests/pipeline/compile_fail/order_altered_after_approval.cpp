// expect: (is private within this context|is a private member)
#include "prelude.hpp"

namespace snippet {

ApprovedOrder enlarge(ApprovedOrder order, Quantity quantity) {
    order.quantity_ = quantity;
    return order;
}

}  // namespace snippet
