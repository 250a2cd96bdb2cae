#include "write_driver.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include <H5FDpublic.h>

#include "file_errors.hpp"

namespace sluice::adapters::tick_store::h5 {
namespace {

// What create_file() hands to open() through the access list.
struct Target {
    int fd;
    int* error;
};

struct File {
    H5FD_t base;  // first: HDF5 sees this part
    Target target;
    haddr_t end_of_allocation;
    haddr_t end_of_file;
};

[[nodiscard]] File& of(H5FD_t* file) noexcept { return *reinterpret_cast<File*>(file); }
[[nodiscard]] const File& of(const H5FD_t* file) noexcept {
    return *reinterpret_cast<const File*>(file);
}
void note(const File& file, int error) noexcept {
    if (error != 0 && *file.target.error == 0) *file.target.error = error;
}

H5FD_t* open(const char*, unsigned, hid_t access, haddr_t) {
    const auto* target = static_cast<const Target*>(H5Pget_driver_info(access));
    if (target == nullptr) return nullptr;
    auto* file = static_cast<File*>(std::calloc(1, sizeof(File)));
    if (file == nullptr) return nullptr;
    file->target = *target;
    return &file->base;
}
herr_t close(H5FD_t* file) {
    std::free(file);
    return 0;
}
herr_t query(const H5FD_t*, unsigned long* flags) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA;
    return 0;
}
haddr_t get_eoa(const H5FD_t* file, H5FD_mem_t) { return of(file).end_of_allocation; }
herr_t set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address) {
    of(file).end_of_allocation = address;
    return 0;
}
haddr_t get_eof(const H5FD_t* file, H5FD_mem_t) { return of(file).end_of_file; }
herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* out) {
    auto* at = static_cast<char*>(out);
    while (size != 0) {
        const ::ssize_t n = ::pread(of(file).target.fd, at, size, static_cast<::off_t>(address));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            if (n < 0) note(of(file), errno);
            std::memset(at, 0, size);  // allocated and not yet written
            return 0;
        }
        at += n;
        address += static_cast<haddr_t>(n);
        size -= static_cast<std::size_t>(n);
    }
    return 0;
}
herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, const void* in) {
    note(of(file),
         write_at(of(file).target.fd, {static_cast<const std::byte*>(in), size}, address));
    if (address + size > of(file).end_of_file) of(file).end_of_file = address + size;
    return 0;
}
herr_t truncate(H5FD_t* file, hid_t, hbool_t) {
    File& f = of(file);
    if (f.end_of_file == f.end_of_allocation) return 0;
    if (::ftruncate(f.target.fd, static_cast<::off_t>(f.end_of_allocation)) != 0) note(f, errno);
    f.end_of_file = f.end_of_allocation;
    return 0;
}

[[nodiscard]] H5FD_class_t make_class() noexcept {
    H5FD_class_t c{};
    c.name = "sluice_write";
    c.maxaddr = static_cast<haddr_t>(INT64_MAX);
    c.fc_degree = H5F_CLOSE_WEAK;
    c.fapl_size = sizeof(Target);
    c.open = open;
    c.close = close;
    c.query = query;
    c.get_eoa = get_eoa;
    c.set_eoa = set_eoa;
    c.get_eof = get_eof;
    c.read = read;
    c.write = write;
    c.truncate = truncate;
    for (H5FD_mem_t& type : c.fl_map) type = H5FD_MEM_SUPER;  // one free list for all
    return c;
}

}  // namespace

Id create_file(int fd, int& error) {
    static const H5FD_class_t driver_class = make_class();
    static const hid_t driver = H5FDregister(&driver_class);
    check(driver < 0 ? -1 : 0, "file driver");
    const Id access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    const Target target{fd, &error};
    check(H5Pset_driver(access.get(), driver, &target), "file");
    // Cache-line alignment, so that every column can be read in place once it is mapped.
    check(H5Pset_alignment(access.get(), 1, 64), "file");
    check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V18, H5F_LIBVER_V18), "file");
    const Id create{H5Pcreate(H5P_FILE_CREATE), H5Pclose};
    check(H5Pset_obj_track_times(create.get(), false), "file");
    Id file{H5Fcreate("day", H5F_ACC_TRUNC, create.get(), access.get()), H5Fclose};
    check(file.ok() ? 0 : -1, "file");
    return file;
}

}  // namespace sluice::adapters::tick_store::h5
