// The CSV entries of a zip archive, line by line, decompressed in blocks and checked against their
// CRC at the end. One thread; memory for one block whatever the size of the entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;
struct zip_file;

namespace sluice::adapters::lean {

// Longer lines are no rows of ticks: the archive is damaged or hostile.
inline constexpr std::size_t kMaxLine = std::size_t{1} << 16U;

class ZipArchive {
  public:
    // `bytes`, of the file named `where`, have to stay. Throws ImportError (kDamaged) when they are
    // no archive, kUnsupported when it has no CSV or more than kMaxEntries.
    ZipArchive(const std::string& bytes, std::string where);
    ~ZipArchive();
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;

    static constexpr std::size_t kMaxEntries = 4096;
    struct Entry {
        std::uint64_t index;
        std::uint64_t size;  // decompressed
        std::string name;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
    [[nodiscard]] std::uint64_t size_total() const noexcept { return size_total_; }

  private:
    friend class ZipLines;
    std::string where_;
    struct zip* archive_ = nullptr;
    std::vector<Entry> entries_;  // that end in .csv
    std::uint64_t size_total_ = 0;
};

class ZipLines {
  public:
    ZipLines(ZipArchive& archive, const ZipArchive::Entry& entry);
    ~ZipLines();
    ZipLines(const ZipLines&) = delete;
    ZipLines& operator=(const ZipLines&) = delete;

    // The next line without its end, valid until the next call; false at the end of the entry.
    // Throws ImportError (kDamaged).
    [[nodiscard]] bool next(std::string_view& line);
    // Decompressed bytes handed out so far.
    [[nodiscard]] std::uint64_t consumed() const noexcept { return read_ - (filled_ - at_); }

  private:
    static constexpr std::size_t kBlock = std::size_t{1} << 20U;

    [[nodiscard]] bool refill();

    ZipArchive& archive_;
    const ZipArchive::Entry& entry_;
    struct zip_file* file_;
    std::vector<char> buffer_;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    std::uint64_t read_ = 0;
    bool ended_ = false;
};

}  // namespace sluice::adapters::lean
