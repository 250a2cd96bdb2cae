#include <algorithm>
#include <charconv>
#include <cstdio>
#include <system_error>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {
namespace {

constexpr std::string_view kDaySuffix = ".h5";

[[nodiscard]] bool plain(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
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

std::vector<std::filesystem::path> day_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.ends_with(kDaySuffix)) continue;
        if (parse_iso_date(std::string_view(name).substr(0, name.size() - kDaySuffix.size())))
            out.push_back(it->path());
    }
    if (error)
        throw StoreError(StoreFault::kUnreadable, folder.string(), error.message(),
                         "Check the path and its permissions");
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace sluice::adapters::tick_store
