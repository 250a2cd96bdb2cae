// HDF5 on an open descriptor of ours, for writing new files.
//
// HDF5's own driver cannot close a file whose descriptor fails: a full disk then leaks the file and
// ends in an abort. This one remembers the first error, lets HDF5 believe that all went well, and
// has the caller ask afterwards. Nothing that HDF5 wrote is kept in memory, so the size of a file
// does not matter.
#pragma once

#include "hdf5.hpp"

namespace sluice::adapters::tick_store::h5 {

// A new file over `fd`, which is empty, open for reading and writing, and stays the caller's.
// `error` receives the first errno, for as long as the file is open. Columns and metadata are
// aligned to 64 bytes; no wall-clock time is stored.
[[nodiscard]] Id create_file(int fd, int& error);

}  // namespace sluice::adapters::tick_store::h5
