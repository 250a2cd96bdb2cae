#include "zip_lines.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <zip.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

[[nodiscard]] ImportError damaged(const std::string& where, const std::string& why) {
    return {ImportFault::kDamaged, where + ": not a complete zip archive (" + why +
                                       "). Fetch the file again; nothing of it was stored."};
}

[[nodiscard]] zip_t* open_archive(const std::string& bytes, const std::string& where) {
    if (bytes.empty()) throw damaged(where, "the file is empty");
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* const archive =
        source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    const std::string why = archive != nullptr ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (archive != nullptr) return archive;
    if (source != nullptr) zip_source_free(source);
    throw damaged(where, why);
}

[[nodiscard]] std::vector<ZipArchive::Entry> list_csv(zip_t* archive, const std::string& where) {
    std::vector<ZipArchive::Entry> out;
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t status;
        zip_stat_init(&status);
        if (zip_stat_index(archive, index, 0, &status) != 0 ||
            (status.valid & ZIP_STAT_NAME) == 0 || (status.valid & ZIP_STAT_SIZE) == 0)
            throw damaged(where, zip_strerror(archive));
        if (!std::string_view(status.name).ends_with(".csv")) continue;
        out.push_back({index, status.size, status.name});
        if (out.size() > ZipArchive::kMaxEntries)
            throw ImportError(
                ImportFault::kUnsupported,
                where + ": holds more than " + std::to_string(out.size() - 1) + " CSV files.");
    }
    if (out.empty())
        throw ImportError(ImportFault::kUnsupported,
                          where + ": holds no CSV file. Give an archive as LEAN writes them.");
    return out;
}

}  // namespace

ZipArchive::ZipArchive(const std::string& bytes, std::string where)
    : where_(std::move(where)), archive_(open_archive(bytes, where_)) {
    try {
        entries_ = list_csv(archive_, where_);
    } catch (...) {
        zip_discard(archive_);
        throw;
    }
    for (const Entry& entry : entries_)
        if (__builtin_add_overflow(size_total_, entry.size, &size_total_)) size_total_ = UINT64_MAX;
}

ZipArchive::~ZipArchive() { zip_discard(archive_); }

ZipLines::ZipLines(ZipArchive& archive, const ZipArchive::Entry& entry)
    : archive_(archive), entry_(entry), file_(zip_fopen_index(archive.archive_, entry.index, 0)),
      // One byte more than a line may have, so that a longer one is noticed.
      buffer_(std::min<std::uint64_t>(kBlock, entry.size) + kMaxLine + 1) {
    if (file_ == nullptr) throw damaged(archive.where_, zip_strerror(archive.archive_));
}

ZipLines::~ZipLines() { zip_fclose(file_); }

// Moves what is left to the front and reads behind it; false when there is nothing more.
bool ZipLines::refill() {
    if (ended_) return false;
    std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
    filled_ -= at_;
    at_ = 0;
    const zip_int64_t n = zip_fread(file_, buffer_.data() + filled_, buffer_.size() - filled_);
    if (n < 0) throw damaged(archive_.where_, zip_file_strerror(file_));
    filled_ += static_cast<std::size_t>(n);
    read_ += static_cast<std::uint64_t>(n);
    if (n > 0) return true;
    ended_ = true;
    if (read_ != entry_.size) throw damaged(archive_.where_, entry_.name + " is cut short");
    return false;
}

bool ZipLines::next(std::string_view& line) {
    std::size_t searched = 0;
    for (;;) {
        const char* const first = buffer_.data() + at_;
        const std::size_t left = filled_ - at_;
        const void* const stop =
            left == searched ? nullptr : std::memchr(first + searched, '\n', left - searched);
        if (stop != nullptr) {
            line = {first, static_cast<std::size_t>(static_cast<const char*>(stop) - first)};
            at_ += line.size() + 1;
            break;
        }
        if (left > kMaxLine)
            throw damaged(archive_.where_, entry_.name + " has a line of more than 65536 bytes");
        searched = left;
        if (refill()) continue;
        if (left == 0) return false;
        line = {buffer_.data() + at_, left};  // the last line needs no end
        at_ = filled_;
        break;
    }
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return true;
}

}  // namespace sluice::adapters::lean
