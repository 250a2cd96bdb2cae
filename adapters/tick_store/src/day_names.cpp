#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <system_error>
#include <tuple>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {
namespace {

constexpr std::string_view kDaySuffix = ".h5";

[[nodiscard]] bool plain(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// "2013-10-07.h5", "2013-10-07.0001.h5" and "2013.h5"; nothing for another name.
[[nodiscard]] std::optional<FileName> parse_name(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    if (!name.ends_with(kDaySuffix)) return std::nullopt;
    std::string_view stem(name.data(), name.size() - kDaySuffix.size());
    FileName out{path, {}, false, 0};
    if (const std::size_t dot = stem.find('.'); dot != std::string_view::npos) {
        const std::string_view digits = stem.substr(dot + 1);
        const auto [stop, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), out.part);
        if (digits.size() < 4 || error != std::errc{} || out.part == 0 ||
            stop != digits.data() + digits.size())
            return std::nullopt;
        stem = stem.substr(0, dot);
    }
    out.yearly = stem.size() == 4;
    const auto date = parse_iso_date(std::string(stem) + (out.yearly ? "-01-01" : ""));
    if (!date) return std::nullopt;
    out.date = *date;
    return out;
}

}  // namespace

// Letters, digits, '-', '_' and '.' stand as they are; everything else, and a leading '.', as %XX.
std::string folder_of(std::string_view symbol) {
    std::string out;
    for (const char c : symbol) {
        if (plain(c) && !(c == '.' && out.empty())) {
            out.push_back(c);
            continue;
        }
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
        out += code;
    }
    return out;
}

std::string symbol_of(std::string_view folder) {
    std::string out;
    for (std::size_t i = 0; i < folder.size(); ++i) {
        unsigned value = 0;
        if (folder[i] == '%' && i + 2 < folder.size() &&
            std::from_chars(folder.data() + i + 1, folder.data() + i + 3, value, 16).ptr ==
                folder.data() + i + 3) {
            out.push_back(static_cast<char>(value));
            i += 2;
        } else {
            out.push_back(folder[i]);
        }
    }
    return out;
}

std::string file_name(Date date, bool yearly, unsigned part) {
    std::string out = iso_date(date);
    if (yearly) out.resize(out.find('-', 1));
    if (part != 0) {
        char number[16];
        std::snprintf(number, sizeof number, ".%04u", part);
        out += number;
    }
    return out.append(kDaySuffix);
}

std::vector<FileName> day_files(const std::filesystem::path& folder) {
    std::vector<FileName> out;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error))
        if (auto name = parse_name(it->path())) out.push_back(std::move(*name));
    if (error)
        throw StoreError(StoreFault::kUnreadable, folder.string(), error.message(),
                         "Check the path and its permissions");
    std::sort(out.begin(), out.end(), [](const FileName& a, const FileName& b) {
        return std::tuple{a.date, !a.yearly, a.part} < std::tuple{b.date, !b.yearly, b.part};
    });
    // A whole day comes right before its parts: a crash between its sealing and their removal.
    const auto first =
        std::unique(out.begin(), out.end(), [](const FileName& a, const FileName& b) {
            return a.date == b.date && a.yearly == b.yearly && a.part == 0 && b.part != 0;
        });
    out.erase(first, out.end());
    return out;
}

}  // namespace sluice::adapters::tick_store
