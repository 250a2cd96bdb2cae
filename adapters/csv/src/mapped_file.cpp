#include "mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::csv {
namespace {

[[nodiscard]] pipeline::ImportError missing(const std::string& path, const char* why) {
    return {pipeline::ImportFault::kMissing, path + ": " + why};
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw missing(path, std::strerror(errno));
    struct stat status {};
    const bool known = ::fstat(fd, &status) == 0;
    const bool regular = known && S_ISREG(status.st_mode);
    const auto size = static_cast<std::size_t>(regular ? status.st_size : 0);
    void* const at = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    const int error = errno;
    ::close(fd);
    if (!regular) throw missing(path, "is no regular file");
    if (at == MAP_FAILED) throw missing(path, std::strerror(error));
    if (at == nullptr) return;
    ::madvise(at, size, MADV_SEQUENTIAL);
    bytes_ = {static_cast<const char*>(at), size};
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace sluice::adapters::csv
