#include "hdf5.hpp"

#include <cstring>

namespace sluice::adapters::tick_store::h5 {
namespace {

std::mutex& library_turn() {
    static std::mutex turn;
    return turn;
}

[[nodiscard]] Id text_type(std::size_t size) {
    Id type{H5Tcopy(H5T_C_S1), H5Tclose};
    check(type.get() < 0 ? -1 : H5Tset_size(type.get(), size == 0 ? 1 : size), "text type");
    check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "text type");
    check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "text type");
    return type;
}

void write_attribute(hid_t object, const char* name, hid_t file_type, hid_t memory_type,
                     const void* value) {
    const Id space{H5Screate(H5S_SCALAR), H5Sclose};
    const Id attribute{H5Acreate2(object, name, file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                       H5Aclose};
    check(attribute.ok() ? H5Awrite(attribute.get(), memory_type, value) : -1, name);
}

[[nodiscard]] StoreError wrong_attribute(const std::string& where, const char* name) {
    return {StoreFault::kWrongFormat, where,
            std::string("attribute '") + name + "' is missing or has another type",
            "This is not a day file of this format; import that day again"};
}

// A scalar attribute of the class, or throws.
[[nodiscard]] Id open_attribute(hid_t object, const char* name, H5T_class_t wanted,
                                const std::string& where) {
    Id attribute{H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : -1, H5Aclose};
    if (!attribute.ok()) throw wrong_attribute(where, name);
    const Id type{H5Aget_type(attribute.get()), H5Tclose};
    const Id space{H5Aget_space(attribute.get()), H5Sclose};
    if (H5Tget_class(type.get()) != wanted || H5Sget_simple_extent_npoints(space.get()) != 1)
        throw wrong_attribute(where, name);
    return attribute;
}

template <class Int>
[[nodiscard]] Int read_number(hid_t object, const char* name, hid_t memory_type,
                              const std::string& where) {
    const Id attribute = open_attribute(object, name, H5T_INTEGER, where);
    Int value{};
    if (H5Aread(attribute.get(), memory_type, &value) < 0) throw wrong_attribute(where, name);
    return value;
}

}  // namespace

Session::Session() : turn_(library_turn()) { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

void check(herr_t status, const char* what) {
    if (status < 0)
        throw StoreError(StoreFault::kBadTable, what, "HDF5 could not build the file",
                         "There may be no memory left");
}

hid_t column_type(std::size_t width) noexcept {
    return width == 8 ? H5T_STD_I64LE : width == 4 ? H5T_STD_U32LE : H5T_STD_U8LE;
}

void write_text(hid_t object, const char* name, const std::string& value) {
    const Id type = text_type(value.size());
    const std::string shown = value.empty() ? std::string(1, '\0') : value;
    write_attribute(object, name, type.get(), type.get(), shown.data());
}
void write_int(hid_t object, const char* name, std::int64_t value) {
    write_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}
void write_hash(hid_t object, const char* name, std::uint64_t value) {
    write_attribute(object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

std::string read_text(hid_t object, const char* name, const std::string& where) {
    const Id attribute = open_attribute(object, name, H5T_STRING, where);
    const Id type{H5Aget_type(attribute.get()), H5Tclose};
    if (H5Tis_variable_str(type.get()) != 0) throw wrong_attribute(where, name);
    std::string value(H5Tget_size(type.get()), '\0');
    if (H5Aread(attribute.get(), type.get(), value.data()) < 0) throw wrong_attribute(where, name);
    value.resize(std::strlen(value.c_str()));
    return value;
}
std::int64_t read_int(hid_t object, const char* name, const std::string& where) {
    return read_number<std::int64_t>(object, name, H5T_NATIVE_INT64, where);
}
std::uint64_t read_hash(hid_t object, const char* name, const std::string& where) {
    return read_number<std::uint64_t>(object, name, H5T_NATIVE_UINT64, where);
}

Id open_file(const std::string& path) {
    const Id access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    // Day files are never changed in place, and some file systems know no locks.
    check(H5Pset_file_locking(access.get(), false, true), "file access");
    const htri_t known = H5Fis_hdf5(path.c_str());
    if (known == 0)
        throw StoreError(StoreFault::kNotHdf5, path, "not an HDF5 file",
                         "Remove it from the store, or import that day again");
    if (known < 0)
        throw StoreError(StoreFault::kUnreadable, path, "cannot be opened",
                         "Check its permissions");
    Id file{H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose};
    if (!file.ok()) throw damaged(path, "an HDF5 file that is truncated or damaged");
    return file;
}

Id create_group(hid_t file, const char* name) {
    const Id create{H5Pcreate(H5P_GROUP_CREATE), H5Pclose};
    check(H5Pset_obj_track_times(create.get(), false), "group");
    Id group{H5Gcreate2(file, name, H5P_DEFAULT, create.get(), H5P_DEFAULT), H5Gclose};
    check(group.ok() ? 0 : -1, "group");
    return group;
}

}  // namespace sluice::adapters::tick_store::h5
