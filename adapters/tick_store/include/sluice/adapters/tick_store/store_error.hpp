// How the tick store fails: what, where, and how to mend it. Thrown off the hot path only.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace sluice::adapters::tick_store {

enum class StoreFault : std::uint8_t {
    kMissingStore,  // the folder is not there
    kNotWritable,   // permission, read-only file system, not a folder
    kDiskFull,      // no space, quota or file size limit reached; nothing was changed
    kBusy,          // another process writes to this store
    kUnreadable,    // the system refuses to open, read or map the file
    kNotHdf5,       // no HDF5 signature
    kDamaged,       // HDF5, but truncated or with a broken structure
    kWrongFormat,   // HDF5 of another kind, or of another version of this format
    kMissingColumn,
    kBadColumn,          // wrong type, rank, layout or alignment
    kLengthMismatch,     // columns of one table differ in length
    kChecksum,           // a column's bytes are not those that were written
    kConflict,           // another source is held already
    kInstrumentDiffers,  // the instrument's own data (currency, zone, tick, lot, generated) differ
    kReplaced,           // the file was replaced, again and again, while it was opened
    kUnknownSymbol,
    kUnknownDay,
    kEmptyRange,
    kBadTable,      // what was to be stored is not storable
    kTooManyFiles,  // more day files in one range than can be mapped
};

class StoreError : public std::runtime_error {
  public:
    // what() reads "<where>: <what>. <mend>."
    StoreError(StoreFault fault, std::string where, const std::string& what,
               const std::string& mend);

    [[nodiscard]] StoreFault fault() const noexcept { return fault_; }
    [[nodiscard]] const std::string& where() const noexcept { return where_; }

  private:
    StoreFault fault_;
    std::string where_;
};

}  // namespace sluice::adapters::tick_store
