#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <xxhash.h>

#include "day_file.hpp"
#include "packed_column.hpp"

namespace sluice::adapters::tick_store {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are mapped as they lie");

constexpr int kMapAttempts = 5;

}  // namespace

FileIdentity identity_of(int fd) noexcept {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return {};
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
            static_cast<std::uint64_t>(status.st_size)};
}

MappedDay::MappedDay(DayFile file) : file_(std::move(file)) {
    const std::string where = file_.info.file.string();
    const int fd = ::open(where.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw unreadable(where);
    const bool same = identity_of(fd) == file_.identity;
    void* base =
        same ? ::mmap(nullptr, file_.identity.size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    const int error = errno;
    ::close(fd);
    if (!same)
        throw StoreError(StoreFault::kReplaced, where, "was replaced while it was opened",
                         "Open it again");
    errno = error;
    if (base == MAP_FAILED) throw unreadable(where);
    ::madvise(base, file_.identity.size, MADV_SEQUENTIAL);  // a hint; a refusal changes nothing
    base_ = static_cast<const std::byte*>(base);
}

std::unique_ptr<MappedDay> map_day(const std::filesystem::path& path) {
    // An import may replace the day between its check and its mapping; a second look settles it.
    for (int attempt = 1;; ++attempt) {
        try {
            return std::make_unique<MappedDay>(DayFile::open(path));
        } catch (const StoreError& error) {
            if (error.fault() != StoreFault::kReplaced || attempt == kMapAttempts) throw;
        }
    }
}

MappedDay::~MappedDay() { unmap(); }

void MappedDay::unmap() noexcept {
    if (base_ == nullptr) return;
    ::munmap(const_cast<std::byte*>(base_), file_.identity.size);
    base_ = nullptr;
}

void MappedDay::prefetch() const noexcept {
    if (base_ != nullptr)
        ::madvise(const_cast<std::byte*>(base_), file_.identity.size, MADV_WILLNEED);
}

bool MappedDay::unpack(const TablePlace& table, std::size_t index, std::size_t chunk,
                       std::span<std::byte> out) const noexcept {
    const ChunkPlace& place = table.columns[index].chunks[chunk];
    return unpack_chunk(spec_of(table.key.kind)[index].type, {base_ + place.offset, place.size},
                        out);
}

void MappedDay::copy(const TablePlace& table, std::size_t index, std::span<std::byte> out) const {
    if (out.empty()) return;
    const ColumnPlace& place = table.columns[index];
    if (!table.packed) {
        std::memcpy(out.data(), base_ + place.offset, out.size());
        return;
    }
    const ColumnSpec& spec = spec_of(table.key.kind)[index];
    std::vector<std::byte> values(kChunkRows * width_of(spec.type));
    for (std::size_t chunk = 0; chunk < place.chunks.size(); ++chunk) {
        if (!unpack(table, index, chunk, values))
            throw StoreError(StoreFault::kDamaged, file_.info.file.string(),
                             "a chunk of column '" + table_name(table.key) + "/" + spec.name +
                                 "' cannot be unpacked",
                             "Import that day again with --replace, and check the disk");
        const std::size_t n = std::min(values.size(), out.size());
        std::memcpy(out.data(), values.data(), n);
        out = out.subspan(n);
    }
}

std::uint64_t MappedDay::verify() const {
    std::uint64_t bytes = 0;
    std::vector<std::byte> values;
    for (const TablePlace& table : file_.tables) {
        const TableSpec& spec = spec_of(table.key.kind);
        for (std::size_t i = 0; i < spec.size(); ++i) {
            const ColumnPlace& place = table.columns[i];
            if (!place.present) continue;
            const std::size_t size = table.rows * width_of(spec[i].type);
            const std::byte* at = base_ + place.offset;
            if (table.packed) {
                values.resize(size);
                copy(table, i, values);
                at = values.data();
            }
            if (XXH3_64bits(at, size) != place.checksum)
                throw StoreError(StoreFault::kChecksum, file_.info.file.string(),
                                 "column '" + table_name(table.key) + "/" + spec[i].name +
                                     "' does not have its checksum: the file was damaged",
                                 "Import that day again with --replace, and check the disk");
            bytes += size;
        }
    }
    return bytes;
}

}  // namespace sluice::adapters::tick_store
