// A CSV file with a header, row by row; columns are found by name. What `sluice account` and the charges of a
// run are read from. Every error is a std::runtime_error that names file and line and says how to mend it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <sluice/accounting/entries.hpp>
#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/core/time.hpp>

namespace sluice::tools {

[[nodiscard]] std::string text_of(const std::filesystem::path& file);

// An exact decimal with at most 17 decimals and 15 digits before them.
[[nodiscard]] core::Money parse_money(const std::string& text);

class CsvTable {
  public:
    CsvTable(const std::filesystem::path& file, const std::vector<std::string>& required,
             const std::vector<std::string>& optional);

    [[nodiscard]] bool next();
    [[nodiscard]] std::string place() const {
        return file_ + ":" + std::to_string(records_.line());
    }
    [[noreturn]] void fail(const std::string& what) const;

    [[nodiscard]] std::string text(const std::string& column) const;
    [[nodiscard]] bool has(const std::string& column) const { return !text(column).empty(); }
    // The row needs it.
    [[nodiscard]] std::string needed(const std::string& column) const;
    template <class Fixed>
    [[nodiscard]] Fixed fixed(const std::string& column) const {
        Fixed out;
        const std::string given = needed(column);
        const core::DecimalError error = core::parse_fixed(given, out);
        if (error != core::DecimalError::kOk)
            fail(column + " '" + given + "': " + core::describe(error));
        return out;
    }
    [[nodiscard]] core::Money money(const std::string& column) const;
    [[nodiscard]] std::int64_t whole(const std::string& column) const;
    [[nodiscard]] core::StreamTime time() const;
    [[nodiscard]] accounting::Origin origin() const {
        return {text("strategy"), text("regime"), text("parameters")};
    }

  private:
    std::string file_;
    std::string text_;
    adapters::csv::CsvRecords records_;
    std::map<std::string, std::size_t> columns_;
    std::size_t width_ = 0;
};

}  // namespace sluice::tools
