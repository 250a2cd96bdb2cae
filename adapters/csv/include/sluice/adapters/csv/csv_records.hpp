// Splits CSV text into records as RFC 4180 describes it: quoted fields with doubled quotes and
// line ends inside, LF or CRLF between records. A byte order mark in front is skipped.
//
// One thread; views into the text except for a quoted field that had to be unescaped. No
// allocation per record once the field list has its size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::adapters::csv {

enum class RecordFault : std::uint8_t {
    kOk,
    kOpenQuote,       // a quoted field never ends
    kTextAfterQuote,  // "a"b
};
[[nodiscard]] const char* describe(RecordFault fault) noexcept;

class CsvRecords {
  public:
    explicit CsvRecords(std::string_view text, char separator = ',') noexcept;
    // Of a later piece of a text: its first line is number `line`, and there is no byte order mark.
    CsvRecords(std::string_view text, char separator, std::uint64_t line) noexcept;

    // The next record; false at the end. Its fields are valid until the next call. After
    // kTextAfterQuote reading goes on at the next line; kOpenQuote reaches the end of the text.
    [[nodiscard]] bool next();
    [[nodiscard]] RecordFault fault() const noexcept { return fault_; }
    [[nodiscard]] const std::vector<std::string_view>& fields() const noexcept { return fields_; }
    // Line, from 1, on which the record starts, and its text without the line end.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
    [[nodiscard]] std::string_view text() const noexcept { return record_; }
    // Line of the record that follows.
    [[nodiscard]] std::uint64_t next_line() const noexcept { return next_line_; }
    // Bytes of the text consumed so far.
    [[nodiscard]] std::size_t consumed() const noexcept {
        return static_cast<std::size_t>(at_ - begin_);
    }

  private:
    [[nodiscard]] std::string_view quoted_field();
    void skip_line() noexcept;

    const char* begin_;
    const char* at_;
    const char* end_;
    char separator_;
    RecordFault fault_ = RecordFault::kOk;
    std::uint64_t line_ = 0;
    std::uint64_t next_line_ = 1;
    std::string_view record_;
    std::vector<std::string_view> fields_;
    std::deque<std::string> unescaped_;  // of this record; a deque keeps its strings in place
};

}  // namespace sluice::adapters::csv
