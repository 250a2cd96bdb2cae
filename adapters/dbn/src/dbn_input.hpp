// A DBN file as one stream of bytes, decompressed when it is compressed with Zstandard.
//
// One thread. Memory: one block of the file and the window of the compression, at most 128 MiB by
// the library's own limit. Errors: ImportError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sluice/pipeline/tick_sink.hpp>

struct ZSTD_DCtx_s;

namespace sluice::adapters::dbn {

class DbnInput {
  public:
    // Throws ImportError: kMissing, kUnsupported for the older DBZ container.
    explicit DbnInput(const std::filesystem::path& path);
    DbnInput(const DbnInput&) = delete;
    DbnInput& operator=(const DbnInput&) = delete;
    ~DbnInput();

    // Fills as much of `out` as there is; less than its size only at the end. Throws ImportError
    // (kDamaged) when the compressed data are cut off or corrupt.
    [[nodiscard]] std::size_t read(std::span<std::byte> out);
    // The sink's fingerprint of the file as it lies on disk. Throws ImportError.
    [[nodiscard]] std::string fingerprint(const pipeline::TickSink& sink) const;
    // Throws ImportError (kMissing) when the file is not what it was when it was opened.
    void check_unchanged() const;

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    // Bytes of the file read so far.
    [[nodiscard]] std::uint64_t consumed() const noexcept { return consumed_; }
    [[nodiscard]] const std::string& where() const noexcept { return where_; }

  private:
    struct FreeContext {
        void operator()(ZSTD_DCtx_s* context) const noexcept;
    };
    [[nodiscard]] bool refill();
    [[nodiscard]] std::size_t inflate(std::span<std::byte> out);
    [[noreturn]] void fail_system(const char* what) const;

    std::string where_;
    int file_ = -1;
    std::uint64_t size_ = 0;
    std::int64_t modified_ns_ = 0;
    std::uint64_t consumed_ = 0;
    std::vector<std::byte> block_;
    std::size_t at_ = 0;                              // in the block
    std::size_t filled_ = 0;                          // of the block
    std::unique_ptr<ZSTD_DCtx_s, FreeContext> zstd_;  // null: not compressed
    bool in_frame_ = false;
};

}  // namespace sluice::adapters::dbn
