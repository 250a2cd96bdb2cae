#include "files.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sluice/adapters/journal/journal_error.hpp>

namespace sluice::adapters::journal {

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}

FileDescriptor open_file(const std::filesystem::path& path, int flags) {
    FileDescriptor file{::open(path.c_str(), flags | O_CLOEXEC, 0644)};
    if (!file) throw failed("open the file", path, errno);
    return file;
}

void write_at(const FileDescriptor& file, std::span<const std::byte> bytes, std::uint64_t offset,
              const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw failed("write the file", path, written < 0 ? errno : EIO);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

std::size_t read_at(const FileDescriptor& file, std::span<std::byte> bytes, std::uint64_t offset,
                    const std::filesystem::path& path) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::pread(file.get(), bytes.data() + done, bytes.size() - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw failed("read the file", path, errno);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

std::uint64_t size_of(const FileDescriptor& file, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) throw failed("look at the file", path, errno);
    if (!S_ISREG(status.st_mode)) throw failed("read what is no file", path, EINVAL);
    return static_cast<std::uint64_t>(status.st_size);
}

void truncate_to(const FileDescriptor& file, std::uint64_t bytes,
                 const std::filesystem::path& path) {
    if (::ftruncate(file.get(), static_cast<off_t>(bytes)) != 0)
        throw failed("cut the file", path, errno);
}

void sync_file(const FileDescriptor& file, const std::filesystem::path& path) {
    if (::fsync(file.get()) != 0) throw failed("sync the file", path, errno);
}

void sync_folder(const std::filesystem::path& folder) {
    sync_file(open_file(folder, O_RDONLY | O_DIRECTORY), folder);
}

void remove_file(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        throw failed("remove the file", path, errno);
}

void write_whole(const std::filesystem::path& target, std::string_view text) {
    std::filesystem::path temporary = target;
    temporary.replace_filename("." + target.filename().string() + ".tmp");
    {
        const FileDescriptor file = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
        write_at(file, std::as_bytes(std::span{text}), 0, temporary);
        sync_file(file, temporary);
    }
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        throw failed("put the file in its place", target, errno);
    sync_folder(target.parent_path());
}

std::string read_whole(const std::filesystem::path& path, std::uint64_t bytes_max) {
    const FileDescriptor file = open_file(path, O_RDONLY);
    const std::uint64_t size = size_of(file, path);
    if (size > bytes_max)
        throw JournalError("a journal header larger than any", path, "restore it from a copy");
    std::string text(static_cast<std::size_t>(size), '\0');
    text.resize(read_at(file, std::as_writable_bytes(std::span{text}), 0, path));
    return text;
}

FileDescriptor lock_folder(const std::filesystem::path& folder) {
    FileDescriptor directory = open_file(folder, O_RDONLY | O_DIRECTORY);
    if (::flock(directory.get(), LOCK_EX | LOCK_NB) == 0) return directory;
    if (errno == EWOULDBLOCK) return {};
    throw failed("lock the folder", folder, errno);
}

}  // namespace sluice::adapters::journal
