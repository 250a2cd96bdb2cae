// Counts a thread's calls of the heap while it is armed. Linked into a program, it takes the place
// of malloc and its family there; operator new ends in malloc, so it is counted by the same hook.
//
// Threads   Each counts for itself: arming one says nothing about the others.
// Bounds    glibc without sanitizers; elsewhere can_count_heap_calls() is false and nothing is
//           counted, because a sanitizer has taken malloc's place already.
// Cost      One thread-local test per call.
#pragma once

#include <cstdint>

namespace sluice::tests {

struct HeapCalls {
    std::uint64_t allocations = 0;  // malloc, calloc, realloc, aligned ones, operator new
    std::uint64_t frees = 0;        // of something
};

[[nodiscard]] bool can_count_heap_calls() noexcept;

// From here on this thread's calls are counted, from zero.
void arm_heap_count() noexcept;
// Ends that and returns what was counted.
HeapCalls disarm_heap_count() noexcept;

}  // namespace sluice::tests
