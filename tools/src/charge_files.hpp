// The charges of a run and the rates of its currencies: what a file of entries says of them, and what a run of
// its own configuration has of them planned. docs/guides/accounts.md has the columns.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sluice/pipeline/charge_schedule.hpp>
#include <sluice/pipeline/run_record.hpp>

#include "csv_table.hpp"

namespace sluice::tools {

// Columns of entries that a charge may have, `time` and `kind` aside.
[[nodiscard]] const std::vector<std::string>& entry_columns();

// Who has written a row: a run states the amount that came of a rate beside it, and of how many parts.
enum class Rated : std::uint8_t { kByAnEntry, kByTheRun };
// What the row charges, or the rate that it states; nothing where its kind is neither. Throws
// std::runtime_error.
[[nodiscard]] std::optional<pipeline::PlannedCharge> charge_of(const CsvTable& row,
                                                               Rated by = Rated::kByAnEntry);

// The entries that a run starts with.
struct ChargeEntries {
    std::filesystem::path file;                    // empty: none
    std::vector<pipeline::PlannedCharge> charges;  // and rates
    std::size_t others = 0;  // deposits, marks, splits: of `sluice account` alone
};
// Those of account.entries, or of `file`. UsageError for a bad file.
[[nodiscard]] ChargeEntries read_charges(const pipeline::Settings& settings);
[[nodiscard]] ChargeEntries read_charges(const std::filesystem::path& file);

// UsageError where the run's books cannot count one.
[[nodiscard]] pipeline::ChargePlan plan_charges(const ChargeEntries& entries,
                                                const pipeline::Settings& settings,
                                                const pipeline::InstrumentTable& instruments,
                                                const pipeline::TimerPlan& timers);

// The file into the run's folder, as entries.csv, before the run starts: what it started with.
void keep_entries(const std::filesystem::path& folder, const ChargeEntries& entries);
inline constexpr const char* kKeptEntries = "entries.csv";

// After the run: how many entries were left out, and why; nothing where none was.
void warn_of_left_out(pipeline::RunRecord& record, const ChargeEntries& entries,
                      const pipeline::ChargePlan& plan);

}  // namespace sluice::tools
