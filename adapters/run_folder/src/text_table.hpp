// A table for the terminal: first column to the left, the others to the right, as wide as needed.
// Private to the library.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sluice::adapters::run_folder {

struct Palette {
    const char* heading = "";
    const char* gain = "";
    const char* loss = "";
    const char* warning = "";
    const char* dim = "";
    const char* end = "";

    [[nodiscard]] static Palette of(bool colour);
};

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    // Indented by two spaces; the header dimmed.
    void print(std::ostream& out, const Palette& palette) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

// UTF-8 code points, close enough to columns for names of instruments.
[[nodiscard]] std::size_t width_of(const std::string& text);

}  // namespace sluice::adapters::run_folder
