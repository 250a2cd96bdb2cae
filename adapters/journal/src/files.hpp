// Files by descriptor, as the journal's set-up and recovery need them.
// Any thread; every function but the descriptor's own throws JournalError naming the path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::adapters::journal {

class FileDescriptor {
  public:
    FileDescriptor() noexcept = default;
    explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor();

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

// `flags` as of open(2); O_CLOEXEC is added, new files get mode 0644.
[[nodiscard]] FileDescriptor open_file(const std::filesystem::path& path, int flags);
void write_at(const FileDescriptor& file, std::span<const std::byte> bytes, std::uint64_t offset,
              const std::filesystem::path& path);
// Up to bytes.size(); less at the file's end only.
[[nodiscard]] std::size_t read_at(const FileDescriptor& file, std::span<std::byte> bytes,
                                  std::uint64_t offset, const std::filesystem::path& path);
[[nodiscard]] std::uint64_t size_of(const FileDescriptor& file, const std::filesystem::path& path);
void truncate_to(const FileDescriptor& file, std::uint64_t bytes,
                 const std::filesystem::path& path);
void sync_file(const FileDescriptor& file, const std::filesystem::path& path);
// Its names reach the disk.
void sync_folder(const std::filesystem::path& folder);
void remove_file(const std::filesystem::path& path);

// Whole or not at all: under another name, flushed, renamed, the folder flushed.
void write_whole(const std::filesystem::path& target, std::string_view text);
[[nodiscard]] std::string read_whole(const std::filesystem::path& path, std::uint64_t bytes_max);

// The one writer of a journal holds its folder. Empty when another holds it.
[[nodiscard]] FileDescriptor lock_folder(const std::filesystem::path& folder);

}  // namespace sluice::adapters::journal
