// CSV on standard input for `sluice indicator`.
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/core/config/nearest.hpp>

#include "indicator_input.hpp"

namespace sluice::tools {

namespace {

using adapters::csv::CsvRecords;
using adapters::csv::RecordFault;
using pipeline::IndicatorInput;
using pipeline::IndicatorSpec;
using pipeline::Observation;

std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != ' ') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

double* place_of(Observation& now, IndicatorInput input, std::string_view column) {
    if (input == IndicatorInput::kValue) return &now.value;
    if (input == IndicatorInput::kPair) return column == "reference" ? &now.reference : &now.value;
    const std::array<std::pair<std::string_view, double*>, 9> places{
        {{"open", &now.candle.open},
         {"high", &now.candle.high},
         {"low", &now.candle.low},
         {"close", &now.candle.close},
         {"volume", &now.candle.volume},
         {"bid", &now.top.bid},
         {"bid_size", &now.top.bid_size},
         {"ask", &now.top.ask},
         {"ask_size", &now.top.ask_size}}};
    for (const auto& [name, place] : places)
        if (name == column) return place;
    throw std::logic_error("no place for column " + std::string(column));
}

class CsvRows final : public IndicatorRows {
  public:
    CsvRows(std::istream& in, const IndicatorSpec& spec, const std::string& column)
        : in_(in), input_(spec.input) {
        if (!read_line())
            throw std::runtime_error(
                "standard input is empty; it takes CSV with a header that names the columns " +
                joined(spec.columns));
        if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
        const std::vector<std::string> header = split();
        for (const std::string& needed : spec.columns) {
            const bool chosen = !column.empty() && (needed == "close" || needed == "value") &&
                                input_ != IndicatorInput::kCandle;
            columns_.push_back({needed, find(header, chosen ? column : needed, spec)});
        }
        for (const char* name : {"time", "date", "timestamp"})
            for (std::size_t i = 0; i < header.size() && time_ == kNone; ++i)
                if (plain(header[i]) == name) time_ = i;
        fields_ = header.size();
    }

    bool next(std::string& time, Observation& now) override {
        do {
            if (!read_line()) return false;
        } while (text_.find_first_not_of(" \t") == std::string::npos);
        const std::vector<std::string> fields = split();
        if (fields.size() != fields_)
            throw std::runtime_error(place() + ": " + std::to_string(fields.size()) +
                                     " fields where the header has " + std::to_string(fields_));
        ++rows_;
        time = time_ == kNone ? std::to_string(rows_) : fields[time_];
        for (const auto& [name, at] : columns_)
            *place_of(now, input_, name) = number(fields[at], name);
        return true;
    }
    [[nodiscard]] std::string place() const override {
        return "standard input, line " + std::to_string(line_);
    }

  private:
    static constexpr std::size_t kNone = ~std::size_t{0};

    bool read_line() {
        if (!std::getline(in_, text_)) {
            if (in_.bad()) throw std::runtime_error("standard input cannot be read");
            return false;
        }
        ++line_;
        if (!text_.empty() && text_.back() == '\r') text_.pop_back();
        return true;
    }
    // Copies: one line's records end with the line.
    [[nodiscard]] std::vector<std::string> split() const {
        CsvRecords records{text_, ',', line_};
        if (!records.next()) return {};
        if (records.fault() != RecordFault::kOk)
            throw std::runtime_error(place() + ": " + describe(records.fault()) +
                                     "; a field must begin and end on one line");
        return {records.fields().begin(), records.fields().end()};
    }
    [[nodiscard]] static std::size_t find(const std::vector<std::string>& header,
                                          const std::string& name, const IndicatorSpec& spec) {
        std::vector<std::string> known;
        for (std::size_t i = 0; i < header.size(); ++i) {
            known.push_back(plain(header[i]));
            if (known.back() == plain(name)) return i;
        }
        const std::string near = core::config::nearest(plain(name), known);
        throw std::runtime_error("standard input, line 1: no column '" + name + "'" +
                                 (near.empty() ? "" : ", is it '" + near + "'?") + "; " +
                                 spec.name + " needs " + joined(spec.columns) +
                                 ", and the header has " + joined(header));
    }
    [[nodiscard]] double number(std::string_view text, const std::string& column) const {
        const std::size_t first = text.find_first_not_of(' ');
        if (first != std::string_view::npos)
            text = text.substr(first, text.find_last_not_of(' ') - first + 1);
        if (text.starts_with('+')) text.remove_prefix(1);
        double value = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || end.ec != std::errc{} || end.ptr != text.data() + text.size() ||
            !std::isfinite(value))
            throw std::runtime_error(place() + ", column " + column + ": '" + std::string(text) +
                                     "' is no number; mend it or leave the row out");
        return value;
    }

    struct Column {
        std::string name;
        std::size_t at;
    };
    std::istream& in_;
    IndicatorInput input_;
    std::string text_;
    std::uint64_t line_ = 0;
    std::uint64_t rows_ = 0;
    std::vector<Column> columns_;
    std::size_t time_ = kNone;
    std::size_t fields_ = 0;
};

}  // namespace

std::unique_ptr<IndicatorRows> csv_rows(std::istream& in, const IndicatorSpec& spec,
                                        const std::string& column) {
    return std::make_unique<CsvRows>(in, spec, column);
}

}  // namespace sluice::tools
