// A file's bytes in the address space, paged in as they are read: an import of a file larger than
// memory stays within memory. The file must not be cut short meanwhile. One thread.
#pragma once

#include <string>
#include <string_view>

namespace sluice::adapters::csv {

class MappedFile {
  public:
    // Throws ImportError (kMissing) with the system's reason.
    explicit MappedFile(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

  private:
    std::string_view bytes_;
};

}  // namespace sluice::adapters::csv
