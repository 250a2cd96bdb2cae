#include "lean_path.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <system_error>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportError;
using pipeline::ImportFault;

constexpr std::string_view kSupported =
    "Read are LEAN's US equity ticks: equity/usa/tick/<symbol>/<yyyymmdd>_trade.zip and "
    "<yyyymmdd>_quote.zip";
constexpr std::array<std::string_view, 4> kBarFolders{"minute", "second", "hour", "daily"};
constexpr std::array<std::string_view, 9> kOtherSecurities{"cfd",   "crypto",      "cryptofuture",
                                                           "forex", "future",      "futureoption",
                                                           "index", "indexoption", "option"};

template <std::size_t kSize>
[[nodiscard]] bool contains(const std::array<std::string_view, kSize>& names,
                            const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

[[nodiscard]] std::optional<pipeline::Date> parse_date(std::string_view text) {
    if (text.size() != 8) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    const pipeline::Date date{std::chrono::year{static_cast<int>(value / 10'000)},
                              std::chrono::month{value / 100 % 100}, std::chrono::day{value % 100}};
    return date.ok() ? std::optional<pipeline::Date>{date} : std::nullopt;
}

// Why the folders above say that this is another kind of data; empty when they do not.
[[nodiscard]] std::string foreign_folder(const fs::path& symbol_folder) {
    const fs::path resolution = symbol_folder.parent_path();
    const std::string name = resolution.filename().string();
    if (contains(kBarFolders, name)) return name + " bars, not ticks";
    if (name != "tick") return {};
    const std::string market = resolution.parent_path().filename().string();
    const std::string security = resolution.parent_path().parent_path().filename().string();
    if (contains(kOtherSecurities, security)) return security + " ticks";
    if (security == "equity" && market != "usa")
        return "equity ticks of the market '" + market + "'";
    return {};
}

// The file, or why it is none of ours.
[[nodiscard]] std::optional<LeanFile> classify(const fs::path& path, std::string& reason) {
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const std::string name = absolute.filename().string();
    LeanFile file{path, {}, {}, {}};
    std::string_view stem = name;
    if (stem.ends_with("_trade.zip"))
        file.kind = pipeline::TableKind::kTrades;
    else if (stem.ends_with("_quote.zip"))
        file.kind = pipeline::TableKind::kQuotes;
    else {
        reason = "the name does not end in _trade.zip or _quote.zip";
        return std::nullopt;
    }
    stem.remove_suffix(std::string_view("_trade.zip").size());
    const auto date = parse_date(stem);
    if (!date) {
        reason = "the name does not begin with a date like 20131007";
        return std::nullopt;
    }
    file.date = *date;
    const fs::path folder = absolute.parent_path();
    reason = foreign_folder(folder);
    if (!reason.empty()) return std::nullopt;
    file.symbol = folder.filename().string();
    if (file.symbol.empty()) {
        reason = "it lies in no folder that names the symbol";
        return std::nullopt;
    }
    for (char& c : file.symbol)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return file;
}

}  // namespace

LeanFile describe_file(const fs::path& path) {
    std::string reason;
    if (auto file = classify(path, reason)) return *file;
    throw ImportError(ImportFault::kUnsupported,
                      path.string() + ": " + reason + ". " + std::string(kSupported) + ".");
}

LeanFolder list_folder(const fs::path& folder) {
    LeanFolder out;
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() != ".zip") continue;
        std::string reason;
        if (auto file = classify(it->path(), reason))
            out.files.push_back(std::move(*file));
        else
            ++out.ignored;
    }
    if (error) throw ImportError(ImportFault::kMissing, folder.string() + ": " + error.message());
    if (out.files.empty())
        throw ImportError(ImportFault::kUnsupported,
                          folder.string() + ": no tick archive below this folder (" +
                              std::to_string(out.ignored) + " other archives). " +
                              std::string(kSupported) + ".");
    std::sort(out.files.begin(), out.files.end(),
              [](const LeanFile& a, const LeanFile& b) { return a.path < b.path; });
    return out;
}

}  // namespace sluice::adapters::lean
