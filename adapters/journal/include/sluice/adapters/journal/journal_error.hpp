// What of a journal could not be done, where, and how to mend it; what() says all in one line.
// Thrown before the stream and after it, never by the journal's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::adapters::journal {

class JournalError : public std::runtime_error {
  public:
    JournalError(std::string problem, std::filesystem::path where, std::string remedy);

    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
    [[nodiscard]] const std::filesystem::path& where() const noexcept { return where_; }
    [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }

  private:
    std::string problem_;
    std::filesystem::path where_;
    std::string remedy_;
};

// A byte that was changed, or is missing where more follows.
class JournalDamage : public JournalError {
  public:
    // `offset`: of the 64-byte line in the segment's file.
    JournalDamage(const std::string& problem, std::filesystem::path segment, std::uint64_t record,
                  std::uint64_t offset);

    [[nodiscard]] std::uint64_t record() const noexcept { return record_; }  // from 0
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  private:
    std::uint64_t record_;
    std::uint64_t offset_;
};

// Of a failed system call; the remedy follows from `error_number`.
[[nodiscard]] JournalError failed(std::string_view doing, const std::filesystem::path& where,
                                  int error_number);

}  // namespace sluice::adapters::journal
