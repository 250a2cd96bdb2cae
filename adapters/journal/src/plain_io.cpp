#include <cerrno>
#include <utility>

#include <unistd.h>

#include "segment_io.hpp"

namespace sluice::adapters::journal {
namespace {

class PlainIo final : public SegmentIo {
  public:
    [[nodiscard]] int aim(int fd) noexcept override {
        fd_ = fd;
        return 0;
    }
    void start(const SegmentWrite& write) noexcept override {
        results_[count_++] = {write.buffer, perform(write)};
    }
    [[nodiscard]] std::size_t collect(bool,
                                      std::span<SegmentResult, kBuffers> out) noexcept override {
        for (std::size_t i = 0; i < count_; ++i) out[i] = results_[i];
        return std::exchange(count_, 0);
    }

  private:
    [[nodiscard]] int perform(const SegmentWrite& write) const noexcept {
        for (std::uint32_t done = 0; done < write.bytes;) {
            const ssize_t written = ::pwrite(fd_, buffer(write.buffer) + done, write.bytes - done,
                                             static_cast<off_t>(write.offset + done));
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return written < 0 ? errno : EIO;
            done += static_cast<std::uint32_t>(written);
        }
        return write.flush && ::fdatasync(fd_) != 0 ? errno : 0;
    }

    int fd_ = -1;
    std::array<SegmentResult, kBuffers> results_{};
    std::size_t count_ = 0;
};

}  // namespace

std::unique_ptr<SegmentIo> make_plain_io() { return std::make_unique<PlainIo>(); }

}  // namespace sluice::adapters::journal
