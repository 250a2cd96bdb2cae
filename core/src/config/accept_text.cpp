// The guard in front of the TOML parser: size, encoding and nesting. The parser recurses into
// brackets and into dotted keys, so both depths are bounded before it sees the text.

#include "document.hpp"

namespace sluice::core::config {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

/// Walks the text once, following strings and comments just enough to see what is outside them.
class Scan {
  public:
    explicit Scan(std::string_view text) : text_(text) {}

    /// Offset of the first character that goes beyond kMaxNesting.
    [[nodiscard]] std::size_t too_deep() const noexcept { return too_deep_; }
    /// Offset of the first character outside quotes and comments that is not ASCII. TOML has none
    /// there, and the parser's tables of letters are not safe to ask.
    [[nodiscard]] std::size_t not_ascii() const noexcept { return not_ascii_; }

    void run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '#') {
                skip_comment();
                continue;
            }
            if (c == '"' || c == '\'') {
                skip_string(c);
                continue;
            }
            count(c);
            if (depth_ > kMaxNesting || dots_ > kMaxNesting) {
                too_deep_ = at_;
                return;
            }
            if (static_cast<unsigned char>(c) >= 0x80) {
                not_ascii_ = at_;
                return;
            }
            ++at_;
        }
    }

  private:
    void count(char c) noexcept {
        if (c == '[' || c == '{') ++depth_;
        if ((c == ']' || c == '}') && depth_ > 0) --depth_;
        // Every key ends at one of these, so the dots between two of them bound one key's.
        if (c == '=' || c == '\n' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}') {
            dots_ = 0;
        }
        if (c == '.') ++dots_;
    }
    void skip_comment() noexcept {
        const auto end = text_.find('\n', at_);
        at_ = end == kNowhere ? text_.size() : end;
    }
    void skip_string(char quote) noexcept {
        const bool many_lines =
            text_.substr(at_, 3) == std::string_view(quote == '"' ? R"(""")" : "'''");
        at_ += many_lines ? 3 : 1;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\' && quote == '"') {
                ++at_;
            } else if (many_lines) {
                if (c == quote && text_.substr(at_, 3).size() == 3 && text_[at_ + 1] == quote &&
                    text_[at_ + 2] == quote) {
                    at_ += 3;
                    // Up to two more quotes belong to the text: """a"""".
                    for (int i = 0; i < 2 && at_ < text_.size() && text_[at_] == quote; ++i) ++at_;
                    return;
                }
            } else if (c == quote) {
                ++at_;
                return;
            } else if (c == '\n') {
                return;  // the parser refuses it here
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t dots_ = 0;
    std::size_t too_deep_ = kNowhere;
    std::size_t not_ascii_ = kNowhere;
};

/// Offset of the first byte that is not UTF-8, npos where all of it is.
std::size_t first_bad_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t at) -> unsigned {
            return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
        };
        const unsigned lead = byte(i);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4)) return i;
        for (std::size_t k = 1; k < size; ++k) {
            if ((byte(i + k) & 0xc0U) != 0x80U) return i;
        }
        const unsigned second = byte(i + 1);
        const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        const bool beyond = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
        if (overlong || beyond) return i;
        i += size;
    }
    return kNowhere;
}

Position position_of(const Document& document, std::size_t offset) {
    Position where{document.name, 1, 1};
    for (const char c : std::string_view(document.text).substr(0, offset)) {
        if (c == '\n') {
            ++where.line;
            where.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) {
            ++where.column;
        }
    }
    return where;
}

}  // namespace

bool accept_text(const Document& document, std::vector<Diagnostic>& faults) {
    if (document.text.size() > kMaxDocumentBytes) {
        faults.push_back({ErrorKind::kTooLarge,
                          {document.name, 0, 0},
                          {},
                          "more than " + std::to_string(kMaxDocumentBytes) +
                              " bytes; a configuration is not that large, give the right file"});
        return false;
    }
    if (const auto bad = first_bad_utf8(document.text); bad != kNowhere) {
        faults.push_back({ErrorKind::kSyntax,
                          position_of(document, bad),
                          {},
                          "not UTF-8; save the file as UTF-8 text"});
        return false;
    }
    const bool marked = document.text.compare(0, 3, "\xef\xbb\xbf") == 0;  // a byte-order mark
    const std::size_t start = marked ? 3 : 0;
    Scan scan(std::string_view(document.text).substr(start));
    scan.run();
    if (scan.too_deep() != kNowhere) {
        faults.push_back(
            {ErrorKind::kTooLarge,
             position_of(document, start + scan.too_deep()),
             {},
             "nested more than " + std::to_string(kMaxNesting) + " deep; no key lies that deep"});
        return false;
    }
    if (scan.not_ascii() != kNowhere) {
        faults.push_back({ErrorKind::kSyntax,
                          position_of(document, start + scan.not_ascii()),
                          {},
                          "a character beyond ASCII stands outside quotes; write texts in quotes"});
        return false;
    }
    return true;
}

}  // namespace sluice::core::config
