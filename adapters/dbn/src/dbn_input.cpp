#include "dbn_input.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sluice/adapters/dbn/dbn_layout.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::dbn {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

constexpr std::size_t kBlockSize = std::size_t{1} << 18U;
constexpr std::uint32_t kFrameMagic = 0xFD2FB528;
// The older container begins with a frame that decompressors skip.
constexpr std::uint32_t kSkippableMagic = 0x184D2A50;
constexpr std::uint32_t kSkippableMask = 0xFFFFFFF0;

[[nodiscard]] std::int64_t modified_ns(const struct stat& info) noexcept {
    return info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
}

}  // namespace

void DbnInput::FreeContext::operator()(ZSTD_DCtx_s* context) const noexcept {
    ::ZSTD_freeDCtx(context);
}

DbnInput::DbnInput(const std::filesystem::path& path) : where_(path.string()), block_(kBlockSize) {
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file_ < 0) fail_system("cannot be opened");
    try {
        struct stat info {};
        if (::fstat(file_, &info) != 0) fail_system("cannot be examined");
        if (!S_ISREG(info.st_mode))
            throw ImportError(ImportFault::kMissing, where_ + ": is no file");
        size_ = static_cast<std::uint64_t>(info.st_size);
        modified_ns_ = modified_ns(info);
        (void)refill();
        const auto magic = filled_ < sizeof(std::uint32_t) ? 0 : load<std::uint32_t>(block_.data());
        if ((magic & kSkippableMask) == kSkippableMagic)
            throw ImportError(ImportFault::kUnsupported,
                              where_ +
                                  ": is in the older DBZ container. Convert it with the "
                                  "vendor's program: dbn FILE.dbz -o FILE.dbn");
        if (magic == kFrameMagic) {
            zstd_.reset(::ZSTD_createDCtx());
            if (!zstd_) throw std::bad_alloc();
        }
    } catch (...) {
        ::close(file_);
        throw;
    }
}

DbnInput::~DbnInput() { ::close(file_); }

void DbnInput::fail_system(const char* what) const {
    throw ImportError(ImportFault::kMissing, where_ + ": " + what + ": " + std::strerror(errno));
}

// False at the end of the file.
bool DbnInput::refill() {
    at_ = 0;
    filled_ = 0;
    ssize_t got = 0;
    do got = ::read(file_, block_.data(), block_.size());
    while (got < 0 && errno == EINTR);
    if (got < 0) fail_system("cannot be read");
    filled_ = static_cast<std::size_t>(got);
    consumed_ += filled_;
    return filled_ != 0;
}

std::size_t DbnInput::read(std::span<std::byte> out) {
    if (zstd_) return inflate(out);
    std::size_t done = 0;
    while (done < out.size()) {
        if (at_ == filled_ && !refill()) break;
        const std::size_t part = std::min(filled_ - at_, out.size() - done);
        std::memcpy(out.data() + done, block_.data() + at_, part);
        at_ += part;
        done += part;
    }
    return done;
}

std::size_t DbnInput::inflate(std::span<std::byte> out) {
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    while (to.pos < to.size) {
        if (at_ == filled_ && !refill()) {
            // What the decompressor still holds comes out without further input.
            const std::size_t before = to.pos;
            ZSTD_inBuffer none{nullptr, 0, 0};
            if (in_frame_ && !::ZSTD_isError(::ZSTD_decompressStream(zstd_.get(), &to, &none)) &&
                to.pos != before)
                continue;
            if (in_frame_)
                throw ImportError(ImportFault::kDamaged,
                                  where_ + ": the compressed data are cut off. Fetch it again.");
            break;
        }
        ZSTD_inBuffer from{block_.data(), filled_, at_};
        const std::size_t left = ::ZSTD_decompressStream(zstd_.get(), &to, &from);
        if (::ZSTD_isError(left))
            throw ImportError(ImportFault::kDamaged,
                              where_ + ": the compressed data are corrupt (" +
                                  ::ZSTD_getErrorName(left) + "). Fetch it again.");
        at_ = from.pos;
        in_frame_ = left != 0;
    }
    return to.pos;
}

std::string DbnInput::fingerprint(const pipeline::TickSink& sink) const {
    if (size_ == 0) return sink.fingerprint({});
    void* const map = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_, 0);
    if (map == MAP_FAILED) fail_system("cannot be mapped");
    struct Unmap {
        void* at;
        std::size_t size;
        ~Unmap() { ::munmap(at, size); }
    } const unmap{map, size_};
    (void)::madvise(map, size_, MADV_SEQUENTIAL);
    return sink.fingerprint({static_cast<const char*>(map), size_});
}

void DbnInput::check_unchanged() const {
    struct stat info {};
    if (::fstat(file_, &info) != 0) fail_system("cannot be examined");
    if (static_cast<std::uint64_t>(info.st_size) != size_ || modified_ns(info) != modified_ns_)
        throw ImportError(ImportFault::kMissing,
                          where_ + ": changed while it was read. Import it again.");
}

}  // namespace sluice::adapters::dbn
