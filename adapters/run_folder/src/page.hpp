// A page of the terminal: headings, and lines of a label, a value and a note. Private to the library.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <ostream>
#include <string>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/pipeline/performance_record.hpp>

#include "text_table.hpp"

namespace sluice::adapters::run_folder {

inline constexpr std::size_t kLabelWidth = 18;
inline constexpr std::size_t kValueWidth = 16;

// "Label              1,234   note"
class Page {
  public:
    Page(std::ostream& out, bool colour) : out_(out), palette_(Palette::of(colour)) {}

    void heading(const std::string& text) {
        out_ << '\n' << palette_.heading << text << palette_.end << '\n';
    }
    void warning(const std::string& text) {
        out_ << palette_.warning << text << palette_.end << '\n';
    }
    void line(const std::string& label, const std::string& value, const std::string& note = "",
              const char* paint = "") {
        const std::size_t used = std::min(kLabelWidth, width_of(label));
        const std::size_t space = kValueWidth - std::min(kValueWidth, width_of(value));
        out_ << "  " << label << std::string(kLabelWidth - used + space, ' ') << paint << value
             << (*paint != '\0' ? palette_.end : "");
        if (!note.empty()) out_ << "   " << palette_.dim << note << palette_.end;
        out_ << '\n';
    }
    void count(const std::string& label, std::uint64_t value, const std::string& note = "") {
        line(label, grouped(value), note);
    }
    void table(const TextTable& table) { table.print(out_, palette_); }
    std::ostream& out() { return out_; }
    [[nodiscard]] const Palette& palette() const { return palette_; }

  private:
    std::ostream& out_;
    Palette palette_;
};

inline std::string percent(double part, double whole, int decimals) {
    if (whole == 0) return {};
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f %%", decimals, 100.0 * part / whole);
    return text.data();
}

inline std::string percent(std::uint64_t part, std::uint64_t whole) {
    return percent(static_cast<double>(part), static_cast<double>(whole), 2);
}

inline std::string plural(std::uint64_t count, const std::string& noun) {
    return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

inline std::string fixed(double value, int decimals, const char* unit) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f%s", decimals, value, unit);
    return text.data();
}

// print_performance.cpp
void print_performance(Page& page, const pipeline::PerformanceRecord& performance);

}  // namespace sluice::adapters::run_folder
