// From the fields of a CSV record to a row of a table: times, prices and sizes, all exact.
// One thread a value; allocates only for the text of a refusal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/csv/csv_mapping.hpp>
#include <sluice/pipeline/local_time.hpp>
#include <sluice/pipeline/tables.hpp>

namespace sluice::adapters::csv {

// ns since the epoch; false when the text is no time of that form or beyond 1677..2262. An ISO time
// without an offset is taken for UTC. kPattern: see TimeReader.
[[nodiscard]] bool parse_time(std::string_view text, TimeFormat format, std::int64_t& out) noexcept;

// Times of one file.
class TimeReader {
  public:
    // Throws ImportError (kBadOption): an unknown zone, a pattern with an unknown letter or without
    // a date.
    explicit TimeReader(const CsvMapping& mapping);

    // ns since the epoch of the start of what the row is about; false as parse_time().
    [[nodiscard]] bool read(std::string_view text, std::int64_t& out);
    [[nodiscard]] const std::string& expected() const noexcept { return expected_; }

  private:
    TimeFormat format_;
    std::string pattern_;
    pipeline::LocalClock clock_;
    std::int64_t shift_ns_;  // from the time that is written to the start
    std::string expected_;
};

// Where the wanted columns stand in a record; made from the first record once.
class CsvLayout {
  public:
    // `first` is the header, or any record where there is none. Throws ImportError: kBadHeader (a
    // column missing, named twice, beyond the record), kBadOption.
    CsvLayout(const std::vector<std::string_view>& first, const CsvMapping& mapping,
              const std::string& where);

    // Empty on success, else the reason; `out` is then not written. The row's kind has to be that
    // of the mapping. Nothing may be negative; an empty size, volume or side of a quote is 0.
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::TradeRow& out);
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::QuoteRow& out);
    [[nodiscard]] std::string read(std::span<const std::string_view> fields, pipeline::BarRow& out);
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::QuoteBarRow& out);
    [[nodiscard]] std::string read(std::span<const std::string_view> fields,
                                   pipeline::OpenInterestRow& out);

  private:
    static constexpr std::size_t kConstant = SIZE_MAX;
    static constexpr std::size_t kAbsent = SIZE_MAX - 1;
    struct Column {
        std::string name;  // as messages call it
        std::size_t index = kAbsent;
        std::string constant;
    };
    using Fields = std::span<const std::string_view>;
    [[nodiscard]] Column place(CsvField field, bool required,
                               const std::vector<std::string_view>& first,
                               const CsvMapping& mapping, const std::string& where) const;
    [[nodiscard]] const Column& column(CsvField field) const noexcept {
        return columns_[static_cast<std::size_t>(field)];
    }
    [[nodiscard]] std::string_view text_of(Fields fields, CsvField field) const noexcept;
    [[nodiscard]] std::string begin(Fields fields, std::int64_t& time_ns);
    [[nodiscard]] std::string number(Fields fields, CsvField field, std::int64_t scale,
                                     bool may_be_empty, std::int64_t& out) const;
    struct Target {
        CsvField field;
        std::int64_t* value;
    };
    [[nodiscard]] std::string prices(Fields fields, bool may_be_empty,
                                     std::initializer_list<Target> targets) const;
    [[nodiscard]] std::string sizes(Fields fields, bool may_be_empty,
                                    std::initializer_list<Target> targets) const;

    std::array<Column, kCsvFieldCount> columns_;
    std::size_t width_;
    bool header_;
    TimeReader time_;
};

}  // namespace sluice::adapters::csv
