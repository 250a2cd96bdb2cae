#include "capture_lines.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <zlib.h>

#include <sluice/adapters/binance/capture_message.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::binance {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

constexpr std::size_t kBlock = std::size_t{1} << 18U;

[[nodiscard]] gzFile file_of(void* file) noexcept { return static_cast<gzFile>(file); }

}  // namespace

void CaptureLines::Close::operator()(void* file) const noexcept { (void)gzclose(file_of(file)); }

CaptureLines::CaptureLines(const std::filesystem::path& path)
    : where_(path.string()), block_(kBlock) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw ImportError(ImportFault::kMissing, where_ + ": is a folder, a file is needed");
    errno = 0;
    file_.reset(gzopen(where_.c_str(), "rb"));
    if (!file_)
        throw ImportError(ImportFault::kMissing,
                          where_ + ": " + (errno != 0 ? std::strerror(errno) : "cannot be opened"));
    (void)gzbuffer(file_of(file_.get()), static_cast<unsigned>(kBlock));
}

bool CaptureLines::fill() {
    const int got =
        gzread(file_of(file_.get()), block_.data(), static_cast<unsigned>(block_.size()));
    int code = Z_OK;
    const char* const text = gzerror(file_of(file_.get()), &code);
    // An archive that ends early reads as far as it goes and then reports it.
    if (got < 0 || code == Z_BUF_ERROR)
        throw ImportError(ImportFault::kDamaged,
                          where_ + ": after line " + std::to_string(number_) + ": " +
                              (code == Z_BUF_ERROR ? "the archive ends early" : text) +
                              ". Copy or record the file again.");
    at_ = 0;
    end_ = static_cast<std::size_t>(got);
    return got > 0;
}

bool CaptureLines::next(std::string_view& line) {
    carried_.clear();
    too_long_ = false;
    for (;;) {
        if (at_ == end_ && !fill()) {
            if (carried_.empty()) return false;
            line = carried_;
            break;
        }
        const char* const from = block_.data() + at_;
        const auto* const stop = static_cast<const char*>(std::memchr(from, '\n', end_ - at_));
        const std::size_t length =
            stop == nullptr ? end_ - at_ : static_cast<std::size_t>(stop - from);
        at_ += length + (stop == nullptr ? 0 : 1);
        if (stop != nullptr && carried_.empty()) {
            line = {from, length};
            break;
        }
        if (carried_.size() + length > kLineMax) too_long_ = true;
        carried_.append(from, std::min(length, kLineMax - carried_.size()));
        if (stop != nullptr) {
            line = carried_;
            break;
        }
    }
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
}

std::uint64_t CaptureLines::bytes_read() const noexcept {
    const z_off_t at = gzoffset(file_of(file_.get()));
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

}  // namespace sluice::adapters::binance
