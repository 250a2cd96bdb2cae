#pragma once
// A document's text by lines, for the TOML parser's positions. One thread, start-up only; finding a
// place costs the length of its line.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::core::config {

using Place = std::pair<std::uint32_t, std::uint32_t>;  // line, column

/// The text by lines, addressed as the TOML library counts: from 1, columns in code points.
class Lines {
  public:
    explicit Lines(std::string text) : text_(std::move(text)) {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text_.size(); ++i) {
            if (text_[i] == '\n') starts_.push_back(i + 1);
        }
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    [[nodiscard]] std::size_t offset(Place place) const noexcept {
        if (place.first == 0 || place.first > starts_.size()) return text_.size();
        std::size_t at = starts_[place.first - 1];
        if (at == 0 && text_.compare(0, 3, "\xef\xbb\xbf") == 0) at = 3;  // a mark, not a column
        for (std::uint32_t column = 1; column < place.second && at < text_.size(); ++column) {
            if (text_[at] == '\n') break;
            do ++at;
            while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xc0U) == 0x80U);
        }
        return at;
    }
    [[nodiscard]] std::size_t count() const noexcept { return starts_.size(); }
    /// The first `number` lines.
    [[nodiscard]] std::string_view head(std::size_t number) const noexcept {
        return std::string_view(text_).substr(0, number < count() ? starts_[number] : text_.size());
    }
    [[nodiscard]] std::string_view line(std::uint32_t number) const noexcept {
        if (number == 0 || number > starts_.size()) return {};
        const std::size_t start = starts_[number - 1];
        return std::string_view(text_).substr(start, text_.find('\n', start) - start);
    }
    /// Overwrites with the same number of bytes, so that every place stays.
    void overwrite(std::size_t at, std::size_t size, std::string_view with) {
        text_.replace(at, size, size, ' ');
        text_.replace(at, with.size(), with);
    }
    void blank(std::uint32_t number) { overwrite(starts_[number - 1], line(number).size(), ""); }

  private:
    std::string text_;
    std::vector<std::size_t> starts_;
};

}  // namespace sluice::core::config
