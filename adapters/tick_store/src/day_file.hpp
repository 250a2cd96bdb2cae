// One day file: its layout in words of HDF5, opened, checked and mapped; built and replaced.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/tick_store.hpp>

namespace sluice::adapters::tick_store {

inline constexpr const char* kFormatName = "sluice-ticks";
inline constexpr std::int64_t kFormatVersion = 1;
inline constexpr std::size_t kMaxColumns = 8;

using pipeline::iso_date;
using pipeline::parse_iso_date;

enum class ColumnType : std::uint8_t { kInt64, kUint32, kUint8 };
[[nodiscard]] constexpr std::size_t width_of(ColumnType type) noexcept {
    return type == ColumnType::kInt64 ? 8 : type == ColumnType::kUint32 ? 4 : 1;
}
struct ColumnSpec {
    const char* name;
    ColumnType type;
};
struct TableSpec {
    const char* name;
    std::span<const ColumnSpec> columns;  // the first is the time
};
[[nodiscard]] const TableSpec& trades_spec() noexcept;
[[nodiscard]] const TableSpec& quotes_spec() noexcept;
[[nodiscard]] const TableSpec& truth_spec() noexcept;

// A table in memory: column i has `rows` values of the type of spec->columns[i].
struct TableView {
    const TableSpec* spec = nullptr;
    std::array<const void*, kMaxColumns> columns{};
    std::size_t rows = 0;
    TableInfo info;
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t column) const noexcept {
        return {static_cast<const std::byte*>(columns[column]),
                rows * width_of(spec->columns[column].type)};
    }
};

// Where a table's columns lie in the file.
struct TablePlace {
    const TableSpec* spec = nullptr;
    std::uint64_t rows = 0;
    std::array<std::uint64_t, kMaxColumns> offsets{};
    std::array<std::uint64_t, kMaxColumns> checksums{};
};

// Tells a file from the one that replaced it under the same name.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

[[nodiscard]] FileIdentity identity_of(int fd) noexcept;
// What the system has against the file: errno, as an error.
[[nodiscard]] StoreError unreadable(const std::string& where);

// A file's header and places, checked: format, version, types, layout, lengths, and that every
// column lies within the file. Not the checksums.
struct DayFile {
    DayInfo info;
    std::vector<TablePlace> tables;  // those that the file holds
    FileIdentity identity;

    [[nodiscard]] static DayFile open(const std::filesystem::path& path);
    [[nodiscard]] const TablePlace* find(const TableSpec& spec) const noexcept;
};

// The whole file mapped read-only.
class MappedDay {
  public:
    explicit MappedDay(DayFile file);
    ~MappedDay();
    MappedDay(const MappedDay&) = delete;
    MappedDay& operator=(const MappedDay&) = delete;

    [[nodiscard]] const DayFile& file() const noexcept { return file_; }
    template <class Value>
    [[nodiscard]] const Value* column(const TablePlace& table, std::size_t index) const noexcept {
        // Aligned: open() refuses a column that is not.
        return static_cast<const Value*>(static_cast<const void*>(base_ + table.offsets[index]));
    }
    // Compares every checksum; kChecksum names the column. Returns the bytes compared.
    std::uint64_t verify() const;
    void prefetch() const noexcept;
    void unmap() noexcept;

  private:
    DayFile file_;
    const std::byte* base_ = nullptr;
};

[[nodiscard]] std::unique_ptr<MappedDay> map_day(const std::filesystem::path& path);

[[nodiscard]] std::uint64_t checksum_of(std::span<const std::byte> bytes) noexcept;

// Writes `info` with `tables`, and with those tables of `kept` (may be null) that are not among
// them, to `path`: temporary file, sync, rename, sync of the folder.
void replace_day(const std::filesystem::path& path, const DayInfo& info,
                 std::span<const TableView> tables, const DayFile* kept);

// Folder names of symbols that no file system objects to, and back.
[[nodiscard]] std::string folder_of(std::string_view symbol);
[[nodiscard]] std::string symbol_of(std::string_view folder);
// Day files of a symbol's folder, oldest first; leftovers and foreign files are not listed.
[[nodiscard]] std::vector<std::filesystem::path> day_files(const std::filesystem::path& folder);
inline constexpr std::string_view kTemporarySuffix = ".tmp";

}  // namespace sluice::adapters::tick_store
