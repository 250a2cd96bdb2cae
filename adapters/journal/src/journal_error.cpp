#include <sluice/adapters/journal/journal_error.hpp>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sluice::adapters::journal {
namespace {

const char* remedy_for(int error_number) {
    switch (error_number) {
        case EACCES:
        case EPERM: return "give this user write permission there, or choose another folder";
        case ENOSPC:
        case EDQUOT: return "free space on that disk, or choose another folder";
        case EROFS: return "that file system is read-only; choose another folder";
        case ENOENT: return "check the folder's name";
        case EEXIST: return "a journal is never overwritten; choose a new folder";
        case EMFILE:
        case ENFILE: return "raise the limit of open files (ulimit -n)";
        default: return "look at the system's log for this disk, or choose another folder";
    }
}

}  // namespace

JournalError::JournalError(std::string problem, std::filesystem::path where, std::string remedy)
    : std::runtime_error(problem + ": " + where.string() + "; " + remedy),
      problem_(std::move(problem)), where_(std::move(where)), remedy_(std::move(remedy)) {}

JournalDamage::JournalDamage(const std::string& problem, std::filesystem::path segment,
                             std::uint64_t record, std::uint64_t offset)
    : JournalError(problem + " (record " + std::to_string(record) + ", offset " +
                       std::to_string(offset) + ")",
                   std::move(segment), "restore the segment from a copy"),
      record_(record), offset_(offset) {}

JournalError failed(std::string_view doing, const std::filesystem::path& where, int error_number) {
    const std::string reason = std::generic_category().message(error_number);
    return {"cannot " + std::string{doing} + " (" + reason + ")", where, remedy_for(error_number)};
}

}  // namespace sluice::adapters::journal
