#include <sluice/core/protected.hpp>

#include <cerrno>
#include <system_error>

#include <sys/mman.h>
#include <unistd.h>

namespace sluice::core::detail {
namespace {

std::size_t whole_pages(std::size_t bytes) noexcept {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
}

}  // namespace

void* map_pages(std::size_t bytes) {
    void* const pages = ::mmap(nullptr, whole_pages(bytes), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return pages;
}

void make_read_only(void* pages, std::size_t bytes) {
    if (::mprotect(pages, whole_pages(bytes), PROT_READ) != 0)
        throw std::system_error(errno, std::generic_category(), "mprotect");
}

void unmap_pages(void* pages, std::size_t bytes) noexcept {
    (void)::munmap(pages, whole_pages(bytes));
}

}  // namespace sluice::core::detail
