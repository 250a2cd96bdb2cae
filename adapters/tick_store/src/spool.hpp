// Rows that wait to be stored: columns in memory up to a budget, in one unnamed file beyond it.
//
// One thread. Whatever the size of an import, its memory is the budget and one block per column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace sluice::adapters::tick_store {

// Where columns go when memory is short: shared by all columns of one writer, and gone with it.
class SpillFile {
  public:
    static constexpr std::size_t kMemoryBudget = std::size_t{512} << 20U;

    explicit SpillFile(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ~SpillFile();
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;

    // Both throw StoreError: kDiskFull, kNotWritable, kUnreadable.
    [[nodiscard]] std::uint64_t append(std::span<const std::byte> bytes);
    void read(std::uint64_t offset, std::span<std::byte> out) const;

    // Bytes that columns hold in memory.
    std::size_t in_memory = 0;

  private:
    std::filesystem::path folder_;
    int fd_ = -1;
    std::uint64_t end_ = 0;
};

// The bytes of one column, appended and read back in order.
class ColumnSpool {
  public:
    // Kept in memory whatever the budget, so that spilled pieces are worth a write.
    static constexpr std::size_t kPiece = std::size_t{1} << 16U;

    explicit ColumnSpool(std::shared_ptr<SpillFile> spill);
    ~ColumnSpool();
    ColumnSpool(ColumnSpool&& other) noexcept;
    ColumnSpool& operator=(ColumnSpool&&) = delete;

    void append(std::span<const std::byte> bytes);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    // XXH3-64 of all bytes so far.
    [[nodiscard]] std::uint64_t checksum() const;
    // All bytes in order, in blocks of `block` bytes, the last one shorter.
    void read(std::size_t block, const std::function<void(std::span<const std::byte>)>& take) const;

  private:
    struct Extent {
        std::uint64_t offset;
        std::uint64_t size;
    };
    struct HashState;

    std::shared_ptr<SpillFile> spill_;
    std::vector<Extent> extents_;
    std::vector<std::byte> memory_;  // what follows the extents
    std::uint64_t size_ = 0;
    std::unique_ptr<HashState> hash_;
};

}  // namespace sluice::adapters::tick_store
