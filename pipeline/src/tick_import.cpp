#include <sluice/pipeline/tick_import.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace sluice::pipeline {

std::string shown_text(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kBadRowTextMax)) {
        const bool printable = static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
        out.push_back(printable ? c : '?');
    }
    if (text.size() > kBadRowTextMax) out += "...";
    return out;
}

std::string describe(const BadRow& bad) {
    std::string out = bad.file;
    if (!bad.entry.empty()) out += ": " + bad.entry;
    return out + ": row " + std::to_string(bad.row) + ": " + bad.reason + ": " + bad.text;
}

void handle_bad_row(BadRow bad, OnBadRow policy, ImportReport& report) {
    if (policy == OnBadRow::kStop) throw ImportError(std::move(bad));
    ++report.rows_skipped;
    if (report.bad_rows.size() < kBadRowsKept) report.bad_rows.push_back(std::move(bad));
}

void add_to(ImportReport& report, const ImportReport& more) {
    report.tables_written += more.tables_written;
    report.tables_unchanged += more.tables_unchanged;
    report.files_ignored += more.files_ignored;
    report.rows_stored += more.rows_stored;
    report.rows_skipped += more.rows_skipped;
    report.cancelled = report.cancelled || more.cancelled;
    const auto append = [](auto& to, const auto& from, std::size_t most) {
        for (const auto& item : from)
            if (to.size() < most) to.push_back(item);
    };
    append(report.bad_rows, more.bad_rows, kBadRowsKept);
    append(report.notes, more.notes, kNotesKept);
}

std::string read_source_file(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw ImportError(ImportFault::kMissing, path + ": is a folder, a file is needed");
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) throw ImportError(ImportFault::kMissing, path + ": " + error.message());
    std::ifstream file(path, std::ios::binary);
    if (!file) throw ImportError(ImportFault::kMissing, path + ": " + std::strerror(errno));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uintmax_t>(file.gcount()) != size)
        throw ImportError(ImportFault::kMissing,
                          path + ": changed or unreadable while it was read");
    return bytes;
}

}  // namespace sluice::pipeline
