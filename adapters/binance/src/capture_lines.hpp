// The lines of a capture, inflated block by block: gzip of one or more members, or plain text.
// One thread; memory for one block and one line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::adapters::binance {

class CaptureLines {
  public:
    // Throws ImportError (kMissing) when the file cannot be read.
    explicit CaptureLines(const std::filesystem::path& path);

    // The next line, without its end ("\n" or "\r\n"); valid until the next call. False at the end
    // of the file. A line beyond kLineMax is given cut, with too_long(). Throws ImportError
    // (kDamaged) when the archive is corrupt or ends early.
    [[nodiscard]] bool next(std::string_view& line);
    [[nodiscard]] bool too_long() const noexcept { return too_long_; }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    // Of the file, compressed.
    [[nodiscard]] std::uint64_t bytes_read() const noexcept;

  private:
    struct Close {
        void operator()(void* file) const noexcept;
    };
    [[nodiscard]] bool fill();

    std::string where_;
    std::unique_ptr<void, Close> file_;
    std::vector<char> block_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::string carried_;  // the part of a line that stood in the blocks before
    bool too_long_ = false;
    std::uint64_t number_ = 0;
};

}  // namespace sluice::adapters::binance
