// One file of the store: its layout in words of HDF5, opened, checked and mapped; written whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>

#include "file_errors.hpp"
#include "table_builder.hpp"
#include "table_spec.hpp"

namespace sluice::adapters::tick_store {

inline constexpr const char* kFormatName = "sluice-ticks";
inline constexpr std::int64_t kFormatVersion = 2;
inline constexpr std::size_t kChunkRows = kChunkValues;  // of packed columns

using pipeline::iso_date;
using pipeline::parse_iso_date;

struct ChunkPlace {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
};
// Where a column lies in the file: at `offset` as it is, or packed in chunks of kChunkRows rows.
struct ColumnPlace {
    bool present = false;
    std::uint64_t offset = 0;
    std::uint64_t checksum = 0;  // XXH3-64 of the values, however they are stored
    std::vector<ChunkPlace> chunks;
};
struct TablePlace {
    TableKey key;
    std::uint64_t rows = 0;
    bool packed = false;
    std::vector<ColumnPlace> columns;  // as spec_of(key.kind)
};

// Tells a file from the one that replaced it under the same name.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};
[[nodiscard]] FileIdentity identity_of(int fd) noexcept;

// A file's header and places, checked: format, version, types, layout, lengths, and that every
// column lies within the file. Not the checksums.
struct DayFile {
    DayInfo info;
    std::vector<TablePlace> tables;  // those that the file holds, the truth among them
    FileIdentity identity;

    [[nodiscard]] static DayFile open(const std::filesystem::path& path);
    [[nodiscard]] const TablePlace* find(TableKey key) const noexcept;
};

// The whole file mapped read-only.
class MappedDay {
  public:
    explicit MappedDay(DayFile file);
    ~MappedDay();
    MappedDay(const MappedDay&) = delete;
    MappedDay& operator=(const MappedDay&) = delete;

    [[nodiscard]] const DayFile& file() const noexcept { return file_; }
    // The values of a column that is not packed, in place; null for an absent one.
    template <class Value>
    [[nodiscard]] const Value* column(const TablePlace& table, std::size_t index) const noexcept {
        const ColumnPlace& place = table.columns[index];
        if (!place.present) return nullptr;
        // Aligned: open() refuses a column that is not.
        return static_cast<const Value*>(static_cast<const void*>(base_ + place.offset));
    }
    // The values of chunk `chunk` of a packed, present column into `out`, which is as long as the
    // chunk. False when the bytes are no such chunk.
    [[nodiscard]] bool unpack(const TablePlace& table, std::size_t index, std::size_t chunk,
                              std::span<std::byte> out) const noexcept;
    // All values of a present column, packed or not, into `out`. kDamaged.
    void copy(const TablePlace& table, std::size_t index, std::span<std::byte> out) const;
    // Compares every checksum; kChecksum names the column. Returns the bytes of the columns.
    std::uint64_t verify() const;
    void prefetch() const noexcept;
    void unmap() noexcept;

  private:
    DayFile file_;
    const std::byte* base_ = nullptr;
};

[[nodiscard]] std::unique_ptr<MappedDay> map_day(const std::filesystem::path& path);

// Writes `info` with `tables`, and with those tables of `kept` (may be null) that are not among
// them, to `path`: temporary file, sync, rename, sync of the folder.
void write_day_file(const std::filesystem::path& path, const DayInfo& info,
                    std::span<const std::unique_ptr<TableBuilder>> tables, const DayFile* kept);

// Folder names of symbols that no file system objects to, and back.
[[nodiscard]] std::string folder_of(std::string_view symbol);
[[nodiscard]] std::string symbol_of(std::string_view folder);
// A file by the name that it has in its symbol's folder.
struct FileName {
    std::filesystem::path path;
    Date date{};
    bool yearly = false;
    unsigned part = 0;
};
[[nodiscard]] std::string file_name(Date date, bool yearly, unsigned part = 0);
// Files of a symbol's folder, by date, parts in order; parts of a day that is whole, leftovers and
// foreign files are not listed.
[[nodiscard]] std::vector<FileName> day_files(const std::filesystem::path& folder);

}  // namespace sluice::adapters::tick_store
