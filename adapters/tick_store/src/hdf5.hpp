// HDF5's C interface with owners for its ids and typed errors for its failures.
// The serial library keeps global state, so whoever calls it holds a Session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include <hdf5.h>

#include <sluice/adapters/tick_store/store_error.hpp>

namespace sluice::adapters::tick_store::h5 {

// The process's turn at HDF5, with HDF5's own printing to standard error switched off.
class Session {
  public:
    Session();

  private:
    std::lock_guard<std::mutex> turn_;
};

class Id {
  public:
    using Close = herr_t (*)(hid_t);
    Id() noexcept = default;
    Id(hid_t id, Close close) noexcept : id_(id), close_(close) {}
    Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Id& operator=(Id&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    ~Id() {
        if (id_ >= 0) close_(id_);
    }
    [[nodiscard]] hid_t get() const noexcept { return id_; }
    [[nodiscard]] bool ok() const noexcept { return id_ >= 0; }

  private:
    hid_t id_ = -1;
    Close close_ = nullptr;
};

[[nodiscard]] inline StoreError damaged(const std::string& where, const std::string& what) {
    return {StoreFault::kDamaged, where, what,
            "Remove the file and import that day again, or restore it from a backup"};
}

// Attributes. `where` is the file, for errors; a missing or mistyped one is kWrongFormat.
void write_text(hid_t object, const char* name, const std::string& value);
void write_int(hid_t object, const char* name, std::int64_t value);
void write_hash(hid_t object, const char* name, std::uint64_t value);
[[nodiscard]] std::string read_text(hid_t object, const char* name, const std::string& where);
[[nodiscard]] std::int64_t read_int(hid_t object, const char* name, const std::string& where);
[[nodiscard]] std::uint64_t read_hash(hid_t object, const char* name, const std::string& where);

// Throws kUnreadable, kNotHdf5 or kDamaged.
[[nodiscard]] Id open_file(const std::string& path);
[[nodiscard]] Id create_group(hid_t file, const char* name);
// The type of a column of that width: int64, uint32 or uint8, little-endian.
[[nodiscard]] hid_t column_type(std::size_t width) noexcept;
// Throws on a negative status: used where a failure means memory has run out.
void check(herr_t status, const char* what);

}  // namespace sluice::adapters::tick_store::h5
