#pragma once
// What the configuration loader says when it refuses: one Diagnostic per fault, all of them carried
// by one ConfigError. Start-up code only, any one thread; allocates freely. At most kMaxDiagnostics
// are kept, and one text never quotes more than kMaxQuotedBytes of the input.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

inline constexpr std::size_t kMaxDiagnostics = 100;
inline constexpr std::size_t kMaxQuotedBytes = 80;

/// The source name of everything that `--set` brought.
inline constexpr std::string_view kCommandLine = "command line";

/// Where a value was written. An empty source means the built-in default; a line of 0 means that
/// the source has no lines (the command line, an unreadable file). Lines and columns count from 1,
/// columns in code points.
struct Position {
    std::string source{};
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    [[nodiscard]] bool is_default() const noexcept { return source.empty(); }
    friend bool operator==(const Position&, const Position&) = default;
};

enum class ErrorKind : std::uint8_t {
    kUnreadable,    // the file cannot be opened or read
    kTooLarge,      // more bytes, or deeper nesting, than the loader accepts
    kSyntax,        // not TOML, or not UTF-8
    kDuplicate,     // a key, table or unique value given twice
    kUnknownKey,    // a key, section or table that the schema does not have
    kWrongType,     // the value's TOML type, or its spelling, does not fit the key
    kOutOfRange,    // the right type, but outside the range, the options or the precision
    kMissing,       // a required key of a table is absent
    kContradiction  // two valid values that cannot both hold
};

[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

struct Diagnostic {
    ErrorKind kind{};
    Position where{};
    std::string key{};      // full path, empty where the fault has no key
    std::string message{};  // what is wrong and how to mend it; one line, no control characters
};

/// `file:line:column: message`, leaving out what the position does not have.
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// "line 12", "command line", "default", or "file:12" where the source is not `home`.
[[nodiscard]] std::string describe_place(const Position& where, std::string_view home);

/// `text` cut at `max_bytes`, with control characters and broken UTF-8 replaced by '?': safe
/// to print on a terminal.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max_bytes = kMaxQuotedBytes);

/// Orders by file position and cuts at kMaxDiagnostics.
void sort_and_limit(std::vector<Diagnostic>& diagnostics);

/// The configuration was refused. what() is every diagnostic, one per line.
class ConfigError : public std::runtime_error {
  public:
    explicit ConfigError(std::vector<Diagnostic> diagnostics);
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const noexcept {
        return diagnostics_;
    }

  private:
    std::vector<Diagnostic> diagnostics_;
};

/// The schema itself is declared wrongly (a key twice, a default outside its range, no
/// documentation): a fault of the program, found by the first test that builds the schema.
class SchemaError : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

}  // namespace sluice::core::config
