#pragma once
// The files of store_scan_bench: the same columns as HDF5 keeps them in one piece, packed with the
// store's codec, and packed with Blosc, each mapped and open.

#include <sys/mman.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "store_columns.hpp"

namespace sluice::bench {

inline constexpr H5Z_filter_t kColumnFilter = 417;
inline constexpr H5Z_filter_t kBloscFilter = 32001;
inline constexpr hsize_t kBloscChunk = 65536;

enum class Layout { kContiguous, kPacked, kBlosc };

// A file of one data set a column, with the places of what a reader maps.
class StoreFile {
  public:
    struct Place {
        std::uint64_t offset;
        std::uint64_t size;
    };
    StoreFile(const std::filesystem::path& path, Layout layout, const StoreColumns& columns)
        : rows_{columns[0].bytes.size() / columns[0].width} {
        write(path, layout, columns);
        file_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
        for (const StoreColumn& column : columns) {
            const hid_t data = H5Dopen2(file_, column.name.c_str(), H5P_DEFAULT);
            if (data < 0) give_up("cannot read back " + path.string());
            data_.push_back(data);
            stored_ += H5Dget_storage_size(data);
            places_.push_back(places_of(data, layout));
        }
        map(path);
    }
    StoreFile(const StoreFile&) = delete;
    StoreFile& operator=(const StoreFile&) = delete;
    ~StoreFile() {
        ::munmap(base_, size_);
        for (const hid_t data : data_) H5Dclose(data);
        H5Fclose(file_);
    }

    // Bytes that the columns take in the file.
    [[nodiscard]] std::uint64_t stored() const { return stored_; }
    // The mapped bytes of a chunk, or of the whole column where it lies in one piece.
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t column, std::size_t chunk) const {
        const Place& place = places_[column][chunk];
        return {static_cast<const std::byte*>(base_) + place.offset, place.size};
    }
    void read(const StoreColumn& like, std::size_t column, hsize_t row, hsize_t rows,
              std::byte* to) const {
        const hid_t from = H5Screate_simple(1, &rows_, nullptr);
        const hid_t into = H5Screate_simple(1, &rows, nullptr);
        H5Sselect_hyperslab(from, H5S_SELECT_SET, &row, nullptr, &rows, nullptr);
        if (H5Dread(data_[column], type_of(like), into, from, H5P_DEFAULT, to) < 0) {
            give_up("a data set cannot be read");
        }
        H5Sclose(into);
        H5Sclose(from);
    }

  private:
    static hid_t type_of(const StoreColumn& column) {
        return column.width == 8 ? H5T_STD_I64LE : column.width == 4 ? H5T_STD_U32LE : H5T_STD_U8LE;
    }

    void write(const std::filesystem::path& path, Layout layout, const StoreColumns& columns) {
        const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
        H5Pset_alignment(access, 4096, 64);  // as the store has its columns
        const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
        if (file < 0) give_up("cannot write " + path.string());
        const hid_t space = H5Screate_simple(1, &rows_, nullptr);
        for (const StoreColumn& column : columns) {
            const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
            choose(create, layout, column);
            const hid_t data = H5Dcreate2(file, column.name.c_str(), type_of(column), space,
                                          H5P_DEFAULT, create, H5P_DEFAULT);
            if (data < 0 || H5Dwrite(data, type_of(column), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                     column.bytes.data()) < 0) {
                give_up("cannot write a column: is HDF5's filter in its place?");
            }
            H5Dclose(data);
            H5Pclose(create);
        }
        H5Sclose(space);
        H5Fclose(file);
        H5Pclose(access);
    }
    static void choose(hid_t create, Layout layout, const StoreColumn& column) {
        const auto width = static_cast<unsigned>(column.width);
        if (layout == Layout::kPacked) {
            const hsize_t chunk = kChunkValues;
            H5Pset_chunk(create, 1, &chunk);
            H5Pset_filter(create, kColumnFilter, H5Z_FLAG_MANDATORY, 1, &width);
        } else if (layout == Layout::kBlosc) {
            // level 5, byte shuffle, LZ4; the filter itself fills in the first four
            const std::array<unsigned, 7> client{0, 0, 0, 0, 5, 1, 1};
            H5Pset_chunk(create, 1, &kBloscChunk);
            H5Pset_filter(create, kBloscFilter, H5Z_FLAG_MANDATORY, client.size(), client.data());
        }
    }

    std::vector<Place> places_of(hid_t data, Layout layout) const {
        if (layout == Layout::kContiguous)
            return {{H5Dget_offset(data), H5Dget_storage_size(data)}};
        std::vector<Place> out;
        const hsize_t chunk = layout == Layout::kPacked ? kChunkValues : kBloscChunk;
        for (hsize_t row = 0; row < rows_; row += chunk) {
            unsigned mask = 0;
            haddr_t offset = 0;
            hsize_t size = 0;
            if (H5Dget_chunk_info_by_coord(data, &row, &mask, &offset, &size) < 0 || mask != 0) {
                give_up("a chunk is missing");
            }
            out.push_back({offset, size});
        }
        return out;
    }
    // With its pages present, as after a first pass.
    void map(const std::filesystem::path& path) {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        size_ = std::filesystem::file_size(path);
        base_ = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
        ::close(descriptor);
        if (base_ == MAP_FAILED) give_up("cannot map " + path.string());
    }

    hsize_t rows_;
    hid_t file_ = -1;
    std::vector<hid_t> data_;
    std::vector<std::vector<Place>> places_;
    std::uint64_t stored_ = 0;
    void* base_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace sluice::bench
