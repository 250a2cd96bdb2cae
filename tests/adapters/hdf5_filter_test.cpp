// The codec as a filter that HDF5 loads by itself: what other programs read and write with it.
#include <stdlib.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <hdf5.h>
#include <unistd.h>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace sluice::tests {
namespace {

using adapters::tick_store::ColumnWidth;
using adapters::tick_store::encode_bound;
using adapters::tick_store::encode_column;
using adapters::tick_store::kChunkValues;

constexpr H5Z_filter_t kFilter = 417;
constexpr hsize_t kChunk = kChunkValues;

class Hdf5Filter : public testing::Test {
  protected:
    void SetUp() override {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        ASSERT_GE(H5PLprepend(SLUICE_BINARY_DIR "/lib/hdf5"), 0);
        path_ = testing::TempDir() + "hdf5_filter_test." + std::to_string(::getpid()) + ".h5";
        file_ = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        ASSERT_GE(file_, 0);
    }
    void TearDown() override {
        H5Fclose(file_);
        std::filesystem::remove(path_);
    }
    // A chunked column with the filter; `width` is the filter's client data.
    [[nodiscard]] hid_t create(hid_t type, hsize_t rows, unsigned width) const {
        const hid_t space = H5Screate_simple(1, &rows, nullptr);
        const hid_t how = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_chunk(how, 1, &kChunk);
        EXPECT_GE(H5Pset_filter(how, kFilter, H5Z_FLAG_MANDATORY, 1, &width), 0)
            << "the plugin is not in " SLUICE_BINARY_DIR "/lib/hdf5";
        const hid_t data = H5Dcreate2(file_, "column", type, space, H5P_DEFAULT, how, H5P_DEFAULT);
        H5Pclose(how);
        H5Sclose(space);
        return data;
    }
    // Closed, so that no chunk is kept unpacked in memory.
    [[nodiscard]] hid_t reopen(hid_t data) {
        H5Dclose(data);
        H5Fclose(file_);
        file_ = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        return H5Dopen2(file_, "column", H5P_DEFAULT);
    }

    std::string path_;
    hid_t file_ = -1;
};

template <class T>
std::vector<T> prices(std::size_t rows) {
    std::mt19937_64 random{1};
    std::vector<T> out(rows);
    std::uint64_t value = 100;
    for (T& price : out) price = static_cast<T>(value += random() % 7);
    return out;
}

template <class T>
std::vector<std::byte> packed_bytes(const std::vector<T>& values) {
    std::vector<std::byte> out(encode_bound(values.size(), static_cast<ColumnWidth>(sizeof(T))));
    out.resize(encode_column(std::span<const T>{values}, std::span{out}));
    return out;
}

TEST_F(Hdf5Filter, packs_and_returns_columns_of_every_width) {
    const auto round_trip = [this]<class T>(const std::vector<T>& values, hid_t type) {
        hid_t data = create(type, values.size(), sizeof(T));
        ASSERT_GE(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
        data = reopen(data);
        EXPECT_LT(H5Dget_storage_size(data), values.size() * sizeof(T));
        std::vector<T> back(values.size());
        ASSERT_GE(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, back.data()), 0);
        EXPECT_EQ(back, values);
        H5Dclose(data);
        H5Ldelete(file_, "column", H5P_DEFAULT);
    };
    round_trip(prices<std::int64_t>(40'000), H5T_NATIVE_INT64);
    round_trip(prices<std::uint32_t>(40'000), H5T_NATIVE_UINT32);
    round_trip(std::vector<std::uint8_t>(40'000, 'N'), H5T_NATIVE_UINT8);
}

TEST_F(Hdf5Filter, reads_chunks_that_the_codec_packed) {
    const auto values = prices<std::int64_t>(kChunkValues);
    const auto bytes = packed_bytes(values);
    hid_t data = create(H5T_NATIVE_INT64, kChunk, 8);
    const hsize_t row = 0;
    ASSERT_GE(H5Dwrite_chunk(data, H5P_DEFAULT, 0, &row, bytes.size(), bytes.data()), 0);
    data = reopen(data);
    std::vector<std::int64_t> back(values.size());
    ASSERT_GE(H5Dread(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, back.data()), 0);
    EXPECT_EQ(back, values);
    H5Dclose(data);
}

TEST_F(Hdf5Filter, writes_the_bytes_that_the_codec_packs) {
    const auto values = prices<std::uint32_t>(kChunkValues);
    hid_t data = create(H5T_NATIVE_UINT32, kChunk, 4);
    ASSERT_GE(H5Dwrite(data, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
    data = reopen(data);
    const hsize_t row = 0;
    std::vector<std::byte> bytes(H5Dget_storage_size(data));
    std::uint32_t mask = 0;
    ASSERT_GE(H5Dread_chunk(data, H5P_DEFAULT, &row, &mask, bytes.data()), 0);
    EXPECT_EQ(mask, 0U);
    EXPECT_EQ(bytes, packed_bytes(values));
    H5Dclose(data);
}

TEST_F(Hdf5Filter, refuses_a_damaged_chunk) {
    auto bytes = packed_bytes(prices<std::int64_t>(kChunkValues));
    bytes[8] = std::byte{9};  // the first block's mode
    hid_t data = create(H5T_NATIVE_INT64, kChunk, 8);
    const hsize_t row = 0;
    ASSERT_GE(H5Dwrite_chunk(data, H5P_DEFAULT, 0, &row, bytes.size(), bytes.data()), 0);
    data = reopen(data);
    std::vector<std::int64_t> back(kChunkValues);
    EXPECT_LT(H5Dread(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, back.data()), 0);
    H5Dclose(data);
}

TEST_F(Hdf5Filter, refuses_to_write_values_of_two_bytes) {
    const auto values = prices<std::uint16_t>(kChunkValues);
    const hid_t data = create(H5T_NATIVE_UINT16, kChunk, 2);
    const bool written =
        H5Dwrite(data, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0;
    EXPECT_FALSE(written && H5Dflush(data) >= 0);
    H5Dclose(data);
}

}  // namespace
}  // namespace sluice::tests
