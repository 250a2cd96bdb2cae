#include "heap_calls.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLUICE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SLUICE_SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SLUICE_SANITIZED)
#define SLUICE_COUNTS_HEAP_CALLS 1
#endif

namespace sluice::tools {

namespace {
// Constant-initialised and of the program itself: reaching it allocates nothing.
constinit thread_local std::uint64_t calls = 0;
}  // namespace

std::uint64_t heap_calls() noexcept { return calls; }

#ifdef SLUICE_COUNTS_HEAP_CALLS

bool can_count_heap_calls() noexcept { return true; }

namespace {
void count() noexcept { ++calls; }
}  // namespace

#else

bool can_count_heap_calls() noexcept { return false; }

#endif

}  // namespace sluice::tools

#ifdef SLUICE_COUNTS_HEAP_CALLS

// What glibc's own malloc family is called underneath.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) noexcept {
    sluice::tools::count();
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    sluice::tools::count();
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) noexcept {
    sluice::tools::count();
    return __libc_realloc(block, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    sluice::tools::count();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    sluice::tools::count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
    sluice::tools::count();
    void* const block = __libc_memalign(alignment, size);
    if (block == nullptr) return ENOMEM;
    *out = block;
    return 0;
}
void free(void* block) noexcept {
    if (block != nullptr) sluice::tools::count();
    __libc_free(block);
}

}  // extern "C"

#endif
