#include "text_table.hpp"

#include <algorithm>
#include <ostream>

namespace sluice::adapters::run_folder {

Palette Palette::of(bool colour) {
    if (!colour) return {};
    return {"\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[33;1m", "\x1b[2m", "\x1b[0m"};
}

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

void TextTable::print(std::ostream& out, const Palette& palette) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    for (const auto& row : rows_) {
        const bool header = &row == &rows_.front();
        out << "  " << (header ? palette.dim : "");
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string padding(widths[i] - width_of(row[i]), ' ');
            const bool last = i + 1 == widths.size();
            if (i == 0)
                out << row[i] << (last ? "" : padding);
            else
                out << "  " << padding << row[i];
        }
        out << (header ? palette.end : "") << '\n';
    }
}

}  // namespace sluice::adapters::run_folder
