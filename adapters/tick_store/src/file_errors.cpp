#include "file_errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

void sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw write_failed(folder, errno);
    const int status = ::fsync(fd);
    const int error = errno;
    ::close(fd);
    // Some file systems cannot sync a folder; their rename is as safe as they make it.
    if (status != 0 && error != EINVAL) throw write_failed(folder, error);
}

}  // namespace

StoreError unreadable(const std::string& where) {
    return {StoreFault::kUnreadable, where, std::strerror(errno),
            "Check the path, its permissions and the limit on mappings (vm.max_map_count)"};
}

StoreError write_failed(const fs::path& path, int error) {
    const std::string why = std::strerror(error);
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return {StoreFault::kDiskFull, path.string(), why, "Make room and import that day again"};
    return {StoreFault::kNotWritable, path.string(), why,
            "Check that the folder exists and may be written to"};
}

int write_at(int fd, std::span<const std::byte> bytes, std::uint64_t offset) noexcept {
    while (!bytes.empty()) {
        const ::ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        offset += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

TemporaryFile::TemporaryFile(fs::path final_path) : final_path_(std::move(final_path)) {
    std::string name(1, '.');
    name.append(final_path_.filename().string()).append(kTemporarySuffix);
    path_ = final_path_.parent_path() / name;
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd_ < 0) throw write_failed(path_, errno);
}

TemporaryFile::~TemporaryFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!renamed_) ::unlink(path_.c_str());
}

void TemporaryFile::publish() {
    if (::fsync(fd_) != 0) throw write_failed(path_, errno);
    if (::close(std::exchange(fd_, -1)) != 0) throw write_failed(path_, errno);
    if (::rename(path_.c_str(), final_path_.c_str()) != 0) throw write_failed(path_, errno);
    renamed_ = true;
    sync_folder(final_path_.parent_path());
}

void remove_leftovers(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().filename().string().ends_with(kTemporarySuffix))
            fs::remove(entry.path(), error);
}

}  // namespace sluice::adapters::tick_store
