#include <sluice/core/config/diagnostics.hpp>

#include <algorithm>
#include <tuple>

namespace sluice::core::config {

namespace {

/// Bytes of the well-formed UTF-8 sequence at the start of `text`, 0 where it is broken or is a C1
/// control character, which a terminal may obey.
std::size_t sequence_bytes(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return 0;
    }
    const bool c1_control = lead == 0xc2 && byte(1) < 0xa0;
    return c1_control ? 0 : size;
}

std::string join(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const auto& diagnostic : diagnostics)
        text += (text.empty() ? "" : "\n") + to_string(diagnostic);
    if (diagnostics.size() >= kMaxDiagnostics) text += "\n(there may be more)";
    return text;
}

}  // namespace

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
        case ErrorKind::kUnreadable: return "unreadable";
        case ErrorKind::kTooLarge: return "too large";
        case ErrorKind::kSyntax: return "syntax";
        case ErrorKind::kDuplicate: return "duplicate";
        case ErrorKind::kUnknownKey: return "unknown key";
        case ErrorKind::kWrongType: return "wrong type";
        case ErrorKind::kOutOfRange: return "out of range";
        case ErrorKind::kMissing: return "missing";
        case ErrorKind::kContradiction: return "contradiction";
    }
    return "unknown";
}

std::string to_string(const Diagnostic& diagnostic) {
    std::string text = diagnostic.where.source;
    if (diagnostic.where.line != 0) {
        text += ":" + std::to_string(diagnostic.where.line);
        text += ":" + std::to_string(diagnostic.where.column);
    }
    if (!text.empty()) text += ": ";
    return text + diagnostic.message;
}

std::string describe_place(const Position& where, std::string_view home) {
    if (where.is_default()) return "default";
    if (where.line == 0) return where.source;
    const std::string line = std::to_string(where.line);
    return where.source == home ? "line " + line : where.source + ":" + line;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
    std::string clean;
    while (!text.empty()) {
        const std::size_t bytes = sequence_bytes(text);
        if (clean.size() + bytes > max_bytes) return clean + "...";
        const auto lead = static_cast<unsigned char>(text.front());
        if (bytes == 0 || lead < 0x20 || lead == 0x7f) {
            clean += '?';
            text.remove_prefix(1);
        } else {
            clean += text.substr(0, bytes);
            text.remove_prefix(bytes);
        }
    }
    return clean;
}

void sort_and_limit(std::vector<Diagnostic>& diagnostics) {
    const auto order = [](const Diagnostic& d) { return std::tie(d.where.line, d.where.column); };
    std::stable_sort(diagnostics.begin(), diagnostics.end(),
                     [order](const auto& a, const auto& b) { return order(a) < order(b); });
    if (diagnostics.size() > kMaxDiagnostics) diagnostics.resize(kMaxDiagnostics);
}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(join(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace sluice::core::config
