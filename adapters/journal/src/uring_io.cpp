#include <cerrno>
#include <system_error>
#include <utility>

#include <liburing.h>

#include <sys/uio.h>
#include <sluice/core/overflow.hpp>

#include "segment_io.hpp"

namespace sluice::adapters::journal {
namespace {

constexpr unsigned kEntries = 4 * kBuffers;  // a write and a flush each, and room to repeat
constexpr std::uint64_t kFlushMark = 1U << 16U;

class UringIo final : public SegmentIo {
  public:
    UringIo() = default;
    ~UringIo() override {
        if (is_open_) ::io_uring_queue_exit(&ring_);
    }

    // Empty when everything the kernel was asked for was granted.
    [[nodiscard]] std::string open() {
        int error = -::io_uring_queue_init(kEntries, &ring_, 0);
        if (error != 0) return complaint("io_uring_setup", error);
        is_open_ = true;
        std::array<iovec, kBuffers> buffers;
        for (unsigned i = 0; i < kBuffers; ++i) buffers[i] = {buffer(i), kBufferBytes};
        error = -::io_uring_register_buffers(&ring_, buffers.data(), kBuffers);
        if (error != 0) return complaint("registering buffers with io_uring", error);
        const int none = -1;
        error = -::io_uring_register_files(&ring_, &none, 1);
        if (error != 0) return complaint("registering a file with io_uring", error);
        return {};
    }

    [[nodiscard]] int aim(int fd) noexcept override {
        const int updated = ::io_uring_register_files_update(&ring_, 0, &fd, 1);
        return updated < 0 ? -updated : 0;
    }

    void start(const SegmentWrite& write) noexcept override {
        pending_[write.buffer] = Pending{write, 0, 0, 0, false};
        queue(pending_[write.buffer]);
        submit();
    }

    [[nodiscard]] std::size_t collect(bool wait,
                                      std::span<SegmentResult, kBuffers> out) noexcept override {
        if (::io_uring_sq_ready(&ring_) != 0) submit();  // the kernel was busy before
        if (wait && ::io_uring_cq_ready(&ring_) == 0) {
            io_uring_cqe* ready = nullptr;
            __kernel_timespec timeout{0, 100'000'000};
            (void)::io_uring_wait_cqe_timeout(&ring_, &ready, &timeout);
        }
        std::size_t count = 0;
        io_uring_cqe* entry = nullptr;
        while (count < out.size() && ::io_uring_peek_cqe(&ring_, &entry) == 0) {
            const std::uint64_t mark = ::io_uring_cqe_get_data64(entry);
            const int result = entry->res;
            ::io_uring_cqe_seen(&ring_, entry);
            if (mark >= 2 * kFlushMark) continue;  // the timeout's
            Pending& pending = pending_[mark % kFlushMark];
            take(pending, (mark & kFlushMark) != 0, result);
            if (pending.awaited != 0) continue;
            if (is_over(pending)) {
                out[count++] = {pending.write.buffer, pending.error};
            } else {
                queue(pending);
                submit();
            }
        }
        return count;
    }

  private:
    struct Pending {
        SegmentWrite write;
        std::uint32_t done;  // bytes
        int error;
        unsigned awaited;  // completions
        bool again;        // something of it was put off
    };

    static std::string complaint(const char* what, int error) {
        return std::string{what} + ": " + std::generic_category().message(error);
    }

    // The ring has two entries for each buffer, so one is always free.
    io_uring_sqe* next_entry() noexcept {
        io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
        if (entry == nullptr) core::broken_invariant_slow("the journal's io_uring is full");
        return entry;
    }
    // What is left of a write, and behind it, linked, its flush.
    void queue(Pending& pending) noexcept {
        const SegmentWrite& write = pending.write;
        io_uring_sqe* entry = next_entry();
        ::io_uring_prep_write_fixed(entry, 0, buffer(write.buffer) + pending.done,
                                    write.bytes - pending.done, write.offset + pending.done,
                                    static_cast<int>(write.buffer));
        ::io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE | (write.flush ? IOSQE_IO_LINK : 0U));
        ::io_uring_sqe_set_data64(entry, write.buffer);
        pending.awaited = 1;
        if (!write.flush) return;
        entry = next_entry();
        ::io_uring_prep_fsync(entry, 0, IORING_FSYNC_DATASYNC);
        ::io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
        ::io_uring_sqe_set_data64(entry, write.buffer | kFlushMark);
        pending.awaited = 2;
    }
    // A refusal for now leaves the entries where they are; collect() tries again.
    void submit() noexcept { (void)::io_uring_submit(&ring_); }

    static void take(Pending& pending, bool is_flush, int result) noexcept {
        --pending.awaited;
        if (result > 0 && !is_flush) {
            pending.done += static_cast<std::uint32_t>(result);
        } else if (result == 0 && !is_flush) {
            pending.error = EIO;
        } else if (result < 0 && result != -EINTR && result != -EAGAIN &&
                   !(is_flush && result == -ECANCELED)) {
            pending.error = -result;  // a flush is cancelled when its write came short
        } else if (result < 0) {
            pending.again = true;
        }
    }
    static bool is_over(Pending& pending) noexcept {
        const bool again = std::exchange(pending.again, false);
        return pending.error != 0 || (pending.done == pending.write.bytes && !again);
    }

    io_uring ring_{};
    bool is_open_ = false;
    std::array<Pending, kBuffers> pending_{};
};

}  // namespace

std::unique_ptr<SegmentIo> make_uring_io(std::string& reason) {
    auto io = std::make_unique<UringIo>();
    reason = io->open();
    if (!reason.empty()) return nullptr;
    return io;
}

}  // namespace sluice::adapters::journal
