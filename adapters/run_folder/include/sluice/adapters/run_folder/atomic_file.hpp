// A file that is there whole or not at all: written beside its place under a temporary name,
// flushed to the disk, then renamed. One thread owns it; memory is one fixed buffer.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::adapters::run_folder {

// What could not be done, where, and how to mend it. what() says all three in one line.
class RunFolderError : public std::runtime_error {
  public:
    RunFolderError(std::string problem, std::filesystem::path where, std::string remedy);

    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
    [[nodiscard]] const std::filesystem::path& where() const noexcept { return where_; }
    [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }

  private:
    std::string problem_;
    std::filesystem::path where_;
    std::string remedy_;
};

// A RunFolderError for a failed system call; the remedy follows from `error_number`.
[[nodiscard]] RunFolderError failed(std::string_view doing, const std::filesystem::path& where,
                                    int error_number);

class AtomicFile {
  public:
    // Creates the temporary file ".<name>.tmp" beside `target`. Throws RunFolderError.
    explicit AtomicFile(std::filesystem::path target);
    // Without commit() the temporary file is removed and `target` stays as it was.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    // Buffered; throws RunFolderError when the disk refuses.
    void append(std::string_view bytes);
    // Flushes, syncs and renames onto `target`. Throws RunFolderError.
    void commit();

  private:
    void flush();
    void discard() noexcept;

    std::filesystem::path target_;
    std::filesystem::path temporary_;
    std::string buffer_;
    int fd_ = -1;
};

}  // namespace sluice::adapters::run_folder
