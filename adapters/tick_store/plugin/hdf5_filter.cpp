// HDF5's filter 417 (256..511 are for private use): the store's column codec, for programs other
// than ours. Found by HDF5 in the folder that HDF5_PLUGIN_PATH names:
//
//   HDF5_PLUGIN_PATH=build/release/lib/hdf5 h5dump -d trades/price IBM/2013-10-07.h5
//   HDF5_PLUGIN_PATH=build/release/lib/hdf5 h5repack -l price:CHUNK=16384 -f price:UD=417,0,1,8 a b
//
// Client data: one number, the bytes of a value: 8, 4 or 1. Reading does without, since a packed
// chunk says so itself. Not linked to HDF5, whose copy in the reading program may be another one:
// it takes buffers from malloc() and wants them back from there.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include <H5PLextern.h>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace {

using namespace sluice::adapters::tick_store;

constexpr H5Z_filter_t kFilterId = 417;

// A buffer of HDF5's, to be replaced when the new one is complete.
struct Buffer {
    void** bytes;
    std::size_t* capacity;

    std::size_t replace(void* with, std::size_t new_capacity, std::size_t used) const noexcept {
        std::free(*bytes);
        *bytes = with;
        *capacity = new_capacity;
        return used;
    }
};

template <class T>
std::size_t pack(std::size_t size, Buffer buffer) noexcept {
    if (size % sizeof(T) != 0) return 0;
    const std::size_t values = size / sizeof(T);
    const std::size_t bound = encode_bound(values, static_cast<ColumnWidth>(sizeof(T)));
    void* const packed = std::malloc(bound);
    if (packed == nullptr) return 0;
    const std::size_t used =
        encode_column(std::span<const T>{static_cast<const T*>(*buffer.bytes), values},
                      std::span{static_cast<std::byte*>(packed), bound});
    if (used == 0) {
        std::free(packed);
        return 0;
    }
    return buffer.replace(packed, bound, used);
}

template <class T>
std::size_t unpack(std::size_t size, std::size_t values, Buffer buffer) noexcept {
    const std::size_t bytes = values * sizeof(T);
    void* const plain = std::malloc(bytes);
    if (plain == nullptr) return 0;
    if (!decode_column(std::span{static_cast<const std::byte*>(*buffer.bytes), size},
                       std::span{static_cast<T*>(plain), values})) {
        std::free(plain);
        return 0;
    }
    return buffer.replace(plain, bytes, bytes);
}

// 0 is HDF5's word for failure; the buffer is then as it was.
std::size_t filter(unsigned flags, std::size_t client_size, const unsigned* client,
                   std::size_t size, std::size_t* capacity, void** bytes) {
    const Buffer buffer{bytes, capacity};
    if ((flags & H5Z_FLAG_REVERSE) == 0) {
        switch (client_size > 0 ? client[0] : 0) {
            case 8: return pack<std::int64_t>(size, buffer);
            case 4: return pack<std::uint32_t>(size, buffer);
            case 1: return pack<std::uint8_t>(size, buffer);
            default: return 0;
        }
    }
    ColumnHeader header{};
    const std::span packed{static_cast<const std::byte*>(*bytes), size};
    if (!read_column_header(packed, header) || header.values == 0) return 0;
    switch (header.width) {
        case ColumnWidth::kEight: return unpack<std::int64_t>(size, header.values, buffer);
        case ColumnWidth::kFour: return unpack<std::uint32_t>(size, header.values, buffer);
        case ColumnWidth::kOne: return unpack<std::uint8_t>(size, header.values, buffer);
    }
    return 0;
}

constexpr H5Z_class2_t kFilter{H5Z_CLASS_T_VERS,       kFilterId, 1,       1,
                               "sluice packed column", nullptr,   nullptr, filter};

}  // namespace

H5PL_type_t H5PLget_plugin_type() { return H5PL_TYPE_FILTER; }
const void* H5PLget_plugin_info() { return &kFilter; }
