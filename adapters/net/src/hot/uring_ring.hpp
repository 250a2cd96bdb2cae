// The kernel objects of a UringInbox, and their end.
#pragma once

#include <cstdint>

#include <liburing.h>

#include <sluice/adapters/net/hot/uring_inbox.hpp>
#include <sluice/core/aligned_block.hpp>

namespace sluice::adapters::net {

struct UringInbox::Ring {
    Ring(int socket, const UringOptions& options);
    ~Ring();
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    [[nodiscard]] std::byte* buffer(std::uint16_t index) const noexcept {
        return data + std::size_t{index} * buffer_bytes;
    }
    // Hands a buffer to the kernel.
    void give(std::uint16_t index) noexcept {
        io_uring_buf_ring_add(entries, buffer(index), buffer_bytes, index, mask, 0);
        io_uring_buf_ring_advance(entries, 1);
    }

    int fd;
    std::uint32_t buffer_bytes;
    int mask;
    core::AlignedBlock block;  // the ring of buffers, then the buffers; outlives the kernel's ring
    io_uring_buf_ring* entries;
    std::byte* data;
    io_uring ring{};
};

inline constexpr int kBufferGroup = 0;

}  // namespace sluice::adapters::net
