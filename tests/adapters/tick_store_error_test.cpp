#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::OnConflict;
using adapters::tick_store::StoreError;
using adapters::tick_store::StoreFault;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;

// A store with one day of "IBM", and the ways to break it.
class BrokenStore : public testing::Test {
  protected:
    BrokenStore() { put(trades_, "aa"); }

    void put(const pipeline::TradeColumns& trades, const std::string& sha,
             OnConflict on_conflict = OnConflict::kRefuse,
             pipeline::Instrument instrument = instrument_named("IBM")) {
        StoreWriter writer(folder_.path(), {.on_conflict = on_conflict});
        writer.put(instrument, {kDay, {trades}, {}, {}, {"source.zip", sha, 3}});
    }
    [[nodiscard]] StoreError read_error() const {
        const auto error = error_of<StoreError>([this] {
            static_cast<void>(
                TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay));
        });
        EXPECT_NE(std::string(error.what()).find(file_.string()), std::string::npos)
            << error.what();
        return error;
    }
    // Opens the day for writing with HDF5's own interface.
    template <class Edit>
    void edit(Edit&& change) {
        const hid_t file = H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        ASSERT_GE(file, 0);
        change(file);
        H5Fclose(file);
    }
    static void set_int(hid_t file, const char* name, std::int64_t value) {
        const hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
        EXPECT_GE(H5Awrite(attribute, H5T_NATIVE_INT64, &value), 0);
        H5Aclose(attribute);
    }
    static void make_column(hid_t file, const char* path, hid_t type, hsize_t rows) {
        const hid_t space = H5Screate_simple(1, &rows, nullptr);
        H5Dclose(H5Dcreate2(file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        H5Sclose(space);
    }

    TempFolder folder_;
    fs::path file_ = folder_ / "IBM/2024-01-02.h5";
    pipeline::TradeColumns trades_ = trades_at({1, 2, 3}, 0x1234'5678'9ABC);
};

TEST_F(BrokenStore, says_that_the_store_is_missing) {
    const auto error =
        error_of<StoreError>([] { static_cast<void>(TickStore::open("/nowhere/store")); });
    EXPECT_EQ(error.fault(), StoreFault::kMissingStore);
    EXPECT_EQ(error.where(), "/nowhere/store");
}

TEST_F(BrokenStore, refuses_a_file_that_is_not_hdf5) {
    write_file(file_, "time,price\n1,2\n");
    EXPECT_EQ(read_error().fault(), StoreFault::kNotHdf5);
    write_file(file_, "");
    EXPECT_EQ(read_error().fault(), StoreFault::kNotHdf5);
}

TEST_F(BrokenStore, refuses_a_file_cut_short_at_any_length) {
    const std::string whole = read_file(file_);
    for (std::size_t size = 16; size < whole.size(); size += 97) {
        write_file(file_, std::string_view(whole).substr(0, size));
        EXPECT_EQ(read_error().fault(), StoreFault::kDamaged) << size;
    }
}

TEST_F(BrokenStore, never_reads_beyond_a_file_with_any_one_byte_changed) {
    const std::string whole = read_file(file_);
    // In a child: a crash is then a result like any other, and what HDF5 1.10 does not free when it
    // refuses a header is nobody's leak.
    const ::pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        for (std::size_t at = 0; at < whole.size(); at += 7) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 0x55);
            write_file(file_, changed);
            try {
                // Padding and text may differ unseen; values may not.
                const TickStore store = TickStore::open(folder_.path());
                if (store.read<pipeline::TradeColumns>("IBM", kDay) != trades_) ::_exit(1);
            } catch (const StoreError&) {}
        }
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST_F(BrokenStore, refuses_another_version_and_names_both) {
    edit([](hid_t file) { set_int(file, "version", 9); });
    const auto error = read_error();
    EXPECT_EQ(error.fault(), StoreFault::kWrongFormat);
    EXPECT_NE(std::string(error.what()).find("version 9"), std::string::npos);
}

TEST_F(BrokenStore, refuses_hdf5_of_another_kind) {
    H5Fclose(H5Fcreate(file_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    EXPECT_EQ(read_error().fault(), StoreFault::kWrongFormat);
}

TEST_F(BrokenStore, refuses_another_price_scale) {
    edit([](hid_t file) { set_int(file, "price_scale", 10'000); });
    EXPECT_EQ(read_error().fault(), StoreFault::kWrongFormat);
}

TEST_F(BrokenStore, names_a_missing_column) {
    edit([](hid_t file) { H5Ldelete(file, "trades/price", H5P_DEFAULT); });
    const auto error = read_error();
    EXPECT_EQ(error.fault(), StoreFault::kMissingColumn);
    EXPECT_NE(std::string(error.what()).find("trades/price"), std::string::npos);
}

TEST_F(BrokenStore, names_a_column_of_another_length) {
    edit([](hid_t file) {
        H5Ldelete(file, "trades/price", H5P_DEFAULT);
        make_column(file, "trades/price", H5T_STD_I64LE, 2);
    });
    EXPECT_EQ(read_error().fault(), StoreFault::kLengthMismatch);
}

TEST_F(BrokenStore, names_a_column_of_another_type) {
    edit([](hid_t file) {
        H5Ldelete(file, "trades/price", H5P_DEFAULT);
        make_column(file, "trades/price", H5T_IEEE_F64LE, 3);
    });
    EXPECT_EQ(read_error().fault(), StoreFault::kBadColumn);
}

TEST_F(BrokenStore, names_the_column_whose_bytes_were_changed) {
    std::string bytes = read_file(file_);
    const std::string price("\xBC\x9A\x78\x56\x34\x12\0\0", 8);  // the first one, as it lies
    const std::size_t at = bytes.find(price);
    ASSERT_NE(at, std::string::npos);
    bytes[at] = '\0';
    write_file(file_, bytes);
    const auto error = read_error();
    EXPECT_EQ(error.fault(), StoreFault::kChecksum);
    EXPECT_NE(std::string(error.what()).find("trades/price"), std::string::npos);
    EXPECT_EQ(error_of<StoreError>([this] { TickStore::verify(file_); }).fault(),
              StoreFault::kChecksum);
    EXPECT_EQ(error_of<StoreError>([this] {
                  StoreSource source(TickStore::open(folder_.path()), {"IBM"});
              }).fault(),
              StoreFault::kChecksum);
}

TEST_F(BrokenStore, names_the_nearest_symbol_and_its_dates) {
    put(trades_, "cc", OnConflict::kRefuse, instrument_named("AAPL"));
    put(trades_, "cc", OnConflict::kRefuse, instrument_named("ZION"));
    const auto error = error_of<StoreError>(
        [this] { StoreSource source(TickStore::open(folder_.path()), {"IMB"}); });
    EXPECT_EQ(error.fault(), StoreFault::kUnknownSymbol);
    const std::string what = error.what();
    EXPECT_NE(what.find("'IBM', 2024-01-02 to 2024-01-02"), std::string::npos) << what;
}

TEST_F(BrokenStore, names_what_is_held_when_the_range_is_empty) {
    const auto error = error_of<StoreError>([this] {
        StoreSource source(TickStore::open(folder_.path()), {"IBM"},
                           {.range = {core::time_from_ns<core::StreamTime>(kDayNs + 100)}});
    });
    EXPECT_EQ(error.fault(), StoreFault::kEmptyRange);
    EXPECT_NE(std::string(error.what()).find("IBM 2024-01-02"), std::string::npos);
}

TEST_F(BrokenStore, refuses_another_source_unless_told_to_replace) {
    const auto other = trades_at({9});
    const auto error = error_of<StoreError>([&] { put(other, "bb"); });
    EXPECT_EQ(error.fault(), StoreFault::kConflict);
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay), trades_);
    put(other, "bb", OnConflict::kReplace);
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay), other);
}

TEST_F(BrokenStore, replaces_a_damaged_day_when_told_to) {
    write_file(file_, "garbage");
    EXPECT_EQ(error_of<StoreError>([&] { put(trades_, "aa"); }).fault(), StoreFault::kNotHdf5);
    put(trades_, "aa", OnConflict::kReplace);
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay), trades_);
}

TEST_F(BrokenStore, refuses_generated_ticks_beside_a_markets) {
    auto generated = instrument_named("IBM");
    generated.generated = true;
    EXPECT_EQ(
        error_of<StoreError>([&] { put(trades_, "bb", OnConflict::kReplace, generated); }).fault(),
        StoreFault::kInstrumentDiffers);
}

TEST_F(BrokenStore, mends_a_damaged_column_by_the_same_source) {
    std::string bytes = read_file(file_);
    const std::string whole = bytes;
    const std::int64_t price = trades_.price_raw[1];
    const std::size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&price), 8));
    ASSERT_NE(at, std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_file(file_, bytes);
    EXPECT_EQ(read_error().fault(), StoreFault::kChecksum);
    put(trades_, "aa", OnConflict::kReplace);
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay), trades_);
    EXPECT_EQ(read_file(file_), whole);
}

TEST_F(BrokenStore, refuses_tables_that_no_market_has) {
    auto ragged = trades_;
    ragged.flags.pop_back();
    auto priceless = trades_;
    priceless.price_raw[1] = std::numeric_limits<std::int64_t>::max();
    auto negative = trades_;
    negative.quantity_raw[2] = -5;
    auto timeless = trades_;
    timeless.time_ns[0] = std::numeric_limits<std::int64_t>::min();
    for (const auto& table : {ragged, priceless, negative, timeless})
        EXPECT_EQ(error_of<StoreError>([&] { put(table, "bb", OnConflict::kReplace); }).fault(),
                  StoreFault::kBadTable);
}

TEST_F(BrokenStore, lets_one_writer_in_at_a_time) {
    const StoreWriter first(folder_.path());
    const auto error = error_of<StoreError>([this] { StoreWriter second(folder_.path()); });
    EXPECT_EQ(error.fault(), StoreFault::kBusy);
}

TEST_F(BrokenStore, says_that_the_folder_cannot_be_written) {
    write_file(folder_ / "file", "in the way");
    const auto error = error_of<StoreError>([this] { StoreWriter writer(folder_ / "file/store"); });
    EXPECT_EQ(error.fault(), StoreFault::kNotWritable);
    if (::geteuid() == 0) return;  // the superuser may write everywhere
    fs::permissions(folder_ / "IBM", fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(
        error_of<StoreError>([&] { put(trades_at({4}), "bb", OnConflict::kReplace); }).fault(),
        StoreFault::kNotWritable);
    fs::permissions(folder_ / "IBM", fs::perms::owner_all);
}

TEST_F(BrokenStore, leaves_the_day_as_it_was_when_the_disk_is_full) {
    // A limit on the size of files stands in for a full disk.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 2'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    std::vector<std::int64_t> times(5'000, 1);
    StoreFault fault{};
    try {
        put(trades_at(times), "bb", OnConflict::kReplace);
    } catch (const StoreError& error) {
        fault = error.fault();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(fault, StoreFault::kDiskFull);
    EXPECT_EQ(TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay), trades_);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "IBM"), fs::directory_iterator{}), 1);
}

TEST_F(BrokenStore, ignores_what_a_crash_left_and_removes_it_at_the_next_write) {
    const fs::path left = folder_ / "IBM/.2023-12-29.h5.tmp";
    write_file(left, "half a day");
    EXPECT_EQ(TickStore::open(folder_.path()).describe("IBM").days.size(), 1U);
    put(trades_at({4}), "bb", OnConflict::kReplace);
    EXPECT_FALSE(fs::exists(left));
}

TEST_F(BrokenStore, holds_a_whole_day_after_the_writer_was_killed) {
    const auto small = trades_at({1});
    const auto large = trades_at(std::vector<std::int64_t>(20'000, 2));
    for (int round = 0; round < 10; ++round) {
        const ::pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            for (bool flip = false;; flip = !flip)
                put(flip ? small : large, flip ? "s" : "l", OnConflict::kReplace);
        }
        ::usleep(static_cast<::useconds_t>(3'000 + 1'700 * round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto held = TickStore::open(folder_.path()).read<pipeline::TradeColumns>("IBM", kDay);
        EXPECT_TRUE(held == small || held == large || held == trades_);
    }
    put(small, "last", OnConflict::kReplace);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "IBM"), fs::directory_iterator{}), 1);
}

}  // namespace
}  // namespace sluice::tests
