// Lines of a word and numbers, exact: the form in which an optimiser is saved.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::research {

class SavedText {
  public:
    void line(std::string_view word, std::initializer_list<std::uint64_t> numbers) {
        begin(word);
        for (const std::uint64_t n : numbers) text_ += " " + std::to_string(n);
        text_ += "\n";
    }
    void line(std::string_view word, std::span<const double> numbers) {
        begin(word);
        for (const double n : numbers) {
            char digits[40];  // the shortest text that reads back as the same number
            const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
            text_ += " ";
            text_.append(digits, end);
        }
        text_ += "\n";
    }
    std::string take() { return std::move(text_); }

  private:
    void begin(std::string_view word) { text_ += word; }

    std::string text_;
};

class SavedReader {
  public:
    explicit SavedReader(std::string_view text) : text_{text} {}

    [[nodiscard]] bool done() const { return text_.empty(); }
    [[nodiscard]] bool next_is(std::string_view word) const {
        return text_.starts_with(word) && text_.size() > word.size() &&
               (text_[word.size()] == ' ' || text_[word.size()] == '\n');
    }
    void expect(std::string_view word, std::size_t count) { (void)read<double>(word, count); }
    std::vector<std::uint64_t> integers(std::string_view word, std::size_t count) {
        return read<std::uint64_t>(word, count);
    }
    std::vector<double> numbers(std::string_view word) { return read<double>(word, kAny); }

  private:
    static constexpr std::size_t kAny = ~std::size_t{0};

    template <class Number>
    std::vector<Number> read(std::string_view word, std::size_t count) {
        const std::size_t end = text_.find('\n');
        if (!next_is(word) || end == std::string_view::npos) damaged();
        std::string_view rest = text_.substr(word.size(), end - word.size());
        std::vector<Number> out;
        while (!rest.empty()) {
            if (rest.front() != ' ') damaged();
            Number number{};
            const char* from = rest.data() + 1;
            const auto [stop, error] = std::from_chars(from, rest.data() + rest.size(), number);
            if (error != std::errc{} || stop == from) damaged();
            if constexpr (std::is_floating_point_v<Number>) {
                if (!std::isfinite(number)) damaged();
            }
            out.push_back(number);
            rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
        }
        if (count != kAny && out.size() != count) damaged();
        text_.remove_prefix(end + 1);
        return out;
    }
    [[noreturn]] static void damaged() {
        throw std::invalid_argument("this is no saved optimiser of this method and version");
    }

    std::string_view text_;
};

}  // namespace sluice::research
