#include "zip_csv.hpp"

#include <memory>
#include <string_view>

#include <zip.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

struct Discard {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
    void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Entry = std::unique_ptr<zip_file_t, Discard>;

[[nodiscard]] ImportError damaged(const std::string& where, const std::string& why) {
    return {ImportFault::kDamaged, where + ": not a complete zip archive (" + why +
                                       "). Fetch the file again; nothing of it was stored."};
}

[[nodiscard]] Archive open_archive(const std::string& bytes, const std::string& where) {
    if (bytes.empty()) throw damaged(where, "the file is empty");
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    Archive archive{source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error)};
    const std::string why = archive ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (archive) return archive;
    if (source != nullptr) zip_source_free(source);
    throw damaged(where, why);
}

// Index of the one entry that ends in .csv.
[[nodiscard]] zip_uint64_t find_csv(zip_t* archive, const std::string& where) {
    const zip_int64_t entries = zip_get_num_entries(archive, 0);
    zip_int64_t found = -1;
    for (zip_int64_t i = 0; i < entries; ++i) {
        const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        if (name == nullptr || !std::string_view(name).ends_with(".csv")) continue;
        if (found >= 0)
            throw ImportError(ImportFault::kUnsupported,
                              where + ": holds several CSV files; read are archives with one.");
        found = i;
    }
    if (found < 0)
        throw ImportError(ImportFault::kUnsupported,
                          where + ": holds no CSV file; read are archives with one.");
    const std::string_view name = zip_get_name(archive, static_cast<zip_uint64_t>(found), 0);
    for (const std::string_view bars : {"_minute_", "_second_"})
        if (name.find(bars) != std::string_view::npos)
            throw ImportError(ImportFault::kUnsupported,
                              where + ": " + std::string(name) + " holds bars, not ticks.");
    return static_cast<zip_uint64_t>(found);
}

}  // namespace

ZipCsv read_zip_csv(const std::string& archive_bytes, const std::string& where) {
    const Archive archive = open_archive(archive_bytes, where);
    const zip_uint64_t index = find_csv(archive.get(), where);
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat_index(archive.get(), index, 0, &status) != 0 ||
        (status.valid & ZIP_STAT_SIZE) == 0)
        throw damaged(where, zip_strerror(archive.get()));
    if (status.size > kMaxEntryBytes) throw damaged(where, "an entry of an impossible size");
    const Entry entry{zip_fopen_index(archive.get(), index, 0)};
    if (!entry) throw damaged(where, zip_strerror(archive.get()));

    ZipCsv out{status.name, std::string(status.size, '\0')};
    std::size_t have = 0;
    while (have < out.text.size()) {
        const zip_int64_t n =
            zip_fread(entry.get(), out.text.data() + have, out.text.size() - have);
        if (n <= 0) throw damaged(where, zip_file_strerror(entry.get()));
        have += static_cast<std::size_t>(n);
    }
    char beyond{};  // the CRC is compared when the end is met
    if (zip_fread(entry.get(), &beyond, 1) != 0)
        throw damaged(where, zip_file_strerror(entry.get()));
    return out;
}

}  // namespace sluice::adapters::lean
