// Files the rows of one table under their days, in bounded memory: what importers have between the
// rows they decode and a TickSink. One thread. At most kRowsWaiting rows wait in all, and a chunk
// holds at most kChunkRows; nothing is stored before commit().
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include <sluice/pipeline/tables.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::pipeline {

inline constexpr std::size_t kChunkRows = std::size_t{1} << 16U;
inline constexpr std::size_t kRowsWaiting = std::size_t{1} << 20U;

template <class Columns>
class DayFiler {
  public:
    DayFiler(TickSink& sink, Instrument instrument, std::int32_t period_s = 0)
        : sink_(sink), instrument_(std::move(instrument)), period_s_(period_s) {}

    [[nodiscard]] TableKey key() const noexcept { return {Columns::kKind, period_s_}; }

    // Files the rows that follow under `date`; bars of an hour and more under its year.
    void select(Date date) {
        date = filing_date(key(), date);
        if (day_ != nullptr && date == date_) return;
        if (day_ != nullptr && (waiting_ += day_->rows.size()) > kRowsWaiting) hand_over_all();
        day_ = &days_[date];
        waiting_ -= day_->rows.size();
        date_ = date;
    }
    // After select().
    void add(const typename Columns::Row& row) {
        day_->rows.append(row);
        if (day_->rows.size() >= kChunkRows) [[unlikely]]
            hand_over(date_, *day_);
    }
    // The rows of the selected day that wait, for what append() leaves out.
    [[nodiscard]] Columns& rows() noexcept { return day_->rows; }

    // Stores every day, each in one atomic step, and counts what came of it.
    void commit(const Provenance& source, ImportReport& report) {
        for (auto& [date, day] : days_) {
            hand_over(date, day);
            if (day.writer->commit(source) == PutOutcome::kUnchanged) {
                ++report.tables_unchanged;
            } else {
                ++report.tables_written;
                report.rows_stored += day.rows_total;
            }
        }
        days_.clear();
        day_ = nullptr;
    }
    [[nodiscard]] bool empty() const noexcept { return days_.empty(); }

  private:
    struct Day {
        Columns rows;  // that wait
        std::unique_ptr<DayWriter> writer;
        std::uint64_t rows_total = 0;
    };
    void hand_over(Date date, Day& day) {
        if (!day.writer) day.writer = sink_.open_day(instrument_, date);
        if (day.rows.size() == 0) return;
        day.writer->append(TableChunk(day.rows, period_s_));
        day.rows_total += day.rows.size();
        clear(day.rows);
    }
    void hand_over_all() {
        for (auto& [date, day] : days_) hand_over(date, day);
        waiting_ = 0;
    }

    TickSink& sink_;
    Instrument instrument_;
    std::int32_t period_s_;
    std::map<Date, Day> days_;
    Day* day_ = nullptr;  // the selected one; a map keeps its nodes in place
    Date date_{};
    std::size_t waiting_ = 0;  // rows of the days not selected
};

}  // namespace sluice::pipeline
