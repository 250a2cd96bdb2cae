#include "lean_path.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>
#include <variant>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::lean {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::TableKind;

constexpr std::string_view kSupported =
    "Read are archives <security>/<market>/<tick|second|minute>/<symbol>/"
    "<yyyymmdd>_<trade|quote|openinterest>.zip and <hour|daily>/<symbol>.zip of equity, forex, "
    "cfd, crypto, cryptofuture, future and index; and factor_files, map_files, market-hours and "
    "symbol-properties";
constexpr std::size_t kMaxTicker = 40;

constexpr std::array<std::pair<std::string_view, Security>, 7> kSecurities{{
    {"equity", Security::kEquity},
    {"forex", Security::kForex},
    {"cfd", Security::kCfd},
    {"crypto", Security::kCrypto},
    {"cryptofuture", Security::kCryptoFuture},
    {"future", Security::kFuture},
    {"index", Security::kIndex},
}};
struct ResolutionName {
    std::string_view name;
    Resolution resolution;
    std::int32_t period_s;
};
constexpr std::array<ResolutionName, 5> kResolutions{{
    {"tick", Resolution::kTick, 0},
    {"second", Resolution::kSecond, 1},
    {"minute", Resolution::kMinute, 60},
    {"hour", Resolution::kHour, 3600},
    {"daily", Resolution::kDaily, 86'400},
}};

using Verdict = std::variant<LeanFile, ReferenceFile, std::string>;  // or why it is not read

[[nodiscard]] std::optional<pipeline::Date> parse_date(std::string_view text) {
    if (text.size() != 8) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    const pipeline::Date date{std::chrono::year{static_cast<int>(value / 10'000)},
                              std::chrono::month{value / 100 % 100}, std::chrono::day{value % 100}};
    if (!date.ok() || value < 1678'01'01 || value > 2261'12'31) return std::nullopt;
    return date;
}

[[nodiscard]] bool is_ticker(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxTicker &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return c > ' ' && c < 0x7F && c != '/' && c != '\\';
           });
}

// Takes "_trade", "_quote" or "_openinterest" off the end.
[[nodiscard]] std::optional<TableKind> take_kind(std::string_view& stem) noexcept {
    for (const auto& [ending, kind] : {std::pair{std::string_view("_trade"), TableKind::kTrades},
                                       {std::string_view("_quote"), TableKind::kQuotes},
                                       {"_openinterest", TableKind::kOpenInterest}})
        if (stem.ends_with(ending)) {
            stem.remove_suffix(ending.size());
            return kind;
        }
    return std::nullopt;
}

// Trades or quotes of a period are bars.
[[nodiscard]] pipeline::TableKey key_of(TableKind kind, std::int32_t period_s) noexcept {
    if (period_s == 0 || kind == TableKind::kOpenInterest) return {kind};
    return {kind == TableKind::kTrades ? TableKind::kBars : TableKind::kQuoteBars, period_s};
}

[[nodiscard]] const ResolutionName* find_resolution(const std::string& name) noexcept {
    const auto* const found =
        std::find_if(kResolutions.begin(), kResolutions.end(),
                     [&name](const ResolutionName& r) { return r.name == name; });
    return found == kResolutions.end() ? nullptr : found;
}

[[nodiscard]] Verdict classify_archive(const fs::path& path, const fs::path& absolute) {
    const std::string stem_text = absolute.stem().string();
    std::string_view stem = stem_text;
    fs::path folder = absolute.parent_path();
    LeanFile file;
    file.path = path;
    const auto kind = take_kind(stem);
    const ResolutionName* resolution = find_resolution(folder.filename().string());
    if (resolution == nullptr || resolution->period_s < pipeline::kYearlyPeriod_s) {
        file.ticker = upper_case(folder.filename().string());
        folder = folder.parent_path();
        resolution = find_resolution(folder.filename().string());
        if (resolution == nullptr || resolution->period_s >= pipeline::kYearlyPeriod_s)
            return std::string("it lies in no folder named for a resolution");
        if (!kind) return std::string("the name does not end in _trade, _quote or _openinterest");
        const auto date = parse_date(stem);
        if (!date) return std::string("the name does not begin with a date like 20131007");
        file.date = *date;
    } else {
        file.ticker = upper_case(stem);
    }
    file.resolution = resolution->resolution;
    file.market = lower_case(folder.parent_path().filename().string());
    const std::string security = folder.parent_path().parent_path().filename().string();
    const auto known = parse_security(security);
    if (!known) return "'" + security + "' is no kind of security that is read";
    file.security = *known;
    if (!is_ticker(file.ticker) || !is_ticker(file.market))
        return std::string("the folders do not name a symbol and a market");
    const bool quoted = *known == Security::kForex || *known == Security::kCfd;
    file.key = key_of(kind.value_or(quoted ? TableKind::kQuotes : TableKind::kTrades),
                      resolution->period_s);
    return file;
}

[[nodiscard]] Verdict classify_csv(const fs::path& path, const fs::path& absolute) {
    const fs::path folder = absolute.parent_path();
    const std::string name = folder.filename().string();
    if (name == "symbol-properties")
        return ReferenceFile{path, ReferenceKind::kSymbolProperties, {}};
    if (name == "margins")
        return std::string("margin requirements; a store of market data has no place for them");
    if (name != "factor_files" && name != "map_files")
        return std::string("not market data that a store keeps");
    const std::string security = folder.parent_path().parent_path().filename().string();
    if (security == "future")
        return std::string(
            "how LEAN chains futures into one series; contracts are kept each by itself");
    if (security != "equity") return "'" + security + "' has no corporate actions that are read";
    const std::string market = lower_case(folder.parent_path().filename().string());
    const std::string ticker = upper_case(absolute.stem().string());
    if (!is_ticker(ticker)) return std::string("the name is no symbol");
    return ReferenceFile{path,
                         name == "factor_files" ? ReferenceKind::kFactors : ReferenceKind::kTickers,
                         store_symbol(Security::kEquity, market, ticker)};
}

[[nodiscard]] Verdict classify(const fs::path& path) {
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const std::string extension = absolute.extension().string();
    if (extension == ".zip") return classify_archive(path, absolute);
    if (extension == ".csv") return classify_csv(path, absolute);
    if (absolute.filename() == "market-hours-database.json")
        return ReferenceFile{path, ReferenceKind::kMarketHours, {}};
    return std::string("not an archive, table or database that is read");
}

void take(Verdict verdict, const fs::path& path, LeanWork& work) {
    if (auto* const archive = std::get_if<LeanFile>(&verdict)) {
        work.archives.push_back(std::move(*archive));
    } else if (auto* const reference = std::get_if<ReferenceFile>(&verdict)) {
        work.references.push_back(std::move(*reference));
    } else {
        ++work.ignored;
        if (work.notes.size() < pipeline::kNotesKept)
            work.notes.push_back(path.string() + ": " + std::get<std::string>(verdict));
    }
}

void list_folder(const fs::path& folder, LeanWork& work) {
    std::error_code error;
    std::vector<fs::path> paths;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end;
         it.increment(error)) {
        std::error_code no_status;
        if (!it->is_directory(no_status)) paths.push_back(it->path());
    }
    if (error) throw ImportError(ImportFault::kMissing, folder.string() + ": " + error.message());
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) take(classify(path), path, work);
    if (work.archives.empty() && work.references.empty())
        throw ImportError(ImportFault::kUnsupported,
                          folder.string() + ": nothing to read below this folder (" +
                              std::to_string(work.ignored) + " other files). " +
                              std::string(kSupported) + ".");
}

}  // namespace

std::string upper_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<Security> parse_security(std::string_view folder) noexcept {
    for (const auto& [name, security] : kSecurities)
        if (folder == name) return security;
    return std::nullopt;
}

pipeline::AssetClass asset_class_of(Security security) noexcept {
    switch (security) {
        case Security::kEquity: return pipeline::AssetClass::kEquity;
        case Security::kForex: return pipeline::AssetClass::kForex;
        case Security::kCfd: return pipeline::AssetClass::kCfd;
        case Security::kCrypto:
        case Security::kCryptoFuture: return pipeline::AssetClass::kCrypto;
        case Security::kFuture: return pipeline::AssetClass::kFuture;
        case Security::kIndex: return pipeline::AssetClass::kIndex;
    }
    return pipeline::AssetClass::kEquity;
}

RowFormat LeanFile::row_format() const noexcept {
    RowFormat out;
    const bool equity = security == Security::kEquity;
    const bool quoted = security == Security::kForex || security == Security::kCfd;
    const bool crypto = security == Security::kCrypto || security == Security::kCryptoFuture;
    out.price_scale = equity ? core::Price::kScale / 10'000 : core::Price::kScale;
    out.dated = resolution == Resolution::kHour || resolution == Resolution::kDaily;
    out.sizes = !quoted;
    if (quoted)
        out.tail = TickTail::kNone;
    else if (crypto)
        out.tail = TickTail::kSuspicious;
    else if (!equity && key.kind == TableKind::kQuotes)
        out.tail = TickTail::kExchange;
    return out;
}

std::string store_symbol(Security security, const std::string& market, const std::string& ticker) {
    if (security == Security::kEquity && market == "usa") return ticker;
    const bool perpetual = security == Security::kCryptoFuture;
    return ticker + (perpetual ? "-PERP." : ".") + upper_case(market);
}

std::optional<std::string> contract_ticker(const std::string& root, std::string_view entry) {
    constexpr std::string_view kMonths = "FGHJKMNQUVXZ";
    if (!entry.ends_with(".csv")) return std::nullopt;
    entry.remove_suffix(4);
    const auto ends_in_digits = [](std::string_view text, std::size_t count) {
        return text.size() > count && text[text.size() - count - 1] == '_' &&
               std::all_of(text.end() - static_cast<std::ptrdiff_t>(count), text.end(),
                           [](char c) { return c >= '0' && c <= '9'; });
    };
    if (ends_in_digits(entry, 8)) entry.remove_suffix(9);
    if (!ends_in_digits(entry, 6)) return std::nullopt;
    const std::string_view month = entry.substr(entry.size() - 6);
    const auto digit = [month](std::size_t i) { return static_cast<std::size_t>(month[i] - '0'); };
    const std::size_t number = digit(4) * 10 + digit(5);
    if (number < 1 || number > kMonths.size()) return std::nullopt;
    return root + kMonths[number - 1] + std::string(month.substr(2, 2));
}

LeanWork find_work(const fs::path& path) {
    LeanWork work;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        list_folder(path, work);
        return work;
    }
    if (!fs::exists(path, error))
        throw ImportError(ImportFault::kMissing, path.string() + ": no such file or folder");
    Verdict verdict = classify(path);
    if (const auto* const reason = std::get_if<std::string>(&verdict))
        throw ImportError(ImportFault::kUnsupported,
                          path.string() + ": " + *reason + ". " + std::string(kSupported) + ".");
    take(std::move(verdict), path, work);
    return work;
}

}  // namespace sluice::adapters::lean
