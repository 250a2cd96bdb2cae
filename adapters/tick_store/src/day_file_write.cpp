#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "day_file.hpp"
#include "hdf5.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kImageOverhead = 1U << 16;  // HDF5's own blocks, generously

void write_column(hid_t group, const ColumnSpec& spec, std::span<const std::byte> bytes,
                  std::size_t rows) {
    const hsize_t length = rows;
    const h5::Id space{H5Screate_simple(1, &length, nullptr), H5Sclose};
    const h5::Id create{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    h5::check(H5Pset_layout(create.get(), H5D_CONTIGUOUS), spec.name);
    h5::check(H5Pset_obj_track_times(create.get(), false), spec.name);
    const hid_t type = h5::column_type(width_of(spec.type));
    const h5::Id data{
        H5Dcreate2(group, spec.name, type, space.get(), H5P_DEFAULT, create.get(), H5P_DEFAULT),
        H5Dclose};
    h5::check(data.ok() ? 0 : -1, spec.name);
    if (rows != 0)
        h5::check(H5Dwrite(data.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
                  spec.name);
    h5::write_hash(data.get(), "xxh3", checksum_of(bytes));
}

void write_table(hid_t file, const TableView& table) {
    const h5::Id group = h5::create_group(file, table.spec->name);
    const hid_t g = group.get();
    h5::write_int(g, "rows", static_cast<std::int64_t>(table.rows));
    h5::write_int(g, "first_time", core::ns_since_epoch(table.info.first));
    h5::write_int(g, "last_time", core::ns_since_epoch(table.info.last));
    h5::write_int(g, "out_of_order", static_cast<std::int64_t>(table.info.out_of_order));
    h5::write_text(g, "source", table.info.source.name);
    h5::write_text(g, "source_sha256", table.info.source.sha256);
    h5::write_int(g, "source_rows", static_cast<std::int64_t>(table.info.source.rows));
    for (std::size_t i = 0; i < table.spec->columns.size(); ++i)
        write_column(g, table.spec->columns[i], table.bytes(i), table.rows);
}

void write_root(hid_t file, const DayInfo& info) {
    h5::write_text(file, "format", kFormatName);
    h5::write_int(file, "version", kFormatVersion);
    h5::write_text(file, "symbol", info.instrument.symbol);
    h5::write_text(file, "date", iso_date(info.date));
    h5::write_text(file, "currency", info.instrument.currency);
    h5::write_text(file, "time_zone", info.instrument.time_zone);
    h5::write_int(file, "tick_size", info.instrument.tick_size.raw());
    h5::write_int(file, "lot_size", info.instrument.lot_size.raw());
    h5::write_int(file, "price_scale", core::Price::kScale);
    h5::write_int(file, "quantity_scale", core::Quantity::kScale);
    h5::write_int(file, "generated", info.instrument.generated ? 1 : 0);
    h5::write_text(file, "generator", info.generator);
}

void copy_table(const h5::Id& from, hid_t to, const char* name, const std::string& where) {
    if (H5Ocopy(from.get(), name, to, name, H5P_DEFAULT, H5P_DEFAULT) < 0)
        throw h5::damaged(where, std::string("group '") + name + "' cannot be copied");
}

[[nodiscard]] StoreError write_failed(const fs::path& path, int error) {
    const std::string why = std::strerror(error);
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return {StoreFault::kDiskFull, path.string(), why, "Make room and import that day again"};
    return {StoreFault::kNotWritable, path.string(), why,
            "Check that the folder exists and may be written to"};
}

// Removes the temporary file unless it was renamed.
class TemporaryFile {
  public:
    explicit TemporaryFile(fs::path path) : path_(std::move(path)) {
        fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd_ < 0) throw write_failed(path_, errno);
    }
    ~TemporaryFile() {
        if (fd_ >= 0) ::close(fd_);
        if (!renamed_) ::unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(const void* bytes, std::uint64_t size) {
        const char* at = static_cast<const char*>(bytes);
        while (size != 0) {
            const ::ssize_t n = ::write(fd_, at, size);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw write_failed(path_, errno);
            at += n;
            size -= static_cast<std::uint64_t>(n);
        }
    }
    void publish(const fs::path& final_path) {
        if (::fsync(fd_) != 0) throw write_failed(path_, errno);
        if (::close(std::exchange(fd_, -1)) != 0) throw write_failed(path_, errno);
        if (::rename(path_.c_str(), final_path.c_str()) != 0) throw write_failed(path_, errno);
        renamed_ = true;
        sync_folder(final_path.parent_path());
    }

  private:
    static void sync_folder(const fs::path& folder) {
        const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) throw write_failed(folder, errno);
        const int status = ::fsync(fd);
        const int error = errno;
        ::close(fd);
        // Some file systems cannot sync a folder; their rename is as safe as they make it.
        if (status != 0 && error != EINVAL) throw write_failed(folder, error);
    }

    fs::path path_;
    int fd_ = -1;
    bool renamed_ = false;
};

void remove_leftovers(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().filename().string().ends_with(kTemporarySuffix))
            fs::remove(entry.path(), error);
}

[[nodiscard]] bool given(std::span<const TableView> tables, const TableSpec* spec) noexcept {
    for (const TableView& table : tables)
        if (table.spec == spec) return true;
    return false;
}

}  // namespace

void replace_day(const fs::path& path, const DayInfo& info, std::span<const TableView> tables,
                 const DayFile* kept) {
    const fs::path folder = path.parent_path();
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw write_failed(folder, error.value());
    remove_leftovers(folder);

    std::uint64_t expected = kImageOverhead + (kept != nullptr ? kept->identity.size : 0);
    for (const TableView& table : tables)
        for (std::size_t i = 0; i < table.spec->columns.size(); ++i)
            expected += table.bytes(i).size() + 64;

    const h5::Session session;
    const h5::Id image = h5::create_image(expected);
    write_root(image.get(), info);
    for (const TableView& table : tables) write_table(image.get(), table);
    if (kept != nullptr) {
        const std::string where = kept->info.file.string();
        const h5::Id old = h5::open_file(where);
        for (const TablePlace& table : kept->tables)
            if (!given(tables, table.spec)) copy_table(old, image.get(), table.spec->name, where);
    }
    const auto [bytes, size] = h5::image_bytes(image);
    std::string name(1, '.');
    name.append(path.filename().string()).append(kTemporarySuffix);
    TemporaryFile file(folder / name);
    file.write(bytes, size);
    file.publish(path);
}

}  // namespace sluice::adapters::tick_store
