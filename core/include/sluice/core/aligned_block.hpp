#pragma once
// One block of memory, taken at start and given back at the end: line-aligned, zeroed, every page
// touched, on transparent huge pages where the block is large enough and the host allows it.
//
// It may also stand for memory of someone else's, a mapping that other processes see, which it then
// neither touches nor gives back.
//
// Start-up code only: it allocates, calls the kernel and throws std::bad_alloc. Never grows.

#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace sluice::core {

class AlignedBlock {
  public:
    static constexpr std::size_t kPage = 4096;
    static constexpr std::size_t kHugePage = std::size_t{2} << 20U;

    /// Takes `bytes` zeroed bytes. Blocks of at least one huge page are aligned to it and offered
    /// to the kernel for huge pages; a kernel that declines leaves ordinary pages.
    explicit AlignedBlock(std::size_t bytes)
        : alignment_{bytes >= kHugePage ? kHugePage : kPage}, data_{::operator new (
                                                                  bytes,
                                                                  std::align_val_t{alignment_})} {
#if defined(__linux__)
        if (alignment_ == kHugePage) {
            (void)::madvise(data_, bytes,
                            MADV_HUGEPAGE);  // advice: a refusal costs only TLB misses
        }
#endif
        std::memset(data_, 0, bytes);  // touches every page, so that none faults later
    }
    /// Memory of the caller's, which outlives this block and is left as it is.
    [[nodiscard]] static AlignedBlock borrow(void* data) noexcept { return AlignedBlock{data}; }
    ~AlignedBlock() { release(); }
    AlignedBlock(AlignedBlock&& other) noexcept
        : alignment_{other.alignment_}, data_{std::exchange(other.data_, nullptr)} {}
    AlignedBlock& operator=(AlignedBlock&& other) noexcept {
        if (this != &other) {
            release();
            alignment_ = other.alignment_;
            data_ = std::exchange(other.data_, nullptr);
        }
        return *this;
    }
    AlignedBlock(const AlignedBlock&) = delete;
    AlignedBlock& operator=(const AlignedBlock&) = delete;

    [[nodiscard]] void* data() const noexcept { return data_; }

  private:
    explicit AlignedBlock(void* borrowed) noexcept : alignment_{0}, data_{borrowed} {}

    void release() noexcept {
        if (data_ != nullptr && alignment_ != 0) {
            ::operator delete (data_, std::align_val_t{alignment_});
        }
    }

    std::size_t alignment_;  // 0: borrowed
    void* data_;
};

}  // namespace sluice::core
