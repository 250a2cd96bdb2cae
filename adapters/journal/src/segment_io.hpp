// How batches of lines reach a segment's file: through io_uring, several at once, from buffers and
// a file that the kernel knows beforehand; or one after the other with pwrite.
// The journal's thread only, after construction. No call throws; an error is a number (errno).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <sluice/core/aligned_block.hpp>

namespace sluice::adapters::journal {

inline constexpr unsigned kBuffers = 8;
inline constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;
// From one buffer to the next: the packer writes a little beyond a line, also beyond the last.
inline constexpr std::size_t kBufferStride = kBufferBytes + 4096;

struct SegmentWrite {
    unsigned buffer;
    std::uint32_t bytes;
    std::uint64_t offset;
    bool flush;  // the disk has it when it is done
};
struct SegmentResult {
    unsigned buffer;
    int error;  // 0: written whole
};

class SegmentIo {
  public:
    SegmentIo() : memory_(kBuffers * kBufferStride) {}
    SegmentIo(const SegmentIo&) = delete;
    SegmentIo& operator=(const SegmentIo&) = delete;
    virtual ~SegmentIo() = default;

    [[nodiscard]] std::byte* buffer(unsigned index) const noexcept {
        return static_cast<std::byte*>(memory_.data()) + index * kBufferStride;
    }
    // All writes from here on go to `fd`; none is under way. Returns errno or 0.
    [[nodiscard]] virtual int aim(int fd) noexcept = 0;
    // Exactly one result follows. The buffer is left alone until then.
    virtual void start(const SegmentWrite& write) noexcept = 0;
    // The results that are there; `wait`: for at least one, 100 ms at most.
    [[nodiscard]] virtual std::size_t collect(bool wait,
                                              std::span<SegmentResult, kBuffers> out) noexcept = 0;

  private:
    core::AlignedBlock memory_;
};

[[nodiscard]] std::unique_ptr<SegmentIo> make_plain_io();
// Null when this host refuses; `reason` says what.
[[nodiscard]] std::unique_ptr<SegmentIo> make_uring_io(std::string& reason);

}  // namespace sluice::adapters::journal
