// A value in memory that nothing can write to once it is made: its page is read-only, so a stray
// pointer ends the process instead of changing a limit. Start-up side: throws std::bad_alloc or
// std::system_error. Reading costs what any read costs.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace sluice::core {

namespace detail {

// Whole pages. Out of line: the header is read by code that is compiled without exceptions.
[[nodiscard]] void* map_pages(std::size_t bytes);
void make_read_only(void* pages, std::size_t bytes);
void unmap_pages(void* pages, std::size_t bytes) noexcept;

}  // namespace detail

template <class T>
class Protected {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  public:
    explicit Protected(const T& value) : page_(::new (detail::map_pages(sizeof(T))) T(value)) {
        detail::make_read_only(page_.get(), sizeof(T));
    }

    [[nodiscard]] const T& get() const noexcept { return *page_; }

  private:
    struct Unmap {
        void operator()(T* page) const noexcept { detail::unmap_pages(page, sizeof(T)); }
    };

    std::unique_ptr<T, Unmap> page_;
};

}  // namespace sluice::core
