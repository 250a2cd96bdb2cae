#include <sluice/adapters/csv/csv_records.hpp>

namespace sluice::adapters::csv {

const char* describe(RecordFault fault) noexcept {
    switch (fault) {
        case RecordFault::kOk: return "ok";
        case RecordFault::kOpenQuote: return "a quoted field does not end";
        case RecordFault::kTextAfterQuote: return "text between a closing quote and the separator";
    }
    return "unknown";
}

CsvRecords::CsvRecords(std::string_view text, char separator, std::uint64_t line) noexcept
    : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), separator_(separator),
      next_line_(line) {}

CsvRecords::CsvRecords(std::string_view text, char separator) noexcept
    : CsvRecords(text, separator, 1) {
    if (text.starts_with("\xEF\xBB\xBF")) at_ += 3;
}

void CsvRecords::skip_line() noexcept {
    while (at_ != end_ && *at_ != '\n') ++at_;
}

// `at_` stands behind the opening quote; afterwards behind the closing one.
std::string_view CsvRecords::quoted_field() {
    const char* first = at_;
    std::string* own = nullptr;
    for (;; ++at_) {
        if (at_ == end_) {
            fault_ = RecordFault::kOpenQuote;
            return {};
        }
        if (*at_ == '\n') ++next_line_;
        if (*at_ != '"') continue;
        if (at_ + 1 == end_ || at_[1] != '"') break;
        if (own == nullptr) own = &unescaped_.emplace_back();
        own->append(first, at_ + 1);
        first = ++at_ + 1;
    }
    const std::string_view rest(first, static_cast<std::size_t>(at_ - first));
    ++at_;
    if (own == nullptr) return rest;
    own->append(rest);
    return *own;
}

bool CsvRecords::next() {
    if (at_ == end_) return false;
    fault_ = RecordFault::kOk;
    fields_.clear();
    unescaped_.clear();
    line_ = next_line_;
    const char* const first = at_;
    for (;;) {
        if (at_ != end_ && *at_ == '"') {
            ++at_;
            fields_.push_back(quoted_field());
            if (fault_ != RecordFault::kOk) break;
            const bool carriage_return = at_ != end_ && *at_ == '\r';
            if (carriage_return && (at_ + 1 == end_ || at_[1] == '\n')) ++at_;
            if (at_ != end_ && *at_ != separator_ && *at_ != '\n') {
                fault_ = RecordFault::kTextAfterQuote;
                skip_line();
                break;
            }
        } else {
            const char* const start = at_;
            while (at_ != end_ && *at_ != separator_ && *at_ != '\n') ++at_;
            auto size = static_cast<std::size_t>(at_ - start);
            if (size != 0 && (at_ == end_ || *at_ == '\n') && start[size - 1] == '\r') --size;
            fields_.emplace_back(start, size);
        }
        if (at_ == end_ || *at_ == '\n') break;
        ++at_;  // the separator
    }
    record_ = {first, static_cast<std::size_t>(at_ - first)};
    if (!record_.empty() && record_.back() == '\r') record_.remove_suffix(1);
    if (at_ != end_) {
        ++at_;
        ++next_line_;
    }
    return true;
}

}  // namespace sluice::adapters::csv
