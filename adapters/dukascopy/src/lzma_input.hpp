// Decompresses one LZMA-alone file from memory, piece by piece. One thread; memory: the window that
// the file asks for, at most 64 MiB. Errors: ImportError (kDamaged), named by `where`.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sluice::adapters::dukascopy {

class LzmaInput {
  public:
    // `bytes` must outlive it. No bytes at all are a file without content.
    LzmaInput(std::string_view bytes, std::string where);
    LzmaInput(const LzmaInput&) = delete;
    LzmaInput& operator=(const LzmaInput&) = delete;
    ~LzmaInput();

    // Fills as much of `out` as there is; less than its size only at the end.
    [[nodiscard]] std::size_t read(std::span<std::byte> out);
    // Compressed bytes used so far.
    [[nodiscard]] std::size_t consumed() const noexcept;

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
    std::string where_;
    std::size_t size_;
    bool at_end_ = false;
};

}  // namespace sluice::adapters::dukascopy
