#include <sluice/adapters/run_folder/atomic_file.hpp>

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace sluice::adapters::run_folder {
namespace {

constexpr std::size_t kBufferBytes = 1U << 16U;

std::filesystem::path temporary_beside(const std::filesystem::path& target) {
    std::filesystem::path name = ".";
    name += target.filename();
    name += ".tmp";
    return target.parent_path() / name;
}

const char* remedy_for(int error_number) {
    switch (error_number) {
        case EACCES:
        case EPERM:
            return "give this user write permission there, or choose another folder with "
                   "report.folder";
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return "free space on that disk, or choose another folder with report.folder";
        case EROFS:
            return "that file system is read-only; choose another folder with report.folder";
        case ENOTDIR:
        case EEXIST: return "part of the path is a file; choose another folder with report.folder";
        case ENAMETOOLONG: return "choose a shorter folder name with report.folder";
        default: return "choose another folder with report.folder";
    }
}

}  // namespace

RunFolderError::RunFolderError(std::string problem, std::filesystem::path where, std::string remedy)
    : std::runtime_error(problem + ": " + where.string() + "; " + remedy),
      problem_(std::move(problem)), where_(std::move(where)), remedy_(std::move(remedy)) {}

RunFolderError failed(std::string_view doing, const std::filesystem::path& where,
                      int error_number) {
    const std::string reason = std::generic_category().message(error_number);
    return {"cannot " + std::string{doing} + " (" + reason + ")", where, remedy_for(error_number)};
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_beside(target_)) {
    buffer_.reserve(kBufferBytes);
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd_ < 0) throw failed("create the file", target_, errno);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::discard() noexcept {
    if (fd_ < 0) return;
    ::close(std::exchange(fd_, -1));
    ::unlink(temporary_.c_str());
}

void AtomicFile::append(std::string_view bytes) {
    buffer_.append(bytes);
    if (buffer_.size() >= kBufferBytes) flush();
}

void AtomicFile::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const ssize_t written = ::write(fd_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw failed("write the file", target_, errno);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

void AtomicFile::commit() {
    flush();
    if (::fsync(fd_) != 0) throw failed("sync the file", target_, errno);
    if (::close(std::exchange(fd_, -1)) != 0) {
        const int error_number = errno;
        ::unlink(temporary_.c_str());
        throw failed("close the file", target_, error_number);
    }
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        const int error_number = errno;
        ::unlink(temporary_.c_str());
        throw failed("put the file in its place", target_, error_number);
    }
}

}  // namespace sluice::adapters::run_folder
