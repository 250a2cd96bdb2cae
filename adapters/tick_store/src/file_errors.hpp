// Files as the store writes them, and what the system has against it, as errors that say how to
// mend it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <sluice/adapters/tick_store/store_error.hpp>

namespace sluice::adapters::tick_store {

// errno of a failed open, read or map.
[[nodiscard]] StoreError unreadable(const std::string& where);
// kDiskFull or kNotWritable, by the error number.
[[nodiscard]] StoreError write_failed(const std::filesystem::path& path, int error);
// All of `bytes` at `offset`; 0 or the error number.
[[nodiscard]] int write_at(int fd, std::span<const std::byte> bytes, std::uint64_t offset) noexcept;

// A file under a temporary name that appears under its own name as a whole, or not at all.
class TemporaryFile {
  public:
    // In the folder of `final_path`: ".<name>.tmp".
    explicit TemporaryFile(std::filesystem::path final_path);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // Syncs, renames, syncs the folder.
    void publish();

  private:
    std::filesystem::path final_path_;
    std::filesystem::path path_;
    int fd_ = -1;
    bool renamed_ = false;
};
inline constexpr std::string_view kTemporarySuffix = ".tmp";
// Removes what a crash has left behind.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace sluice::adapters::tick_store
