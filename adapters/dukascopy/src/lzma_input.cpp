#include "lzma_input.hpp"

#include <lzma.h>

#include <cstdint>
#include <new>
#include <utility>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::dukascopy {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

// The window and what the decoder needs beside it.
constexpr std::uint64_t kMemoryMax = std::uint64_t{65} << 20U;

[[nodiscard]] const char* reason(lzma_ret result) noexcept {
    switch (result) {
        case LZMA_FORMAT_ERROR: return "is not LZMA-alone";
        case LZMA_MEMLIMIT_ERROR: return "asks for a window of more than 64 MiB";
        case LZMA_BUF_ERROR: return "is cut off";
        default: return "is corrupt";
    }
}

}  // namespace

struct LzmaInput::Stream {
    lzma_stream lzma = LZMA_STREAM_INIT;
    ~Stream() { ::lzma_end(&lzma); }
};

LzmaInput::LzmaInput(std::string_view bytes, std::string where)
    : stream_(std::make_unique<Stream>()), where_(std::move(where)), size_(bytes.size()),
      at_end_(bytes.empty()) {
    if (::lzma_alone_decoder(&stream_->lzma, kMemoryMax) != LZMA_OK) throw std::bad_alloc();
    stream_->lzma.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    stream_->lzma.avail_in = bytes.size();
}

LzmaInput::~LzmaInput() = default;

std::size_t LzmaInput::consumed() const noexcept { return size_ - stream_->lzma.avail_in; }

std::size_t LzmaInput::read(std::span<std::byte> out) {
    if (at_end_ || out.empty()) return 0;
    lzma_stream& lzma = stream_->lzma;
    lzma.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    lzma.avail_out = out.size();
    while (lzma.avail_out != 0) {
        // The whole file is there, so that a decoder which wants more has met its end too early.
        const lzma_ret result = ::lzma_code(&lzma, LZMA_FINISH);
        if (result == LZMA_STREAM_END) {
            at_end_ = true;
            if (lzma.avail_in != 0)
                throw ImportError(ImportFault::kDamaged,
                                  where_ + ": goes on after its end. Fetch it again.");
            break;
        }
        if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
        if (result != LZMA_OK)
            throw ImportError(ImportFault::kDamaged,
                              where_ + ": " + reason(result) + ". Fetch it again.");
    }
    return out.size() - lzma.avail_out;
}

}  // namespace sluice::adapters::dukascopy
