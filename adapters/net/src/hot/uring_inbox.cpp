#include <sluice/adapters/net/hot/uring_inbox.hpp>

#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>

#include "uring_ring.hpp"

namespace sluice::adapters::net {

namespace {

// liburing 2.3's shared library forgets to export io_uring_enable_rings.
int enable_ring(const io_uring& ring) noexcept {
    const long done =
        ::syscall(__NR_io_uring_register, ring.ring_fd, IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
    return done < 0 ? -errno : 0;
}

}  // namespace

void UringInbox::arm_slow() noexcept {
    if (!is_enabled_) {
        if (const int enabled = enable_ring(ring_->ring); enabled < 0) {
            look_at_end_slow(enabled);
            return;
        }
        is_enabled_ = true;
    }
    io_uring_sqe* request = io_uring_get_sqe(&ring_->ring);
    if (request == nullptr) return;  // the next call finds room
    io_uring_prep_recv_multishot(request, ring_->fd, nullptr, 0, 0);
    request->flags |= IOSQE_BUFFER_SELECT;
    request->buf_group = kBufferGroup;
    if (const int submitted = io_uring_submit(&ring_->ring); submitted < 0) {
        look_at_end_slow(submitted);
        return;
    }
    is_armed_ = true;
}

void UringInbox::look_at_end_slow(int result) noexcept {
    if (result == -ENOBUFS) {  // every buffer is taken: armed again once this one is back
        ++refills_;
        return;
    }
    if (result == 0 && !is_stream_) return;  // a datagram of no bytes
    // A datagram socket reports that nobody listened to what was sent earlier; it lives on.
    if (result == -ECONNREFUSED || result == -EINTR || result == -EAGAIN) return;
    has_ended_ = true;
    last_error_ = -result;
}

std::span<const std::byte> UringInbox::take() noexcept {
    if (is_holding_) {
        ring_->give(held_);
        is_holding_ = false;
    }
    io_uring_cqe* done = nullptr;
    unsigned head = 0;
    if (!is_armed_) [[unlikely]] {
        // What was completed before the receive ended comes first.
        if (!has_ended_ && io_uring_cq_ready(&ring_->ring) == 0) arm_slow();
    }
    if (is_armed_ && io_uring_cq_ready(&ring_->ring) == 0) {
        // The kernel receives in this call: completions are deferred to it.
        (void)io_uring_get_events(&ring_->ring);
    }
    io_uring_for_each_cqe(&ring_->ring, head, done) { break; }
    if (done == nullptr) return {};
    const int result = done->res;
    const std::uint32_t flags = done->flags;
    io_uring_cq_advance(&ring_->ring, 1);
    if ((flags & IORING_CQE_F_MORE) == 0) [[unlikely]] {
        is_armed_ = false;
    }
    if ((flags & IORING_CQE_F_BUFFER) != 0) {
        held_ = static_cast<std::uint16_t>(flags >> IORING_CQE_BUFFER_SHIFT) & mask_;
        is_holding_ = true;
    }
    if (result <= 0) [[unlikely]] {
        look_at_end_slow(result);
        return {};
    }
    return {ring_->buffer(held_), static_cast<std::size_t>(result)};
}

std::span<const std::byte> UringUdpReceiver::receive() noexcept {
    const std::span<const std::byte> datagram = inbox_.take();
    if (datagram.size() == buffer_bytes_) [[unlikely]] {
        ++oversized_;  // it was as long or longer, which the kernel does not say
        return {};
    }
    return datagram;
}

}  // namespace sluice::adapters::net
