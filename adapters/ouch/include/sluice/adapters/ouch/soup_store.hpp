// SoupStore: every message of one user's session, to be sent again from whichever number is asked
// for. The latest are in memory, the others in a file that has no name.
//
// Threads   One. Not for a hot thread: allocates, and reads and writes a file.
// Bounds    Three blocks of kBlockMessages in memory, and 16 bytes for each block in the file.
// Errors    What the file does not take is gone: first() says from where on messages are held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace sluice::adapters::ouch {

class SoupStore {
  public:
    static constexpr std::size_t kBlockMessages = 1'024;

    void append(std::span<const std::byte> message);
    // Of messages so far; they are numbered from 1.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
    // first() <= number <= size(). Holds until the next call of anything here; empty when the file
    // cannot be read.
    [[nodiscard]] std::span<const std::byte> read(std::uint64_t number);

  private:
    struct Block {
        std::vector<std::byte> bytes;
        std::vector<std::uint32_t> ends;  // of each message in bytes

        [[nodiscard]] std::span<const std::byte> message(std::size_t n) const noexcept {
            const std::size_t begin = n == 0 ? 0 : ends[n - 1];
            return std::span(bytes).subspan(begin, ends[n] - begin);
        }
    };
    struct Place {
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
    };
    struct Close {
        void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
    };

    [[nodiscard]] bool put_away(const Block& block);
    [[nodiscard]] bool load(std::size_t number);

    std::uint64_t size_ = 0;
    std::uint64_t first_ = 1;
    Block current_;   // the one that grows
    Block previous_;  // the one before it
    Block loaded_;    // from the file
    std::optional<std::size_t> loaded_number_;
    std::vector<Place> places_;  // of the blocks before these two
    std::uint64_t file_size_ = 0;
    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace sluice::adapters::ouch
