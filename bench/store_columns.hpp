#pragma once
// The ticks of store_scan_bench and the work done on them: columns in memory, generated or taken
// from a day file, and one scan that every contender shares.

#include <sys/mman.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <hdf5.h>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace sluice::bench {

using adapters::tick_store::kChunkValues;

// Memory in large pages where the kernel has them, as the page cache has its files: with small ones
// the scan of memory is a fifth slower, and not what the others are to be compared with.
template <class T>
struct LargePages {
    using value_type = T;
    static constexpr std::size_t kPage = std::size_t{1} << 21U;
    static T* allocate(std::size_t count) {
        const std::size_t bytes = (count * sizeof(T) + kPage - 1) / kPage * kPage;
        void* const out = std::aligned_alloc(kPage, bytes);
        if (out == nullptr) throw std::bad_alloc{};
        (void)::madvise(out, bytes, MADV_HUGEPAGE);
        return static_cast<T*>(out);
    }
    static void deallocate(T* bytes, std::size_t) noexcept { std::free(bytes); }
    friend bool operator==(LargePages, LargePages) { return true; }
};

struct StoreColumn {
    std::string name;
    std::size_t width;  // bytes of a value: 8, 4 or 1
    std::vector<std::byte, LargePages<std::byte>> bytes;

    [[nodiscard]] const std::byte* row(std::size_t i) const { return bytes.data() + i * width; }
};
using StoreColumns = std::vector<StoreColumn>;

inline std::size_t bytes_of_a_tick(const StoreColumns& columns) {
    std::size_t bytes = 0;
    for (const StoreColumn& column : columns) bytes += column.width;
    return bytes;
}

// The sum of all values: eight, four or one bytes each, without and with their sign.
[[gnu::noinline]] inline std::uint64_t sum(const std::int64_t* values, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out += static_cast<std::uint64_t>(values[i]);
    return out;
}
[[gnu::noinline]] inline std::uint64_t sum(const std::uint32_t* values, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out += values[i];
    return out;
}
[[gnu::noinline]] inline std::uint64_t sum(const std::uint8_t* values, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i) out += values[i];
    return out;
}
inline std::uint64_t sum_bytes(const std::byte* bytes, std::size_t width, std::size_t count) {
    const void* const values = bytes;
    switch (width) {
        case 8: return sum(static_cast<const std::int64_t*>(values), count);
        case 4: return sum(static_cast<const std::uint32_t*>(values), count);
        default: return sum(static_cast<const std::uint8_t*>(values), count);
    }
}

[[noreturn]] inline void give_up(const std::string& what) { throw std::runtime_error{what}; }

// One instrument: exponential gaps of 0.1 s on average in nanoseconds, a price that walks in
// steps of a cent, 1 to 128 units, 16 sources at random, one row in 64 with another condition.
inline StoreColumns generated_columns(std::size_t ticks) {
    StoreColumns out{{"time", 8, {}},
                     {"price", 8, {}},
                     {"quantity", 8, {}},
                     {"source", 4, {}},
                     {"conditions", 4, {}}};
    for (StoreColumn& column : out) column.bytes.resize(ticks * column.width);
    const auto put = [&out](std::size_t column, std::size_t row, auto value) {
        std::memcpy(out[column].bytes.data() + row * sizeof value, &value, sizeof value);
    };
    std::mt19937_64 random{88172645463325252U};
    const auto unit = [&random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
    std::int64_t time = 1'704'067'200'000'000'000;
    double price = 100.0;
    for (std::size_t i = 0; i < ticks; ++i) {
        time += 1000 + static_cast<std::int64_t>(-std::log(1.0 - unit()) * 1e8);
        price += (unit() + unit() - 1.0) * 0.03;
        if (price < 50) price += 0.05;
        put(0, i, time);
        put(1, i, std::int64_t{std::llround(price * 100)} * 10'000'000);
        put(2, i, static_cast<std::int64_t>(1 + random() % 128) * 100'000'000);
        put(3, i, static_cast<std::uint32_t>(random() % 16));
        put(4, i, random() % 64 == 0 ? std::uint32_t{0x2000} : std::uint32_t{1});
    }
    return out;
}

// The trades of a day file of the store, over and over, each pass a day after the one before.
inline StoreColumns columns_of_day(const std::string& path, std::size_t ticks) {
    constexpr std::int64_t kDay = 86'400'000'000'000;
    StoreColumns out{{"time", 8, {}},       {"price", 8, {}},    {"quantity", 8, {}},
                     {"conditions", 4, {}}, {"exchange", 1, {}}, {"flags", 1, {}}};
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    for (StoreColumn& column : out) {
        const hid_t data = H5Dopen2(file, ("trades/" + column.name).c_str(), H5P_DEFAULT);
        const hid_t space = H5Dget_space(data);
        const hssize_t rows = H5Sget_simple_extent_npoints(space);
        if (rows <= 0) give_up("no trades in " + path);
        const std::size_t bytes = static_cast<std::size_t>(rows) * column.width;
        column.bytes.resize(ticks * column.width + bytes);
        const hid_t type = column.width == 8   ? H5T_NATIVE_INT64
                           : column.width == 4 ? H5T_NATIVE_UINT32
                                               : H5T_NATIVE_UINT8;
        if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, column.bytes.data()) < 0) {
            give_up("cannot read " + path);
        }
        for (std::size_t at = bytes; at < ticks * column.width; at += bytes) {
            std::memcpy(column.bytes.data() + at, column.bytes.data() + at - bytes, bytes);
            if (column.name != "time") continue;
            void* const copied = column.bytes.data() + at;
            auto* const times = static_cast<std::int64_t*>(copied);
            for (hssize_t i = 0; i < rows; ++i) times[i] += kDay;
        }
        column.bytes.resize(ticks * column.width);
        H5Sclose(space);
        H5Dclose(data);
    }
    H5Fclose(file);
    return out;
}

}  // namespace sluice::bench
