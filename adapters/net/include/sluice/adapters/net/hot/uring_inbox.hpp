// What arrives on a socket, taken through io_uring: one standing receive (multishot) that the
// kernel serves from a ring of buffers given beforehand.
//
// Threads   The first take() decides the thread; every later one is its. Made and ended anywhere.
// Bounds    One piece is at most buffer_bytes long; as many pieces as there are buffers wait here,
//           the rest in the socket's own buffer.
// Cost      An empty take() is one system call, in which the kernel also does its part of the
//           receiving (perf/net.md compares it with a plain recv). No allocation after
//           construction.
// Needs     Linux 6.1 and kernel.io_uring_disabled = 0; NetError says so where they are missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sluice::adapters::net {

struct UringOptions {
    std::uint16_t buffers = 256;  // a power of two, at most 32768
    std::uint32_t buffer_bytes = 2048;
};

class UringInbox {
  public:
    // Of an open socket, which must live longer than this.
    explicit UringInbox(int fd, const UringOptions& options = {});
    ~UringInbox();
    UringInbox(const UringInbox&) = delete;
    UringInbox& operator=(const UringInbox&) = delete;

    // The next piece that has arrived, empty when none has. Valid until the next call.
    [[gnu::hot, nodiscard]] std::span<const std::byte> take() noexcept;

    // A stream's peer has closed, or the socket failed: nothing comes any more.
    [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }
    // The errno it failed with; 0 for a close in good order.
    [[nodiscard]] int last_error() const noexcept { return last_error_; }
    // Times that all buffers were taken and the standing receive had to be set up again.
    [[nodiscard]] std::uint64_t refills() const noexcept { return refills_; }

  private:
    struct Ring;
    [[gnu::cold, gnu::noinline]] void arm_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void look_at_end_slow(int result) noexcept;

    std::unique_ptr<Ring> ring_;
    std::uint32_t buffer_bytes_;
    std::uint16_t mask_;
    std::uint16_t held_ = 0;  // the buffer that the caller sees
    bool is_holding_ = false;
    bool is_enabled_ = false;
    bool is_armed_ = false;
    bool is_stream_;
    bool has_ended_ = false;
    int last_error_ = 0;
    std::uint64_t refills_ = 0;
};

}  // namespace sluice::adapters::net
