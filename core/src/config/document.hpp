#pragma once
// A parsed TOML document as a plain tree that keeps what the loader needs and the TOML library does
// not: the source text of every number, so that decimals are read without floating point, and a
// position on every key and value. One thread, start-up only.

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/untyped.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

struct Member;

struct Node {
    enum class Kind : std::uint8_t {
        kBoolean,
        kInteger,
        kHugeInteger,  // beyond int64; only `text` holds it
        kReal,
        kText,
        kTime,  // a local time, `text` as written
        kDate,
        kArray,
        kTable
    };
    Kind kind = Kind::kTable;
    Position where{};
    std::string text{};  // of a number or time: as written; of a text: decoded
    std::int64_t integer = 0;
    double real = 0.0;
    bool boolean = false;
    std::vector<Node> elements;
    std::vector<Member> members;  // in the order of their names

    [[nodiscard]] Member* find(std::string_view key) noexcept;
};

struct Member {
    std::string key;
    Position where;
    Node value;
};

/// "an integer", "a table" …, for messages.
[[nodiscard]] std::string_view kind_name(const Node& node) noexcept;

/// Parses `document`. What is wrong is added to `faults`; a tree is returned all the same where the
/// rest of the text can be made sense of, so that its faults are found too.
[[nodiscard]] std::optional<Node> parse_document(const Document& document,
                                                 std::vector<Diagnostic>& faults);

/// Refuses what is too large or too deep for the parser's recursion, or is not UTF-8. True where
/// the text may be parsed.
[[nodiscard]] bool accept_text(const Document& document, std::vector<Diagnostic>& faults);

}  // namespace sluice::core::config
