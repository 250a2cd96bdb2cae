// How often the calling thread has asked the heap for memory or given some back, since it began. Linked
// into the program it takes the place of malloc and its family there, and adds one to a number of the
// thread's own to each call; plugins' calls end here as well, operator new's too.
#pragma once

#include <cstdint>

namespace sluice::tools {

// False with a sanitizer, which has taken malloc's place already, and without glibc.
[[nodiscard]] bool can_count_heap_calls() noexcept;
[[nodiscard]] std::uint64_t heap_calls() noexcept;

}  // namespace sluice::tools
