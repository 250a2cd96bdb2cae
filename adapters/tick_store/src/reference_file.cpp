#include "reference_file.hpp"

#include <algorithm>
#include <cstring>
#include <system_error>

#include "file_errors.hpp"
#include "hdf5.hpp"
#include "write_driver.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReferenceFormat = "sluice-reference";
constexpr std::int64_t kReferenceVersion = 1;

[[nodiscard]] h5::Id text_column_type(std::size_t size) {
    h5::Id type{H5Tcopy(H5T_C_S1), H5Tclose};
    h5::check(H5Tset_size(type.get(), std::max<std::size_t>(1, size)), "text");
    h5::check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "text");
    h5::check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "text");
    return type;
}

void write_dataset(hid_t file, const std::string& name, hid_t type, std::size_t rows,
                   const void* values) {
    const hsize_t length = rows;
    const h5::Id space{H5Screate_simple(1, &length, nullptr), H5Sclose};
    const h5::Id create{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    h5::check(H5Pset_obj_track_times(create.get(), false), name.c_str());
    const h5::Id data{
        H5Dcreate2(file, name.c_str(), type, space.get(), H5P_DEFAULT, create.get(), H5P_DEFAULT),
        H5Dclose};
    h5::check(data.ok() ? 0 : -1, name.c_str());
    if (rows != 0)
        h5::check(H5Dwrite(data.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), name.c_str());
}

void write_texts(hid_t file, const std::string& name, const std::vector<std::string>& texts) {
    std::size_t size = 1;
    for (const std::string& text : texts) size = std::max(size, text.size());
    std::vector<char> bytes(texts.size() * size, '\0');
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::copy(texts[i].begin(), texts[i].end(), bytes.data() + i * size);
    write_dataset(file, name, text_column_type(size).get(), texts.size(), bytes.data());
}

void read_dataset(hid_t file, const char* name, ReferenceFile& out) {
    const std::string where = out.path.string();
    const h5::Id data{H5Dopen2(file, name, H5P_DEFAULT), H5Dclose};
    if (!data.ok()) throw h5::damaged(where, std::string("'") + name + "' cannot be opened");
    const h5::Id type{H5Dget_type(data.get()), H5Tclose};
    const h5::Id space{H5Dget_space(data.get()), H5Sclose};
    const ::ssize_t length = H5Sget_simple_extent_npoints(space.get());
    // A length that the file itself could not hold is a damaged header.
    if (length < 0 || H5Dget_storage_size(data.get()) > fs::file_size(out.path))
        throw h5::damaged(where, std::string("'") + name + "' is longer than its file");
    const auto rows = static_cast<std::size_t>(length);
    const bool text = H5Tget_class(type.get()) == H5T_STRING;
    const std::size_t width = text ? H5Tget_size(type.get()) : sizeof(std::int64_t);
    if (rows > fs::file_size(out.path) / width)
        throw h5::damaged(where, std::string("'") + name + "' is longer than its file");
    std::vector<char> bytes(rows * width);
    if (rows != 0 && H5Dread(data.get(), text ? type.get() : H5T_NATIVE_INT64, H5S_ALL, H5S_ALL,
                             H5P_DEFAULT, bytes.data()) < 0)
        throw h5::damaged(where, std::string("'") + name + "' cannot be read");
    if (!text) {
        auto& numbers = out.numbers[name];
        numbers.resize(rows);
        if (rows != 0) std::memcpy(numbers.data(), bytes.data(), bytes.size());
        return;
    }
    auto& texts = out.texts[name];
    for (std::size_t i = 0; i < rows; ++i)
        texts.emplace_back(bytes.data() + i * width, ::strnlen(bytes.data() + i * width, width));
}

template <class Columns>
[[nodiscard]] const auto& find_column(const ReferenceFile& file, const Columns& columns,
                                      const std::string& name, std::size_t rows) {
    const auto found = columns.find(name);
    if (found == columns.end() || found->second.size() != rows)
        throw h5::damaged(file.path.string(), "'" + name + "' is missing or of another length");
    return found->second;
}

}  // namespace

void ReferenceFile::write(const fs::path& to, const pipeline::Provenance& source) const {
    std::error_code failed;
    fs::create_directories(to.parent_path(), failed);
    if (failed) throw write_failed(to.parent_path(), failed.value());
    remove_leftovers(to.parent_path());
    TemporaryFile file(to);
    {
        const h5::Session session;
        int error = 0;
        {
            const h5::Id target = h5::create_file(file.fd(), error);
            h5::write_text(target.get(), "format", kReferenceFormat);
            h5::write_int(target.get(), "version", kReferenceVersion);
            h5::write_text(target.get(), "source", source.name);
            h5::write_text(target.get(), "source_sha256", source.sha256);
            for (const auto& [name, value] : attributes)
                h5::write_text(target.get(), ("text_" + name).c_str(), value);
            for (const auto& [name, column] : numbers)
                write_dataset(target.get(), name, H5T_STD_I64LE, column.size(), column.data());
            for (const auto& [name, column] : texts) write_texts(target.get(), name, column);
        }
        if (error != 0) throw write_failed(file.path(), error);
    }
    file.publish();
}

ReferenceFile ReferenceFile::read(const fs::path& from) {
    ReferenceFile out;
    out.path = from;
    const std::string where = from.string();
    const h5::Session session;
    const h5::Id file = h5::open_file(where);
    if (H5Aexists(file.get(), "format") <= 0 ||
        h5::read_text(file.get(), "format", where) != kReferenceFormat ||
        h5::read_int(file.get(), "version", where) != kReferenceVersion)
        throw StoreError(StoreFault::kWrongFormat, where, "an HDF5 file of another kind",
                         "Import the reference data again");
    for (const char* name : {"text_name", "text_time_zone"})
        if (H5Aexists(file.get(), name) > 0)
            out.attributes[name + std::strlen("text_")] = h5::read_text(file.get(), name, where);
    std::vector<std::string> names;
    const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* all) -> herr_t {
        static_cast<std::vector<std::string>*>(all)->emplace_back(name);
        return 0;
    };
    H5Literate(file.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &names);
    for (const std::string& name : names) read_dataset(file.get(), name.c_str(), out);
    return out;
}

const std::vector<std::int64_t>& ReferenceFile::number(const std::string& name,
                                                       std::size_t rows) const {
    return find_column(*this, numbers, name, rows);
}
const std::vector<std::string>& ReferenceFile::text(const std::string& name,
                                                    std::size_t rows) const {
    return find_column(*this, texts, name, rows);
}
const std::string& ReferenceFile::attribute(const std::string& name) const {
    const auto found = attributes.find(name);
    if (found == attributes.end())
        throw h5::damaged(path.string(), "attribute '" + name + "' is missing");
    return found->second;
}
std::size_t ReferenceFile::rows(const std::string& name) const {
    if (const auto found = numbers.find(name); found != numbers.end()) return found->second.size();
    if (const auto found = texts.find(name); found != texts.end()) return found->second.size();
    throw h5::damaged(path.string(), "'" + name + "' is missing");
}

}  // namespace sluice::adapters::tick_store
