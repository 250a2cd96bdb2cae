// What two types allow: tests of types that must not mix ask these.
#pragma once

namespace sluice::core {

template <class A, class B>
concept Addable = requires(A a, B b) {
    a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
    a - b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b) {
    a* b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
    a < b;
};
template <class A, class B>
concept Assignable = requires(A a, B b) {
    a = b;
};

}  // namespace sluice::core
