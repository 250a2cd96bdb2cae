// The records of a CSV text of any length in bounded memory: a file as it is, or one that gzip
// compressed. One thread; memory for kWindow bytes of text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/csv/csv_records.hpp>

namespace sluice::adapters::csv {

class CsvStream {
  public:
    static constexpr std::size_t kWindow = std::size_t{1} << 20U;

    // `bytes`, of the file named `where`, have to stay; what begins like gzip is decompressed.
    CsvStream(std::string_view bytes, char separator, std::string where,
              std::size_t window = kWindow);
    ~CsvStream();
    CsvStream(const CsvStream&) = delete;
    CsvStream& operator=(const CsvStream&) = delete;

    // The next record, as CsvRecords. Throws ImportError (kDamaged): a record longer than the
    // window, compressed data cut short or corrupt.
    [[nodiscard]] bool next();
    [[nodiscard]] RecordFault fault() const noexcept { return records_.fault(); }
    [[nodiscard]] const std::vector<std::string_view>& fields() const noexcept {
        return records_.fields();
    }
    [[nodiscard]] std::uint64_t line() const noexcept { return records_.line(); }
    [[nodiscard]] std::string_view text() const noexcept { return records_.text(); }
    // Whether the record read last ends the text.
    [[nodiscard]] bool at_end() const noexcept {
        return ended_ && records_.consumed() == filled_ - offset_;
    }
    // Bytes of the file, as it lies on the disk, read so far.
    [[nodiscard]] std::uint64_t consumed() const noexcept;

  private:
    class Source;
    void refill(std::size_t from, std::uint64_t line);

    std::unique_ptr<Source> source_;
    char separator_;
    std::string where_;
    std::vector<char> window_;
    std::size_t filled_ = 0;
    std::size_t offset_ = 0;  // of the byte order mark, which only the first window has
    bool ended_ = false;
    CsvRecords records_;
};

}  // namespace sluice::adapters::csv
