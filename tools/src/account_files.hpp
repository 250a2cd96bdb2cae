// What `sluice account` reads: fills, other entries, terms of instruments and a statement, as CSV; and a
// run's folder. docs/guides/accounts.md has the columns. Errors name file, line and how to mend them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>
#include <sluice/accounting/reconciliation.hpp>
#include <sluice/core/time.hpp>

#include "csv_table.hpp"

namespace sluice::tools {

// One row that changes an account, ready to be booked.
struct AccountEntry {
    core::StreamTime time;
    std::string place;  // file and line
    std::function<void(accounting::Account&)> book;
    // What it charges, or the rate that it states: the same for the same entry.
    std::string charge{};
    bool is_rate_of_run = false;  // in its currency
};

// All throw std::runtime_error.
void read_fills(const std::filesystem::path& file, std::vector<AccountEntry>& entries);
void read_entries(const std::filesystem::path& file, std::vector<AccountEntry>& entries);
// What a run has booked, fills, charges and rates, in the order in which it did.
void read_run(const std::filesystem::path& folder, std::vector<AccountEntry>& entries);
void read_instruments(const std::filesystem::path& file, accounting::Account& account);
[[nodiscard]] accounting::Statement read_statement(const std::filesystem::path& file);

// What a run says of itself in its summary.
struct RunBooks {
    std::string currency;
    core::Money capital;
    core::Money equity;
    std::map<std::string, core::Price> marks;  // those there are
    std::map<std::string, core::Price> rates;  // stated for the start, of other currencies
    // Of those with another multiplier than 1, or another currency.
    std::map<std::string, accounting::InstrumentTerms> terms{};
};
[[nodiscard]] RunBooks read_run_books(const std::filesystem::path& folder);

}  // namespace sluice::tools
