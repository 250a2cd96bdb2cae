// What every importer of recorded ticks shares: how it reports, what it does with a bad row, how
// it fails. One thread, off the hot path.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::pipeline {

enum class OnBadRow : std::uint8_t {
    kStop,  // the first bad row ends the import; its table is not stored
    kSkip,  // bad rows are left out, counted and the first ones kept for the report
};

struct BadRow {
    std::string file;
    std::string entry;      // inside an archive; empty otherwise
    std::uint64_t row = 0;  // line in the file or entry, from 1, a header included
    std::string text;       // shortened to kBadRowTextMax
    std::string reason;
};
inline constexpr std::size_t kBadRowTextMax = 120;
inline constexpr std::size_t kBadRowsKept = 20;

// "data.zip: prices.csv: row 17: price: not a decimal number: 12x,5"
[[nodiscard]] std::string describe(const BadRow& bad);
// `text` cut to kBadRowTextMax, control characters made visible.
[[nodiscard]] std::string shown_text(std::string_view text);

enum class ImportFault : std::uint8_t {
    kMissing,      // no such file or folder, or not readable
    kUnsupported,  // a name, kind or layout that the importer does not know
    kDamaged,      // archive truncated or corrupt
    kBadHeader,    // column missing, named twice
    kBadRow,
    kBadOption,  // unknown time zone, impossible parameter
};

// what() says where, what and how to mend it.
class ImportError : public std::runtime_error {
  public:
    ImportError(ImportFault fault, const std::string& message)
        : std::runtime_error(message), fault_(fault) {}
    explicit ImportError(BadRow bad)
        : std::runtime_error(describe(bad)), fault_(ImportFault::kBadRow), bad_(std::move(bad)) {}
    [[nodiscard]] ImportFault fault() const noexcept { return fault_; }
    // Meaningful for kBadRow.
    [[nodiscard]] const BadRow& bad_row() const noexcept { return bad_; }

  private:
    ImportFault fault_;
    BadRow bad_;
};

struct ImportProgress {
    std::uint64_t rows = 0;         // decoded so far
    std::uint64_t bytes = 0;        // of the input (or steps of the generator) done
    std::uint64_t bytes_total = 0;  // of the input in all
};
// Called about every kProgressRows rows and after each table. False asks for an end: what is
// stored stays stored, the table in hand is dropped, and the report says `cancelled`.
using ProgressCallback = std::function<bool(const ImportProgress&)>;
inline constexpr std::uint64_t kProgressRows = 1U << 16;

struct ImportReport {
    std::uint64_t tables_written = 0;
    std::uint64_t tables_unchanged = 0;
    std::uint64_t files_ignored = 0;  // in a folder, of kinds that the importer does not read
    std::uint64_t rows_stored = 0;    // in the tables written
    std::uint64_t rows_skipped = 0;
    bool cancelled = false;
    std::vector<BadRow> bad_rows;  // the first kBadRowsKept
    // What was left out and why, one file or group of rows each; the first kNotesKept.
    std::vector<std::string> notes;
};
inline constexpr std::size_t kNotesKept = 200;
// As if both had been one import.
void add_to(ImportReport& report, const ImportReport& more);

// Throws ImportError on kStop, else counts and keeps.
void handle_bad_row(BadRow bad, OnBadRow policy, ImportReport& report);

// The file's bytes; throws ImportError (kMissing) naming the path and the system's reason.
[[nodiscard]] std::string read_source_file(const std::string& path);

}  // namespace sluice::pipeline
