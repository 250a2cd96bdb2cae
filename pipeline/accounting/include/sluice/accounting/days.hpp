// The result of each day in the account's time zone. A day is closed when the first entry of a later
// one is about to be booked, at the marks and rates known then. Days without an entry have no row.
// One thread. Throws AccountError as Account::equity() does, ImportError for a zone that is none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/local_time.hpp>

namespace sluice::accounting {

struct DayResult {
    pipeline::Date date;
    Money equity;   // at its end
    Money paid_in;  // during it
    Money profit;   // equity less that of the day before, less what was paid in
};

class Days {
  public:
    explicit Days(const std::string& zone) : dates_(zone) {}

    // Before an entry of that time is booked; times do not go back.
    void before(core::StreamTime time, const Account& account);
    // After the last entry.
    void finish(const Account& account);
    [[nodiscard]] const std::vector<DayResult>& results() const noexcept { return results_; }

  private:
    void close(const Account& account);

    pipeline::LocalDates dates_;
    std::optional<pipeline::Date> open_;
    Money equity_;   // at the end of the day before
    Money paid_in_;  // up to then
    std::vector<DayResult> results_;
};

}  // namespace sluice::accounting
