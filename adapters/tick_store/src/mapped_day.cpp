#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <xxhash.h>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are mapped as they lie");

constexpr int kMapAttempts = 5;

}  // namespace

StoreError unreadable(const std::string& where) {
    return {StoreFault::kUnreadable, where, std::strerror(errno),
            "Check the path, its permissions and the limit on mappings (vm.max_map_count)"};
}

FileIdentity identity_of(int fd) noexcept {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return {};
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
            static_cast<std::uint64_t>(status.st_size)};
}

std::uint64_t checksum_of(std::span<const std::byte> bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size());
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

std::uint64_t MappedDay::verify() const {
    std::uint64_t bytes = 0;
    for (const TablePlace& table : file_.tables) {
        for (std::size_t i = 0; i < table.spec->columns.size(); ++i) {
            const ColumnSpec& spec = table.spec->columns[i];
            const std::size_t size = table.rows * width_of(spec.type);
            if (checksum_of({base_ + table.offsets[i], size}) != table.checksums[i])
                throw StoreError(StoreFault::kChecksum, file_.info.file.string(),
                                 std::string("column '") + table.spec->name + "/" + spec.name +
                                     "' does not have its checksum: the file was damaged",
                                 "Import that day again with --replace, and check the disk");
            bytes += size;
        }
    }
    return bytes;
}

}  // namespace sluice::adapters::tick_store
