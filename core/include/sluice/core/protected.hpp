// A value in memory that nothing can write to once it is made: its page is read-only, so a stray
// pointer ends the process instead of changing a limit. Start-up side: throws std::bad_alloc or
// std::system_error. Reading costs what any read costs.
#pragma once

#include <cerrno>
#include <memory>
#include <new>
#include <system_error>
#include <type_traits>

#include <sys/mman.h>
#include <unistd.h>

namespace sluice::core {

template <class T>
class Protected {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  public:
    explicit Protected(const T& value) {
        void* page =
            ::mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) throw std::bad_alloc();
        page_.reset(::new (page) T(value));
        if (::mprotect(page, size(), PROT_READ) != 0)
            throw std::system_error(errno, std::generic_category(), "mprotect");
    }

    [[nodiscard]] const T& get() const noexcept { return *page_; }

  private:
    struct Unmap {
        void operator()(T* page) const noexcept { (void)::munmap(page, size()); }
    };
    [[nodiscard]] static std::size_t size() noexcept {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        return (sizeof(T) + page - 1) / page * page;
    }

    std::unique_ptr<T, Unmap> page_;
};

}  // namespace sluice::core
